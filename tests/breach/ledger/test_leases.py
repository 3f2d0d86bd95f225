"""One run acts for a case."""

from datetime import UTC, datetime, timedelta

import pytest

from breach.errors import Superseded
from breach.ledger import Ledger

CASE = "rehearsal-harbor"
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TTL = timedelta(minutes=5)


def test_the_second_run_ends_superseded(ledger: Ledger) -> None:
    """While one lease runs another holder is refused, to the last microsecond, and then gets a higher epoch."""
    assert ledger.leases.take_case(CASE, "run-1", NOW, TTL) == 1
    with pytest.raises(Superseded):
        ledger.leases.take_case(CASE, "run-2", NOW + TTL - timedelta(microseconds=1), TTL)
    assert ledger.leases.take_case(CASE, "run-2", NOW + TTL, TTL) == 2


def test_a_holder_takes_its_own_case_again(ledger: Ledger) -> None:
    """A retry of the same run is not shut out by itself."""
    assert [ledger.leases.take_case(CASE, "run-1", NOW, TTL) for _ in range(2)] == [1, 2]


def test_renewing_holds_off_others(ledger: Ledger) -> None:
    """A renewed lease counts from the renewal; one that was lost cannot be renewed."""
    ledger.leases.take_case(CASE, "run-1", NOW, TTL)
    ledger.leases.renew_case(CASE, "run-1", NOW + TTL, TTL)
    with pytest.raises(Superseded):
        ledger.leases.take_case(CASE, "run-2", NOW + TTL, TTL)
    ledger.leases.take_case(CASE, "run-2", NOW + 2 * TTL, TTL)
    with pytest.raises(Superseded):
        ledger.leases.renew_case(CASE, "run-1", NOW + 2 * TTL, TTL)


def test_only_the_holder_releases(ledger: Ledger) -> None:
    """Another run's release changes nothing; the holder's own opens the door at once."""
    ledger.leases.take_case(CASE, "run-1", NOW, TTL)
    assert ledger.leases.release_case(CASE, "run-2", NOW) is False
    with pytest.raises(Superseded):
        ledger.leases.take_case(CASE, "run-2", NOW, TTL)
    assert ledger.leases.release_case(CASE, "run-1", NOW) is True
    assert ledger.leases.take_case(CASE, "run-2", NOW, TTL) == 2
