"""When somebody must be woken for a clock: at 50, 25 and 10 per cent of the time left, and when it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from breach.digest import digest_bytes
from breach.law.apply import OPEN
from schemas.base import StaffId
from schemas.incident import IncidentFacts
from schemas.law import Duty, DutyList

SOON = "SOON BY"
"""What a clock of 'as soon as possible' is called: our own date for it, never the law's."""
LEFT = (50, 25, 10)
"""Per cent of the time from the clock's start to its end that is left when an alert is due."""


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs: a legal deadline, a date to work by, or a target of our own."""

    key: str
    kind: str
    """'DUE', 'WORK BY', 'SOON BY' or 'OWN TARGET': what a person must know first."""
    rule_id: str
    jurisdiction: str
    words: str
    citation: str
    start: datetime
    end: datetime
    owner: StaffId


@dataclass(frozen=True, slots=True)
class Alarm:
    """One moment at which somebody is told of a clock; left is 50, 25, 10 or 0 per cent."""

    clock: Running
    at: datetime
    left: int

    @property
    def key(self) -> str:
        """Names the alert: the same clock with another end is told again."""
        return f"{self.clock.key}-{self.clock.end.astimezone(UTC):%Y%m%dT%H%M}-{self.left}".lower()


def running_clocks(duties: DutyList, incident: IncidentFacts) -> tuple[Running, ...]:
    """Every clock of a duty that is open and not done, and of every target not met; the nearest end first."""
    found = [*_of_duties(duties, incident), *_of_targets(duties, incident)]
    return tuple(sorted(found, key=lambda clock: (clock.end, clock.kind, clock.rule_id, clock.jurisdiction)))


def owner_of(rule_id: str, incident: IncidentFacts) -> StaffId:
    """Who sees to a duty: the latest owner named for it, else the one named for all, else the lead."""
    named = [one for one in reversed(incident.law.owners) if one.rule_id == rule_id]
    everything = [one for one in reversed(incident.law.owners) if one.rule_id is None]
    return next((one.staff for one in (*named, *everything)), incident.lead)


def alarms_of(clock: Running) -> tuple[Alarm, ...]:
    """The four moments of a clock, in order."""
    span = max(clock.end - clock.start, timedelta(0))
    return (*(Alarm(clock, clock.end - span * left / 100, left) for left in LEFT), Alarm(clock, clock.end, 0))


def rung(clock: Running, now: datetime) -> tuple[Alarm, ...]:
    """The alarms whose moment has come, the latest last; only that one is worth telling."""
    return tuple(alarm for alarm in alarms_of(clock) if alarm.at <= now)


def _of_duties(duties: DutyList, incident: IncidentFacts) -> Iterator[Running]:
    for duty in duties.duties:
        if duty.look_by is not None and duty.done_at is None and duty.status in OPEN:
            yield Running(
                key=duty_key(duty),
                kind="DUE" if duty.due_at else "WORK BY" if duty.assume_by else SOON,
                rule_id=duty.rule_id,
                jurisdiction=duty.jurisdiction,
                words=_words(duty),
                citation=duty.citation,
                start=min(duty.started_at or duties.aware_at, duty.look_by),
                end=duty.look_by,
                owner=owner_of(duty.rule_id, incident),
            )


def duty_key(duty: Duty) -> str:
    """Names a duty's clock: by rule and place, and of several contracts of one kind by the clause, too."""
    clause = f"-{digest_bytes(duty.contract.encode())[:8]}" if duty.contract else ""
    return f"duty-{duty.rule_id}-{duty.jurisdiction}{clause}"


def _words(duty: Duty) -> str:
    unsure = "" if duty.due_at else f" ({duty.status.value}{'' if duty.by else ', as soon as possible'})"
    return f"{duty.regime}: {duty.recipient_name}{unsure}"


def _of_targets(duties: DutyList, incident: IncidentFacts) -> Iterator[Running]:
    for target in duties.targets:
        if target.due_at is not None and not target.done:
            yield Running(
                key=f"target-{target.name}",
                kind="OWN TARGET",
                rule_id=target.name.value,
                jurisdiction="",
                words=target.words,
                citation="our own wish, not law",
                start=min(duties.aware_at, target.due_at),
                end=target.due_at,
                owner=owner_of(target.name.value, incident),
            )
