"""Does a rule bite here? Each test gives a verdict with its reason; what nobody knows falls to the safe side, aloud."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from breach.law.catalog import Catalog
from breach.law.counting import Reached, judge_count, judge_data, reach_people
from breach.law.deadline import Said, Word
from breach.law.elements import Held
from breach.law.reach import Target
from breach.law.rule import Data, Gate, Rule
from breach.law.verdict import Judgement, Verdict, together
from breach.law.vocabulary import Confidence, Happening, Holder, Question, RuleStatus
from schemas.incident import Answer, Certainty, Facts, IncidentFacts, Role
from schemas.law import DutyStatus
from schemas.law_facts import Anchor, RiskTest

EVENT_DOUBT = {
    Happening.ACQUISITION: "Nobody knows yet whether the data was only within reach or also taken; it counts as taken.",
    Happening.ACQUISITION_OR_USE: "Nobody knows yet whether the data was taken or used; it counts as taken.",
    Happening.ACCESS_AND_ACQUISITION: "Nobody knows yet whether the data was taken; it counts as taken.",
    Happening.UNLAWFUL_ACQUISITION: "Nobody knows yet whether others got the data unlawfully; it counts as so.",
}
RISK_TAKEN = {
    RiskTest.RISK_NOT_UNLIKELY: "a risk to people that is not unlikely",
    RiskTest.HIGH: "high",
    RiskTest.SUSPECTED_SERIOUS_HARM: "possibly causing serious harm",
    RiskTest.SERIOUS_HARM: "likely to cause serious harm",
    RiskTest.SERIOUS_INJURY: "a risk of serious injury",
    RiskTest.RELEVANT_RISK: "a relevant risk",
    RiskTest.IDENTITY_THEFT: "a substantial risk of identity theft or fraud",
    RiskTest.UNLESS_NO_HARM: "likely to cause harm or misuse",
    RiskTest.UNLESS_LOW_PROBABILITY: "more than a low probability of compromise",
}
GATE_DOUBT = {
    Question.TURNOVER: "Whether your yearly turnover is above 3 million Australian dollars is not known; "
    "it counts as above.",
}
WORD_SAYS = {
    Word.VOLUNTARY: Verdict(DutyStatus.VOLUNTARY, "The law names no duty here; telling is voluntary."),
    Word.NONE: Verdict(DutyStatus.DOES_NOT_APPLY, "No duty was found in this law."),
    Word.AS_ORDERED: Verdict(DutyStatus.MAY_BECOME_DUE, "It becomes due when the authority orders it."),
    Word.FOR_EXEMPTION: Verdict(
        DutyStatus.MAY_BECOME_DUE, "It becomes due if you tell the people nothing and rely on the no-harm exemption."
    ),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """What every rule of one case is judged by."""

    facts: Facts
    catalog: Catalog
    today: date
    stale_after_days: int
    seen: dict[tuple[int, int], Reached] = field(default_factory=dict)
    """By the identity of data and people: the rules of one state ask for the same."""

    def reach(self, data: Data, held: Held) -> Reached:
        """How many of some people a rule's data reach; counted once."""
        key = (id(data), id(held))
        if key not in self.seen:
            self.seen[key] = reach_people(data, held)
        return self.seen[key]


def holder_of(role: Role) -> Holder:
    """Whose duties are ours. Joint controllers are controllers."""
    return Holder.PROCESSOR if role is Role.PROCESSOR else Holder.CONTROLLER


def not_ours(rule: Rule, role: Role) -> str:
    """Why the rule is not our duty; empty when it is."""
    if holder_of(role) in rule.duty_holder or (role is Role.JOINT and Holder.JOINT in rule.duty_holder):
        return ""
    if rule.duty_holder == (Holder.JOINT,):
        return "You are no joint controllers."
    if role is Role.PROCESSOR:
        return "You are a processor: this is the controller's duty, and its clock starts when you tell it."
    return "You are a controller; this duty is a processor's."


def not_in_force(rule: Rule, day: date) -> str:
    """Why the rule is not law for an incident that became known on this day; empty when it is."""
    if rule.in_force is None:
        return ""
    if day < rule.in_force.since:
        return f"In force from {rule.in_force.since}; you became aware on {day}."
    if rule.in_force.until is not None and day > rule.in_force.until:
        return f"In force until {rule.in_force.until}; you became aware on {day}."
    return ""


