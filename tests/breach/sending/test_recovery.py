"""What a sender leaves open, and how the next run settles it: leases, doubts, half a chunk, another plan."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta

import pytest

from breach.errors import BadInput, BreachError, Conflict, Superseded
from breach.ledger import Resolution
from breach.mail import Addressee, Delivery, Letter
from breach.sending.books import read_told
from breach.sending.sender import OutcomeUnknown, Step, settle_wave
from schemas.recipients import Books
from tests.breach.sending.desk import Desk, Post, crash
from tests.breach.sending.scene import CASE, outbox


def test_an_unknown_outcome_stops_the_wave_and_waits_for_a_human(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Taken, then no answer: in doubt, never tried again by itself; the error quotes nobody; a human ends the doubt."""
    post = Post()
    post.fail = [RuntimeError("timeout for member0001@mail.example")]
    with caplog.at_level(logging.DEBUG), pytest.raises(OutcomeUnknown) as unknown:
        desk.send(desk.waves[0], post)
    assert "mail.example" not in f"{unknown.value}{unknown.value.__cause__}{caplog.text}"
    assert unknown.value.__suppress_context__
    result = desk.send(desk.waves[0], post)
    assert (result.closed, result.in_doubt, result.next_at) == (False, 1, None)
    with pytest.raises(Conflict, match="not closed"):
        desk.send(desk.waves[1], post)
    (doubt,) = desk.ledger.doubts.of_case(CASE)
    desk.ledger.doubts.resolve(doubt.chunk_id, Resolution.ACCEPTED, "mira", "provider says so", desk.clock())
    assert desk.send(desk.waves[0], post).closed
    assert len(post.taken) == len(set(post.taken)) == 4


def test_members_in_doubt_are_pending_and_shown(desk: Desk) -> None:
    """A canary chunk of three people in doubt: their members are pending, and named as in doubt."""
    desk.send(desk.waves[0])
    post = Post()
    post.fail = [RuntimeError()]
    with pytest.raises(OutcomeUnknown):
        desk.send(desk.waves[1], post)
    (chunk,) = desk.ledger.doubts.of_case(CASE)
    books = desk.books()
    assert books.balance
    assert (books.in_doubt, books.notified) == (chunk.members, 0)


def test_an_answer_that_leaves_somebody_out_is_a_doubt(desk: Desk) -> None:
    """A mailer that answers for one of two has not answered."""

    class Forgetful(Post):
        def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
            return super().deliver(letter, addressees[:1], attempt_id)

    with pytest.raises(OutcomeUnknown, match="1 of 2"):
        desk.send(desk.waves[0], Forgetful())
    assert desk.ledger.waves.row(desk.waves[0]).states == {"in doubt": 1, "planned": 1}


def test_a_living_lease_shuts_a_second_sender_out(desk: Desk) -> None:
    """Until the lease of a sender that vanished runs out the next one is superseded; then it finishes the work."""
    crash(desk, desk.waves[0], Step.DELIVERED)
    with pytest.raises(Superseded):
        desk.send(desk.waves[0], holder="run-2")
    desk.clock.now += timedelta(minutes=1)
    assert desk.send(desk.waves[0], holder="run-2").closed


def test_a_young_request_is_waited_for_and_then_listed(desk: Desk) -> None:
    """Without evidence: the result says when to come back; then the chunk is in doubt; nobody is told twice."""
    post = Post()
    crash(desk, desk.waves[0], Step.DELIVERED, post)
    desk.clock.now += timedelta(minutes=1)
    waiting = desk.send(desk.waves[0], post, holder="run-2")
    assert not waiting.closed
    assert waiting.settle_at is not None
    desk.clock.now = waiting.settle_at
    assert desk.send(desk.waves[0], post, holder="run-3").in_doubt == 1
    assert len(post.taken) == len(set(post.taken)) == 4


def test_a_partly_delivered_chunk_gets_only_the_missing(desk: Desk) -> None:
    """The outbox took two letters of a chunk before its disk was full: the next run writes the others."""
    desk.send(desk.waves[0])
    box = outbox(desk.folder / "outbox")
    asked: list[list[str]] = []

    class Full:
        keeps_letters = True

        def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
            asked.append([one.token for one in addressees])
            if len(asked) == 1:
                box.deliver(letter, addressees[:2], attempt_id)
                raise BadInput("The disk of the outbox is full.")
            return box.deliver(letter, addressees, attempt_id)

        def find_delivered(self, tokens: Collection[str]) -> set[str]:
            return box.find_delivered(tokens)

    mailer = Full()
    with pytest.raises(BadInput, match="full"):
        desk.send(desk.waves[1], mailer)
    assert desk.send(desk.waves[1], mailer).closed
    assert asked[1] == asked[0][2:]
    assert desk.books().balance


def test_a_new_plan_leaves_out_everybody_told_by_the_old_one(desk: Desk) -> None:
    """A fact changes half-way, with a chunk half-delivered: settled, planned again, and everybody told once."""
    desk.send(desk.waves[0])
    crash(desk, desk.waves[1], Step.DELIVERED)
    desk.clock.now += timedelta(minutes=1)
    told = read_told(desk.scene.store, desk.ledger, CASE, "notice")
    stale = desk.scene.plan(told, "bbbbbbbbbbbb")
    with pytest.raises(Conflict, match="requested or in doubt"):
        desk.scene.register(desk.ledger, stale)
    for wave in desk.ledger.messages.unsettled(CASE, "notice"):
        settle_wave(
            desk.scene.store, desk.ledger, outbox(desk.folder / "outbox"), wave, holder="settler", clock=desk.clock
        )
    with pytest.raises(Conflict, match="told after"):
        desk.scene.register(desk.ledger, stale)
    told = read_told(desk.scene.store, desk.ledger, CASE, "notice")
    assert told.tokens == set(desk.files)
    assert 0 < len(told.tokens) < 20
    fresh = desk.scene.plan(told, "cccccccccccc")
    for wave in desk.scene.register(desk.ledger, fresh):
        assert desk.send(wave, holder="run-2").closed
    assert desk.files == dict.fromkeys(desk.scene.tokens, 1)
    assert desk.books() == Books(affected=27, notified=22, unreachable=3, excluded=2, pending=0)


def test_no_error_of_a_sender_names_a_person(desk: Desk) -> None:
    """Every error raised here is one of ours, in sentences without an address."""
    post = Post()
    post.fail = [ValueError("member0002@mail.example")]
    with pytest.raises(BreachError) as error:
        desk.send(desk.waves[0], post)
    assert "@" not in repr(error.value)
