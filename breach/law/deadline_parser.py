"""The deadline language: `aware+72h`, `min(with_individual_notice, discovery+30cd)`, `before(US-NJ-IND)`. No eval.

    deadline := each ["unless" "law_enforcement_hold" ["+" number unit]]
    each     := ["foreach" "(" "member_state_with_residents" ")" ":"] choice
    choice   := fact "?" choice ":" choice | sum ["<=" sum "?" choice ":" choice]
    sum      := start ("+" amount)*
    amount   := number [".." number] unit | "(" fact "?" number ":" number ")" unit
    start    := anchor | name "(" … ")" | "voluntary" | "none" | "as_ordered" | "required_for_exemption"

Units: h hours, cd calendar days, bd business days, m months. Rule ids stand in capitals.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from breach.errors import LawUnknown
from breach.law.deadline import (
    Asap,
    Asked,
    At,
    Choose,
    Each,
    Given,
    IfNotAfter,
    Keep,
    Node,
    Order,
    OrderKind,
    Param,
    ParamName,
    Pick,
    Plus,
    Said,
    Unit,
    UnlessHeld,
    Word,
    YearEnd,
)
from schemas.law_facts import Anchor

MEMBER_STATES = "member_state_with_residents"
HOLD = "law_enforcement_hold"
TOKEN = re.compile(
    r"\s*(?:(?P<id>[A-Z]{2}[A-Z0-9-]+)|(?P<number>\d+)|(?P<word>[a-z_]+(?:\.[a-z]+)?)|(?P<sign><=|\.\.|[()+,?:;]))"
)
DEEPEST = 30
"""Brackets within brackets. No law needs five; a hostile file must not exhaust the stack."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int
    kind: str


@lru_cache(maxsize=2048)
def parse_deadline(text: str) -> Node:
    """Read a deadline. Raises LawUnknown, naming the position (counted from 1) and what was expected there."""
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            blank = len(text[at:]) - len(text[at:].lstrip())
            raise _wrong(at + blank, "a word, a number, a rule's id or a sign")
        found.append(_Token(match[match.lastgroup], match.start(match.lastgroup), match.lastgroup))
        at = match.end()
    return [*found, _Token("", end, "end")]


class _Parser:
    """Recursive descent over the tokens; the last token is the end."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def whole(self) -> Node:
        each = self.take("foreach")
        if each:
            self.need("(")
            self.need(MEMBER_STATES)
            self.need(")")
            self.need(":")
        found = self.choice()
        found = Each(found) if each else found
        if self.take("unless"):
            self.need(HOLD)
            found = UnlessHeld(found, *self.amount_of_hold())
        if self.now.kind != "end":
            raise _wrong(self.now.at, "'+', 'unless' or the end")
        return found

    def amount_of_hold(self) -> tuple[int, Unit]:
        return (self.number(), self.unit()) if self.take("+") else (0, Unit.CALENDAR_DAYS)

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _wrong(self.now.at, f"no more than {DEEPEST} brackets inside each other")
        found = self._choice()
        self.depth -= 1
        return found

    def _choice(self) -> Node:
        if self.now.text in set(Asked) and self.tokens[self.at + 1].text == "?":
            asked = self.asked()
            return Choose(asked, *self.branches())
        left = self.sum()
        if not self.take("<="):
            return left
        right = self.sum()
        return IfNotAfter(left, right, *self.branches())

    def branches(self) -> tuple[Node, Node]:
        self.need("?")
        yes = self.choice()
        self.need(":")
        return yes, self.choice()

    def sum(self) -> Node:
        found = self.start()
        while self.take("+"):
            found = self.amount(found)
        return found

    def amount(self, start: Node) -> Node:
        if self.take("("):
            asked = self.asked()
            self.need("?")
            yes = self.number()
            self.need(":")
            no = self.number()
            self.need(")")
            unit = self.unit()
            return Choose(asked, Plus(start, yes, yes, unit), Plus(start, no, no, unit))
        least = self.number()
        most = self.number() if self.take("..") else least
        return Plus(start, least, most, self.unit())

    def start(self) -> Node:
        token = self.now
        if token.text in set(Word):
            self.at += 1
            return Said(Word(token.text))
        if token.kind == "word" and self.tokens[self.at + 1].text == "(":
            return self.call()
        return At(self.anchor())

    def call(self) -> Node:
        name = self.now
        self.at += 1
        self.need("(")
        found = self.inside(name)
        self.need(")")
        if name.text == "record_at":
            assert isinstance(found, Asap)  # noqa: S101 - as `inside` has just read it
            return self.keep(found.start)
        return found

    def inside(self, name: _Token) -> Node:
        if name.text in {"min", "max"}:
            parts = [self.choice()]
            while self.take(","):
                parts.append(self.choice())
            return Pick(tuple(parts), name.text == "min")
        if name.text in {"asap", "record_at"}:
            return Asap(self.anchor())
        if name.text in set(OrderKind):
            return Order(OrderKind(name.text), self.rule())
        if name.text == "notice":
            return Given(self.rule())
        if name.text == "calendar_year_end":
            return YearEnd(self.sum())
        if name.text == "param":
            return Param(self.param())
        raise _wrong(name.at, "asap, min, max, notice, before, not_later_than, simultaneous, on_or_after, param…")

    def keep(self, start: Anchor) -> Node:
        for text in (";", "retain", "("):
            self.need(text)
        months = self.number()
        self.need(Unit.MONTHS)
        self.need(")")
        return Keep(start, months)

    def anchor(self) -> Anchor:
        return Anchor(self.one_of([*Anchor], "an anchor"))

    def asked(self) -> Asked:
        return Asked(self.one_of([*Asked], "a fact"))

    def param(self) -> ParamName:
        return ParamName(self.one_of([*ParamName], "a parameter"))

    def unit(self) -> Unit:
        return Unit(self.one_of([*Unit], "a unit"))

    def one_of(self, known: list[str], what: str) -> str:
        token = self.now
        if token.text not in known:
            raise _wrong(token.at, f"{what} ({', '.join(known)})")
        self.at += 1
        return token.text

    def number(self) -> int:
        token = self.now
        if token.kind != "number" or not 1 <= int(token.text[:6]) <= 8784:
            raise _wrong(token.at, "a number from 1 to 8784")
        self.at += 1
        return int(token.text)

    def rule(self) -> str:
        if self.now.kind != "id":
            raise _wrong(self.now.at, "a rule's id")
        self.at += 1
        return self.tokens[self.at - 1].text

    def take(self, text: str) -> bool:
        """Step over the token when it is this one."""
        if self.now.text != text:
            return False
        self.at += 1
        return True

    def need(self, text: str) -> None:
        if not self.take(text):
            raise _wrong(self.now.at, f"'{text}'")


def _wrong(at: int, expected: str) -> LawUnknown:
    return LawUnknown(
        f"A rule's deadline cannot be read: position {at + 1} should be {expected}.",
        "No rule was used.",
        "Correct the deadline in the rule file.",
    )