def judge(rule: Rule, target: Target, wide: Held, bench: Bench, waits: str) -> Judgement:
    """Run every test of a rule on one target, and let the most telling one decide.

    `wide` are the people a threshold may count beside the target's; `waits` is what the rule's clock still waits for.
    """
    data = bench.catalog.data(rule)
    incident = bench.facts.incident
    reached = bench.reach(data, target.held)
    count = rule.trigger.count
    wider = bench.reach(data, wide) if wide is not target.held else reached
    verdicts = [
        judge_data(data, target, reached),
        judge_count(count, target, reached, wider, incident.law.attack),
        *_leader(rule, target, bench, reached, wider),
        *_own_tests(rule, bench, trusted=target.hours is not None),
        *_waiting(rule, waits, incident),
        Verdict(DutyStatus.DUE, target.reason),
        *_doubts(rule, bench),
    ]
    return together(verdicts, reached.sure.high or reached.hashed.high or reached.perhaps.high)


def _own_tests(rule: Rule, bench: Bench, *, trusted: bool) -> Iterator[Verdict]:
    """What the rule itself and the organisation decide, wherever the people live."""
    incident = bench.facts.incident
    if rule.instead_of:
        said = f"It stands in for {rule.instead_of}, and becomes due where that cannot be done. {rule.trigger.words}"
        yield Verdict(DutyStatus.MAY_BECOME_DUE, said.strip())
    if rule.same_as:
        yield Verdict(
            DutyStatus.DOES_NOT_APPLY, f"No filing of its own: {rule.same_as} fulfils it. {rule.trigger.words}".strip()
        )
    yield from _gate(rule.gate, incident)
    yield from _sector(rule, incident)
    yield from _risk(rule, incident)
    yield from _status(rule)
    if trusted:  # a clause somebody has read out is no matter of memory
        return
    asked = list(_counsel(rule, bench))
    if asked and sector_unasked(rule, incident):
        yield Verdict(DutyStatus.MAY_BECOME_DUE, "Counsel must confirm it then.")
    else:
        yield from asked


def _leader(rule: Rule, target: Target, bench: Bench, reached: Reached, wider: Reached) -> Iterator[Verdict]:
    """A duty that follows another is never surer than that one."""
    leader = bench.catalog.leader(rule)
    if leader is None:
        return
    attack = bench.facts.incident.law.attack
    data = judge_data(bench.catalog.data(leader), target, reached)
    number = judge_count(leader.trigger.count, target, reached, wider, attack)
    led = together([data, number, *_own_tests(leader, bench, trusted=False)], None)
    if led.status is not DutyStatus.DUE:
        yield Verdict(led.status, f"It follows {leader.id}, which comes to: {led.status.value}.")


def _gate(gate: Gate | None, incident: IncidentFacts) -> Iterator[Verdict]:
    if gate is None:
        return
    answer: Answer = getattr(incident.organisation, gate.question.value)
    if answer is Answer.NO:
        yield Verdict(DutyStatus.ASK_COUNSEL, gate.if_no)
    if answer is Answer.UNKNOWN:
        yield Verdict(DutyStatus.DUE, GATE_DOUBT[gate.question])


def _sector(rule: Rule, incident: IncidentFacts) -> Iterator[Verdict]:
    if rule.sector is None:
        return
    sectors = incident.law.sectors
    if sectors is None:
        yield Verdict(DutyStatus.MAY_BECOME_DUE, f"It becomes due if you are {rule.sector.value}; nobody has said so.")
    elif rule.sector not in sectors:
        yield Verdict(DutyStatus.DOES_NOT_APPLY, f"You have said that you are not {rule.sector.value}.")
    else:
        yield Verdict(DutyStatus.DUE, f"You are {rule.sector.value}.")


def sector_unasked(rule: Rule, incident: IncidentFacts) -> bool:
    """Whether nobody has said yet if the organisation is in the line of business that has this duty."""
    return rule.sector is not None and incident.law.sectors is None


