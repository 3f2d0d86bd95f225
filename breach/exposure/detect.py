"""From texts to values: arenas, candidates, judge. The same on every partition of the texts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa

from breach.exposure.arena import ARENA_BYTES, Arena, arena_of
from breach.exposure.judge import Judge, Values
from breach.exposure.kinds.registry import Profile, kinds_of
from breach.exposure.mentions import Mentions
from breach.exposure.respelling import respell, respelled_numbers
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

    def of(self, number: int) -> "Naming":
        """The same for one text alone."""
        return Naming(self.mentions, lambda _: self.member_of(number))


@cache
def _judge(profile: Profile) -> Judge:
    return Judge(*kinds_of(profile))


def detect(texts: Sequence[str], region_of: RegionOf, profile: Profile = Profile.FULL) -> Iterator[Hit]:
    """Every value in the texts, in order. An arena is ended where it reaches ARENA_BYTES."""
    first, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text)
        if size >= ARENA_BYTES or number == len(texts) - 1:
            for at, value in detect_in(pa.array(texts[first : number + 1], pa.large_string()), _shifted(region_of, first), profile):
                yield first + at, value
            first, size = number + 1, 0


def detect_in(texts: pa.Array, region_of: RegionOf, profile: Profile, naming: Naming | None = None) -> list[Hit]:
    """Every value in texts that make one arena, in order of text and place."""
    arena = arena_of(texts)
    apart = respelled_numbers(arena)
    hits = _hits(arena, region_of, profile, naming)
    if not apart:
        return hits
    hits = [hit for hit in hits if hit[0] not in apart]
    for number in sorted(apart):
        text = texts[number].as_py()
        plain, places = respell(text)
        alone = naming.of(number) if naming is not None else None
        found = _hits(arena_of([plain]), lambda _, at=number: region_of(at), profile, alone)  # type: ignore[misc]
        hits += [(number, _placed(value, places)) for _, value in found]
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
