"""From draft to filed: only an approved text, only once, with proof; then clocks, follow-ups and withdrawals."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import pytest

from breach.current import set_current
from breach.digest import digest_record
from breach.errors import BadInput, CaseRefused, NotApproved
from breach.law.catalog import load_catalog
from breach.law.decide import decide
from breach.law.filings.chapter import duties_to_file
from breach.law.filings.gate import filing_basis
from breach.law.filings.kept import add_statement, basis_of, filed_of
from breach.law.filings.known import filing_id
from breach.law.filings.mark import HandedIn, check_filed, filed_before, newest_approved, write_filed
from breach.law.filings.table import filing_rows, most_urgent
from breach.law.filings.told import newest_duties, with_filed
from breach.ledger import open_ledger
from breach.store import put_record
from schemas.filing import AnswerName, Filed, FilingKind, FilingState, Statement, Track
from schemas.incident import Facts
from schemas.law import DutyList
from schemas.receipt import Chapter, Receipt
from tests.breach.law.filings.conftest import CASE, Desk

GDPR = "eu-gdpr-33-1"
APPROVED = datetime(2026, 11, 9, 8, 5, 30, tzinfo=UTC)
FILED = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STEP = 1


def approve(desk: Desk, facts: Facts, filing: str = GDPR, at: datetime = APPROVED, step: int = STEP) -> str:
    """Draft anew and have it approved, as the gate would write it; returns the basis."""
    manifest = desk.draft(facts)
    draft = next(one for one in manifest.drafts if one.filing == filing)
    basis = basis_of(CASE, manifest, draft)
    desk.ledger.approvals.record_decision(
        gate="filing", case_id=CASE, basis_hash=basis, approver="mara", code_step=step, decision="approve",
        reason="read it", decided_at=at, run_id="run",
    )  # fmt: skip
    return basis


def said(filing: str = GDPR, **more: Any) -> HandedIn:
    told = {"filed_at": FILED, "reference": "HH-2026-77", "by": "tomas", "proof": "c" * 64, "proof_name": "receipt.pdf"}
    return HandedIn(filing=filing, **(told | more))


def mark(desk: Desk, told: HandedIn, *facts: Facts, now: datetime = NOW) -> Any:
    """What the task does, without its evidence."""
    found = filed_before(desk.store, told)
    if found is not None:
        return found
    approved = newest_approved(desk.store, CASE, told.filing, desk.ledger.approvals.decisions(CASE))
    filing = check_filed(desk.store, approved, told, facts, now)
    assert approved is not None
    return write_filed(desk.store, approved, filing, told, "0123456789ab")[1]


def later(facts: Facts, at: datetime, **changes: Any) -> Facts:
    return facts.model_copy(
        update={
            "revision": facts.revision + 1,
            "recorded_at": at,
            "incident": facts.incident.model_copy(update=changes),
        }
    )


@pytest.fixture
def desk(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of({"DE": 100})


def test_an_approved_text_is_filed_with_its_proof(desk: Desk, known: Facts) -> None:
    """The record names text, basis, approver, time, reference and the proof's digest."""
    basis = approve(desk, known)
    filed = mark(desk, said(), known)
    assert (filed.kind, filed.basis, filed.approved_by, filed.reference) == (
        FilingKind.INCOMPLETE, basis, "mara", "HH-2026-77",
    )  # fmt: skip
    assert filed.proof == "c" * 64
    assert filed_of(desk.store, GDPR) == (filed,)


def test_what_nobody_approved_is_not_marked(desk: Desk, known: Facts) -> None:
    """Not without a decision, not by a decision for another report, not by a 'revise'."""
    manifest = desk.draft(known)
    basis = basis_of(CASE, manifest, next(one for one in manifest.drafts if one.filing == GDPR))
    desk.ledger.approvals.record_decision(
        gate="filing", case_id=CASE, basis_hash=basis, approver="mara", code_step=1, decision="revise",
        reason="not yet", decided_at=APPROVED, run_id="run",
    )  # fmt: skip
    with pytest.raises(NotApproved, match="was ever approved"):
        mark(desk, said(), known)
    assert filed_of(desk.store) == ()


