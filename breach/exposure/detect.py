"""From texts to values: arenas, candidates, judge. The same on every partition of the texts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from breach.exposure.arena import ARENA_BYTES, LARGE, Arena, arena_of
from breach.exposure.judge import Judge, Values
from breach.exposure.kinds.registry import Profile, kinds_of
from breach.exposure.mentions import Mentions
from breach.exposure.respelling import respell, respelled_numbers
from breach.parquet import Column
from schemas.exposure import DataType

RegionOf = Callable[[int], str | None]
"""The country hint of text number i."""


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """A value found in a text, by characters of that text. Lives in memory only: a finding does not hold it."""

    type: DataType
    start: int
    end: int
    normal: str
    validator: str
    confidence: float
    person: str = ""


Hit = tuple[int, Value]
"""The number of the text, and a value in it."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Looks for members in texts of whose author it is told the member."""

    mentions: Mentions
    member_of: Callable[[int], str]

    def among(self, numbers: Sequence[int]) -> "Naming":
        """The same for some of the texts."""
        return Naming(self.mentions, lambda at: self.member_of(numbers[at]))


@cache
def _judge(profile: Profile) -> Judge:
    return Judge(*kinds_of(profile))


def detect(texts: Sequence[str], region_of: RegionOf, profile: Profile = Profile.FULL) -> Iterator[Hit]:
    """Every value in the texts, in order. An arena is ended where it reaches ARENA_BYTES."""
    column = pa.array(texts, LARGE)
    sizes = np.cumsum(pc.binary_length(column).to_numpy(zero_copy_only=False))
    first = 0
    while first < len(column):
        before = sizes[first - 1] if first else 0
        last = min(int(np.searchsorted(sizes, before + ARENA_BYTES)) + 1, len(column))
        for at, value in detect_in(column.slice(first, last - first), _shifted(region_of, first), profile):
            yield first + at, value
        first = last


def detect_in(texts: Column, region_of: RegionOf, profile: Profile, naming: Naming | None = None) -> list[Hit]:
    """Every value in texts that make one arena, in order of text and place."""
    arena = arena_of(texts)
    apart = respelled_numbers(arena)
    hits = _hits(arena, region_of, profile, naming)
    if not apart:
        return hits
    numbers = sorted(apart)
    respelled = [respell(texts[number].as_py()) for number in numbers]
    alone = naming.among(numbers) if naming is not None else None
    found = _hits(arena_of([plain for plain, _ in respelled]), lambda at: region_of(numbers[at]), profile, alone)
    hits = [hit for hit in hits if hit[0] not in apart]
    hits += [(numbers[at], _placed(value, respelled[at][1])) for at, value in found]
    return sorted(hits, key=lambda hit: (hit[0], hit[1].start))


def _placed(value: Value, places: Sequence[int]) -> Value:
    """A value of the respelled text, where it stands in the text as written."""
    start, end = places[value.start], places[value.end - 1] + 1
    return replace(value, start=start, end=end)


def _hits(arena: Arena, region_of: RegionOf, profile: Profile, naming: Naming | None) -> list[Hit]:
    judge, blob, starts = _judge(profile), arena.blob, arena.starts
    numbers: list[int] = []
    found: Values = []
    blocked: list[tuple[int, int]] = []

    def take(start: int, end: int) -> int:
        number = arena.place(start)
        values, go_on = judge.look(blob, (start, end), (starts[number], starts[number + 1] - 1), region_of(number))
        for value in values:
            numbers.append(number)
            found.append(value)
        if values or go_on == end:
            blocked.append((start, go_on))
        return go_on

    judge.finder.walk(blob, lambda at: starts[arena.place(at) + 1] - 1, take)
    if naming is not None:
        is_author = lambda at, member: naming.member_of(arena.place(at)) == member  # noqa: E731
        found += (named := naming.mentions.find(blob, blocked, is_author))
        numbers += [arena.place(start) for start, _, _ in named]
    if not found:
        return []
    held = np.asarray(numbers, np.int64)
    begins = arena.characters(held, np.asarray([one[0] for one in found], np.int64)).tolist()
    ends = arena.characters(held, np.asarray([one[1] for one in found], np.int64)).tolist()
    hits = [
        (number, Value(one.type, start, end, one.normal, one.validator, one.confidence, one.person))
        for number, start, end, (_, _, one) in zip(numbers, begins, ends, found, strict=True)
    ]
    return hits if naming is None else sorted(hits, key=lambda hit: (hit[0], hit[1].start))


def _shifted(region_of: RegionOf, first: int) -> RegionOf:
    return lambda at: region_of(first + at)
