"""The tables of this chapter, and how they become bytes: the same rows, the same bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

TEXT, FLAG, NUMBER, SHARE = pa.string(), pa.bool_(), pa.int64(), pa.float64()
TEXTS: pa.DataType = pa.list_(TEXT)
NUMBERS: pa.DataType = pa.list_(NUMBER)


def _schema(**columns: pa.DataType) -> pa.Schema:
    return pa.schema(list(columns.items()))


PEOPLE = _schema(
    member_id=TEXT,
    platform_ids=TEXTS,
    username=TEXT,
    name=TEXT,
    email=TEXT,
    other_emails=TEXTS,
    phone=TEXT,
    birth_date=TEXT,
    ip=TEXT,
    jurisdiction=TEXT,
    evidence=TEXT,
    locale=TEXT,
    is_bot=FLAG,
    suspended=FLAG,
    staged=FLAG,
    deleted=FLAG,
    opted_out=FLAG,
    minor=FLAG,
    types=TEXTS,
)
"""roster/<rev>/people.parquet: one row per member, in the order of the export. Absent cells are ''."""

FINDINGS = _schema(
    file_digest=TEXT,
    record=TEXT,
    member_id=TEXT,
    author_id=TEXT,
    type=TEXT,
    start=NUMBER,
    end=NUMBER,
    confidence=SHARE,
    validator=TEXT,
    masked=TEXT,
    value_hash=TEXT,
    person=TEXT,
)
"""exposure/<rev>/findings/<n>.parquet: one row per value found; start and end are characters of the content;
person: the member who is named there, '' when the value is no name of one."""

POSTS = _schema(record=TEXT, author_id=TEXT)
"""exposure/<rev>/posts/<n>.parquet: one row per message in scope, its id and who wrote it."""

AUTHORS = _schema(author_id=TEXT, member_id=TEXT, region=TEXT)
"""Scratch of a scan: who wrote under which id, and the country that helps to read local numbers."""

MEMBERS = _schema(
    member_id=TEXT,
    types=TEXTS,
    counts=NUMBERS,
    jurisdiction=TEXT,
    evidence=TEXT,
    locale=TEXT,
    minor=FLAG,
    is_bot=FLAG,
)
"""exposure/<rev>/members.parquet: one row per affected account, ordered by member_id."""

UNIQUE = frozenset({"record", "value_hash"})
"""Columns whose cells hardly ever repeat."""
BATCH = 65_536
"""Rows held in memory before they are written as one row group."""


class TableWriter:
    """Writes rows as Parquet in row groups of BATCH. Use as a context manager."""

    def __init__(self, target: Path | IO[bytes], schema: pa.Schema, *, scratch: bool = False) -> None:
        """Target: a path or a file open for writing. Scratch: as an Arrow file that is soon read again and removed."""
        # An id that stands once is no word of a dictionary; trying it costs half of the writing.
        repeated = [one.name for one in schema if one.name not in UNIQUE]
        self._writer: Any = (
            pa.ipc.new_file(str(target), schema)
            if scratch
            else pq.ParquetWriter(target, schema, compression="zstd", use_dictionary=repeated)
        )
        self._schema = schema
        self._rows: list[Mapping[str, object]] = []
        self._held: list[pa.Table] = []
        self._held_rows = self._done = 0

    def __enter__(self) -> "TableWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._gather()
        if self._held_rows:
            self._write(whole=True)
        self._writer.close()

    def add(self, row: Mapping[str, object]) -> None:
        """One row, by column name."""
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._gather()

    def add_columns(self, columns: Sequence[pa.Array]) -> None:
        """Many rows at once, as arrays in the order of the schema."""
        self._gather()
        self._held.append(pa.Table.from_arrays(columns, schema=self._schema))
        self._held_rows += self._held[-1].num_rows
        if self._held_rows >= BATCH:
            self._write(whole=False)

    @property
    def written(self) -> int:
        """Rows so far."""
        return self._done + self._held_rows + len(self._rows)

    def _gather(self) -> None:
        if self._rows:
            rows, self._rows = self._rows, []
            self.add_columns(table_of(rows, self._schema).combine_chunks().columns)

    def _write(self, *, whole: bool) -> None:
        """Row groups of exactly BATCH, however the rows came, so that the same rows make the same bytes."""
        table = pa.concat_tables(self._held)
        rows = table.num_rows if whole else table.num_rows - table.num_rows % BATCH
        for at in range(0, rows, BATCH):
            self._writer.write_table(table.slice(at, min(BATCH, rows - at)).combine_chunks())
        self._held, self._held_rows = [table.slice(rows)], table.num_rows - rows
        self._done += rows


def table_of(rows: Sequence[Mapping[str, object]], schema: pa.Schema) -> pa.Table:
    """Rows as an Arrow table of exactly this schema."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=BATCH)
    return bytes(sink.getvalue())
