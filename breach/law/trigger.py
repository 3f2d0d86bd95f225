"""Does a rule bite here? Each test gives a verdict with its reason; what nobody knows falls to the safe side, aloud."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from breach.law.catalog import Catalog
from breach.law.clock import say_deadline
from breach.law.expression import Bounds, count_people
from breach.law.reach import Target
from breach.law.rule import LATER, Confidence, Count, Data, Event, Gate, Holder, Question, RiskTest, Rule
from breach.law.words import place_name
from schemas.exposure import DataType
from schemas.incident import Answer, Certainty, Facts, IncidentFacts, Role
from schemas.law import DutyStatus

PRECEDENCE = (DutyStatus.DOES_NOT_APPLY, DutyStatus.ASK_COUNSEL, DutyStatus.MAY_BECOME_DUE, DutyStatus.DUE)
"""The first of these that any test gave is the result."""

EVENT_DOUBT = {
    Event.ACQUISITION: "Nobody knows yet whether the data was only within reach or also taken; it counts as taken.",
    Event.ACQUISITION_OR_USE: "Nobody knows yet whether the data was taken or used; it counts as taken.",
}
RISK_TAKEN = {
    RiskTest.RISK_NOT_UNLIKELY: "a risk to people that is not unlikely",
    RiskTest.HIGH: "high",
    RiskTest.SUSPECTED_SERIOUS_HARM: "possibly causing serious harm",
    RiskTest.SERIOUS_HARM: "likely to cause serious harm",
    RiskTest.SERIOUS_INJURY: "a risk of serious injury",
    RiskTest.RELEVANT_RISK: "a relevant risk",
    RiskTest.IDENTITY_THEFT: "a substantial risk of identity theft or fraud",
}
GATE_DOUBT = {
    Question.TURNOVER: "Whether your yearly turnover is above 3 million Australian dollars is not known; "
    "it counts as above.",
}


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


def holder_of(role: Role) -> Holder:
    """Whose duties are ours. Joint controllers are controllers."""
    return Holder.PROCESSOR if role is Role.PROCESSOR else Holder.CONTROLLER


def not_ours(rule: Rule, role: Role) -> str:
    """Why the rule is not our duty; empty when it is."""
    if holder_of(role) in rule.duty_holder:
        return ""
    if role is Role.PROCESSOR:
        return "You are a processor: this is the controller's duty, and its clock starts when you tell it."
    return "You are a controller; this duty is a processor's."


def not_in_force(rule: Rule, day: date) -> str:
    """Why the rule is not law for an incident that became known on this day; empty when it is."""
    if day < rule.in_force.since:
        return f"In force from {rule.in_force.since}; you became aware on {day}."
    if rule.in_force.until is not None and day > rule.in_force.until:
        return f"In force until {rule.in_force.until}; you became aware on {day}."
    return ""


def judge(rule: Rule, target: Target, facts: Facts, catalog: Catalog) -> Judgement:
    """Run every test of a rule on one target, and let the most telling one decide."""
    data = catalog.data(rule)
    sure, perhaps = _bounds(data, target)
    verdicts = [
        _data(data, target, sure, perhaps),
        *_count(rule.trigger.count, target, sure, perhaps),
        *_gate(rule.gate, facts.incident),
        *_counsel(rule),
        *_waiting(rule),
        Verdict(DutyStatus.DUE, target.reason),
        *_doubts(rule, facts.incident),
    ]
    status = next(known for known in PRECEDENCE if any(verdict.status is known for verdict in verdicts))
    told = [verdict.reason for verdict in verdicts if verdict.status is status and verdict.reason]
    if status is not DutyStatus.DOES_NOT_APPLY:
        told += [verdict.reason for verdict in verdicts if verdict.status is not status and verdict.reason]
    return Judgement(status, " ".join(told), sure.high or perhaps.high)


def _bounds(data: Data, target: Target) -> tuple[Bounds, Bounds]:
    """How many people's data trigger the rule: for sure, and perhaps."""
    persons, total = target.people.persons, target.people.total
    sure, perhaps = data.certainly(), data.possibly()
    return (
        count_people(sure, persons, total) if sure else Bounds(0, 0),
        count_people(perhaps, persons, total) if perhaps else Bounds(0, 0),
    )


