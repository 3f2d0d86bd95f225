"""What is planted: one maker a form of value, drawn by weight."""

from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from benchmarks.corpus.members import Member


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and one other member whom they may name."""

    member: Member
    other: Member


Maker = Callable[[Random, Author], tuple[str, str]]
"""Makes (what is written, its one canonical form)."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A form of one kind of value. Leads: what people write before it, '' for nothing."""

    kind: str
    form: str
    weight: float
    make: Maker
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """A value in a text, as it is written there."""

    kind: str
    form: str
    lead: str
    written: str
    canonical: str


class Choice:
    """Draws plants by their weights."""

    def __init__(self, plants: Sequence[Plant]) -> None:
        """Weights need not add up to anything."""
        self._plants = plants
        self._sums = list(accumulate(plant.weight for plant in plants))

    def draw(self, rng: Random, author: Author) -> Planted:
        """One value by this author."""
        plant = self._plants[bisect(self._sums, rng.random() * self._sums[-1])]
        written, canonical = plant.make(rng, author)
        return Planted(plant.kind, plant.form, rng.choice(plant.leads), written, canonical)


def digits(rng: Random, count: int) -> str:
    """That many digits, the first of them not 0."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def grouped(text: str, sizes: Sequence[int], separator: str) -> str:
    """Text in groups of these sizes; the last size goes on."""
    parts, at = [], 0
    for number in range(len(text)):
        size = sizes[min(number, len(sizes) - 1)]
        if at >= len(text):
            break
        parts.append(text[at : at + size])
        at += size
    return separator.join(parts)
