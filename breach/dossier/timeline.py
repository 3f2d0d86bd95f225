"""The timeline picture: lanes of dots on a scale that is broken where nothing happened for long."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from breach.dossier.words import brief
from schemas.chronology import Entry, EntryKind

LANES: tuple[tuple[str, frozenset[EntryKind]], ...] = (
    (
        "Case",
        frozenset({EntryKind.OPENED, EntryKind.FACTS, EntryKind.SENT_BY_HAND, EntryKind.FILING, EntryKind.CLOSED}),
    ),
    ("Containment", frozenset({EntryKind.CONTAINMENT, EntryKind.PROBED})),
    ("Work", frozenset({EntryKind.CHAPTER, EntryKind.EVIDENCE, EntryKind.DOSSIER, EntryKind.DUTIES_CHANGED})),
    (
        "Gates",
        frozenset({EntryKind.GATE_ASKED, EntryKind.GATE_ANSWERED, EntryKind.GATE_REFUSED, EntryKind.APPROVAL_VOID}),
    ),
    ("Sending", frozenset({EntryKind.HANDED_OVER, EntryKind.WAVE, EntryKind.SCHEDULED})),
    ("Stops and alerts", frozenset({EntryKind.HALT, EntryKind.LIFTED, EntryKind.ALERT})),
)
LEFT, RIGHT, TOP, LANE = 150.0, 1060.0, 24.0, 34.0
"""Pixels: where the scale begins and ends, the first lane's top, a lane's height."""
BREAK, LABEL = 44.0, 92.0
"""Pixels: room for a break with its label, and the least distance of two times written on one line."""
BREAKS = 7
"""At most so many breaks: more would leave no room for what happened between them."""
QUIET = timedelta(minutes=2)
"""A shorter silence is never cut out."""
NEAR = 15.0
"""Pixels: dots of one lane closer than this become one with a count."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One entry, or several that lie too close to tell apart."""

    x: float
    y: float
    radius: float
    count: int
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of work."""

    n: int
    name: str
    y: float
    entries: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the scale; row 0 or 1, so that neighbours do not run into each other."""

    x: float
    row: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Break:
    """Time cut out of the scale."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that the template draws."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    breaks: tuple[Break, ...]
    width: float
    height: float
    floor: float


def draw_timeline(entries: Sequence[Entry]) -> Timeline | None:
    """Geometry of the picture, in pixels; None when there is nothing to draw."""
    if not entries:
        return None
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.n))
    stretches = _stretches([entry.at for entry in ordered])
    room = RIGHT - LEFT - BREAK * (len(stretches) - 1)
    # A stretch of an hour is drawn wider than one of a minute, but not sixty times.
    weights = [1 + math.log1p((until - since).total_seconds()) for since, until in stretches]
    scale: list[tuple[datetime, datetime, float, float]] = []
    breaks: list[Break] = []
    x = LEFT
    for (since, until), weight in zip(stretches, weights, strict=True):
        if scale:
            breaks.append(Break(_px(x - BREAK / 2), brief(since - scale[-1][1])))
        width = room * weight / sum(weights)
        scale.append((since, until, x, width))
        x += width + BREAK
    floor = TOP + LANE * len(LANES)
    lanes = tuple(
        _lane(n, name, [entry for entry in ordered if lane_of(entry.kind) == n], scale)
        for n, (name, _) in enumerate(LANES)
    )
    return Timeline(lanes, _ticks(scale), tuple(breaks), RIGHT + 30, floor + 56, floor)


def lane_of(kind: EntryKind) -> int:
    """Number of the lane; a kind that none of them names is shown with the case, not left out."""
    return next((n for n, (_, kinds) in enumerate(LANES) if kind in kinds), 0)


def _stretches(times: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """The time between first and last, without its longest silences."""
    gaps = sorted(((later - at, n) for n, (at, later) in enumerate(pairwise(times))), reverse=True)
    left = times[-1] - times[0]
    cuts = []
    # The longest silence first: each is cut out that is more than a sixth of what would be left to draw.
    for gap, n in gaps[:BREAKS]:
        if gap <= max(QUIET, left / 6):
            break
        cuts.append(n)
        left -= gap
    cuts.sort()
    starts = [0, *(n + 1 for n in cuts)]
    ends = [*cuts, len(times) - 1]
    return [(times[first], times[last]) for first, last in zip(starts, ends, strict=True)]


def _place(at: datetime, scale: Sequence[tuple[datetime, datetime, float, float]]) -> float:
    since, until, x, width = next(part for part in reversed(scale) if part[0] <= at)
    share = (at - since) / (until - since) if until > since else 0.5
    inset = min(8.0, width / 4)
    return x + inset + share * (width - 2 * inset)


def _lane(
    n: int, name: str, entries: Sequence[Entry], scale: Sequence[tuple[datetime, datetime, float, float]]
) -> Lane:
    y = TOP + LANE * n + LANE / 2
    groups: list[tuple[float, list[Entry]]] = []
    for entry in entries:
        x = _place(entry.at, scale)
        if groups and x - groups[-1][0] < NEAR:
            groups[-1][1].append(entry)
        else:
            groups.append((x, [entry]))
    dots = tuple(_dot(x, y, group) for x, group in groups)
    return Lane(n, name, _px(y), len(entries), dots)


def _dot(x: float, y: float, group: Sequence[Entry]) -> Dot:
    if len(group) == 1:
        title = f"{group[0].n}. {group[0].kind}: {group[0].text}"
    else:
        kinds = Counter(str(entry.kind) for entry in group)
        title = f"{group[0].n} to {group[-1].n}: " + ", ".join(f"{count} × {kind}" for kind, count in kinds.items())
    radius = 5.0 if len(group) == 1 else min(12.0, 7 + math.log10(len(group)) * 2.5)
    return Dot(_px(x), _px(y), _px(radius), len(group), title)


def _ticks(scale: Sequence[tuple[datetime, datetime, float, float]]) -> tuple[Tick, ...]:
    """The beginning of each stretch and the very end; a third row does not exist, so what fits in none is left out."""
    wanted = [(_place(since, scale), since) for since, *_ in scale]
    if scale[-1][1] > scale[-1][0]:
        wanted.append((_place(scale[-1][1], scale), scale[-1][1]))
    used = [-LABEL, -LABEL]
    ticks = []
    for x, at in wanted:
        row = next((row for row in (0, 1) if x - used[row] >= LABEL), None)
        if row is not None:
            used[row] = x
            ticks.append(Tick(_px(x), row, at))
    return tuple(ticks)


def _px(value: float) -> float:
    return round(value, 1)
