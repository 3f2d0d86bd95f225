"""A report to an authority against a real server: late without reasons, unapproved, approved, filed, filed twice."""

from datetime import UTC, datetime

import pytest

from breach.current import current_of
from breach.digest import digest_bytes
from breach.law.filings.kept import filed_of
from breach.store import get_record
from schemas.chronology import EntryKind
from schemas.filing import FilingKind
from schemas.law import DutyList

pytestmark = [pytest.mark.server, pytest.mark.timeout(1500)]
CASE = "rehearsal-report"
REPORT = "eu-gdpr-33-1"
REASON = {"what": "reasons for the delay", "answer": "The provider told us the extent only on day five."}


def test_a_report_goes_from_draft_over_a_gate_to_its_proof(site):
    """Nothing is marked without approval; what is, starts clocks, is evidence, and leaves the notices' gate alone."""
    case_run = site.start(incident=site.form(CASE))
    site.question(case_run)
    before = current_of(site.store(CASE)).receipts

    _late_without_reasons_is_put_before_nobody(site)
    _unapproved_is_not_marked(site)
    _one_person_approves_exactly_the_text(site)
    _handed_in_it_is_marked_with_its_proof(site)
    _the_dossier_carries_it(site)

    after = current_of(site.store(CASE)).receipts
    assert [after[name] for name in ("duties", "notices")] == [before[name] for name in ("duties", "notices")]


def _report(**more):
    return {"case_id": CASE, "mode": "rehearsal", "stated_by": "mara"} | more


def _late_without_reasons_is_put_before_nobody(site):
    """The sample became aware on 8 November; 72 hours are long over."""
    run = site.wait(site.start("file-report/file-report", report=_report()), "Failed")
    assert f"{REPORT} is late" in run.state.message
    assert site.ledger().approvals.decisions(CASE) == ()


def _unapproved_is_not_marked(site):
    (site.home.inbox / "receipt.txt").write_text("Received under HH-2026-77")
    run = site.wait(site.start("mark-filed/mark-filed", filed=_handed_in()), "Failed")
    assert "was ever approved" in run.state.message
    assert filed_of(site.store(CASE)) == ()


def _one_person_approves_exactly_the_text(site):
    run = site.start("file-report/file-report", report=_report(authority="DE-HH", answers=[REASON]))
    first = site.question(run)
    assert f"gate-filing-{REPORT}-filing-" in first
    site.answer(run, "ines", code="000000")
    site.asked_anew(run, first)
    site.answer(run, "ines")
    site.wait(run, "Completed")
    (decision,) = site.ledger().approvals.decisions(CASE)
    assert (decision.gate, decision.approver, decision.decision) == ("filing", "ines", "approve")


def _handed_in_it_is_marked_with_its_proof(site):
    told = _handed_in()
    for _ in range(2):  # told twice, written once
        site.wait(site.start("mark-filed/mark-filed", filed=told), "Completed")
    other = site.wait(site.start("mark-filed/mark-filed", filed=told | {"reference": "HH-2026-78"}), "Failed")
    assert "was marked as filed before" in other.state.message
    store = site.store(CASE)
    (filed,) = filed_of(store)
    assert (filed.kind, filed.reference, filed.approved_by) == (FilingKind.COMPLETE, "HH-2026-77", "ines")
    assert filed.proof == digest_bytes(b"Received under HH-2026-77")
    assert store.get(f"evidence/{filed.proof}").data == b"Received under HH-2026-77"
    said = [entry.text for entry in site.entries(CASE) if entry.kind is EntryKind.FILING]
    assert sum(f"{REPORT} ({filed.kind.value}) was filed" in text for text in said) == 1
    duties = get_record(store, current_of(store).receipts["duties@filed"].key, DutyList)
    (duty,) = [duty for duty in duties.duties if duty.rule_id == "EU-GDPR-33-1"]
    assert "On record: given on" in duty.reason


def _handed_in():
    now = datetime.now(UTC).isoformat(timespec="minutes")
    return {
        "case_id": CASE,
        "mode": "rehearsal",
        "filing": REPORT,
        "filed_at": now,
        "reference": "HH-2026-77",
        "proof": "receipt.txt",
        "by": "tomas",
    }


def _the_dossier_carries_it(site):
    site.wait(site.start("export-dossier/export-dossier", case={"case_id": CASE, "mode": "rehearsal"}), "Completed")
    page = site.store(CASE).get("dossier/0001/index.html").data.decode()
    assert "HH-2026-77" in page
    assert "The provider told us the extent only on day five." in page
    assert "Der Hamburgische Beauftragte" in page
