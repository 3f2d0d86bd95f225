"""Parquet in the case store: the same rows always give the same bytes."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from breach.errors import BadInput, Conflict
from breach.parquet import read_parquet
from breach.store import CaseStore

STRINGS = pa.list_(pa.string())

PEOPLE_COLUMNS = (
    "member_id",
    "username",
    "name",
    "email",
    "phone",
    "locale",
    "is_bot",
    "suspended",
    "staged",
    "deleted",
    "opted_out",
)
MEMBER_COLUMNS = ("member_id", "types", "jurisdiction", "locale", "minor", "is_bot")

RECIPIENTS = pa.schema(
    [
        ("token", pa.string()),
        ("member_ids", STRINGS),
        ("address", pa.string()),
        ("name", pa.string()),
        ("locale", pa.string()),
        ("residence", pa.string()),
        ("variant", pa.string()),
        ("types", STRINGS),
        ("minor", pa.bool_()),
        ("jurisdictions", STRINGS),
    ]
)
QUARANTINE = pa.schema([(name, pa.string()) for name in ("member_id", "kind", "reason", "route")])


def to_parquet(schema: pa.Schema, columns: Mapping[str, Sequence[object]]) -> bytes:
    """Columns as Parquet bytes; nothing in them depends on when or where they were written."""
    table = pa.table({field.name: pa.array(columns[field.name], field.type) for field in schema}, schema=schema)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def read_table(store: CaseStore, key: str, columns: Sequence[str]) -> pa.Table:
    """Named columns of a stored table. Raises Conflict when it is missing, BadInput when a column is."""
    held = store.get(key)
    if held is None:
        raise Conflict(
            f"{key} is missing from the case.", "Nothing was changed.", "Run the chapter that writes it first."
        )
    table = read_parquet(held.data)
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise BadInput(f"{key} has no column {', '.join(missing)}.", "Nothing was written.", "Write it again.")
    return table.select(list(columns))
