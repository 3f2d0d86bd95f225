"""Every move of a chunk from every state: the allowed ones happen, all others are refused and change nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from breach.errors import BreachError, Conflict, Halted, NotApproved, Superseded
from breach.ledger import Completion, Ledger, Resolution, WaveKey
from breach.mail import Delivery
from schemas.sending import ChunkPlan, ChunkState, SendPlan, WaveName, WavePlan

CASE, MESSAGE, BASIS = "rehearsal-harbor", "notice", "a" * 64
NOW = datetime(2026, 11, 9, 8, tzinfo=UTC)
TTL = timedelta(minutes=1)
WAVE = WaveKey(CASE, MESSAGE, BASIS, 0)
TOKENS = ("a" * 26, "b" * 26)
ALL = Delivery(TOKENS, {}, "ref")
NONE = Delivery((), dict.fromkeys(TOKENS, "refused"))


def plan(*sizes: int, told_as_of: int = 0) -> SendPlan:
    """One wave for each size given, of one chunk per recipient pair."""
    waves, n = [], 0
    for wave, size in enumerate(sizes):
        chunks = []
        for _ in range(size):
            chunks.append(ChunkPlan(n=n, variant="notice-en", key=f"k{n}", digest="0" * 64, recipients=2, members=2))
            n += 1
        waves.append(WavePlan(n=wave, name=list(WaveName)[wave], chunks=tuple(chunks)))
    return SendPlan(
        case_id=CASE, message=MESSAGE, waves=tuple(waves), observe_minutes=30, chunk_size=2, told_as_of=told_as_of
    )


def approve(ledger: Ledger, basis: str = BASIS) -> None:
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


def begin(ledger: Ledger, *sizes: int) -> int:
    approve(ledger)
    ledger.messages.plan_message(CASE, MESSAGE, BASIS, plan(*sizes), plan_key="plan", now=NOW)
    return ledger.waves.open_wave(WAVE, "one", NOW, TTL)


def claim(ledger: Ledger, epoch: int) -> None:
    ledger.claims.claim_next(WAVE, epoch, "try-1", NOW)


def request(ledger: Ledger, epoch: int) -> None:
    claim(ledger, epoch)
    ledger.claims.mark_requested("try-1", epoch, NOW)


def doubt(ledger: Ledger, epoch: int) -> None:
    request(ledger, epoch)
    ledger.doubts.doubt("try-1", "no answer", NOW)


def answer(delivery: Delivery) -> Callable[[Ledger, int], None]:
    def reach(ledger: Ledger, epoch: int) -> None:
        request(ledger, epoch)
        ledger.claims.complete("try-1", delivery, NOW)

    return reach


def settled(resolution: Resolution) -> Callable[[Ledger, int], None]:
    def reach(ledger: Ledger, epoch: int) -> None:
        doubt(ledger, epoch)
        ledger.doubts.resolve(chunk_id(ledger), resolution, "mira", "looked", NOW)

    return reach


REACH: dict[str, Callable[[Ledger, int], None]] = {
    "planned": lambda ledger, epoch: None,
    "claimed": claim,
    "requested": request,
    "in doubt": doubt,
    "accepted": answer(ALL),
    "rejected": answer(NONE),
    "cancelled": settled(Resolution.CANCELLED),
    "planned again": settled(Resolution.SEND_AGAIN),
}
MOVES: dict[str, Callable[[Ledger, int], object]] = {
    "claim": lambda ledger, epoch: ledger.claims.claim_next(WAVE, epoch, "try-2", NOW),
    "request": lambda ledger, epoch: ledger.claims.mark_requested("try-1", epoch, NOW),
    "put back": lambda ledger, epoch: ledger.claims.put_back("try-1", NOW, "busy"),
    "complete": lambda ledger, epoch: ledger.claims.complete("try-1", ALL, NOW),
    "doubt": lambda ledger, epoch: ledger.doubts.doubt("try-1", "no answer", NOW),
    "settle: taken": lambda ledger, epoch: settle(ledger, Resolution.ACCEPTED),
    "settle: again": lambda ledger, epoch: settle(ledger, Resolution.SEND_AGAIN),
    "settle: cancel": lambda ledger, epoch: settle(ledger, Resolution.CANCELLED),
    "new holder": lambda ledger, epoch: ledger.waves.open_wave(WAVE, "one", NOW, TTL),
}
# From the design: planned -> claimed -> requested -> accepted | rejected | in doubt | cancelled; a true answer is
# kept whatever the chunk became; everything that is not in this table leaves the state as it is.
LEADS_TO = {
    ("planned", "claim"): "claimed",
    ("planned again", "claim"): "claimed",
    ("planned again", "complete"): "accepted",
    ("claimed", "request"): "requested",
    ("claimed", "put back"): "planned",
    ("claimed", "new holder"): "planned",
    ("requested", "put back"): "planned",
    ("requested", "complete"): "accepted",
    ("requested", "doubt"): "in doubt",
    ("in doubt", "put back"): "planned",
    ("in doubt", "complete"): "accepted",
    ("in doubt", "settle: taken"): "accepted",
    ("in doubt", "settle: again"): "planned",
    ("in doubt", "settle: cancel"): "cancelled",
    ("cancelled", "complete"): "accepted",
}


def chunk_id(ledger: Ledger) -> int:
    return ledger.doubts.standing(CASE, MESSAGE).chunks[0].chunk_id


def settle(ledger: Ledger, resolution: Resolution) -> None:
    ledger.doubts.resolve(chunk_id(ledger), resolution, "mira", "looked", NOW)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", REACH)
def test_a_move_leads_where_the_design_says(ledger: Ledger, state: str, move: str) -> None:
    """A move outside the table is refused, by an error or by a no, and the chunk stays as it was."""
    epoch = begin(ledger, 1)
    REACH[state](ledger, epoch)
    try:
        MOVES[move](ledger, epoch)
    except BreachError:
        assert (state, move) not in LEADS_TO
    found = ledger.doubts.standing(CASE, MESSAGE).chunks[0].state
    assert found == ChunkState(LEADS_TO.get((state, move), state.removesuffix(" again")))


def test_a_claim_without_approval_claims_nothing(ledger: Ledger) -> None:
    """One approval, or two by one person, or two for another hash, are none."""
    ledger.messages.plan_message(CASE, MESSAGE, BASIS, plan(1), plan_key="plan", now=NOW)
    approve(ledger, "b" * 64)
    epoch = ledger.waves.open_wave(WAVE, "one", NOW, TTL)
    with pytest.raises(NotApproved):
        claim(ledger, epoch)
    assert ledger.waves.row(WAVE).states == {ChunkState.PLANNED: 1}


def test_a_halt_stops_claims_and_requests_but_no_answers(ledger: Ledger) -> None:
    """Between claim and request the line can still be stopped; what was requested keeps its answer."""
    epoch = begin(ledger, 2)
    request(ledger, epoch)
    ledger.claims.claim_next(WAVE, epoch, "try-2", NOW)
    ledger.halts.halt(CASE, "mira", "stop", NOW)
    with pytest.raises(Halted):
        ledger.claims.mark_requested("try-2", epoch, NOW)
    with pytest.raises(Halted):
        ledger.claims.claim_next(WAVE, epoch, "try-3", NOW)
    assert ledger.claims.complete("try-1", ALL, NOW) is Completion.RECORDED


def test_an_old_epoch_begins_nothing_and_finishes_what_it_began(ledger: Ledger) -> None:
    """After a new holder the old one gets no chunk and no request, and its true answer is still written."""
    old = begin(ledger, 3)
    request(ledger, old)
    ledger.claims.claim_next(WAVE, old, "try-2", NOW)
    new = ledger.waves.open_wave(WAVE, "two", NOW + 2 * TTL, TTL)
    assert new == old + 1
    for begun in (
        lambda: ledger.claims.claim_next(WAVE, old, "try-3", NOW),
        lambda: ledger.claims.mark_requested("try-2", old, NOW),
        lambda: ledger.waves.close_wave(WAVE, old, NOW),
        lambda: ledger.doubts.requested_of_older_epochs(WAVE, old, NOW, TTL),
    ):
        with pytest.raises(Superseded):
            begun()
    assert ledger.claims.complete("try-1", ALL, NOW) is Completion.RECORDED
    assert ledger.waves.row(WAVE).states == {ChunkState.ACCEPTED: 1, ChunkState.PLANNED: 2}


def test_a_living_holder_is_not_pushed_aside(ledger: Ledger) -> None:
    """While the lease runs, and each claim renews it, another holder is superseded."""
    epoch = begin(ledger, 1)
    ledger.claims.claim_next(WAVE, epoch, "try-1", NOW + TTL)
    with pytest.raises(Superseded):
        ledger.waves.open_wave(WAVE, "two", NOW + TTL, TTL)
    assert ledger.waves.release_wave(WAVE, epoch + 1, NOW) is False
    ledger.waves.release_wave(WAVE, epoch, NOW + TTL)
    assert ledger.waves.open_wave(WAVE, "two", NOW + TTL, TTL) == epoch + 1


def test_a_request_is_doubted_only_after_the_margin(ledger: Ledger) -> None:
    """A young request of an older holder is listed, not doubted; at the margin it is in doubt."""
    begin(ledger, 1)
    request(ledger, 1)
    epoch = ledger.waves.open_wave(WAVE, "two", NOW + TTL, TTL)
    margin = timedelta(minutes=2)
    young = ledger.doubts.requested_of_older_epochs(WAVE, epoch, NOW + margin - timedelta(seconds=1), margin)
    assert [one.state for one in young] == [ChunkState.REQUESTED]
    assert ledger.doubts.requested_of_older_epochs(WAVE, epoch, NOW + margin, margin) == ()
    assert [one.n for one in ledger.doubts.of_case(CASE)] == [0]


def test_a_late_answer_of_an_older_attempt_settles_the_chunk(ledger: Ledger) -> None:
    """Attempt 1 is answered while attempt 2 is claimed: the chunk is accepted and attempt 2 has nothing to send."""
    epoch = begin(ledger, 1)
    REACH["planned again"](ledger, epoch)
    ledger.claims.claim_next(WAVE, epoch, "try-2", NOW)
    assert ledger.claims.complete("try-1", ALL, NOW) is Completion.LATE
    assert ledger.claims.mark_requested("try-2", epoch, NOW) is False
    assert ledger.claims.complete("try-1", ALL, NOW) is Completion.ALREADY
    assert ledger.waves.row(WAVE).accepted == 2


def test_what_any_attempt_saw_accepted_is_accepted(ledger: Ledger) -> None:
    """Attempt 2 refuses both; the late answer of attempt 1 shows that one was taken: one stays refused."""
    epoch = begin(ledger, 1)
    REACH["planned again"](ledger, epoch)
    ledger.claims.claim_next(WAVE, epoch, "try-2", NOW)
    ledger.claims.mark_requested("try-2", epoch, NOW)
    ledger.claims.complete("try-2", NONE, NOW)
    ledger.claims.complete("try-1", Delivery((TOKENS[0],), {TOKENS[1]: "refused"}), NOW)
    row = ledger.waves.row(WAVE)
    assert (row.accepted, row.rejected, row.states) == (1, 1, {ChunkState.ACCEPTED: 1})
    (kept,) = ledger.doubts.standing(CASE, MESSAGE).exceptions.values()
    assert kept == {TOKENS[1]: (ChunkState.REJECTED, "refused")}


def test_an_answer_must_count_the_whole_chunk(ledger: Ledger) -> None:
    """An answer for one of two notices, or for one of them twice, is not written."""
    request(ledger, begin(ledger, 1))
    for wrong in (Delivery(TOKENS[:1], {}), Delivery(TOKENS, {TOKENS[0]: "both"}), Delivery((), {})):
        with pytest.raises(Conflict):
            ledger.claims.complete("try-1", wrong, NOW)
    assert ledger.waves.row(WAVE).states == {ChunkState.REQUESTED: 1}


def test_a_claim_told_twice_is_one_claim(ledger: Ledger) -> None:
    """A caller that did not see its claim committed gets the same chunk, not a second one."""
    epoch = begin(ledger, 2)
    first = ledger.claims.claim_next(WAVE, epoch, "try-1", NOW)
    assert ledger.claims.claim_next(WAVE, epoch, "try-1", NOW) == first
    assert ledger.waves.row(WAVE).states == {ChunkState.CLAIMED: 1, ChunkState.PLANNED: 1}


def test_what_evidence_found_is_kept(ledger: Ledger) -> None:
    """A doubt sent again remembers whom the mailer had taken; when it had taken all, there is nothing to send."""
    epoch = begin(ledger, 2)
    doubt(ledger, epoch)
    first = chunk_id(ledger)
    ledger.doubts.resolve(first, Resolution.SEND_AGAIN, "evidence", "looked", NOW, taken=TOKENS[:1])
    assert ledger.doubts.known_taken(first) == {TOKENS[0]}
    again = ledger.claims.claim_next(WAVE, epoch, "try-2", NOW)
    assert again is not None
    assert (again.chunk_id, again.attempts) == (first, 2)
    ledger.claims.mark_requested("try-2", epoch, NOW)
    ledger.doubts.doubt("try-2", "no answer", NOW)
    ledger.doubts.resolve(first, Resolution.SEND_AGAIN, "evidence", "looked", NOW, taken=TOKENS)
    assert ledger.waves.row(WAVE).accepted == 2
    assert ledger.doubts.known_taken(first) == frozenset()


def test_an_older_attempt_cannot_put_back_what_a_newer_one_requested(ledger: Ledger) -> None:
    """An attempt speaks for itself alone: the newer request is under way and stays so."""
    epoch = begin(ledger, 1)
    REACH["planned again"](ledger, epoch)
    ledger.claims.claim_next(WAVE, epoch, "try-2", NOW)
    ledger.claims.mark_requested("try-2", epoch, NOW)
    assert ledger.claims.put_back("try-1", NOW, "busy") is False
    assert ledger.doubts.doubt("try-1", "no answer", NOW) is False
    assert ledger.waves.row(WAVE).states == {ChunkState.REQUESTED: 1}
