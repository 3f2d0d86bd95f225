"""The sender with a real ledger and a real Maildir: order, approvals, halts, refusals, new plans, books."""

from collections.abc import Callable

import pytest

from breach.errors import BreachError, Conflict, Halted, MailerBusy, MailerRefused, NotApproved, Tampered
from breach.ledger import open_ledger
from breach.mail import Letter
from breach.sending.books import Fate, notified_tokens, outcomes_by_token
from breach.sending.sender import SendSettings, Step, send_wave
from schemas.recipients import Books
from tests.breach.sending.desk import Clock, Desk, Post
from tests.breach.sending.scene import CASE, SEEDS, MemoryStore, files_by_token, letters, make_scene


def test_everybody_is_told_once_in_three_waves(desk: Desk) -> None:
    """20 people, two of them with two accounts each: 22 members told, 3 unreachable, 2 excluded, none pending."""
    assert desk.books() == Books(affected=27, notified=0, unreachable=3, excluded=2, pending=22)
    results = [desk.send(wave) for wave in desk.waves]
    assert [(result.closed, result.accepted) for result in results] == [(True, 4), (True, 6), (True, 14)]
    assert desk.files == dict.fromkeys(desk.scene.tokens, 1)
    assert len(files_by_token(desk.folder / "outbox")) == 20 + 2 * len(SEEDS)
    assert desk.books() == Books(affected=27, notified=22, unreachable=3, excluded=2, pending=0)
    tokens = notified_tokens(desk.scene.store, desk.ledger, CASE, "notice", now=desk.clock())
    assert tokens == desk.scene.tokens
    outcomes = outcomes_by_token(desk.scene.store, desk.ledger, CASE, "notice", now=desk.clock())
    assert [(one.token, one.fate) for one in outcomes] == [(token, Fate.NOTIFIED) for token in desk.scene.tokens]


def test_sending_a_closed_wave_again_only_looks(desk: Desk) -> None:
    """A second run of a finished wave returns the same and asks the mailer nothing."""
    first = desk.send(desk.waves[0])
    post = Post()
    assert desk.send(desk.waves[0], post, holder="run-2") == first
    assert post.taken == []


def test_the_rest_waits_for_the_canary(desk: Desk) -> None:
    """A wave out of turn is refused and tells nobody."""
    with pytest.raises(Conflict, match="not closed"):
        desk.send(desk.waves[1])
    assert not (desk.folder / "outbox").exists()


def test_each_step_has_its_name(desk: Desk) -> None:
    """One chunk passes the named steps in order; the wave ends with its own."""
    seen: list[str] = []
    desk.send(desk.waves[0], on_step=seen.append)
    one = [Step.BEFORE_CLAIM, Step.CLAIMED, Step.REQUESTED, Step.DELIVERED, Step.COMPLETED]
    assert seen == [*one, *one, Step.BEFORE_CLAIM, Step.WAVE_CLOSED]


def test_a_changed_case_voids_the_approval_before_the_next_claim(desk: Desk) -> None:
    """The basis rebuilt from the case differs: nothing is claimed, and the reason is the approval."""
    with pytest.raises(NotApproved, match="changed"):
        desk.send(desk.waves[0], basis="f" * 64)
    assert desk.ledger.waves.row(desk.waves[0]).states == {"planned": 2}


def test_without_two_approvals_nothing_is_sent(ledger_url: str) -> None:
    """A registered plan without its approvals is refused at the first claim."""
    scene = make_scene(MemoryStore(), 3)
    ledger = open_ledger(ledger_url)
    (wave, *_) = scene.register(ledger, scene.plan(), approved=False)
    with pytest.raises(NotApproved, match="two people"):
        send_wave(
            scene.store,
            ledger,
            Post(),
            letters,
            wave,
            holder="run-1",
            clock=Clock(),
            basis_check=lambda: wave.basis_hash,
        )
    ledger.close()


@pytest.mark.parametrize(("step", "told"), [(Step.BEFORE_CLAIM, 0), (Step.CLAIMED, 0), (Step.REQUESTED, 2)])
def test_a_halt_stops_before_the_next_chunk(desk: Desk, step: Step, told: int) -> None:
    """Halted before its request a chunk is not sent; halted after it, that chunk is finished and no other begun."""

    def halt(reached: str) -> None:
        if reached == step:
            desk.ledger.halts.halt(CASE, "mira", "stop", desk.clock())

    with pytest.raises(Halted):
        desk.send(desk.waves[0], on_step=halt)
    row = desk.ledger.waves.row(desk.waves[0])
    assert row.accepted == told
    assert row.states.get("planned", 0) == (2 if told == 0 else 1)
    desk.ledger.halts.lift(CASE, "mira", "go on", desk.clock())
    assert desk.send(desk.waves[0]).closed


