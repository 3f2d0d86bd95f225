"""A deadline in words, as the law would put it."""

from breach.law.deadline import (
    Asap,
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
    Pick,
    Plus,
    Said,
    Unit,
    UnlessHeld,
    Word,
    YearEnd,
)
from breach.law.events import say_anchor
from schemas.law_facts import Anchor

UNITS = {
    Unit.HOURS: "hours",
    Unit.CALENDAR_DAYS: "calendar days",
    Unit.BUSINESS_DAYS: "working days",
    Unit.MONTHS: "months",
}
ORDERS = {
    OrderKind.BEFORE: "before the duty of",
    OrderKind.NOT_LATER: "not later than the duty of",
    OrderKind.TOGETHER: "at the same time as the duty of",
    OrderKind.AFTER: "on or after the duty of",
}
WORDS = {
    Word.VOLUNTARY: "voluntary: the law names no duty",
    Word.NONE: "no duty was found, so there is no clock",
    Word.AS_ORDERED: "when and as the authority orders",
    Word.FOR_EXEMPTION: "before you rely on the exemption",
}
ASAP = {
    Anchor.WITH_INDIVIDUAL_NOTICE: "as soon as possible, not later than the notice to the people",
    Anchor.BEFORE_INDIVIDUAL_NOTICE: "as soon as possible, before the notice to the people",
}


def say_deadline(node: Node) -> str:  # noqa: C901, PLR0911 - one case a part
    """The rule's own measure in words."""
    match node:
        case At(anchor):
            return say_anchor(anchor)
        case Given(rule):
            return f"the first notice under {rule}"
        case Param(name):
            return f"as the {name.value.partition('.')[0]} says"
        case Plus(start, least, most, unit):
            span = f"{least}" if least == most else f"{least} to {most}"
            return f"{span} {UNITS[unit][:-1] if most == 1 else UNITS[unit]} from {say_deadline(start)}"
        case Pick(parts, earliest):
            return f"the {'earlier' if earliest else 'later'} of: {'; '.join(map(say_deadline, parts))}"
        case Asap(start):
            return ASAP.get(start, f"as soon as possible after {say_anchor(start)}")
        case Order(kind, rule):
            return f"{ORDERS[kind]} {rule}"
        case YearEnd(start):
            return f"the end of the calendar year of {say_deadline(start)}"
        case Keep(start, kept):
            return f"write it down after {say_anchor(start)}; keep it {kept} months"
        case Each(inner):
            return f"{say_deadline(inner)}, for each member state with affected people"
        case Said(word):
            return WORDS[word]
    return _say_branch(node)


def _say_branch(node: Node) -> str:
    match node:
        case Choose(asked, yes, no):
            return f"{say_deadline(yes)} ({asked.value.replace('_', ' ')}), otherwise {say_deadline(no)}"
        case IfNotAfter(left, right, yes, no):
            when = f"if {say_deadline(left)} lies not after {say_deadline(right)}"
            return f"{when}: {say_deadline(yes)}; otherwise {say_deadline(no)}"
        case UnlessHeld(inner, then, unit):
            after = f" ({then} {UNITS[unit]} after it ends)" if then else ""
            return f"{say_deadline(inner)}, unless law enforcement asks for silence{after}"
    raise AssertionError(node)