def _risk(rule: Rule, incident: IncidentFacts) -> Iterator[Verdict]:
    """One law's own test, answered by a named person. Only with counsel does a 'no' take a duty away."""
    found = [one for one in incident.law.risks if one.test is rule.trigger.risk]
    if not found or rule.trigger.risk is RiskTest.NONE:
        return
    last = found[-1]
    said = f"{last.decided_by} found on “{last.test.value}”: {last.reason}."
    if last.met:
        yield Verdict(DutyStatus.DUE, said)
    elif last.counsel_agreed:
        yield Verdict(DutyStatus.DOES_NOT_APPLY, f"{said} Counsel agreed. Keep this record.")
    else:
        yield Verdict(DutyStatus.ASK_COUNSEL, f"{said} Counsel has not agreed yet.")


def _status(rule: Rule) -> Iterator[Verdict]:
    if rule.status is RuleStatus.PROPOSED:
        yield Verdict(DutyStatus.PROPOSED, "Proposed, or passed without a first day: not law yet.")
    if rule.status is RuleStatus.UNCERTAIN:
        yield Verdict(DutyStatus.ASK_COUNSEL, "Whether this is law at the moment is not certain.")
    if rule.status is RuleStatus.PENDING:
        yield Verdict(
            DutyStatus.ASK_COUNSEL, f"When it was last read ({rule.as_of}) it was still to come into force: check."
        )
    if isinstance(rule.clock, Said) and not (rule.clock.word is Word.NONE and rule.counsel):
        yield WORD_SAYS[rule.clock.word]


def _counsel(rule: Rule, bench: Bench) -> Iterator[Verdict]:
    if rule.counsel:
        yield Verdict(DutyStatus.ASK_COUNSEL, rule.counsel.why)
    if rule.confidence is Confidence.MEMORY:
        yield Verdict(DutyStatus.ASK_COUNSEL, "This rule was written from memory; it sets no clock by itself.")
    if (age := (bench.today - rule.as_of).days) > bench.stale_after_days:
        yield Verdict(DutyStatus.ASK_COUNSEL, f"This rule was last checked {age} days ago, on {rule.as_of}.")


def _waiting(rule: Rule, waits: str, incident: IncidentFacts) -> Iterator[Verdict]:
    """A counted clock that starts with something that has not happened has no date before it."""
    ordered = rule.trigger.event is Happening.AUTHORITY_ORDER
    if waits:
        yield Verdict(DutyStatus.MAY_BECOME_DUE, f"No date yet: {waits}.")
    elif rule.trigger.event is Happening.FOLLOW_UP and not _has_news(incident):
        yield Verdict(DutyStatus.MAY_BECOME_DUE, "It becomes due when something was left open in the first filing.")
    elif ordered and not isinstance(rule.clock, Said):
        yield WORD_SAYS[Word.AS_ORDERED]


def _has_news(incident: IncidentFacts) -> bool:
    return any(event.anchor is Anchor.NEW_INFORMATION for event in incident.law.events)


def _doubts(rule: Rule, bench: Bench) -> Iterator[Verdict]:
    """What the facts leave open, and the safe side that was taken."""
    incident, trigger = bench.facts.incident, rule.trigger
    if incident.certainty is Certainty.SUSPICION:
        yield Verdict(DutyStatus.DUE, "So far this is a suspicion; it counts as confirmed.")
    if incident.organisation.role is Role.JOINT:
        yield Verdict(DutyStatus.DUE, "You are joint controllers: your arrangement says who does this; if not, you do.")
    if trigger.event in EVENT_DOUBT:
        yield Verdict(DutyStatus.DUE, EVENT_DOUBT[trigger.event])
    if trigger.risk is not RiskTest.NONE and not any(one.test is trigger.risk for one in incident.law.risks):
        taken = RISK_TAKEN.get(trigger.risk, f"fulfilling the law's test ({trigger.risk.value})")
        yield Verdict(DutyStatus.DUE, f"Nobody has assessed the risk yet; taken as {taken} until somebody does.")
    if trigger.unless:
        yield Verdict(DutyStatus.DUE, f"The duty falls away only on this finding: {trigger.unless}.")
    if rule.counsel_if:
        yield Verdict(DutyStatus.DUE, f"Ask counsel {rule.counsel_if}.")
