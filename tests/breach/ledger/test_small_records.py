"""Halts, children, alerts and heads."""

from datetime import UTC, datetime, timedelta

import pytest

from breach.errors import Conflict, Tampered
from breach.ledger import Child, Ledger

CASE = "rehearsal-harbor"
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
D1, D2 = "1" * 64, "2" * 64


def test_a_halt_stands_until_it_is_lifted(ledger: Ledger) -> None:
    """Halting is at once, for one case, and lifting is a second act with its own name and reason."""
    ledger.halts.halt(CASE, "mira", "wrong list", NOW)
    ledger.halts.halt(CASE, "mira", "wrong list", NOW + timedelta(seconds=1))
    ledger.halts.halt(CASE, "jo", "me too", NOW)
    assert ledger.halts.halted(CASE)
    assert not ledger.halts.halted("rehearsal-other")
    assert ledger.halts.lift(CASE, "jo", "list is right", NOW + timedelta(hours=1)) == 2
    assert not ledger.halts.halted(CASE)
    assert ledger.halts.lift(CASE, "jo", "again", NOW) == 0
    ledger.halts.halt(CASE, "mira", "wrong list", NOW + timedelta(hours=2))
    assert ledger.halts.halted(CASE)
    assert [halt.lifted_by for halt in ledger.halts.of_case(CASE)] == ["jo", "jo", None]


def test_children_get_the_next_number(ledger: Ledger) -> None:
    """A key names one run for ever; the next attempt gets the next number."""
    assert ledger.children.next_attempt(CASE, "send-wave", "abc") == 1
    child = Child(CASE, "send-wave", "abc", 1, "run-1")
    assert child.key == f"{CASE}-send-wave-abc-1"
    ledger.children.record_child(child, NOW)
    ledger.children.record_child(child, NOW)
    with pytest.raises(Conflict):
        ledger.children.record_child(Child(CASE, "send-wave", "abc", 1, "run-2"), NOW)
    assert ledger.children.next_attempt(CASE, "send-wave", "abc") == 2
    assert ledger.children.next_attempt(CASE, "send-wave", "def") == 1
    assert ledger.children.latest(CASE, "send-wave", "abc") == child
    assert ledger.children.latest(CASE, "dossier", "abc") is None
    assert ledger.children.of_case(CASE) == (child,)


def test_an_alert_goes_out_once(ledger: Ledger) -> None:
    """One caller per case and key is the first."""
    asked = [("a", CASE), ("a", CASE), ("b", CASE), ("a", "rehearsal-other")]
    assert [ledger.alerts.first_time(case, key, NOW) for key, case in asked] == [True, False, True, True]


def test_a_head_never_changes(ledger: Ledger) -> None:
    """The ledger keeps the first digest of each number and says when another turns up."""
    ledger.heads.record_head(CASE, 1, D1, NOW)
    ledger.heads.record_head(CASE, 1, D1, NOW + timedelta(days=1))
    ledger.heads.record_head(CASE, 3, D2, NOW)
    ledger.heads.record_dossier(CASE, 1, D2, NOW)
    with pytest.raises(Tampered):
        ledger.heads.record_head(CASE, 1, D2, NOW)
    newest = ledger.heads.chronology_head(CASE)
    assert newest is not None
    assert (newest.n, newest.digest, newest.recorded_at) == (3, D2, NOW)
    assert [(one.n, one.digest) for one in ledger.heads.dossiers(CASE)] == [(1, D2)]
    assert ledger.heads.chronology_head("rehearsal-other") is None
