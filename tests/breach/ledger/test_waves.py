"""Waves in order, and plans that take each other's place."""

from datetime import UTC, datetime, timedelta

import pytest

from breach.errors import Conflict, NotApproved
from breach.ledger import Ledger, WaveKey
from breach.mail import Delivery
from schemas.sending import ChunkPlan, ChunkState, SendPlan, WaveName, WavePlan

CASE, MESSAGE, BASIS, NEXT = "rehearsal-harbor", "notice", "a" * 64, "b" * 64
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TTL = timedelta(minutes=1)


def plan(told_as_of: int = 0) -> SendPlan:
    """Two waves of one chunk with one recipient, observed for 30 minutes."""
    waves = tuple(
        WavePlan(
            n=n,
            name=name,
            chunks=(ChunkPlan(n=n, variant="v", key=f"k{n}", digest="0" * 64, recipients=1, members=1),),
        )
        for n, name in enumerate((WaveName.CANARY, WaveName.REST))
    )
    return SendPlan(case_id=CASE, message=MESSAGE, waves=waves, observe_minutes=30, chunk_size=1, told_as_of=told_as_of)


def register(ledger: Ledger, basis: str = BASIS, told_as_of: int = 0) -> bool:
    for step, (gate, person) in enumerate((("content", "mira"), ("sending", "jo"))):
        ledger.approvals.record_decision(
            gate=gate,
            case_id=CASE,
            basis_hash=basis,
            approver=person,
            code_step=int(basis[:4], 16) + step,
            decision="approve",
            reason="",
            decided_at=NOW,
            run_id="run",
        )
    return ledger.messages.plan_message(CASE, MESSAGE, basis, plan(told_as_of), plan_key=f"p-{basis[0]}", now=NOW)


def wave(n: int, basis: str = BASIS) -> WaveKey:
    return WaveKey(CASE, MESSAGE, basis, n)


def send(ledger: Ledger, key: WaveKey, now: datetime) -> int:
    epoch = ledger.waves.open_wave(key, "one", now, TTL)
    ledger.claims.claim_next(key, epoch, f"{key.basis_hash[0]}{key.n}", now)
    ledger.claims.mark_requested(f"{key.basis_hash[0]}{key.n}", epoch, now)
    ledger.claims.complete(f"{key.basis_hash[0]}{key.n}", Delivery(("a" * 26,), {}), now)
    return epoch


def test_the_next_wave_waits_for_the_one_before_and_its_observation(ledger: Ledger) -> None:
    """Wave 1 begins 30 minutes after the last chunk of wave 0 was finished, not after the closing, and no sooner."""
    register(ledger)
    with pytest.raises(Conflict, match="not closed"):
        ledger.waves.open_wave(wave(1), "one", NOW, TTL)
    epoch = send(ledger, wave(0), NOW)
    closing = NOW + timedelta(minutes=10)
    due = NOW + timedelta(minutes=30)
    assert ledger.waves.close_wave(wave(0), epoch, closing) == due
    assert ledger.waves.close_wave(wave(0), epoch, closing + TTL) == due
    with pytest.raises(Conflict, match="observed"):
        ledger.waves.open_wave(wave(1), "one", due - timedelta(seconds=1), TTL)
    assert ledger.waves.open_wave(wave(1), "one", due, TTL) == 1
    with pytest.raises(Conflict, match="closed"):
        ledger.waves.open_wave(wave(0), "one", due, TTL)


def test_a_wave_with_something_left_is_not_closed(ledger: Ledger) -> None:
    """A planned chunk is people not yet told."""
    register(ledger)
    epoch = ledger.waves.open_wave(wave(0), "one", NOW, TTL)
    with pytest.raises(Conflict, match="1 chunks"):
        ledger.waves.close_wave(wave(0), epoch, NOW)


def test_a_plan_registered_twice_is_one_plan(ledger: Ledger) -> None:
    """A step that runs again finds its plan; another plan under the same approval is refused."""
    assert register(ledger) is True
    assert register(ledger) is False
    with pytest.raises(Conflict):
        ledger.messages.plan_message(CASE, MESSAGE, BASIS, plan(), plan_key="other", now=NOW)
    assert ledger.messages.waves_of(CASE, MESSAGE) == (wave(0), wave(1))
    assert ledger.messages.plan_key(CASE, MESSAGE, BASIS) == "p-a"
    assert ledger.messages.of_case(CASE) == (MESSAGE,)


def test_a_plan_of_another_case_is_refused(ledger: Ledger) -> None:
    """A plan names its case and message itself."""
    with pytest.raises(Conflict):
        ledger.messages.plan_message("rehearsal-other", MESSAGE, BASIS, plan(), plan_key="p", now=NOW)


def test_an_unplanned_wave_is_refused(ledger: Ledger) -> None:
    """What was never registered cannot be opened."""
    with pytest.raises(Conflict, match="not planned"):
        ledger.waves.open_wave(wave(0), "one", NOW, TTL)


def test_a_new_plan_ends_the_old_one(ledger: Ledger) -> None:
    """Planned chunks of the old plan are cancelled, sent ones stay; the old waves cannot be opened or claimed."""
    register(ledger)
    epoch = send(ledger, wave(0), NOW)
    ledger.waves.close_wave(wave(0), epoch, NOW)
    assert register(ledger, NEXT, told_as_of=ledger.messages.changes(CASE, MESSAGE)) is True
    states = [chunk.state for chunk in ledger.doubts.standing(CASE, MESSAGE).chunks]
    planned, sent, gone = ChunkState.PLANNED, ChunkState.ACCEPTED, ChunkState.CANCELLED
    assert states == [sent, gone, planned, planned]
    assert ledger.messages.current_basis(CASE, MESSAGE) == NEXT
    with pytest.raises(Conflict):
        ledger.waves.open_wave(wave(1), "one", NOW + timedelta(hours=1), TTL)
    with pytest.raises(NotApproved):
        ledger.claims.claim_next(wave(0), epoch, "x", NOW)
    with pytest.raises(Conflict, match="newer plan"):
        register(ledger, BASIS)


@pytest.mark.parametrize("reached", ["claimed", "requested", "in doubt"])
def test_a_new_plan_waits_for_what_is_under_way(ledger: Ledger, reached: str) -> None:
    """While somebody may be being told by the old plan, no new one is registered."""
    register(ledger)
    epoch = ledger.waves.open_wave(wave(0), "one", NOW, TTL)
    ledger.claims.claim_next(wave(0), epoch, "try", NOW)
    if reached != "claimed":
        ledger.claims.mark_requested("try", epoch, NOW)
    if reached == "in doubt":
        ledger.doubts.doubt("try", "no answer", NOW)
    with pytest.raises(Conflict, match="1 chunks"):
        register(ledger, NEXT)
    assert ledger.messages.current_basis(CASE, MESSAGE) == BASIS
    assert ledger.messages.unsettled(CASE, MESSAGE) == (wave(0),)


def test_a_plan_made_before_somebody_was_told_is_stale(ledger: Ledger) -> None:
    """Told between the reading of the people told and the registering: the plan would tell them twice."""
    register(ledger)
    before = ledger.messages.changes(CASE, MESSAGE)
    send(ledger, wave(0), NOW)
    with pytest.raises(Conflict, match="told after"):
        register(ledger, NEXT, told_as_of=before)
    assert register(ledger, NEXT, told_as_of=ledger.messages.changes(CASE, MESSAGE)) is True
