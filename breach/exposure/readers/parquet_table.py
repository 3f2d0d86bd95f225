"""Reads Parquet, a row group at a time; whole numbers keep every digit, whatever their width."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from breach.errors import BadInput
from breach.exposure.metered import STATE, allowance
from breach.exposure.readers.cells import cell_text
from breach.exposure.readers.parts import Part, groups_of
from breach.exposure.sources import Source, as_source

LARGEST_GROUP = 2 << 30
"""Unpacked bytes of a row group; writers make them of 128 MiB to 1 GiB."""
ROWS = 4096
BLOCK_ROWS = 16_384
FAULTS = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)
"""What pyarrow raises for a damaged file. Their texts quote cells and are not passed on."""


class ParquetTable:
    """One Parquet file on a disk. Iterate rows() as often as needed."""

    def __init__(self, source: Path | Source) -> None:
        """Reads the file's end. Raises BadInput when it is damaged, or unpacks to too much."""
        self.source = as_source(source)
        self._damaged = False
        if self.source.entry is not None:
            raise BadInput(
                f"{self.source.name!r} is a Parquet file within an archive.", STATE, "Unpack it and name it itself."
            )
        try:
            with self._open() as file:
                self.header = [str(name) for name in file.schema_arrow.names]
                groups = [file.metadata.row_group(at).total_byte_size for at in range(file.num_row_groups)]
        except FAULTS:
            raise self._refused("is cut off, or damaged") from None
        if max(groups, default=0) > LARGEST_GROUP or sum(groups) > allowance(self.source.path.stat().st_size):
            raise self._refused("unpacks to more than its size allows: a bomb")

    @property
    def notes(self) -> list[str]:
        """What was not read; final when the rows are used up."""
        return ["the file is damaged; what precedes the damage was read"] if self._damaged else []

    def rows(self) -> Iterator[list[str]]:
        """As Roster says."""
        self._damaged = False
        try:
            with self._open() as file:
                for batch in file.iter_batches(batch_size=ROWS, use_threads=False):
                    columns = [column.to_pylist() for column in batch.columns]
                    for row in zip(*columns, strict=True):
                        yield [cell_text(value) for value in row]
        except FAULTS:
            self._damaged = True

    def parts(self) -> list[Part]:
        """Its row groups."""
        with self._open() as file:
            return groups_of(file.num_row_groups, file.metadata.num_rows)

    def blocks(self, part: Part | None = None) -> Iterator[list[pa.Array]]:
        """The same in columns."""
        self._damaged = False
        try:
            with self._open() as file:
                for batch in file.iter_batches(
                    BLOCK_ROWS, range(part.start, part.end) if part else None, use_threads=False
                ):
                    yield [_cells(column) for column in batch.columns]
        except FAULTS:
            self._damaged = True

    def _open(self) -> Any:
        return pq.ParquetFile(self.source.path, memory_map=False)

    def _refused(self, what: str) -> BadInput:
        return BadInput(f"The Parquet file {self.source.name!r} {what}.", STATE, "Export it again.")


def _cells(column: pa.Array) -> pa.Array:
    """Any column as the text of its cells."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.fill_null("").cast(pa.large_string())
    return pa.array([cell_text(value) for value in column.to_pylist()], pa.large_string())
