"""The expectations again, as predicates over single rows: what a validator may only count, we must name."""

import re
from collections import Counter

import pyarrow as pa

from schemas.expectations import ROW_LEVEL, Expectation, ExpectationKind

Cell = str | int | None


def broken_rows(table: pa.Table, suite: tuple[Expectation, ...]) -> dict[str, list[int]]:
    """Row numbers that break each row-level expectation, by its name; those all rows meet are left out.

    As in great-expectations, an empty cell breaks only NOT_NULL. A column that is not there has no rows to name.
    """
    found: dict[str, list[int]] = {}
    for expectation in suite:
        if expectation.kind in ROW_LEVEL and expectation.column in table.column_names:
            rows = _breaking(table.column(expectation.column).to_pylist(), expectation)
            if rows:
                found[expectation.name] = rows
    return found


def _breaking(cells: list[Cell], expectation: Expectation) -> list[int]:
    if expectation.kind is ExpectationKind.NOT_NULL:
        return [row for row, cell in enumerate(cells) if cell is None]
    if expectation.kind is ExpectationKind.UNIQUE:
        seen = Counter(cells)
        return [row for row, cell in enumerate(cells) if cell is not None and seen[cell] > 1]
    return [row for row, cell in enumerate(cells) if cell is not None and not _meets(cell, expectation)]


def _meets(cell: str | int, expectation: Expectation) -> bool:
    if expectation.kind is ExpectationKind.MATCHES:
        return re.search(expectation.pattern, str(cell)) is not None
    if expectation.kind is ExpectationKind.IN_SET:
        return cell in expectation.values
    low, high = expectation.at_least, expectation.at_most
    number = int(cell)
    return (low is None or low <= number) and (high is None or number <= high)
