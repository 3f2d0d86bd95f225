"""Reads a Discourse user list: CSV with a header, plain or packed; rows may be shorter than the header.

Discourse omits the last cell (group_names) when it is blank, so cells are found by the header's names, never by
counting from the end. Source: discourse/discourse, app/jobs/regular/export_csv_file.rb.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breach.exposure.readers.csv_blocks import Block
from breach.exposure.readers.csv_rows import CsvRows
from breach.exposure.readers.parts import Part
from breach.exposure.sources import Source

_DISCOURSE_HEADERS = (
    "id name username email title created_at last_seen_at trust_level approved active admin "
    "moderator ip_address staged secondary_emails location website views"
)
DISCOURSE_HEADERS = frozenset(_DISCOURSE_HEADERS.split())
"""Of Discourse's own header (its admin export of users); five of them are no accident."""


@dataclass(slots=True)
class Raggedness:
    """Rows that do not fit the header; final when the rows are used up."""

    too_long: int = 0
    too_short: int = 0
    """Shorter by more than the one cell that Discourse omits."""


class UserList:
    """One user list, or any other CSV of members. Iterate rows() as often as needed."""

    def __init__(self, source: Path | Source) -> None:
        """Reads the header. Raises BadInput when there is none."""
        self.raggedness = Raggedness()
        self._cells = CsvRows(source, "member list")
        self.header = next(iter(self._cells), [])

    def rows(self) -> Iterator[list[str]]:
        """Each member's cells, exactly as many as the header has. Raises BadInput for what is no CSV."""
        self.raggedness = Raggedness()
        cells = iter(self._cells)
        next(cells, None)
        for row in cells:
            if not row:
                continue
            yield self._fitted(row)

    def blocks(self, part: Part | None = None) -> Iterator[Block]:
        """The same in columns. A part raises NeedsWhole where its quotes or widths leave a doubt."""
        self.raggedness = Raggedness()
        yield from self._cells.blocks(self._fitted) if part is None else self._cells.part(part, len(self.header))

    def parts(self) -> list[Part]:
        """Where it may be cut."""
        return self._cells.parts()

    def _fitted(self, row: list[str]) -> list[str]:
        width = len(self.header)
        self.raggedness.too_long += len(row) > width
        self.raggedness.too_short += len(row) < width - 1
        return (row + [""] * (width - len(row)))[:width]

    @property
    def notes(self) -> list[str]:
        """What did not fit, in sentences; final when the rows are used up."""
        said = []
        if self.raggedness.too_long:
            said.append(
                f"{self.raggedness.too_long} rows have more cells than the header; what lies beyond it was not read"
            )
        if self.raggedness.too_short:
            said.append(f"{self.raggedness.too_short} rows end early; their missing cells count as blank")
        if self._cells.nulls:
            said.append(f"{self._cells.nulls} NUL characters stand in it and were dropped")
        return said