def _data(data: Data, target: Target, sure: Bounds, perhaps: Bounds) -> Verdict:
    if target.people.total == 0:
        return Verdict(DutyStatus.MAY_BECOME_DUE, "No affected person has been found so far.")
    if sure.high:
        more = f"It may reach {perhaps.high} people: {data.note}" if perhaps.high > sure.high else ""
        return Verdict(DutyStatus.DUE, more)
    if perhaps.high:
        return Verdict(DutyStatus.MAY_BECOME_DUE, f"It may reach {perhaps.high} people. {data.note}")
    held = ", ".join(kind.value for kind in DataType if target.people.persons.get(kind, 0)) or "nothing"
    return Verdict(
        DutyStatus.DOES_NOT_APPLY,
        f"Exposed of the {target.people.total} affected people there, as far as found: {held}. {data.note}",
    )


def _count(count: Count | None, target: Target, sure: Bounds, perhaps: Bounds) -> Iterator[Verdict]:
    """A threshold. People without a known country may be residents, so they count towards 'at most'."""
    if count is None:
        return
    low = sure.low
    high = max(sure.high, perhaps.high) + target.unplaced
    needed = count.number + (count.op == ">")
    where = f"{count.scope} of {place_name(target.jurisdiction)}"
    asked = f"the rule asks for {'more than' if count.op == '>' else 'at least'} {count.number}"
    if low >= needed:
        yield Verdict(DutyStatus.DUE)
    elif high >= needed:
        yield Verdict(
            DutyStatus.MAY_BECOME_DUE,
            f"Between {low} and {high} {where} are concerned, people without a known country among them; {asked}.",
        )
    else:
        yield Verdict(DutyStatus.DOES_NOT_APPLY, f"At most {high} {where} are concerned; {asked}.")


def _gate(gate: Gate | None, incident: IncidentFacts) -> Iterator[Verdict]:
    if gate is None:
        return
    answer: Answer = getattr(incident.organisation, gate.question.value)
    if answer is Answer.NO:
        yield Verdict(DutyStatus.ASK_COUNSEL, gate.if_no)
    if answer is Answer.UNKNOWN:
        yield Verdict(DutyStatus.DUE, GATE_DOUBT[gate.question])


def _counsel(rule: Rule) -> Iterator[Verdict]:
    if rule.counsel:
        yield Verdict(DutyStatus.ASK_COUNSEL, rule.counsel.why)
    if rule.confidence is Confidence.MEMORY:
        yield Verdict(DutyStatus.ASK_COUNSEL, "This rule was written from memory; it sets no clock by itself.")


def _waiting(rule: Rule) -> Iterator[Verdict]:
    """A counted clock that starts with an act of ours has no date before that act."""
    deadline = rule.deadline
    if deadline and deadline.anchor in LATER and not deadline.asap:
        yield Verdict(DutyStatus.MAY_BECOME_DUE, f"No date yet: {say_deadline(deadline)}, which has not been sent.")


def _doubts(rule: Rule, incident: IncidentFacts) -> Iterator[Verdict]:
    """What the facts leave open, and the safe side that was taken."""
    if incident.certainty is Certainty.SUSPICION:
        yield Verdict(DutyStatus.DUE, "So far this is a suspicion; it counts as confirmed.")
    if incident.organisation.role is Role.JOINT:
        yield Verdict(DutyStatus.DUE, "You are joint controllers: your arrangement says who does this; if not, you do.")
    if rule.trigger.event in EVENT_DOUBT:
        yield Verdict(DutyStatus.DUE, EVENT_DOUBT[rule.trigger.event])
    if rule.trigger.risk in RISK_TAKEN:
        taken = RISK_TAKEN[rule.trigger.risk]
        yield Verdict(DutyStatus.DUE, f"Nobody has assessed the risk yet; taken as {taken} until somebody does.")
