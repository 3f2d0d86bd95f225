"""From the form to facts: times checked, paths kept inside the inbox, one new fact applied."""

from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from pydantic import ValidationError

from breach.errors import BadInput
from breach.law.awareness import explain_awareness
from breach.law.stated import OF_THE_LAW, change_law, law_of
from breach.written_time import NOTHING_RECORDED, read_time
from schemas.exposure import SPECIAL_CATEGORIES, DataType
from schemas.facts import FactName
from schemas.forms import FactForm, MappingForm, RespondForm, WordsForm
from schemas.incident import (
    Facts,
    IncidentFacts,
    Narrowing,
    Organisation,
    OwnWords,
    RosterFacts,
    SendingPlan,
    SensitiveArea,
)

NOTHING_OPENED = "No case was opened and nothing was sent."
NOTHING = "none"
"""Recorded as sensitive areas, or as a list of ids: there is none any more, so that everything counts."""
OF_THE_ORGANISATION = frozenset({FactName.TIME_ZONE, FactName.ESTABLISHED_IN, FactName.ROLE})
"""Facts that are fields of IncidentFacts.organisation."""
OF_A_CARD = {name.upper(): "narrowing" for name in Narrowing.model_fields} | {
    name.upper(): "roster" for name in RosterFacts.model_fields
}
"""Name of a fact -> the record of IncidentFacts whose field it is."""


def incident_of(form: RespondForm) -> IncidentFacts:
    """The facts as the form states them. Raises BadInput when they contradict each other, or the time zone is none."""
    happened, when, reach, who = form.happened, form.when, form.reach, form.organisation
    _refuse_zone(who.time_zone, NOTHING_OPENED)
    try:
        return IncidentFacts(
            what_happened=happened.in_one_line,
            platform=happened.platform,
            provider=happened.provider,
            learned_how=happened.learned_how,
            cause=happened.cause,
            certainty=happened.certainty,
            ongoing=happened.ongoing,
            aware_at=when.aware_at,
            platform_aware_at=read_time(when.platform_aware_at) if when.platform_aware_at else None,
            span_known=when.span_known,
            leak_from=when.leak_from,
            leak_until=when.leak_until,
            areas=tuple(reach.areas),
            sensitive_areas=tuple(_sensitive(line, NOTHING_OPENED) for line in reach.sensitive_areas),
            profiles_exposed=reach.profiles_exposed,
            roster_export=reach.roster_export,
            content_exports=tuple(reach.content_exports),
            platform_connection=reach.platform_connection,
            organisation=Organisation(
                name=who.name,
                established_in=who.established_in,
                role=who.role,
                turnover_over_aud_3m=who.turnover_over_aud_3m,
                time_zone=who.time_zone,
            ),
            promises=tuple(who.promises),
            lead=who.lead,
            own_words=tuple(OwnWords(**words.model_dump()) for words in form.own_words),
            sending=SendingPlan(**form.sending.model_dump()),
            law=law_of(form.law),
            narrowing=Narrowing(**form.exactly.model_dump(exclude={"members_expected"})),
            roster=RosterFacts(expected=form.exactly.members_expected),
        )
    except ValidationError as error:
        raise _refusal(error) from None


def first_facts(form: RespondForm, now: datetime) -> Facts:
    """Revision 1. Raises BadInput for a time in the future or a contradiction."""
    incident = incident_of(form)
    refuse_future(incident, now)
    return Facts(revision=1, recorded_at=now, recorded_by=incident.lead, source="the form", incident=incident)


def refuse_future(incident: IncidentFacts, now: datetime, state: str = NOTHING_OPENED) -> None:
    """Raises BadInput naming the first time that has not come yet; state: what it says of the case."""
    for name in ("aware_at", "platform_aware_at", "leak_from", "leak_until"):
        value = getattr(incident, name)
        if value is not None and value > now and (incident.span_known or not name.startswith("leak")):
            raise BadInput(
                f"{name} lies in the future.",
                state,
                "Correct the time, or its zone, on the form and start again.",
            )


def next_facts(held: Facts, form: FactForm, now: datetime) -> Facts:
    """The revision after this one, with one fact changed. Raises BadInput when the value cannot be read."""
    try:
        incident = IncidentFacts.model_validate({**dict(held.incident), **_change(held.incident, form)})
    except ValidationError as error:
        raise _refusal(error) from None
    refuse_future(incident, now, NOTHING_RECORDED)
    facts = Facts(
        revision=held.revision + 1,
        recorded_at=now,
        recorded_by=form.recorded_by,
        source=form.source,
        incident=incident,
    )
    return explain_awareness(held, facts, form.triggering_event)


def next_words(held: Facts, form: WordsForm, now: datetime) -> Facts:
    """The revision after this one, with the people's own sentences replaced."""
    words = tuple(OwnWords(**one.model_dump()) for one in form.own_words)
    return Facts(
        revision=held.revision + 1,
        recorded_at=now,
        recorded_by=form.recorded_by,
        source=form.source,
        incident=held.incident.model_copy(update={"own_words": words}),
    )


