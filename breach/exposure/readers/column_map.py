"""From a block of cells to posts, by what each column is used for: the same as row by row, without the rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from breach.exposure.content_columns import TRUE, Use, written_at
from breach.exposure.readers.reading import DIRECT, Area, Columns

_NOWHERE = Area()


class NeedsWhole(Exception):
    """A part of a table that cannot be read without what precedes it."""


class ColumnMap:
    """The uses of one table's columns, by their positions."""

    def __init__(self, places: Mapping[Use, Sequence[int]]) -> None:
        self._places = places
        self.numbered = True
        """Whether the number of a row is that of the whole table."""
        self._areas: dict[tuple[str, ...], Area] = {}

    def columns(self, block: Sequence[pa.Array], number: int) -> Columns:
        """The posts of a block whose first row has this number."""
        count = len(block[0])
        authors = self._first(block, Use.AUTHOR, count)
        times = self._first(block, Use.WRITTEN, count)
        ids = self._first(block, Use.RECORD, count)
        if not all(ids):
            if not self.numbered:
                raise NeedsWhole
            ids = [
                name or (f"{author}/{time}" if author and time else f"row {number + at}")
                for at, (name, author, time) in enumerate(zip(ids, authors, times, strict=True))
            ]
        return Columns(
            self._all_areas(block), ids, authors, all_written(times), self._texts(block), self._parts(block, count)
        )

    def _first(self, block: Sequence[pa.Array], use: Use, count: int) -> list[str]:
        """The first of a use's cells in each row that is not blank."""
        found = [""] * count
        for place in reversed(self._places[use]):
            cells = [cell.strip() for cell in block[place].to_pylist()]
            found = cells if all(cells) else [cell or other for cell, other in zip(cells, found, strict=True)]
        return found

    def _texts(self, block: Sequence[pa.Array]) -> pa.Array | list[str]:
        places = self._places[Use.TEXT]
        if len(places) == 1:
            return block[places[0]]
        rows = zip(*(block[place].to_pylist() for place in places), strict=True)
        return ["\n".join(filter(None, row)) for row in rows] if places else [""] * len(block[0])

    def _parts(self, block: Sequence[pa.Array], count: int) -> list[int]:
        parts = [0] * count
        for place in self._places[Use.PARTS]:
            for at, cell in enumerate(block[place].to_pylist()):
                if cell:
                    parts[at] += sum(map(bool, cell.split(",")))
        return parts

    def _all_areas(self, block: Sequence[pa.Array]) -> list[Area]:
        """One when they are all the same."""
        places = [*self._places[Use.AREA], *self._places[Use.DIRECT]]
        if not places:
            return [_NOWHERE]
        if all(len(block[place].unique()) <= 1 for place in places):
            return [self._area(tuple(block[place][0].as_py() if len(block[place]) else "" for place in places))]
        return [self._area(row) for row in zip(*(block[place].to_pylist() for place in places), strict=True)]

    def _area(self, cells: tuple[str, ...]) -> Area:
        if cells not in self._areas:
            named = len(self._places[Use.AREA])
            names = [name for cell in cells[:named] if (name := cell.strip())]
            direct = any(cell.strip().casefold() in TRUE for cell in cells[named:])
            self._areas[cells] = Area((*names, DIRECT) if direct else tuple(names))
        return self._areas[cells]


def all_written(cells: Sequence[str]) -> list[datetime | None]:
    """The moments of many cells, as written_at reads them; at once where all are ISO 8601 with a zone."""
    try:
        found = [datetime.fromisoformat(cell) for cell in cells]
    except ValueError:
        return [written_at(cell) for cell in cells]
    return [one if one.tzinfo is not None else written_at(cell) for one, cell in zip(found, cells, strict=True)]
