"""Writers at one moment, on either database: nothing is taken twice, and nobody fails because another was there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

from breach.errors import Superseded
from breach.ledger import Approval, Ledger, WaveKey, open_ledger
from schemas.sending import ChunkPlan, SendPlan, WaveName, WavePlan

CASE, MESSAGE, BASIS = "rehearsal-harbor", "notice", "a" * 64
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TTL = timedelta(minutes=1)
WAVE = WaveKey(CASE, MESSAGE, BASIS, 0)
WRITERS, TURNS = 4, 15
T = TypeVar("T")


def at_once(url: str, act: Callable[[Ledger, int, int], T]) -> list[list[T]]:
    """What each of four writers got in each of fifteen turns; all begin each turn together, each at its own ledger."""
    start = Barrier(WRITERS)

    def write(writer: int) -> list[T]:
        ledger, got = open_ledger(url), []
        try:
            for turn in range(TURNS):
                start.wait(60)
                got.append(act(ledger, writer, turn))
        except Exception:
            start.abort()  # the others need not wait for it
            raise
        finally:
            ledger.close()
        return got

    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(write, range(WRITERS)))


def test_one_of_them_is_the_first(ledger_url: str) -> None:
    """Of four that look for a row and write it when it is missing, one finds it missing."""
    got = at_once(ledger_url, lambda ledger, writer, turn: ledger.alerts.first_time(CASE, f"alert-{turn}", NOW))
    assert [sum(turn) for turn in zip(*got, strict=True)] == [1] * TURNS


def test_no_chunk_is_claimed_twice(ledger_url: str) -> None:
    """Sixty chunks, sixty claims under one epoch: each claim gets another chunk."""
    chunks = tuple(
        ChunkPlan(n=n, variant="v", key=f"k{n}", digest="0" * 64, recipients=1, members=1)
        for n in range(WRITERS * TURNS)
    )
    plan = SendPlan(
        case_id=CASE,
        message=MESSAGE,
        waves=(WavePlan(n=0, name=WaveName.REST, chunks=chunks),),
        observe_minutes=0,
        chunk_size=1,
        told_as_of=0,
    )
    ledger = open_ledger(ledger_url)
    for gate, person in (("content", "mira"), ("sending", "jo")):
        decide(ledger, gate, person)
    ledger.messages.plan_message(CASE, MESSAGE, BASIS, plan, plan_key="p", now=NOW)
    epoch = ledger.waves.open_wave(WAVE, "one", NOW, TTL)

    def claim(mine: Ledger, writer: int, turn: int) -> int:
        chunk = mine.claims.claim_next(WAVE, epoch, f"{writer}-{turn}", NOW)
        assert chunk is not None
        return chunk.n

    got = at_once(ledger_url, claim)
    assert sorted(n for numbers in got for n in numbers) == list(range(WRITERS * TURNS))
    assert ledger.claims.claim_next(WAVE, epoch, "none left", NOW) is None
    ledger.close()


def test_a_case_has_one_holder(ledger_url: str) -> None:
    """Of four runs that take one case, one gets it."""

    def take(ledger: Ledger, writer: int, turn: int) -> bool:
        try:
            return ledger.leases.take_case(f"{CASE}-{turn}", f"run-{writer}", NOW, TTL) == 1
        except Superseded:
            return False

    assert [sum(turn) for turn in zip(*at_once(ledger_url, take), strict=True)] == [1] * TURNS


def test_a_code_opens_one_gate(ledger_url: str) -> None:
    """One code given at four gates at one moment decides at one of them."""

    def answer(ledger: Ledger, writer: int, turn: int) -> bool:
        return isinstance(decide(ledger, f"gate-{writer}", "mira", step=turn), Approval)

    assert [sum(turn) for turn in zip(*at_once(ledger_url, answer), strict=True)] == [1] * TURNS


def decide(ledger: Ledger, gate: str, person: str, step: int = 100) -> object:
    return ledger.approvals.record_decision(
        gate=gate,
        case_id=CASE,
        basis_hash=BASIS if step == 100 else f"{step:064}",
        approver=person,
        code_step=step,
        decision="approve",
        reason="",
        decided_at=NOW,
        run_id="run",
    )
