"""From texts to values: arenas, candidates, judge. The same on every partition of the texts."""

from collections.abc import Callable, Iterator, Sequence

from breach.exposure.arena import Arena, build_arenas
from breach.exposure.candidates import next_candidate
from breach.exposure.judge import AROUND, Value, judge

RegionOf = Callable[[int], str | None]
"""The country hint of text number i."""


def detect(texts: Sequence[str], region_of: RegionOf) -> Iterator[tuple[int, Value]]:
    """Every value in the texts: (number of the text, value with start and end in characters of that text), in order."""
    for arena in build_arenas(enumerate(texts)):
        yield from _detect_in(arena, region_of)


def _detect_in(arena: Arena, region_of: RegionOf) -> Iterator[tuple[int, Value]]:
    blob, position = arena.blob, 0
    while (span := next_candidate(blob, position)) is not None:
        start, end = span
        number, first, last = arena.place(start)
        verdict = judge(
            blob[start:end].decode("latin-1"),
            blob[max(first, start - AROUND) : start].decode("latin-1"),
            blob[end : min(last, end + AROUND)].decode("latin-1"),
            region_of(number),
        )
        for value in verdict.values:
            begins = arena.characters(first, start + value.start)
            length = arena.characters(start + value.start, start + value.end)
            yield (
                number,
                Value(value.type, begins, begins + length, value.normal, value.validator, value.confidence),
            )
        position = start + max(verdict.go_on, 1)