def test_changed_facts_void_the_approval(desk: Desk, known: Facts) -> None:
    """A revision on record before the text was handed in: the approved text is kept, and cannot be marked as filed."""
    first = approve(desk, known)
    changed = later(known, FILED - timedelta(minutes=5), areas=("night-watch", "harbor-master"))
    second = basis_of(CASE, desk.draft(changed), next(one for one in desk.draft(changed).drafts if one.filing == GDPR))
    assert first != second
    with pytest.raises(NotApproved, match="revision 2 was on record"):
        mark(desk, said(), known, changed)
    kept = newest_approved(desk.store, CASE, GDPR, desk.ledger.approvals.decisions(CASE))
    assert kept is not None
    assert kept.basis == first
    approve(desk, changed, at=FILED - timedelta(minutes=2), step=2)
    assert mark(desk, said(), known, changed).basis == second


def test_facts_that_came_after_the_filing_do_not_undo_it(desk: Desk, known: Facts) -> None:
    """It was right when it was handed in; marking it later changes nothing of that."""
    basis = approve(desk, known)
    changed = later(known, FILED + timedelta(hours=3), areas=("everywhere",))
    desk.draft(changed)
    assert mark(desk, said(), known, changed).basis == basis


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (APPROVED - timedelta(minutes=1), NotApproved),  # handed in before anybody approved it
        (NOW + timedelta(minutes=1), BadInput),  # in the future
        (datetime(2026, 11, 11, 18, 31, tzinfo=UTC), BadInput),  # 72 hours and a minute after awareness, no reasons
    ],
)
def test_a_time_that_cannot_be_is_refused(desk: Desk, known: Facts, at: datetime, error: type[Exception]) -> None:
    """Before the approval, in the future, or late without reasons."""
    approve(desk, known)
    with pytest.raises(error):
        mark(desk, said(filed_at=at), known)
    assert filed_of(desk.store) == ()


def test_the_minute_of_the_approval_and_the_last_of_the_72_hours_count(desk: Desk, known: Facts) -> None:
    """A form knows minutes, and Art. 33(1) says 'not later than'."""
    approve(desk, known)
    assert mark(desk, said(filed_at=APPROVED.replace(second=0)), known).n == 1
    approved = newest_approved(desk.store, CASE, GDPR, desk.ledger.approvals.decisions(CASE))
    assert approved is not None


def test_marking_it_twice_changes_nothing_and_marking_it_otherwise_is_refused(desk: Desk, known: Facts) -> None:
    """The same statement returns the record that stands; another one for the same text does not count."""
    approve(desk, known)
    first = mark(desk, said(), known)
    assert mark(desk, said(), known) == first
    with pytest.raises(CaseRefused, match="marked as filed before"):
        mark(desk, said(reference="HH-2026-78"), known)
    assert filed_of(desk.store) == (first,)


def _approve_and_die(desk: Desk, facts: Facts) -> None:
    desk.ledger = open_ledger(desk.address)
    approve(desk, facts)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_between_approval_and_filing_loses_nothing(desk: Desk, known: Facts) -> None:
    """The next process finds the drafts in the store and the decision in the ledger, and files exactly that text."""
    desk.ledger.close()
    child = get_context("fork").Process(target=_approve_and_die, args=(desk, known))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    desk.ledger = open_ledger(desk.address)
    filed = mark(desk, said(), known)
    (decision,) = desk.ledger.approvals.decisions(CASE)
    assert filed.basis == decision.basis_hash


def test_a_follow_up_says_what_changed_since_and_nothing_else(desk: Desk, known: Facts) -> None:
    """Before and after of each changed field, under the reference of the report that it complements."""
    approve(desk, known)
    mark(desk, said(), known)
    unchanged = desk.filing(known, GDPR)
    assert (unchanged.kind, unchanged.changes) == (FilingKind.FOLLOW_UP, ())
    changed = later(known, NOW, leak_from=known.incident.leak_from - timedelta(days=2))
    follow = desk.filing(changed, GDPR)
    assert [change.field for change in follow.changes] == ["span"]
    assert "Thu 5 Nov" in follow.changes[0].before[0]
    assert "Tue 3 Nov" in follow.changes[0].after[0]
    text = desk.text(changed, GDPR)
    assert "Concerns:  the report filed on Mon 9 Nov 2026, 09:00 (UTC), reference HH-2026-77" in text
    assert "WHAT IS NEW SINCE THAT REPORT" in text


