"""Clocks that run out: who is told, once for each threshold, by file, by mail and as an event. Nobody's data."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prefect.events import emit_event

from breach.current import current_of, facts_of
from breach.errors import BreachError
from breach.law.alarms import Alarm, owner_of, rung, running_clocks
from breach.law.clock import zone_of
from breach.law.filings.kept import filed_of
from breach.law.filings.told import newest_duties, place_of
from breach.law.table import say_left
from breach.law.words import one_line, say_time
from breach.store import get_record
from schemas.chronology import EntryKind
from schemas.law import DutyList
from schemas.law_facts import TargetName
from schemas.receipt import Chapter
from tasks.desk import Desk
from tasks.law import decide_clocks, is_outdated, recompute


@dataclass(frozen=True, slots=True)
class Told:
    """One alert: who must know, its name, what is said; and the clock's threshold, when it is one."""

    owner: str
    key: str
    sentence: str
    alarm: Alarm | None = None


def ring_clocks(desk: Desk, now: datetime) -> int:
    """Tell of every threshold that has come since the last look; returns how many were new."""
    told = _decide_what_is_outdated(desk, now)
    newest = newest_duties(desk.store)
    if newest is None:
        return told
    duties = get_record(desk.store, newest.key, DutyList)
    to_mail: dict[str, list[Told]] = defaultdict(list)
    for one in (*_clocks_told(desk, duties, now), *_desk_is_missing(desk, duties)):
        if not desk.ledger.alerts.was_told(desk.ref.case_id, one.key):
            _tell(desk, one.key, one.sentence, now)
            if one.alarm:
                _emit(desk, one.alarm)
            # Noted when it is told, not before: a run that is killed in between tells it twice rather than never.
            desk.ledger.alerts.first_time(desk.ref.case_id, one.key, now)
            told += 1
        if not desk.ledger.alerts.was_told(desk.ref.case_id, _mailed(one)):
            to_mail[one.owner].append(one)
    for owner, several in to_mail.items():
        _mail(desk, owner, several, now)
    return told


def _decide_what_is_outdated(desk: Desk, now: datetime) -> int:
    """A run killed after a new fact leaves old duties behind; they are decided now, or it is said why not."""
    exposures = current_of(desk.store).receipts.get(Chapter.EXPOSURES.value)
    try:
        if is_outdated(desk):
            recompute(desk)
        elif exposures is not None and filed_of(desk.store):  # a mark-filed that was killed before its last step
            decide_clocks(desk, exposures)
    except BreachError as error:
        key = f"outdated-{facts_of(desk.store).revision}"
        if desk.ledger.alerts.first_time(desk.ref.case_id, key, now):
            _tell(desk, key, f"The duties are older than the facts and cannot be decided anew: {error}", now)
            return 1
    return 0


def _clocks_told(desk: Desk, duties: DutyList, now: datetime) -> Iterator[Told]:
    """The latest threshold of each clock; those before it are as good as told.

    A report that was filed rings no more, also when a fact has decided the duties anew since.
    """
    filed = {(one.rule_id, place_of(one)) for one in filed_of(desk.store)}
    for clock in running_clocks(duties, facts_of(desk.store).incident):
        if filed & {(clock.rule_id, None), (clock.rule_id, clock.jurisdiction)}:
            continue
        come = rung(clock, now)
        if come:
            yield Told(clock.owner, come[-1].key, _sentence(desk, come[-1], now), come[-1])


def _desk_is_missing(desk: Desk, duties: DutyList) -> Iterator[Told]:
    open_ = any(one.name is TargetName.INQUIRY_DESK and not one.done for one in duties.targets)
    if open_ and "waves" in current_of(desk.store).receipts:
        sentence = "A sending plan exists, and nobody has said that members' questions can be answered."
        owner = owner_of(TargetName.INQUIRY_DESK, facts_of(desk.store).incident)
        yield Told(owner, "target-inquiry-desk", sentence)


def _sentence(desk: Desk, alarm: Alarm, now: datetime) -> str:
    clock = alarm.clock
    zone = zone_of(facts_of(desk.store).incident.organisation)
    place = f" ({clock.jurisdiction})" if clock.jurisdiction else ""
    left = f"{say_left(clock.end - now)} left" if clock.end > now else say_left(clock.end - now)
    overdue = " File it now and record the reason for the delay." if clock.kind == "DUE" and clock.end <= now else ""
    return one_line(
        f"{clock.kind}, {left}: {clock.words}{place}, {say_time(clock.end, zone)}. {clock.citation}; rule "
        f"{clock.rule_id}; owner {clock.owner}.{overdue}"
    )


def _tell(desk: Desk, key: str, sentence: str, now: datetime) -> None:
    desk.root.alerts().tell(desk.ref.case_id, key, sentence, now)
    desk.note(EntryKind.ALERT, sentence, once=f"alert:{key}")


def _mail(desk: Desk, owner: str, several: list[Told], now: datetime) -> None:
    """One mail a person and look, however many clocks; what could not be sent is tried again at the next look."""
    subject = f"[{desk.ref.mode.upper()}] {desk.ref.case_id}: {len(several)} clocks run out"
    text = "\n\n".join([*(one.sentence for one in several), "Not legal advice. You get each of these once."])
    problem = desk.root.alerts().mail(owner, subject, text)
    if not problem:
        for one in several:
            desk.ledger.alerts.first_time(desk.ref.case_id, _mailed(one), now)
        return
    unsaid = [one for one in several if desk.ledger.alerts.first_time(desk.ref.case_id, f"un{_mailed(one)}", now)]
    if unsaid:  # said once for each clock, not every quarter of an hour
        desk.root.alerts().tell(desk.ref.case_id, f"mail-{owner}", f"No mail was sent: {problem}.", now)


def _mailed(one: Told) -> str:
    return f"mailed-{one.key}"


def _emit(desk: Desk, alarm: Alarm) -> None:
    clock = alarm.clock
    about = "target" if clock.kind == "OWN TARGET" else "duty"
    emit_event(
        event=f"breach.{about}.{'due-soon' if alarm.left else 'overdue'}",
        resource={
            "prefect.resource.id": f"breach.case.{desk.ref.case_id}",
            "prefect.resource.name": desk.ref.case_id,
            "breach.mode": desk.ref.mode.value,
        },
        payload={
            "rule": clock.rule_id,
            "jurisdiction": clock.jurisdiction,
            "kind": clock.kind,
            "ends": clock.end.isoformat(),
            "per_cent_left": alarm.left,
            "owner": clock.owner,
        },
    )
