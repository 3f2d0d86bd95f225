"""What an area alone says of everybody who wrote in it: that it was a private message, or what the area is about."""

from collections.abc import Sequence
from functools import cache

from breach.exposure.readers.reading import DIRECT, Area, strings
from breach.exposure.scope import Scope
from breach.exposure.tables import TableWriter
from breach.parquet import Column
from schemas.exposure import DataType


class Marks:
    """Writes tables.MARKS: which posts are more than posts in a closed area."""

    def __init__(self, scope: Scope, table: TableWriter) -> None:
        """Scope: with the areas that the facts declare. Table: open for writing."""
        self._table = table
        self._types = cache(lambda names: types_of(names, scope))

    def add(self, areas: Sequence[Area], ids: Column | Sequence[str], authors: Column | Sequence[str]) -> None:
        """The posts in scope, with their areas: one for all, or one a post."""
        if len(areas) == 1 and not self._types(areas[0].names):
            return
        each = areas if len(areas) == len(ids) else [areas[0]] * len(ids)
        for area, record, author in zip(each, strings(ids), strings(authors), strict=True):
            for kind in self._types(area.names):
                self._table.add({"record": record, "author_id": author, "type": kind.value})


def types_of(names: tuple[str, ...], scope: Scope) -> tuple[DataType, ...]:
    """What an area of these names says of who wrote in it, beyond that it was closed."""
    private = (DataType.PRIVATE_MESSAGES,) if DIRECT in names else ()
    return private + scope.declared_for(*names)
