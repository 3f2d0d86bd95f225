"""Reads a Discourse user list: CSV with a header, plain or gzip; rows may be shorter than the header.

Discourse omits the last cell (group_names) when it is blank, so cells are found by the header's names, never by
counting from the end. Source: discourse/discourse, app/jobs/regular/export_csv_file.rb.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breach.errors import BadInput
from breach.exposure.recognise import decode_head, delimiter_of, encoding_of
from breach.exposure.sources import PACKED_ERRORS, STATE, open_source, peek


@dataclass(slots=True)
class Raggedness:
    """Rows that do not fit the header; final when the rows are used up."""

    too_long: int = 0
    too_short: int = 0
    """Shorter by more than the one cell that Discourse omits."""


class UserList:
    """One user list. Iterate rows() as often as needed."""

    def __init__(self, path: Path) -> None:
        """Reads the header. Raises BadInput when there is none."""
        self.path = path
        self.raggedness = Raggedness()
        self.header = next(self._cells(), [])

    def rows(self) -> Iterator[list[str]]:
        """Each member's cells, exactly as many as the header has. Raises BadInput for what is no CSV."""
        self.raggedness = Raggedness()
        width = len(self.header)
        cells = self._cells()
        next(cells, None)
        for row in cells:
            if not row:
                continue
            self.raggedness.too_long += len(row) > width
            self.raggedness.too_short += len(row) < width - 1
            yield (row + [""] * (width - len(row)))[:width]

    def _cells(self) -> Iterator[list[str]]:
        head = peek(self.path)
        with open_source(self.path) as file:
            text = io.TextIOWrapper(file, encoding=encoding_of(head), newline="")
            # strict: an open quote would otherwise swallow every member after it into one cell, in silence.
            reader = csv.reader(text, delimiter=delimiter_of(decode_head(head)), strict=True)
            try:
                yield from reader
            except csv.Error:
                raise self._refused(f"breaks off near line {reader.line_num}: a quote is wrong there") from None
            except UnicodeDecodeError:
                raise self._refused(f"is not UTF-8 near line {reader.line_num + 1}") from None
            except PACKED_ERRORS:
                raise self._refused(f"is cut off: the compressed data ends near line {reader.line_num + 1}") from None

    def _refused(self, what: str) -> BadInput:
        return BadInput(f"The member list {self.path.name!r} {what}.", STATE, "Export it again and start again.")