def test_what_was_held_back_is_news_in_the_follow_up(desk: Desk, known: Facts) -> None:
    """The small team's second report brings what the first one left out."""
    add_statement(
        desk.store, Statement(filing=GDPR, n=1, run_id="a", at=APPROVED, by="mara", track=Track.MINIMUM)
    )  # fmt: skip
    approve(desk, known)
    mark(desk, said(), known)
    add_statement(desk.store, Statement(filing=GDPR, n=1, run_id="b", at=NOW, by="mara", track=Track.FULL))
    news = {change.field: change for change in desk.filing(known, GDPR).changes}
    assert news["span"].before == ()
    assert "nature" not in news


def test_a_withdrawal_takes_back_what_was_filed_and_ends_it(desk: Desk, known: Facts) -> None:
    """It gives its reason and the reference, no field and no annex; once filed, nothing more is asked."""
    approve(desk, known)
    mark(desk, said(), known)
    why = "The logs show that nobody but the team\nopened the area."
    add_statement(
        desk.store, Statement(filing=GDPR, n=1, run_id="w", at=NOW, by="mara", track=Track.FULL, withdrawal=why)
    )  # fmt: skip
    text = desk.text(known, GDPR)
    assert "WITHDRAWAL\n\nThe logs show that nobody but the team\nopened the area." in text
    assert "reference HH-2026-77" in text
    assert "Art. 33(3)" not in text
    approve(desk, known, at=NOW, step=9)
    filed = mark(desk, said(filed_at=NOW, reference="HH-2026-77-2"), known)
    assert filed.kind is FilingKind.WITHDRAWAL
    rows = filing_rows(desk.store, CASE, desk.draft(known), desk.ledger.approvals.decisions(CASE))
    assert (rows[-1].state, rows[-1].next_step) == (FilingState.FILED, "Nothing: it was withdrawn")


def test_a_withdrawal_of_what_was_never_filed_is_an_ordinary_report(desk: Desk, known: Facts) -> None:
    """There is nothing to take back, so nothing is taken back."""
    add_statement(
        desk.store, Statement(filing=GDPR, n=1, run_id="w", at=NOW, by="mara", track=Track.FULL, withdrawal="no breach")
    )  # fmt: skip
    assert desk.filing(known, GDPR).kind is FilingKind.INCOMPLETE


def test_the_states_lead_from_draft_to_approved_to_filed(desk: Desk, known: Facts) -> None:
    """Each with the next step; what is filed and unchanged is not the most urgent any more."""

    def row() -> Any:
        rows = filing_rows(desk.store, CASE, desk.draft(known), desk.ledger.approvals.decisions(CASE))
        return next(one for one in rows if one.filing == GDPR)

    assert row().state is FilingState.DRAFT
    approve(desk, known)
    assert row().state is FilingState.APPROVED
    assert "Hand in exactly this text" in row().next_step
    mark(desk, said(), known)
    assert row().state is FilingState.FILED
    assert "a follow-up is drafted" in row().next_step
    rows = filing_rows(desk.store, CASE, desk.draft(known), desk.ledger.approvals.decisions(CASE))
    assert most_urgent(rows) is None


def test_a_report_that_was_filed_starts_the_clocks_that_wait_for_it(
    desk_of: Callable[..., Desk], facts_of: Any
) -> None:
    """Resolution 15/2024: 20 business days from the communication; Friday 20 November 2026 is a holiday in Brazil."""
    desk = desk_of({"BR": 50_000})
    aware = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
    facts = facts_of(established_in="BR", time_zone="America/Sao_Paulo", aware_at=aware)
    rule = "BR-LGPD-48-FU"
    filed = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
    approve(desk, facts, "br-lgpd-48-a", at=filed - timedelta(hours=1))
    mark(desk, said("br-lgpd-48-a", filed_at=filed), facts)
    duty = next(one for one in desk.duties(facts).duties if one.rule_id == rule)
    due = duty.due_at or duty.assume_by
    assert due is not None
    assert due.date().isoformat() == "2026-12-09"  # 11-13 Nov, 16-19, 23-27, 30 Nov-4 Dec, 7-9: twenty days


