"""The stream of messages: chatter, 12 % decoys, 2.6 % values, 5 % in other scripts; and what stands where."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from benchmarks.corpus import contact, money, papers, secrets
from benchmarks.corpus.decoys import DECOYS
from benchmarks.corpus.members import Member, Members
from benchmarks.corpus.planting import Author, Choice, Planted
from benchmarks.corpus.words import halves

OF = 1 << 16
PLANTED, DECOYED, OTHER = 1_700, 1_700 + 7_864, 1_700 + 7_864 + 3_277
"""Of 65,536 messages: up to where a draw means a value (2.6 %), a decoy (12 %), another script (5 %)."""
SECOND = 0.05
"""Share of the messages with a value that hold a second one."""
_ENDS = (" ", " ", " ", ". ", ", ", " - thanks, ", "\n", "; ", "! ")

PLANTS = (*contact.PLANTS, *money.PLANTS, *papers.PLANTS, *secrets.PLANTS, *contact.HIDDEN, *money.HIDDEN)
ABROAD = {plant.form: plant for plant in papers.PLANTS if plant.kind == "national id"}
HIDDEN = frozenset((plant.kind, plant.form) for plant in (*contact.HIDDEN, *money.HIDDEN))
"""Forms that only the full profile looks for."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One value: what it is, and where it stands in its message, in characters."""

    kind: str
    form: str
    start: int
    end: int
    canonical: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `number` counts from 0; `channel` is a draw of 8 bits."""

    number: int
    author: Member
    text: str
    truth: tuple[Truth, ...]
    channel: int


class Chatter:
    """An endless stream of messages, the same for the same seed and members."""

    def __init__(self, seed: int, members: Members) -> None:
        """Members: who writes; few write much."""
        self._rng = Random(f"{seed}/messages")
        self._members = members
        self._heads = halves(seed)
        self._tails = halves(seed + 1)
        self._others = halves(seed, other=True)
        common = [plant for plant in PLANTS if plant.kind != "national id"]
        self._choices = {
            country: Choice([*common, *(plant for form, plant in ABROAD.items() if form == country)])
            for country in {*ABROAD, "US"}
        }

    def __iter__(self) -> Iterator[Message]:
        """Never ends."""
        draw, member, total = self._rng.getrandbits, self._members.member, self._members.count
        heads, tails, others = self._heads, self._tails, self._others
        for number in count():
            bits = draw(80)
            kind, head, tail = bits & 0xFFFF, bits >> 16 & 0xFFF, bits >> 28 & 0xFFF
            # The cube of an even draw: a tenth of the members write nearly half of everything.
            share = (bits >> 40 & 0xFFFFFFFF) / 0xFFFFFFFF
            author = member(min(int(share * share * share * total), total - 1))
            if kind >= OTHER:
                yield Message(number, author, f"{heads[head]} {tails[tail]}", (), bits >> 72)
            elif kind >= DECOYED:
                yield Message(number, author, f"{others[head]} {tails[tail]}", (), bits >> 72)
            elif kind >= PLANTED:
                yield self._decoyed(number, author, heads[head], tails[tail], bits >> 72)
            else:
                opening = others[head] if kind % 20 == 0 else heads[head]
                yield self._planted(number, author, opening, tails[tail], bits >> 72)

    def _writes(self, member: Member) -> Author:
        other = member
        while other.id == member.id:
            other = self._members.member(self._rng.randrange(self._members.count))
        return Author(member, other)

    def _decoyed(self, number: int, member: Member, head: str, tail: str, channel: int) -> Message:
        decoy = self._rng.choice(DECOYS)(self._rng, self._writes(member))
        return Message(number, member, f"{head} {decoy} {tail}", (), channel)

    def _planted(self, number: int, member: Member, head: str, tail: str, channel: int) -> Message:
        rng, author = self._rng, self._writes(member)
        choice = self._choices.get(member.country, self._choices["US"])
        text, truth = head, []
        for _ in range(2 if rng.random() < SECOND else 1):
            planted: Planted = choice.draw(rng, author)
            text += f" {planted.lead} " if planted.lead else " "
            start = len(text)
            text += planted.written
            # A key of several lines is one by its first line: whoever finds that has found it.
            end = start + len(planted.written.partition("\n")[0])
            truth.append(Truth(planted.kind, planted.form, start, end, planted.canonical))
            text += rng.choice(_ENDS)
        return Message(number, member, text + tail, tuple(truth), channel)
