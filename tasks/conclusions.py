"""The conclusion on the risk: stated, shown at a gate, confirmed by a proven person, kept as fully as a notice."""

from breach.current import facts_of
from breach.digest import digest_record
from breach.law.recorded import with_finding
from breach.store import CaseStore, get_record, put_record
from schemas.chronology import EntryKind
from schemas.conclusion import Concluded, Conclusion
from schemas.decision_forms import About, ConcludeForm
from schemas.gate import Decision, Gate, Verdict
from schemas.incident import CaseRef, Facts
from schemas.law_facts import RiskFinding, RiskTest
from schemas.law_form import YesNo
from schemas.receipt import Receipt
from schemas.severity import SeverityRecord
from tasks.chapter import step
from tasks.conclusion_question import DRAFTS, conclusion_basis, draft_of, receipt_of
from tasks.desk import Desk, let_go, open_acting
from tasks.law import recompute
from tasks.law_record import desk_of
from tasks.opening import write_revision

TESTS = {About.AUTHORITY: RiskTest.RISK_NOT_UNLIKELY, About.PEOPLE: RiskTest.HIGH}


@step("state-conclusion")
def state_conclusion(form: ConcludeForm) -> tuple[CaseRef, str]:
    """Keep the draft; returns the case and the name under which the gate asks about it."""
    desk = desk_of(form)
    for chapter in ("exposures", "severity", "duties"):
        receipt_of(desk, chapter)
    draft = Conclusion(
        case_id=desk.ref.case_id,
        about=form.about.value,
        met=form.met is YesNo.YES,
        facts=form.facts,
        effects=form.effects,
        measures=form.measures,
        sentence=form.sentence,
        counsel_agreed=form.counsel_agreed,
        stated_by=form.recorded_by,
        source=form.source,
    )
    name = digest_record(draft)[:12]
    put_record(desk.store, f"{DRAFTS}/{name}.json", draft)
    return desk.ref, f"risk-{name}"


@step("keep-conclusion")
def keep_conclusion(ref: CaseRef, message: str, decision: Decision) -> Receipt | None:
    """Write an approved conclusion down, make it a fact, decide the duties anew. Anything else changes nothing."""
    desk = open_acting(ref)
    draft = draft_of(desk.store, message)
    if decision.verdict is not Verdict.APPROVE:
        desk.note(EntryKind.CONCLUSION, f"{message} was not concluded: {decision.reason}", once=f"no:{decision.basis}")
        let_go(desk)
        return None
    kept = _kept(desk, message) or _keep(desk, message, draft, decision)
    what = "met" if draft.met else "NOT met, so nobody is notified under it"
    desk.note(
        EntryKind.CONCLUSION,
        f"{draft.about} It is {what}{', counsel agreed' if draft.counsel_agreed else ''}: {draft.sentence}",
        actor=decision.approver,
        digests={"basis": decision.basis, "conclusion": digest_record(kept)},
        once=f"concluded:{decision.basis}",
    )
    _make_fact(desk, draft, decision)
    receipt = recompute(desk)
    let_go(desk)
    return receipt


def conclusions_of(store: CaseStore) -> tuple[Concluded, ...]:
    """Every conclusion that was confirmed, the oldest first."""
    keys = [key for key in store.keys("law/") if "/conclusions/" in key and not key.startswith(f"{DRAFTS}/")]
    return tuple(sorted((get_record(store, key, Concluded) for key in keys), key=lambda one: one.decided_at))


def _kept(desk: Desk, message: str) -> Concluded | None:
    """What a run killed after writing it left: a second run keeps that."""
    basis = conclusion_basis(desk, message)
    return next((one for one in conclusions_of(desk.store) if one.basis == basis), None)


def _keep(desk: Desk, message: str, draft: Conclusion, decision: Decision) -> Concluded:
    duties, severity = receipt_of(desk, "duties"), receipt_of(desk, "severity")
    record = get_record(desk.store, severity.key, SeverityRecord)
    row = desk.ledger.approvals.find_decision(desk.ref.case_id, Gate.RISK.value, decision.basis)
    kept = Concluded(
        conclusion=draft,
        basis=decision.basis,
        approver=decision.approver,
        reason=decision.reason,
        decided_at=row.decided_at if row else desk.now(),
        facts_revision=facts_of(desk.store).revision,
        duties=duties.revision,
        exposures=record.exposures,
        level=record.level,
        severity=severity.digest,
    )
    put_record(desk.store, f"law/{duties.revision}/conclusions/{message}-{decision.basis[:12]}.json", kept)
    return kept


def _make_fact(desk: Desk, draft: Conclusion, decision: Decision) -> None:
    held = facts_of(desk.store)
    finding = RiskFinding(
        test=TESTS[About(draft.about)],
        met=draft.met,
        reason=draft.sentence,
        decided_by=decision.approver,
        counsel_agreed=draft.counsel_agreed,
    )
    if finding in held.incident.law.risks:  # a run killed after this was written
        return
    law = with_finding(held.incident.law, finding)
    facts = Facts(
        revision=held.revision + 1,
        recorded_at=desk.now(),
        recorded_by=decision.approver,
        source="concluded at a gate",
        incident=held.incident.model_copy(update={"law": law}),
    )
    write_revision(desk, facts, f"'{finding.test.value}' is {'met' if finding.met else 'not met'}: {draft.sentence}")
