"""The other pictures: what leaked, by type and jurisdiction, and how much time each duty leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.exposure import UNKNOWN_JURISDICTION, DataType, ExposureSummary
from schemas.law import Duty

SHADES = 5
"""Steps of the heat shading, beside 0 for nobody."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Persons, and how dark the field is (0 to 5)."""

    persons: int
    shade: int


@dataclass(frozen=True, slots=True)
class Row:
    """One jurisdiction of the matrix."""

    jurisdiction: str
    affected: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One data type; share is of the affected people, 0 to 1."""

    kind: DataType
    persons: int
    records: int
    certainty: str
    share: float


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty with a date, on a scale from awareness (0) to the last date (1)."""

    duty: Duty
    due: datetime
    legal: bool
    share: float
    left: timedelta
    """From the dossier's time to the due time; negative when it has passed."""


def kinds_of(summary: ExposureSummary) -> tuple[DataType, ...]:
    """The columns: every data type that anybody lost, in the order members know."""
    return tuple(kind for kind in DataType if kind in summary.by_type)


def draw_matrix(summary: ExposureSummary) -> tuple[Row, ...]:
    """Most affected jurisdiction first, the unknown one last: it is a task, not a place."""
    most = max((count for row in summary.matrix.values() for count in row.values()), default=0)
    names = sorted(
        set(summary.matrix) | set(summary.by_jurisdiction),
        key=lambda name: (name == UNKNOWN_JURISDICTION, -summary.by_jurisdiction.get(name, 0), name),
    )
    kinds = kinds_of(summary)
    return tuple(
        Row(
            name,
            summary.by_jurisdiction.get(name, 0),
            tuple(_cell(summary.matrix.get(name, {}).get(kind, 0), most) for kind in kinds),
        )
        for name in names
    )


def draw_bars(summary: ExposureSummary) -> tuple[Bar, ...]:
    """The most widespread data type first."""
    people = max([summary.affected - summary.bots, *(count.persons for count in summary.by_type.values())], default=0)
    bars = [
        Bar(kind, count.persons, count.records, str(count.certainty), round(count.persons / people, 4) if people else 0)
        for kind, count in summary.by_type.items()
    ]
    return tuple(sorted(bars, key=lambda bar: (-bar.persons, str(bar.kind))))


def draw_clocks(duties: Sequence[Duty], aware_at: datetime, as_of: datetime) -> tuple[Clock, ...]:
    """Duties that have a date, the next one first. Share is linear in time."""
    dated = [(duty, duty.due_at or duty.assume_by, duty.due_at is not None) for duty in duties]
    known = [(duty, due, legal) for duty, due, legal in dated if due is not None]
    end = max((due for _, due, _ in known), default=aware_at)
    whole = (end - aware_at).total_seconds()
    return tuple(
        Clock(
            duty,
            due,
            legal,
            round(max(0.0, (due - aware_at).total_seconds() / whole), 4) if whole > 0 else 1.0,
            due - as_of,
        )
        for duty, due, legal in sorted(known, key=lambda item: (item[1], item[0].rule_id))
    )


def _cell(persons: int, most: int) -> Cell:
    """Square root, so that a field of ten beside one of a thousand is still seen to be not empty."""
    return Cell(persons, 0 if persons == 0 else max(1, round(SHADES * (persons / most) ** 0.5)))
