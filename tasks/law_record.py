"""What becomes known about law, written as the next revision of the facts by whoever says so."""

from breach.current import facts_of
from breach.law.catalog import load_catalog
from breach.law.recorded import add_law_fact
from schemas.incident import CaseRef
from schemas.law_form import EventForm, LawForm
from schemas.law_forms import ContractForm, ElementForm, HoldForm, OwnerForm, RiskForm, ToldForm
from tasks.chapter import step
from tasks.desk import Desk, open_desk, refuse_closed
from tasks.law import clocks_of
from tasks.opening import reference, write_revision
from tasks.runs import tag_run


@step("add-law-fact")
def add_fact_of_law(
    form: EventForm | RiskForm | ElementForm | ToldForm | HoldForm | ContractForm | OwnerForm,
) -> CaseRef:
    """Write the next revision of the facts. An approval given for the revision before no longer fits."""
    desk = desk_of(form)
    facts = add_law_fact(facts_of(desk.store), form, desk.now(), load_catalog(), clocks_of(desk))
    write_revision(desk, facts, said_of(form))
    return desk.ref


def desk_of(form: LawForm) -> Desk:
    """The open case a form means, this run tagged with it. Raises CaseRefused for none, or one that is closed."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_desk(ref)
    desk.case()
    refuse_closed(desk)
    return desk


def said_of(form: LawForm) -> str:  # noqa: PLR0911 - one case a form
    """The form in the chronology's words: what, and every reason that somebody was asked for."""
    match form:
        case EventForm():
            why = f"; what triggered awareness: {form.triggering_event}" if form.triggering_event else ""
            return f"event at {form.at.isoformat(timespec='minutes')}: {form.event.value}{why}"
        case RiskForm():
            counsel = ", counsel agreed" if form.counsel_agreed else ""
            return f"'{form.test.value}' is {'met' if form.met == 'yes' else 'not met'}{counsel}: {form.sentence}"
        case ElementForm():
            return f"leaked: {form.element}, {form.protection.value}"
        case ToldForm():
            late = f"; reason for the delay: {form.late_reason}" if form.late_reason else ""
            return f"{form.rule} done at {form.at.isoformat(timespec='minutes')}{late}"
        case HoldForm():
            return f"{form.agency} asks for silence"
        case ContractForm():
            return f"contract {form.contract.kind.rule_id}"
        case OwnerForm():
            return f"{form.rule or 'every duty without an owner'} is seen to by {form.owner}"
    return "recorded"
