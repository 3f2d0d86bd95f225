"""Deadline arithmetic: hours run through weekends; calendar days end at 23:59 where the organisation lives."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from breach.errors import BadInput
from breach.law.rule import Anchor, Deadline
from schemas.incident import Certainty, Facts, Organisation

DAY_ENDS = time(23, 59)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a clock starts, and what to say when that was taken from another event."""

    at: datetime
    note: str = ""


def zone_of(organisation: Organisation) -> ZoneInfo:
    """The zone in which local deadlines end. Raises BadInput for a name that is not in the IANA table."""
    try:
        return ZoneInfo(organisation.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            "organisation.time_zone is not a time zone that exists.",
            "No duty was decided; nothing was sent.",
            "Give an IANA name such as Europe/Berlin or America/Los_Angeles.",
        ) from None


def check_times(facts: Facts) -> None:
    """Raises BadInput, naming the field, for a time that lies after the moment the facts were recorded."""
    incident = facts.incident
    times: dict[str, datetime | None] = {
        "aware_at": incident.aware_at,
        "platform_aware_at": incident.platform_aware_at,
    }
    if incident.span_known:
        times |= {"leak_from": incident.leak_from, "leak_until": incident.leak_until}
    for field, at in times.items():
        if at is not None and at > facts.recorded_at:
            raise BadInput(
                f"{field} lies in the future: after the moment these facts were recorded.",
                "No duty was decided; nothing was sent.",
                "Correct the time, and look at its zone, with record-fact.",
            )


def anchor_moment(anchor: Anchor, facts: Facts) -> Moment | None:
    """When an anchor happened; a missing one is taken from the earliest event on record, and that is said.

    None for an act of our own that has not happened yet.
    """
    incident = facts.incident
    suspicion = incident.certainty is Certainty.SUSPICION
    recorded = Anchor.SUSPICION if suspicion else Anchor.AWARE
    if anchor is recorded:
        return Moment(incident.aware_at)
    if anchor not in {Anchor.AWARE, Anchor.SUSPICION, Anchor.DISCOVERY}:
        return None
    taken = "the suspicion" if suspicion else "the moment you became aware"
    missing = {
        Anchor.AWARE: "awareness",
        Anchor.SUSPICION: "the first suspicion",
        Anchor.DISCOVERY: "discovery",
    }[anchor]
    return Moment(
        incident.aware_at,
        f"No separate time of {missing} is on record; counted from {taken}, the earliest event known (conservative).",
    )


def due_time(deadline: Deadline, start: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of a deadline in the organisation's zone; None for "as soon as possible", which has no hour.

    Hours are counted in real time, through a change to or from daylight saving. Calendar days: the start's own
    day is not counted, and the last one ends at 23:59.
    """
    if deadline.hours is not None:
        return (start.astimezone(UTC) + timedelta(hours=deadline.hours)).astimezone(zone)
    if deadline.calendar_days is not None:
        last = start.astimezone(zone).date() + timedelta(days=deadline.calendar_days)
        return datetime.combine(last, DAY_ENDS, zone)
    return None


ANCHOR_WORDS = {
    Anchor.AWARE: "awareness",
    Anchor.SUSPICION: "the suspicion",
    Anchor.DISCOVERY: "discovery",
    Anchor.RISK_ASSESSED_HIGH: "the risk being assessed as high",
    Anchor.AFTER_INDIVIDUAL_NOTICE: "the notice to the people",
    Anchor.WITH_INDIVIDUAL_NOTICE: "the notice to the people",
    Anchor.AFTER_AUTHORITY_STATEMENT: "the statement to the authority",
}


def say_deadline(deadline: Deadline) -> str:
    """The rule's own measure in words."""
    after = ANCHOR_WORDS[deadline.anchor]
    if deadline.hours is not None:
        return f"{deadline.hours} hours from {after}"
    if deadline.calendar_days is not None:
        return f"{deadline.calendar_days} calendar days from {after}"
    if deadline.anchor is Anchor.WITH_INDIVIDUAL_NOTICE:
        return "as soon as possible, not later than the notice to the people"
    return f"as soon as possible after {after}"
