"""Awareness at a convenient moment is challenged: what was the triggering event? The answer stays visible."""

from datetime import datetime

from breach.errors import BadInput
from breach.law.events import own_anchor, say_anchor
from breach.law.words import say_time
from breach.written_time import NOTHING_RECORDED
from schemas.incident import Facts, IncidentFacts
from schemas.law_facts import Anchor, Event, TriggeringEvent

NO_AWARENESS = {Anchor.NEW_INFORMATION, Anchor.AWARE}
SHORTEST = 10
"""Characters: 'a mail' explains nothing."""


def explain_awareness(held: Facts, facts: Facts, sentence: str) -> Facts:
    """The new facts, with the answer kept in them when awareness must be explained.

    It must be when it is moved later, or when an event on record lies before it and has not been explained for this
    awareness. Raises BadInput, asking for the triggering event, when there is no sentence.
    """
    before, now = held.incident, facts.incident
    doubt = _moved_later(before, now) or _new_doubt(before, now)
    if not doubt:
        return facts
    if len(sentence.strip()) < SHORTEST:
        raise BadInput(
            f"{doubt} What was the triggering event?",
            NOTHING_RECORDED,
            "Answer it in a sentence in the field of that name, and record it again. If awareness was earlier, correct "
            "'when we became aware' first.",
        )
    answer = TriggeringEvent(aware_at=now.aware_at, sentence=sentence.strip(), decided_by=facts.recorded_by)
    law = now.law.model_copy(update={"triggers": (*now.law.triggers, answer)})
    return facts.model_copy(update={"incident": now.model_copy(update={"law": law})})


def challenges(facts: Facts) -> tuple[str, ...]:
    """Every doubt about awareness with its answer, or with the question when nobody has answered."""
    incident = facts.incident
    said = [
        f"Awareness was put at {say_time(one.aware_at)}. What triggered it, says {one.decided_by}: {one.sentence}"
        for one in incident.law.triggers
    ]
    first = _earlier(incident)
    if first:
        answered = "See the answer above." if _answered(incident) else "What was the triggering event? Nobody has said."
        said.append(f"{_precedes(first, incident.aware_at)} {answered}")
    return tuple(said)


def _moved_later(before: IncidentFacts, now: IncidentFacts) -> str:
    if now.aware_at <= before.aware_at:
        return ""
    return f"Awareness is moved later, from {say_time(before.aware_at)} to {say_time(now.aware_at)}."


def _new_doubt(before: IncidentFacts, now: IncidentFacts) -> str:
    first = _earlier(now)
    if first is None or (_answered(now) and first == _earlier(before)):
        return ""
    return "" if first == _earlier(before) and now.aware_at == before.aware_at else _precedes(first, now.aware_at)


def _earlier(incident: IncidentFacts) -> Event | None:
    """The first event from which people could have known, if it lies before awareness."""
    events = [one for one in incident.law.events if one.anchor not in NO_AWARENESS | {own_anchor(incident)}]
    first = min(events, key=lambda event: event.at, default=None)
    return first if first and first.at < incident.aware_at else None


def _answered(incident: IncidentFacts) -> bool:
    return any(one.aware_at == incident.aware_at for one in incident.law.triggers)


def _precedes(first: Event, aware_at: datetime) -> str:
    said = say_anchor(first.anchor)
    return (
        f"{said[:1].upper()}{said[1:]} is on record at {say_time(first.at)}, before awareness at {say_time(aware_at)}."
    )
