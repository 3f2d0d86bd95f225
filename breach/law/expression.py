"""Which data a rule asks for: `name and (payment_card or closed_area_posts)`. A parser with positions, no eval.

    either := both ("or" both)*
    both   := atom ("and" atom)*
    atom   := a data type | "anything" | "(" either ")"

There is no "not" on purpose: without it, learning that more was exposed can never make a duty go away.
Data types are the names of schemas.exposure.DataType in lower case, and the elements that laws name beside them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from breach.errors import LawUnknown
from schemas.exposure import DataType

TOKEN = re.compile(r"\s*(?:(?P<word>[a-z_]+)|(?P<sign>[()]))")
ATOMS = {kind.name.lower(): kind for kind in DataType}
ANYTHING = "anything"
DEEPEST = 50
"""Brackets within brackets. No law needs five; a hostile file must not exhaust the stack."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many people: at least low, at most high."""

    low: int
    high: int

    def __add__(self, other: "Bounds") -> "Bounds":
        """Two separate groups together."""
        return Bounds(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True)
class Atom:
    """One data type or element; None stands for any personal data at all."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Both:
    """All parts in the same person's data."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: "tuple[Expression, ...]"


Expression = Atom | Both | Either


@lru_cache(maxsize=2048)
def parse_expression(text: str, elements: frozenset[str] = frozenset()) -> Expression:
    """Read an expression over the data types and `elements`.

    Raises LawUnknown, naming the position (counted from 1) and what was expected there.
    """
    parser = _Parser(_tokens(text), {*ATOMS, *elements})
    found = parser.either(0)
    parser.end()
    return found


def count_people(expression: Expression, persons: Mapping[DataType, int], total: int) -> Bounds:
    """Bounds on how many of `total` people have data that fits, from the counts per data type alone."""

    def look(name: str) -> Bounds:
        held = min(persons.get(ATOMS[name], 0), total)
        return Bounds(held, held)

    return count_held(expression, look, total)


def count_held(expression: Expression, look: Callable[[str], Bounds], total: int) -> Bounds:
    """The same, from bounds for each name.

    Counts do not say whether the same person lost both; these are the tightest bounds they allow (Fréchet).
    """
    match expression:
        case Atom(None):
            return Bounds(total, total)
        case Atom(str() as name):
            return look(name)
        case Both(parts):
            inner = [count_held(part, look, total) for part in parts]
            spare = total * (len(inner) - 1)
            return Bounds(max(0, sum(b.low for b in inner) - spare), min(b.high for b in inner))
        case Either(parts):
            inner = [count_held(part, look, total) for part in parts]
            return Bounds(max(b.low for b in inner), min(total, sum(b.high for b in inner)))
    raise AssertionError(expression)


def names_in(expression: Expression) -> Iterator[str]:
    """Every data type and element an expression asks for."""
    match expression:
        case Atom(str() as name):
            yield name
        case Both(parts) | Either(parts):
            for part in parts:
                yield from names_in(part)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            blank = len(text[at:]) - len(text[at:].lstrip())
            raise _wrong(at + blank, "a data type, 'and', 'or' or a bracket")
        found.append(_Token(match["word"] or match["sign"], match.end() - len(match["word"] or match["sign"])))
        at = match.end()
    return [*found, _Token("", end)]


class _Parser:
    """Recursive descent over the tokens; the last token is the end."""

    def __init__(self, tokens: list[_Token], known: set[str]) -> None:
        self.tokens = tokens
        self.known = known
        self.at = 0

    def either(self, depth: int) -> Expression:
        parts = [self.both(depth)]
        while self.take("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Expression:
        parts = [self.atom(depth)]
        while self.take("and"):
            parts.append(self.atom(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def atom(self, depth: int) -> Expression:
        token = self.tokens[self.at]
        if depth >= DEEPEST:
            raise _wrong(token.at, f"no more than {DEEPEST} brackets inside each other")
        if self.take("("):
            inner = self.either(depth + 1)
            if not self.take(")"):
                raise _wrong(self.tokens[self.at].at, "a closing bracket")
            return inner
        if token.text != ANYTHING and token.text not in self.known:
            raise _wrong(token.at, f"a data type ({', '.join([*ATOMS, *sorted(self.known - set(ATOMS)), ANYTHING])})")
        self.at += 1
        return Atom(None if token.text == ANYTHING else token.text)

    def take(self, text: str) -> bool:
        """Step over the token when it is this one."""
        if self.tokens[self.at].text != text:
            return False
        self.at += 1
        return True

    def end(self) -> None:
        if self.tokens[self.at].text:
            raise _wrong(self.tokens[self.at].at, "'and', 'or' or the end")


def _wrong(at: int, expected: str) -> LawUnknown:
    return LawUnknown(
        f"A rule's data expression cannot be read: position {at + 1} should be {expected}.",
        "No rule was used.",
        "Correct the expression in the rule file.",
    )
