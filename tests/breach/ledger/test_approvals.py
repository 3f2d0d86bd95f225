"""Gates in the ledger: one person, one code, one decision, for exactly one basis."""

from datetime import UTC, datetime
from typing import Any

from breach.ledger import Approval, Ledger, Refusal, RefusalReason

CASE = "rehearsal-harbor"
BASIS, OTHER = "a" * 64, "b" * 64
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)


def decide(ledger: Ledger, **changed: Any) -> Approval | Refusal:
    asked = {
        "gate": "content",
        "case_id": CASE,
        "basis_hash": BASIS,
        "approver": "mira",
        "code_step": 100,
        "decision": "approve",
        "reason": "read and right",
        "decided_at": NOW,
        "run_id": "run-1",
    }
    return ledger.approvals.record_decision(**{**asked, **changed})


def test_two_people_at_two_gates_approve(ledger: Ledger) -> None:
    """Approved means both gates, by two people, for this hash and no other."""
    decide(ledger)
    assert not ledger.approvals.approved(CASE, BASIS)
    decide(ledger, gate="sending", approver="jo", code_step=101)
    assert ledger.approvals.approved(CASE, BASIS)
    assert not ledger.approvals.approved(CASE, OTHER)
    assert not ledger.approvals.approved("rehearsal-other", BASIS)


def test_a_used_code_is_refused_everywhere(ledger: Ledger) -> None:
    """A code opens one gate of one case once; the refusal stands in the attempts of the gate that was asked."""
    decide(ledger)
    for changed in ({"gate": "sending"}, {"basis_hash": OTHER}, {"case_id": "rehearsal-other"}, {"decision": "revise"}):
        assert decide(ledger, **changed) == Refusal(RefusalReason.REPLAYED_CODE)
    assert ledger.approvals.attempts(CASE, "sending", BASIS) == 1
    assert ledger.approvals.find_decision(CASE, "sending", BASIS) is None
    kept = ledger.approvals.find_decision(CASE, "content", BASIS)
    assert kept is not None
    assert kept.decision == "approve"


def test_one_person_cannot_pass_both_gates(ledger: Ledger) -> None:
    """A second code of the same person is refused at the other gate, also when the caller forgot to forbid it."""
    decide(ledger)
    same = Refusal(RefusalReason.SAME_PERSON)
    assert decide(ledger, gate="sending", code_step=102, forbid={"mira"}) == same
    assert decide(ledger, gate="sending", code_step=103) == same
    assert not ledger.approvals.approved(CASE, BASIS)


def test_a_forbidden_person_is_refused(ledger: Ledger) -> None:
    """Whoever the caller names as having decided elsewhere cannot decide here."""
    assert decide(ledger, forbid=["jo", "mira"]) == Refusal(RefusalReason.SAME_PERSON)


def test_a_step_that_runs_twice_records_once(ledger: Ledger) -> None:
    """The same answer written again, at a later time, is the decision that stands, and no refusal."""
    first = decide(ledger)
    again = decide(ledger, decided_at=NOW.replace(hour=9), run_id="run-2")
    assert again == first
    assert ledger.approvals.attempts(CASE, "content", BASIS) == 0


def test_a_decided_gate_is_not_decided_again(ledger: Ledger) -> None:
    """For one hash the first decision stands; a change of mind needs a new hash."""
    decide(ledger, decision="revise")
    assert decide(ledger, code_step=105) == Refusal(RefusalReason.DECIDED)
    decide(ledger, gate="sending", approver="jo", code_step=101)
    assert not ledger.approvals.approved(CASE, BASIS)


def test_attempts_count_each_number_once(ledger: Ledger) -> None:
    """A replayed flow body that reports attempt 2 again does not make it three; the first word stands."""
    for n, outcome in ((1, "wrong code"), (2, "unreadable"), (2, "something else")):
        ledger.approvals.record_attempt(CASE, "content", BASIS, n, outcome=outcome, at=NOW, run_id="run-1")
    assert ledger.approvals.attempts(CASE, "content", BASIS) == 2
    assert [one.outcome for one in ledger.approvals.refused_attempts(CASE)] == ["wrong code", "unreadable"]
    decide(ledger)
    decide(ledger, gate="sending", n=1)
    decide(ledger, gate="sending", n=1)
    assert ledger.approvals.attempts(CASE, "sending", BASIS) == 1


def test_a_decision_comes_back_as_it_was_written(ledger: Ledger) -> None:
    """Person, code, reason, time with its zone, and run are all there."""
    assert decide(ledger) == ledger.approvals.find_decision(CASE, "content", BASIS)
    assert ledger.approvals.decisions(CASE) == (
        Approval("content", CASE, BASIS, "mira", 100, "approve", "read and right", NOW, "run-1"),
    )