@pytest.mark.parametrize(
    "answer", [MailerBusy("busy"), MailerRefused("the key lacks a right")], ids=["busy", "refused"]
)
def test_a_mailer_that_took_nothing_leaves_the_chunk_planned(desk: Desk, answer: BreachError) -> None:
    """Refused before anything was taken: planned again, no doubt, and the next try takes it."""
    post = Post()
    post.fail = [answer]
    with pytest.raises(type(answer)):
        desk.send(desk.waves[0], post)
    assert desk.ledger.waves.row(desk.waves[0]).states == {"planned": 2}
    assert desk.send(desk.waves[0], post).closed
    assert len(post.taken) == len(set(post.taken)) == 4


def test_acceptance_alone_is_presumed_after_three_days(desk: Desk) -> None:
    """A mailer that only accepts: pending at first, notified and shown apart as presumed from 72 hours on."""
    post = Post()
    for wave in desk.waves:
        desk.send(wave, post)
    first, later = desk.books(71), desk.books(73)
    assert (first.notified, first.pending, first.presumed) == (0, 22, 0)
    assert (later.notified, later.pending, later.presumed) == (22, 0, 22)
    assert first.balance
    assert later.balance


def test_refused_notices_are_unreachable_with_a_reason(make_desk: Callable[..., Desk]) -> None:
    """One of 40 refused is under the limit: the wave goes on, and that person's members are unreachable."""
    desk = make_desk(40)
    token = desk.scene.people[10].token()
    post = Post()
    post.refuse = {token}
    for wave in desk.waves:
        desk.send(wave, post, settings=SendSettings(rejected_limit=0.2))
    books = desk.books(73)
    assert (books.unreachable, books.notified, books.balance) == (3 + 2, 44 - 2, True)
    outcomes = outcomes_by_token(desk.scene.store, desk.ledger, CASE, "notice", now=desk.clock())
    assert [(one.fate, one.reason) for one in outcomes if one.token == token] == [(Fate.REFUSED, "refused")]
    assert token not in notified_tokens(desk.scene.store, desk.ledger, CASE, "notice", now=desk.clock())


def test_too_many_refusals_halt_the_case(desk: Desk) -> None:
    """More than 5 % of the rest refused: the case is halted by name of the breaker; lifted, it goes on."""
    for wave in desk.waves[:2]:
        desk.send(wave)
    post = Post()
    post.refuse = {min(person.token() for person in desk.scene.people if person.token() not in desk.files)}
    with pytest.raises(Halted, match="1 of 14 notices"):
        desk.send(desk.waves[2], post)
    (halt,) = desk.ledger.halts.of_case(CASE)
    assert halt.halted_by == "breaker"
    desk.ledger.halts.lift(CASE, "mira", "one bad address", desk.clock())
    assert desk.send(desk.waves[2], post).closed


def test_a_refusal_exactly_at_the_limit_goes_on(desk: Desk) -> None:
    """The limit is what may be refused: one of 14 against a fourteenth."""
    for wave in desk.waves[:2]:
        desk.send(wave)
    post = Post()
    post.refuse = {next(person.token() for person in desk.scene.people if person.token() not in desk.files)}
    assert desk.send(desk.waves[2], post, settings=SendSettings(rejected_limit=1 / 14)).closed


def test_an_exchanged_chunk_is_not_sent(desk: Desk) -> None:
    """The bytes of a chunk are the approved ones, or nothing of it is sent and it stays planned."""
    store = desk.scene.store
    assert isinstance(store, MemoryStore)
    key = next(key for key in store.objects if key.endswith("chunks/00000.parquet"))
    store.objects[key] += b"\0"
    with pytest.raises(Tampered):
        desk.send(desk.waves[0])
    assert desk.ledger.waves.row(desk.waves[0]).states == {"planned": 2}


def test_letters_that_cannot_be_read_leave_the_chunk_planned(desk: Desk) -> None:
    """A failure before the request is no doubt, and its words are not passed on."""

    def broken(variant: str) -> Letter:
        raise KeyError("member0001@mail.example")

    with pytest.raises(Conflict) as refused:
        send_wave(
            desk.scene.store,
            desk.ledger,
            Post(),
            broken,
            desk.waves[0],
            holder="run-1",
            clock=desk.clock,
            basis_check=lambda: desk.waves[0].basis_hash,
        )
    assert "mail.example" not in str(refused.value)
    assert desk.ledger.waves.row(desk.waves[0]).states == {"planned": 2}


def test_books_that_do_not_fit_their_list_are_not_counted(desk: Desk) -> None:
    """A list with two members more than its manifest says is refused aloud."""
    other = make_scene(MemoryStore(), 21)
    store, theirs = desk.scene.store, other.store
    assert isinstance(store, MemoryStore)
    assert isinstance(theirs, MemoryStore)
    key = next(key for key in store.objects if key.endswith("recipients.parquet"))
    store.objects[key] = theirs.objects[key]
    with pytest.raises(Tampered, match="24 members"):
        desk.books()
