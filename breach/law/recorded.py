"""One more fact about law: the next revision of the facts, checked before anything is written."""

from typing import TypeVar

from pydantic import ValidationError

from breach.errors import BadInput
from breach.law.awareness import explain_awareness
from breach.law.catalog import Catalog
from breach.law.events import check_times
from breach.law.known import check_names
from breach.law.stated import contract_of
from breach.law.words import say_time
from breach.written_time import NOTHING_RECORDED, read_time
from schemas.base import Record, ZonedTime
from schemas.incident import Facts
from schemas.law import Duty, DutyList
from schemas.law_facts import Anchor, Event, Hold, LawFacts, LeakedElement, Owner, RiskFinding, RiskTest, Told
from schemas.law_form import EventForm, LawForm, YesNo
from schemas.law_forms import ContractForm, ElementForm, HoldForm, OwnerForm, RiskForm, ToldForm

R = TypeVar("R", bound=Record)
CONCLUDED = {RiskTest.RISK_NOT_UNLIKELY, RiskTest.HIGH}
"""Tests of Articles 33 and 34 GDPR: a 'no' is a decision not to notify, and is made at a gate."""


def add_law_fact(held: Facts, form: LawForm, now: ZonedTime, catalog: Catalog, duties: DutyList | None) -> Facts:
    """The revision after this one. The same fact again changes nothing but the number.

    duties: as decided last, to know what is late; None before there are any. Raises BadInput for a time in the future,
    a name that is not held, a late notice without a reason, or an awareness that must be explained first.
    """
    try:
        law = _with(held.incident.law, form, duties)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BadInput(f"{first['msg']}.", NOTHING_RECORDED, "Correct it and start again.") from None
    incident = held.incident.model_copy(update={"law": law})
    facts = Facts(
        revision=held.revision + 1,
        recorded_at=now,
        recorded_by=form.recorded_by,
        source=form.source,
        incident=incident,
    )
    check_times(facts, NOTHING_RECORDED)
    check_names(law, catalog, NOTHING_RECORDED)
    return explain_awareness(held, facts, form.triggering_event) if isinstance(form, EventForm) else facts


def _with(law: LawFacts, form: LawForm, duties: DutyList | None) -> LawFacts:  # noqa: PLR0911 - one a form
    match form:
        case EventForm():
            return law.model_copy(update={"events": _append(law.events, _event(form))})
        case RiskForm():
            return with_finding(law, _finding(form))
        case ElementForm():
            return law.model_copy(update={"elements": _append(law.elements, _element(form))})
        case ToldForm():
            return law.model_copy(update={"told": _append(law.told, _told(form, duties))})
        case HoldForm():
            until = read_time(form.until) if form.until else None
            return law.model_copy(update={"hold": Hold(since=form.since, until=until, agency=form.agency)})
        case ContractForm():
            return law.model_copy(update={"contracts": _append(law.contracts, contract_of(form.contract))})
        case OwnerForm():
            owner = Owner(rule_id=form.rule or None, staff=form.owner)
            return law.model_copy(update={"owners": _append(law.owners, owner)})
    raise AssertionError(type(form).__name__)


def with_finding(law: LawFacts, finding: RiskFinding) -> LawFacts:
    """One law's test has one answer at a time; the one before stands in the revision before."""
    others = [one for one in law.risks if one.test is not finding.test]
    return law.model_copy(update={"risks": (*others, finding)})


def _append(held: tuple[R, ...], one: R) -> tuple[R, ...]:
    """A task that is tried again says nothing new; an owner named again is the latest again."""
    if held and held[-1] == one:
        return held
    return held if one in held and not isinstance(one, Owner) else (*held, one)


def _event(form: EventForm) -> Event:
    return Event(
        anchor=Anchor[form.event.name],
        at=form.at,
        source=form.source,
        decided_by=form.decided_by,
        evidence=form.evidence or None,
    )


def _finding(form: RiskForm) -> RiskFinding:
    met = form.met is YesNo.YES
    if form.test is RiskTest.NONE:
        raise BadInput("'none' is no risk test.", NOTHING_RECORDED, "Choose the test that the duty names.")
    if form.test in CONCLUDED and not met:
        raise BadInput(
            f"'{form.test.value}' is a test of Article 33 or 34 GDPR; not to notify is concluded at a gate.",
            NOTHING_RECORDED,
            "Start conclude-risk: it asks for facts, effects and reasons, and for a proven person.",
        )
    return RiskFinding(
        test=form.test,
        met=met,
        reason=form.sentence,
        decided_by=form.recorded_by,
        counsel_agreed=form.counsel_agreed,
    )


def _element(form: ElementForm) -> LeakedElement:
    return LeakedElement(
        element=form.element,
        jurisdiction=form.place or None,
        persons=None if form.persons < 0 else form.persons,
        protection=form.protection,
        source=form.source,
    )


def _told(form: ToldForm, duties: DutyList | None) -> Told:
    """Raises BadInput for a legal deadline that had passed when no reason for the delay is given, and as `_meant`."""
    late = [duty.due_at for duty in _meant(form, duties) if duty.due_at and form.at > duty.due_at]
    if late and len(form.late_reason.strip()) < 10:
        raise BadInput(
            f"{form.rule} was due at {say_time(min(late))}; this notice was given later.",
            NOTHING_RECORDED,
            "Write the reason for the delay into the field of that name: the law asks for it, and it is filed with the "
            "notice.",
        )
    return Told(
        rule_id=form.rule,
        at=form.at,
        source=form.source,
        jurisdiction=form.place or None,
        recipient=form.recipient,
        late_reason=form.late_reason.strip(),
        proof=form.proof or None,
    )


def _meant(form: ToldForm, duties: DutyList | None) -> list[Duty]:
    """The duties that a notice fulfils. Raises BadInput when it names none, or one of several contracts by no name."""
    asked = [duty for duty in (duties.duties if duties else ()) if duty.rule_id == form.rule]
    meant = [one for one in asked if form.place in {"", one.jurisdiction}]
    meant = [one for one in meant if form.recipient in {"", one.recipient_name}]
    if asked and not meant:
        places = sorted({f"{one.recipient_name} ({one.jurisdiction})" for one in asked})
        raise BadInput(
            f"{form.rule} asks for no notice to that recipient or place.",
            NOTHING_RECORDED,
            f"It asks for one to: {'; '.join(places)}.",
        )
    if len({one.recipient_name for one in meant if one.contract}) > 1:
        raise BadInput(
            f"There are {len(meant)} contracts under {form.rule}, and the notice names none of them.",
            NOTHING_RECORDED,
            "Record one notice for each, with the recipient in 'Under the contract with'.",
        )
    return meant
