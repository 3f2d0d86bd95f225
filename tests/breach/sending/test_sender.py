"""The sender with a real ledger and a real Maildir: order, halts, doubts, refusals, new plans, books."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from breach.errors import BadInput, BreachError, Conflict, Halted, MailerBusy, NotApproved, Superseded, Tampered
from breach.ledger import Ledger, Resolution, WaveKey, open_ledger
from breach.mail import Addressee, Delivery, Letter, Mailer
from breach.sending.books import Fate, count_books, notified_tokens, outcomes_by_token, read_told
from breach.sending.sender import OutcomeUnknown, SendSettings, Step, WaveResult, send_wave, settle_wave
from schemas.recipients import Books
from tests.breach.sending.scene import (
    CASE,
    SEEDS,
    START,
    MemoryStore,
    Scene,
    files_by_token,
    letters,
    make_scene,
    outbox,
)

USUAL = SendSettings()


class Clock:
    """Every look is a second later."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Post:
    """A mailer without evidence: it takes what it is given, once for each time it is given."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuse: set[str] = set()
        self.fail: list[Exception] = []

    def deliver(self, letter: Letter, addressees: Sequence[Addressee], attempt_id: str) -> Delivery:
        if self.fail and isinstance(self.fail[0], MailerBusy):
            raise self.fail.pop(0)
        accepted = tuple(one.token for one in addressees if one.token not in self.refuse)
        self.taken += accepted
        if self.fail:
            raise self.fail.pop(0)
        return Delivery(accepted, {one.token: "refused" for one in addressees if one.token in self.refuse}, "ref")

    def find_delivered(self, tokens: Collection[str]) -> set[str]:
        return set()


class Desk:
    """A scene at a ledger, with the means to send."""

    def __init__(self, folder: Path, people: int = 20, **scene: int) -> None:
        self.folder = folder
        self.scene: Scene = make_scene(MemoryStore(), people, **scene)
        self.ledger: Ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
        self.clock = Clock()
        self.receipt = self.scene.plan()
        self.waves = self.scene.register(self.ledger, self.receipt)

    def send(
        self,
        wave: WaveKey,
        mailer: Mailer | None = None,
        *,
        holder: str = "run-1",
        on_step: Callable[[str], None] = lambda step: None,
        basis: str = "",
        settings: SendSettings = USUAL,
    ) -> WaveResult:
        return send_wave(
            self.scene.store,
            self.ledger,
            mailer or outbox(self.folder / "outbox"),
            letters,
            wave,
            holder=holder,
            clock=self.clock,
            basis_check=lambda: basis or wave.basis_hash,
            on_step=on_step,
            settings=settings,
        )

    def books(self, hours_later: int = 0) -> Books:
        now = self.clock() + timedelta(hours=hours_later)
        return count_books(self.scene.store, self.ledger, CASE, self.scene.message, self.scene.recipients, now=now)

    @property
    def files(self) -> dict[str, int]:
        found = files_by_token(self.folder / "outbox")
        return {token: count for token, count in found.items() if token in set(self.scene.tokens)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


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


def test_without_two_approvals_nothing_is_sent(tmp_path: Path) -> None:
    """A registered plan without its approvals is refused at the first claim."""
    scene = make_scene(MemoryStore(), 3)
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
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


def test_a_busy_mailer_leaves_the_chunk_planned(desk: Desk) -> None:
    """Refused before anything was taken: planned again, no doubt, and the next try takes it."""
    post = Post()
    post.fail = [MailerBusy("busy")]
    with pytest.raises(MailerBusy):
        desk.send(desk.waves[0], post)
    assert desk.ledger.waves.row(desk.waves[0]).states == {"planned": 2}
    assert desk.send(desk.waves[0], post).closed
    assert len(post.taken) == len(set(post.taken)) == 4


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


def test_refused_notices_are_unreachable_with_a_reason(tmp_path: Path) -> None:
    """One of 40 refused is under the limit: the wave goes on, and that person's members are unreachable."""
    desk = Desk(tmp_path, 40)
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


def test_a_refusal_exactly_at_the_limit_goes_on(tmp_path: Path) -> None:
    """The limit is what may be refused: one of 14 against a fourteenth."""
    desk = Desk(tmp_path)
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


def crash(desk: Desk, wave: WaveKey, step: Step, mailer: Mailer | None = None, times: int = 1) -> None:
    """End a sender at a step as a kill does: no lease is released, nothing more is written."""
    reached = 0

    def end(seen: str) -> None:
        nonlocal reached
        reached += seen == step
        if seen == step and reached == times:
            raise SystemExit

    released = desk.ledger.waves.release_wave
    desk.ledger.waves.release_wave = lambda *args: False  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        desk.send(wave, mailer, on_step=end, holder="dead")
    desk.ledger.waves.release_wave = released  # type: ignore[method-assign]


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


def test_no_error_of_a_sender_names_a_person(desk: Desk) -> None:
    """Every error raised here is one of ours, in sentences without an address."""
    post = Post()
    post.fail = [ValueError("member0002@mail.example")]
    with pytest.raises(BreachError) as error:
        desk.send(desk.waves[0], post)
    assert "@" not in repr(error.value)
