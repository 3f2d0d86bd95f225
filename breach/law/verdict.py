"""What one test of a rule came to, and how the tests of one rule become one answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.law import DutyStatus

PRECEDENCE = (
    DutyStatus.DOES_NOT_APPLY,
    DutyStatus.PROPOSED,
    DutyStatus.ASK_COUNSEL,
    DutyStatus.VOLUNTARY,
    DutyStatus.MAY_BECOME_DUE,
    DutyStatus.DUE,
)
"""The first of these that any test gave is the result."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one test came to, and why; an empty reason has nothing to tell."""

    status: DutyStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """All tests of one rule on one target."""

    status: DutyStatus
    reason: str
    people: int | None
    """None when nobody was counted, because the rule does not reach this case."""


def together(verdicts: Iterable[Verdict], people: int | None) -> Judgement:
    """The most telling verdict decides; its reasons stand first, the others' after them."""
    given = list(verdicts)
    status = next(known for known in PRECEDENCE if any(verdict.status is known for verdict in given))
    told = [verdict.reason for verdict in given if verdict.status is status and verdict.reason]
    if status is not DutyStatus.DOES_NOT_APPLY:
        told += [verdict.reason for verdict in given if verdict.status is not status and verdict.reason]
    return Judgement(status, " ".join(dict.fromkeys(told)), people)