def test_the_gate_binds_to_the_newest_draft(desk: Desk, known: Facts) -> None:
    """Without any draft there is nothing to approve."""
    with pytest.raises(NotApproved, match="was drafted"):
        filing_basis(desk.store, CASE, f"filing-{GDPR}")


def test_what_was_filed_counts_as_told_until_the_case_decides_anew(desk: Desk, known: Facts) -> None:
    """The list with the filings on record is the newest, until newer facts were decided on without them."""
    own = put_duties(desk, "duties", desk.duties(known))
    assert newest_duties(desk.store) == own
    approve(desk, known)
    mark(desk, said(), known)
    clocks = put_duties(desk, "duties@filed", desk.duties(known))
    assert newest_duties(desk.store) == clocks
    newer = put_duties(desk, "duties", decide(later(known, NOW), desk.exposure, load_catalog()))
    assert newest_duties(desk.store) == newer


def put_duties(desk: Desk, name: str, duties: DutyList) -> Receipt:
    digest = digest_record(duties)
    receipt = Receipt(
        case_id=CASE, chapter=Chapter.DUTIES, revision=digest[:12], key=f"law/{digest[:12]}/duties.json", digest=digest
    )
    put_record(desk.store, receipt.key, duties)
    set_current(desk.store, name, receipt)
    return receipt


def test_the_reasons_that_a_late_report_gave_stand_in_the_duties(desk: Desk, known: Facts) -> None:
    """Art. 33(1): a notification after 72 hours is accompanied by its reasons; who reads the duty reads them there."""
    late = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    why = "The provider told us the extent\nonly on day five."
    desk.late = {GDPR: True}
    add_statement(
        desk.store,
        Statement(
            filing=GDPR, n=1, run_id="a", at=late, by="mara", track=Track.FULL, answers={AnswerName.DELAY: why}
        ),
    )  # fmt: skip
    approve(desk, known, at=late)
    filed = mark(desk, said(filed_at=late + timedelta(hours=1)), known)
    assert filed.late_reason == "The provider told us the extent only on day five."
    (duty,) = [one for one in desk.duties(known).duties if one.rule_id == "EU-GDPR-33-1"]
    assert (duty.done_at, duty.late_reason) == (filed.filed_at, filed.late_reason)
    assert f"Reason for the delay: {filed.late_reason}" in duty.reason


@pytest.mark.parametrize("home", ["NO", "US-NY", "GB", "BR", "CA-QC", "AU", "CH", "US-CA"])
def test_whatever_report_is_filed_its_place_can_be_read_from_its_name(desk_of: Any, facts_of: Any, home: str) -> None:
    """Each report of each organisation, filed, marks exactly its own duty as done: no other place's, and not none."""
    people = dict.fromkeys(["NO", "IS", "FR", "ES", "GB", "BR", "CA-QC", "AU", "CH"], 5) | {"US-CA": 600, "US-NY": 600}
    desk, facts = desk_of(people), facts_of(established_in=home)
    for duty in duties_to_file(desk.duties(facts), desk.store):
        one = Filed(
            filing=filing_id(duty), n=1, rule_id=duty.rule_id, kind=FilingKind.COMPLETE, record_key="k", text="a" * 64,
            basis="b" * 64, approved_by="mara", approved_at=FILED, filed_at=FILED, reference="r", by="tomas",
            proof="c" * 64, proof_name="p", custody="0123456789ab",
        )  # fmt: skip
        decided = decide(with_filed(facts, [one]), desk.exposure, load_catalog())
        done = [(each.rule_id, each.jurisdiction) for each in decided.duties if each.done_at]
        assert done == [(duty.rule_id, duty.jurisdiction)]