def next_mapping(held: Facts, form: MappingForm, now: datetime) -> Facts:
    """The revision after this one, with the corrections of the member list's columns replaced."""
    roster = held.incident.roster.model_copy(update={"columns": tuple(form.columns)})
    return Facts(
        revision=held.revision + 1,
        recorded_at=now,
        recorded_by=form.recorded_by,
        source=form.source,
        incident=held.incident.model_copy(update={"roster": roster}),
    )


def inside_inbox(inbox: Path, name: str) -> Path:
    """The path a name stands for. Raises BadInput when it lies outside the inbox; the file need not exist."""
    root = inbox.resolve()
    try:
        path = (root / name).resolve()
    except (OSError, ValueError, RuntimeError):  # a NUL byte, or links in a circle
        path = Path("/")
    if not path.is_relative_to(root):
        raise BadInput(
            "An export is named that lies outside the inbox.",
            "It was not opened; no case was opened and nothing was sent.",
            "Copy the file into the inbox and give its name relative to it.",
        )
    return path


def inbox_path(inbox: Path, name: str) -> Path:
    """The export file a name stands for. Raises BadInput when it is missing or lies outside the inbox."""
    path = inside_inbox(inbox, name)
    try:
        there = path.is_file()
    except OSError:  # a name longer than a file system takes, or a folder that we may not enter
        there = False
    if not there:
        raise BadInput(
            f"The export '{name}' is not in the inbox.",
            "The case is kept; nothing was sent.",
            "Put the file into the inbox folder and start the case again under the same name and with the same form.",
        )
    return path


def _change(held: IncidentFacts, form: FactForm) -> dict[str, object]:
    field = form.fact.name.lower()
    if form.fact in {FactName.AREAS, FactName.CONTENT_EXPORTS}:
        return {field: tuple(part.strip() for part in form.value.split(",") if part.strip())}
    if form.fact is FactName.SENSITIVE_AREAS:
        lines = [] if form.value.strip().lower() == NOTHING else form.value.split(",")
        return {field: tuple(_sensitive(line, NOTHING_RECORDED) for line in lines)}
    if form.fact in {FactName.LEAK_FROM, FactName.LEAK_UNTIL}:
        return _span(held, field, form.value)
    if form.fact in {FactName.AWARE_AT, FactName.PLATFORM_AWARE_AT}:
        return {field: read_time(form.value)}
    return _change_a_record(held, form, field)


def _change_a_record(held: IncidentFacts, form: FactForm, field: str) -> dict[str, object]:
    """A fact that is a field of the incident, or of a record in it."""
    if form.fact is FactName.TIME_ZONE:
        _refuse_zone(form.value, NOTHING_RECORDED)
    if form.fact in OF_THE_LAW:
        return {"law": change_law(held.law, form.fact, form.value)}
    if form.fact in OF_THE_ORGANISATION:
        return {"organisation": {**dict(held.organisation), field: form.value}}
    if card := OF_A_CARD.get(form.fact.name):
        cleared = form.value.strip().lower() == NOTHING
        return {card: {**dict(getattr(held, card)), field: "" if cleared else form.value or None}}
    return {field: form.value}


def _sensitive(line: str, state: str) -> SensitiveArea:
    """'support-group=health' as a record. Raises BadInput for anything else."""
    area, _, category = (part.strip() for part in line.rpartition("="))
    known = sorted(kind.name.lower() for kind in SPECIAL_CATEGORIES)
    if not area or category.lower() not in known:
        raise BadInput(
            "A sensitive area is not written as area=category.",
            state,
            f"Write it as support-group=health; the categories are {', '.join(known)}.",
        )
    return SensitiveArea(area=area, category=DataType[category.upper()])


def _refuse_zone(name: str, state: str) -> None:
    """By the list of IANA names, not by opening one: 'Europe' is a folder there, and a path may be too long."""
    if name not in available_timezones():
        raise BadInput(
            "organisation.time_zone is not a time zone that exists.",
            state,
            "Write an IANA name such as Europe/Berlin or America/Los_Angeles, and start again.",
        )


def _span(held: IncidentFacts, field: str, value: str) -> dict[str, object]:
    """One end of a known span, or both ends of one that was not known: the other end held so far is any date."""
    if "/" in value:
        begin, _, end = value.partition("/")
        return {"leak_from": read_time(begin), "leak_until": read_time(end), "span_known": True}
    if not held.span_known:
        raise BadInput(
            "The time span of the leak was not known, so one end alone does not make it known.",
            f"{NOTHING_RECORDED} Everything ever written still counts as reached.",
            "Write both ends, as 2026-11-01T06:00+01:00/2026-11-08T06:00+01:00.",
        )
    return {field: read_time(value)}


def _refusal(error: ValidationError) -> BadInput:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the form"
    return BadInput(f"{place}: {first['msg']}.", NOTHING_RECORDED, "Correct it and start again.")
