"""Facts that cannot both be so: named, with what to do. Both stand until a person corrects one."""

from collections.abc import Iterator
from datetime import datetime

from breach.law.events import own_anchor, say_anchor
from breach.law.words import say_time
from schemas.incident import Certainty, Facts, IncidentFacts, Ongoing, Role
from schemas.law import Contradiction
from schemas.law_facts import Anchor, ContractKind

SEEN = {
    Anchor.DISCOVERY,
    Anchor.DETECTION,
    Anchor.NOTICING,
    Anchor.DISCOVERY_OR_NOTIFICATION,
    Anchor.THIRD_PARTY_NOTICE,
}
JUDGED = {
    Anchor.DETERMINATION,
    Anchor.DETERMINATION_OF_HARM,
    Anchor.DETERMINATION_OF_MISUSE,
    Anchor.CONFIRMATION,
    Anchor.INCIDENT_VERIFIED,
    Anchor.ASSESSMENT_NOTIFIABLE,
    Anchor.CLASSIFICATION,
    Anchor.MATERIALITY_DETERMINATION,
    Anchor.RISK_ASSESSED_HIGH,
}
"""What somebody concludes from something seen: it cannot come before all seeing."""
CORRECT_EVENT = "Record the event again with its true time; the earliest counts until then."


def find_contradictions(facts: Facts) -> tuple[Contradiction, ...]:
    """Every pair of facts on record that contradict each other, each with its next step."""
    incident = facts.incident
    return tuple(
        Contradiction(facts=said, next_step=step)
        for found in (_order(incident), _awareness(incident), _silence(incident), _roles(incident), _sureness(incident))
        for said, step in found
    )


def _order(incident: IncidentFacts) -> Iterator[tuple[str, str]]:
    seen = [event.at for event in incident.law.events if event.anchor in SEEN]
    for event in incident.law.events:
        if event.anchor in JUDGED and seen and event.at < min(seen):
            early, first = say_time(event.at), say_time(min(seen))
            said = f"{say_anchor(event.anchor)} is on record at {early}, before the first discovery at {first}."
            yield said[:1].upper() + said[1:], CORRECT_EVENT
    if incident.span_known and incident.leak_from > incident.aware_at:
        yield (
            f"The leak began at {say_time(incident.leak_from)}, after awareness at {say_time(incident.aware_at)}.",
            "Correct 'data was reachable from' or 'when we became aware' with record-fact.",
        )


def _awareness(incident: IncidentFacts) -> Iterator[tuple[str, str]]:
    own = own_anchor(incident)
    times = {event.at for event in incident.law.events if event.anchor is own} | {incident.aware_at}
    if len(times) > 1:
        said = " and ".join(say_time(at) for at in sorted(times))
        yield (
            f"There are {len(times)} times of {say_anchor(own)} on record: {said}.",
            "The earliest counts. Correct 'when we became aware' with record-fact.",
        )


def _silence(incident: IncidentFacts) -> Iterator[tuple[str, str]]:
    hold = incident.law.hold
    for told in incident.law.told if hold else ():
        if hold and hold.since <= told.at and (hold.until is None or told.at < hold.until):
            yield (
                f"{told.rule_id} was given at {say_time(told.at)}, while {hold.agency} had asked for silence.",
                "Ask counsel at once; correct the hold or the notice if one of them is wrong.",
            )


def _roles(incident: IncidentFacts) -> Iterator[tuple[str, str]]:
    clause = ContractKind.CT_DPA_CLAUSE.rule_id
    if incident.organisation.role is Role.CONTROLLER and any(one.rule_id == clause for one in incident.law.contracts):
        yield (
            "You are recorded as controller, and a contract is on record under which you process data for somebody.",
            "Ask counsel which data you hold in which role; correct the role, or open a case for each.",
        )


def _sureness(incident: IncidentFacts) -> Iterator[tuple[str, str]]:
    confirmed = _first(incident, Anchor.CONFIRMATION)
    if incident.certainty is Certainty.SUSPICION and confirmed:
        yield (
            f"The case is a suspicion, and its confirmation is on record at {say_time(confirmed)}.",
            "Record 'how certain it is' with record-fact.",
        )
    if incident.ongoing is Ongoing.NO and not incident.span_known:
        yield (
            "Data is recorded as reachable no longer, and the time span as not known: everything still counts.",
            "Record both ends of the span with record-fact if you know them.",
        )
    for told in incident.law.told:
        if told.at < incident.aware_at:
            early = (
                f"{told.rule_id} was given at {say_time(told.at)}, before awareness at {say_time(incident.aware_at)}."
            )
            yield early, "Correct the notice's time, or 'when we became aware'."


def _first(incident: IncidentFacts, anchor: Anchor) -> datetime | None:
    return min((event.at for event in incident.law.events if event.anchor is anchor), default=None)
