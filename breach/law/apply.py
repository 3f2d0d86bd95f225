"""One rule on one target: the answer as a record, with its date, its order, and the facts that decided it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from breach.law.clock import Clock, Reckoned
from breach.law.deadline_parser import parse_deadline
from breach.law.elements import Held
from breach.law.own_target import own_target
from breach.law.reach import Spread, Target
from breach.law.rule import Rule
from breach.law.say import say_deadline
from breach.law.trigger import Bench, judge, sector_unasked
from breach.law.verdict import Judgement
from breach.law.vocabulary import Scope
from breach.law.words import place_name, say_time
from schemas.law import Duty, DutyStatus
from schemas.law_facts import Told

OPEN = {DutyStatus.DUE, DutyStatus.ASK_COUNSEL, DutyStatus.MAY_BECOME_DUE}
"""Answers that still ask something of somebody."""


@dataclass(frozen=True, slots=True)
class Court:
    """What the rules of one case are applied with."""

    bench: Bench
    spread: Spread
    zone: ZoneInfo

    def clock(self, rule: Rule, hours: int | None = None) -> Clock:
        """The rule's view of time."""
        return Clock(self.bench.facts, self.zone, rule.calendar or "", rule.follows, self.ends_of, hours)

    def ends_of(self, rule_id: str) -> Reckoned:
        """When a duty was done; until then, when it ends."""
        rule = self.bench.catalog.by_id[rule_id]
        clock = self.clock(rule)
        done = clock.told(rule_id)
        return Reckoned(done) if done else Reckoned(clock.reckon(rule.clock).at)

    def wide(self, rule: Rule, target: Target) -> Held:
        """Whom a threshold may count beside the target's people: those of the whole country, or everybody."""
        count = rule.trigger.count
        if count is None or count.scope is Scope.RESIDENTS:
            return target.held
        if count.scope is Scope.TOTAL:
            return self.spread.held_by(None)
        country = target.jurisdiction.partition("-")[0]
        there = [place for place in self.spread.by_place if place.partition("-")[0] == country]
        if count.scope is Scope.ONE_STATE:
            there = sorted(there, key=lambda place: self.spread.by_place[place].total)[-1:]
        return self.spread.held_by(there)


def answer(rule: Rule, jurisdiction: str, named: str, judgement: Judgement, court: Court) -> Duty:
    """The duty without a date."""
    open_ = judgement.status in OPEN
    return Duty(
        rule_id=rule.id,
        regime=rule.regime,
        jurisdiction=jurisdiction,
        citation=rule.citation,
        recipient=rule.recipient.value,
        recipient_name=rule.recipient_name.replace("{place}", place_name(named)),
        status=judgement.status,
        due_rule=_measure(rule, judgement.status),
        people=judgement.people,
        reason=judgement.reason,
        source=f"{rule.source} ({rule.confidence.value}, as of {rule.as_of})",
        order=court.bench.catalog.orders.get(rule.id, ()) if open_ else (),
        content=rule.content if open_ else (),
        content_bans=rule.content_bans if open_ else (),
        decided_on=tuple(_decided_on(rule, jurisdiction, court)),
        track=", ".join(holder.value for holder in rule.duty_holder),
    )


def dated(rule: Rule, target: Target, named: str, court: Court) -> Duty:
    """With the date: a legal deadline when due, a working date when counsel is asked or it may become due."""
    clock = court.clock(rule, target.hours)
    reckoned = clock.reckon(rule.clock)
    judgement = judge(rule, target, court.wide(rule, target), court.bench, reckoned.waits)
    duty = answer(rule, target.jurisdiction, named, judgement, court)
    if judgement.status not in OPEN:
        return duty
    due = judgement.status is DutyStatus.DUE
    # Nobody works by the clock of a bank before somebody has said that this is one.
    work_by = None if due or sector_unasked(rule, clock.facts.incident) else reckoned.at
    told = _told(rule.id, target, clock.facts.incident.law.told)
    notes = " ".join([duty.reason, *_notes(rule, reckoned, clock, told)])
    stated = {
        "due_at": reckoned.at if due else None,
        "assume_by": work_by,
        "started_at": reckoned.begun,
        "conservative": any(note.endswith("(conservative).") for note in reckoned.notes),
        "done_at": told.at if told else None,
        "late_reason": told.late_reason if told else "",
        "own_target": own_target(rule, clock) if due and reckoned.at is None and not reckoned.waits else None,
    }
    if target.promised_to:  # several contracts of one kind are duties towards different people
        stated |= {"recipient_name": target.promised_to, "contract": target.reason}
    return duty.model_copy(update={**stated, "reason": notes.strip()})


def _told(rule_id: str, target: Target, told: tuple[Told, ...]) -> Told | None:
    """The first notice given under a rule for a place or a contract; one that names none counts for all of them."""
    given = [
        one
        for one in told
        if one.rule_id == rule_id
        and one.jurisdiction in {None, target.jurisdiction}
        and one.recipient in {"", target.promised_to}
    ]
    return min(given, key=lambda one: one.at, default=None)


@lru_cache(maxsize=1024)
def _said(deadline: str) -> str:
    return say_deadline(parse_deadline(deadline))


def _measure(rule: Rule, status: DutyStatus) -> str:
    said = _said(rule.deadline)
    if status is DutyStatus.ASK_COUNSEL:
        law_says = rule.counsel.law_says if rule.counsel else ""
        return f"{law_says or said}. Until counsel answers, work by: {said}"
    return said


def _notes(rule: Rule, reckoned: Reckoned, clock: Clock, told: Told | None) -> Iterator[str]:
    facts = clock.facts
    if told:
        yield f"On record: given on {say_time(told.at, clock.zone)}."
        if told.late_reason:
            yield f"Reason for the delay: {told.late_reason}"
    yield from reckoned.notes
    if reckoned.at and not told and reckoned.at < facts.recorded_at:
        yield "This time had passed when the facts were recorded: act now, and give the reasons for the delay."
    if rule.exemptions:
        yield f"Exceptions: {rule.exemptions}"
    if rule.notes:
        yield f"Note: {rule.notes}"
    if rule.retention_months:
        yield f"Keep the proof {rule.retention_months} months."


def _decided_on(rule: Rule, jurisdiction: str, court: Court) -> Iterator[str]:
    facts = court.bench.facts.incident
    yield f"aware_at {facts.aware_at.isoformat()}"
    yield f"role {facts.organisation.role.name.lower()}"
    yield f"established_in {facts.organisation.established_in}"
    there = court.spread.by_place.get(jurisdiction)
    if there:
        yield f"affected people in {jurisdiction}: {there.total}"
    if rule.trigger.count and court.spread.unplaced:
        yield f"affected people without a known country: {court.spread.unplaced}"
    if rule.sector:
        yield f"sectors {'not asked' if facts.law.sectors is None else len(facts.law.sectors)}"
