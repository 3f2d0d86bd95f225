"""Duties form a graph: what waits for what. A circle would leave every clock in it without a start."""

from collections.abc import Iterator, Mapping

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
    Pick,
    Plus,
    Unit,
    UnlessHeld,
    YearEnd,
)
from schemas.law_facts import Anchor


def walk(node: Node) -> Iterator[Node]:
    """A deadline's part, and every part within it."""
    yield node
    for inner in _inside(node):
        yield from walk(inner)


def _inside(node: Node) -> tuple[Node, ...]:
    match node:
        case Plus(start=start) | YearEnd(start):
            return (start,)
        case Pick(parts=parts):
            return parts
        case Choose(_, yes, no):
            return yes, no
        case IfNotAfter(left, right, yes, no):
            return left, right, yes, no
        case Each(inner) | UnlessHeld(inner=inner):
            return (inner,)
    return ()


def anchors_in(node: Node) -> set[Anchor]:
    """Every anchor a deadline names."""
    found: set[Anchor] = set()
    for part in walk(node):
        match part:
            case At(anchor):
                found.add(anchor)
            case Asap(anchor) | Keep(start=anchor):
                found.add(anchor)
    return found


def rules_in(node: Node) -> set[str]:
    """Every other rule a deadline names."""
    return {part.rule for part in walk(node) if isinstance(part, Given | Order)}


def orders_in(node: Node) -> tuple[Order, ...]:
    """How a duty must stand to others in time."""
    return tuple(part for part in walk(node) if isinstance(part, Order))


def uses_business_days(node: Node) -> bool:
    """Whether a calendar of holidays is needed."""
    units = {part.unit for part in walk(node) if isinstance(part, Plus | UnlessHeld)}
    return Unit.BUSINESS_DAYS in units


def find_circle(needs: Mapping[str, set[str]]) -> list[str]:
    """The first circle among rules, as a path that ends where it began; empty when there is none."""
    done: set[str] = set()

    def follow(rule: str, trail: list[str]) -> list[str]:
        if rule in trail:
            return [*trail[trail.index(rule) :], rule]
        if rule in done:
            return []
        for needed in sorted(needs.get(rule, set())):
            if circle := follow(needed, [*trail, rule]):
                return circle
        done.add(rule)
        return []

    return next((circle for rule in sorted(needs) if (circle := follow(rule, []))), [])
