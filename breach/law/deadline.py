"""What a deadline can say: the parts that breach.law.deadline_parser reads a rule's text into."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.law_facts import Anchor

LATER = {
    Anchor.BEFORE_INDIVIDUAL_NOTICE,
    Anchor.WITH_INDIVIDUAL_NOTICE,
    Anchor.AFTER_INDIVIDUAL_NOTICE,
    Anchor.AFTER_AUTHORITY_NOTICE,
    Anchor.AFTER_AUTHORITY_STATEMENT,
}
"""Anchors that are acts of our own under another rule: never computed from awareness, they have not happened yet."""


class Unit(StrEnum):
    """How a stretch of time is measured."""

    HOURS = "h"
    CALENDAR_DAYS = "cd"
    BUSINESS_DAYS = "bd"
    MONTHS = "m"


class OrderKind(StrEnum):
    """How two duties stand to each other in time."""

    BEFORE = "before"
    NOT_LATER = "not_later_than"
    TOGETHER = "simultaneous"
    AFTER = "on_or_after"


class Word(StrEnum):
    """Deadlines that are no time at all."""

    VOLUNTARY = "voluntary"
    NONE = "none"
    AS_ORDERED = "as_ordered"
    FOR_EXEMPTION = "required_for_exemption"


class Asked(StrEnum):
    """Facts a deadline may turn on."""

    SMALL_AGENT = "small_agent"
    UNLAWFUL_PURPOSE = "unlawful_purpose"


class ParamName(StrEnum):
    """Numbers that stand in a document of the organisation's own."""

    CONTRACT = "contract.hours"
    POLICY = "policy.hours"


@dataclass(frozen=True, slots=True)
class At:
    """The moment an anchor happened."""

    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Given:
    """The first notice given under another rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class Param:
    """So many hours as a contract says."""

    name: ParamName


@dataclass(frozen=True, slots=True)
class Plus:
    """A stretch after a start. When the law gives a span, `least` is worked by and `most` is said."""

    start: "Node"
    least: int
    most: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Pick:
    """The earliest (or latest) of several; parts without a time yet are left out."""

    parts: "tuple[Node, ...]"
    earliest: bool


@dataclass(frozen=True, slots=True)
class Choose:
    """One of two, by a fact; an unknown fact takes the earlier."""

    asked: Asked
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class IfNotAfter:
    """One of two, by whether one moment lies not after another."""

    left: "Node"
    right: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Asap:
    """As soon as possible: no hour, never dressed as one."""

    start: Anchor


@dataclass(frozen=True, slots=True)
class Order:
    """Bound to the time of another duty."""

    kind: OrderKind
    rule: str


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The last moment of the calendar year of a start."""

    start: "Node"


@dataclass(frozen=True, slots=True)
class Keep:
    """Write it down at a moment, and keep it so many months."""

    start: Anchor
    months: int


@dataclass(frozen=True, slots=True)
class Each:
    """One deadline for each member state where affected people live."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class UnlessHeld:
    """Waits while law enforcement asks for silence; `then` is the hold's own end clock, when the law has one."""

    inner: "Node"
    then: int = 0
    unit: Unit = Unit.CALENDAR_DAYS


@dataclass(frozen=True, slots=True)
class Said:
    """A deadline that is a word, not a time."""

    word: Word


Node = At | Given | Param | Plus | Pick | Choose | IfNotAfter | Asap | Order | YearEnd | Keep | Each | UnlessHeld | Said
