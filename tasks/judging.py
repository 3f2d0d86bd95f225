"""A named person's own judgement of the severity, written as the next revision of the facts."""

from breach.current import current_of, facts_of
from breach.errors import CaseRefused
from breach.law.severity_chapter import refuse_lowering
from breach.store import get_record
from schemas.decision_forms import AdjustForm
from schemas.exposure import ExposureSummary
from schemas.incident import CaseRef, Facts
from schemas.law_facts import SeverityJudgement
from tasks.chapter import step
from tasks.law_record import desk_of
from tasks.opening import write_revision


@step("adjust-severity")
def adjust(form: AdjustForm) -> CaseRef:
    """A named person's own value for a factor, or the level. Lower than before only with counsel."""
    desk = desk_of(form)
    held = facts_of(desk.store)
    judgement = SeverityJudgement(
        choice=form.choice,
        sentence=form.sentence,
        decided_by=form.recorded_by,
        counsel_agreed=form.counsel_agreed,
    )
    receipt = current_of(desk.store).receipts.get("exposures")
    if receipt is None:
        raise CaseRefused(
            "Nobody knows yet what leaked, so no severity can be judged.",
            "Nothing was recorded.",
            "Find the exposures first, then judge.",
        )
    law = held.incident.law
    if not law.severity or law.severity[-1] != judgement:
        refuse_lowering(get_record(desk.store, receipt.key, ExposureSummary), held.incident, judgement)
        law = law.model_copy(update={"severity": (*law.severity, judgement)})
    facts = Facts(
        revision=held.revision + 1,
        recorded_at=desk.now(),
        recorded_by=form.recorded_by,
        source=form.source,
        incident=held.incident.model_copy(update={"law": law}),
    )
    write_revision(desk, facts, f"severity judged, {form.choice.value}: {form.sentence}")
    return desk.ref
