"""When an anchor happened: what is on record, and what is taken in its place, aloud."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from breach.errors import BadInput
from breach.law.deadline import LATER
from schemas.incident import Certainty, Facts, IncidentFacts
from schemas.law_facts import Anchor

NEVER_ASSUMED = LATER | {Anchor.NEW_INFORMATION, Anchor.THIRD_PARTY_NOTICE}
"""Acts of our own, and events that may never come: no time is made up for them."""

ANCHOR_WORDS = {
    Anchor.AWARE: "awareness",
    Anchor.SUSPICION: "the suspicion",
    Anchor.DETERMINATION_OR_REASON_TO_BELIEVE: "determining it, or having reason to believe it",
    Anchor.DETERMINATION_OF_HARM: "determining that harm is likely",
    Anchor.DETERMINATION_OF_MISUSE: "determining that misuse is likely",
    Anchor.DISCOVERY_OR_NOTIFICATION: "discovery, or being told",
    Anchor.THIRD_PARTY_NOTICE: "a third party's notice to you",
    Anchor.SCOPE_IDENTIFIED: "the scope being identified",
    Anchor.PERSONS_IDENTIFIED: "the people being identified",
    Anchor.INCIDENT_VERIFIED: "the incident being verified",
    Anchor.ASSESSMENT_NOTIFIABLE: "assessing it as notifiable",
    Anchor.MATERIALITY_DETERMINATION: "determining that it is material",
    Anchor.REASONABLE_BELIEF: "reasonable belief",
    Anchor.AWARE_PERSONAL_DATA_AFFECTED: "knowing that personal data is affected",
    Anchor.RISK_ASSESSED_HIGH: "the risk being assessed as high",
    Anchor.NEW_INFORMATION: "new information",
    Anchor.BEFORE_INDIVIDUAL_NOTICE: "the notice to the people",
    Anchor.WITH_INDIVIDUAL_NOTICE: "the notice to the people",
    Anchor.AFTER_INDIVIDUAL_NOTICE: "the notice to the people",
    Anchor.AFTER_AUTHORITY_NOTICE: "the notice to the authority",
    Anchor.AFTER_AUTHORITY_STATEMENT: "the statement to the authority",
}


def say_anchor(anchor: Anchor) -> str:
    """An anchor in words that fit after 'from'."""
    return ANCHOR_WORDS.get(anchor, anchor.value)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a clock starts, and what to say when that was taken from another event."""

    at: datetime
    note: str = ""


def check_times(facts: Facts, state: str = "No duty was decided; nothing was sent.") -> None:
    """Raises BadInput, naming the field, for a time that lies after the moment the facts were recorded."""
    for field, at in _times(facts):
        if at is not None and at > facts.recorded_at:
            raise BadInput(
                f"{field} lies in the future: after the moment these facts were recorded.",
                state,
                "Correct the time, and look at its zone, with record-fact.",
            )


def _times(facts: Facts) -> Iterator[tuple[str, datetime | None]]:
    incident = facts.incident
    yield "aware_at", incident.aware_at
    yield "platform_aware_at", incident.platform_aware_at
    if incident.span_known:
        yield "leak_from", incident.leak_from
        yield "leak_until", incident.leak_until
    for n, event in enumerate(incident.law.events):
        yield f"law.events.{n} ({event.anchor})", event.at
    for n, told in enumerate(incident.law.told):
        yield f"law.told.{n} ({told.rule_id})", told.at
    if incident.law.hold:
        yield "law.hold.since", incident.law.hold.since


def own_anchor(incident: IncidentFacts) -> Anchor:
    """What the form's own time is a time of: awareness, or so far a suspicion."""
    return Anchor.SUSPICION if incident.certainty is Certainty.SUSPICION else Anchor.AWARE


def recorded_moment(anchor: Anchor, facts: Facts) -> Moment | None:
    """The first time an anchor is on record for; None when it is not."""
    incident = facts.incident
    times = [event.at for event in incident.law.events if event.anchor is anchor]
    if anchor is own_anchor(incident):
        return Moment(min([incident.aware_at, *times]), _challenge(facts) if not times else "")
    return Moment(min(times)) if times else None


def _challenge(facts: Facts) -> str:
    """An awareness set later than something that is on record must be explained."""
    incident = facts.incident
    first = min(incident.law.events, key=lambda event: event.at, default=None)
    if first is None or first.at >= incident.aware_at:
        return ""
    answer = next((one for one in reversed(incident.law.triggers) if one.aware_at == incident.aware_at), None)
    answered = f" {answer.decided_by} says: {answer.sentence}" if answer else ""
    said = say_anchor(first.anchor)
    return f"{said[:1].upper()}{said[1:]} is on record before awareness: what was the triggering event?{answered}"


def anchor_moment(anchor: Anchor, facts: Facts) -> Moment | None:
    """When an anchor happened; a missing one is taken from the earliest event on record, and that is said.

    None for an act of our own that has not happened yet.
    """
    recorded = recorded_moment(anchor, facts)
    if recorded or anchor in NEVER_ASSUMED:
        return recorded
    incident = facts.incident
    first = min(incident.law.events, key=lambda event: event.at, default=None)
    suspicion = incident.certainty is Certainty.SUSPICION
    taken = "the suspicion" if suspicion else "the moment you became aware"
    at = incident.aware_at
    if first and first.at < at:
        taken, at = say_anchor(first.anchor), first.at
    note = f"No separate time of {say_anchor(anchor)} is on record; counted from {taken}, the earliest event known"
    return Moment(at, f"{note} (conservative).")
