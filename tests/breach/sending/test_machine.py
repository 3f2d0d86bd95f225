"""Any order of claims, crashes, frozen senders, new holders, halts, doubts and new plans: nobody twice, nobody lost.

The mailer here takes whatever it is given and keeps no second copy away: only the ledger stands between a person and
a second notice.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from breach.errors import Conflict, Halted, NotApproved, Superseded
from breach.ledger import ChunkRow, Resolution, WaveKey, open_ledger
from breach.mail import Delivery
from breach.sending.books import count_books, notified_tokens, read_told
from breach.sending.chunk_files import read_addressees
from schemas.incident import SendingPlan
from schemas.receipt import Receipt
from schemas.sending import ChunkState
from tests.breach.ledgers import Ledgers
from tests.breach.sending.scene import CASE, START, MemoryStore, make_scene

TTL = timedelta(seconds=60)
PEOPLE = 11


@dataclass
class Running:
    """A sender process: it may stand still between any two of its steps for as long as it likes."""

    wave: WaveKey
    epoch: int
    tries: int = 0
    chunk: ChunkRow | None = None
    attempt: str = ""
    requested: bool = False
    left: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    answer: Delivery | None = None

    def idle(self) -> None:
        self.chunk, self.requested, self.answer = None, False, None


@dataclass(frozen=True)
class Way:
    """How far a sender goes, and what befalls it then; four steps are one chunk."""

    steps: int
    then: str
    reached: int


WAYS = st.builds(
    Way,
    steps=st.sampled_from([1, 1, 2, 2, 3, 5, 6, 9, 10, 13]),
    then=st.sampled_from(["stands still", "stands still", "dies", "breaks off", "breaks off", "busy"]),
    reached=st.integers(0, 2),
)


@dataclass
class World:
    """What really happened to people."""

    told: Counter[str] = field(default_factory=Counter)


class Line:
    """A case being sent. Every method is something that happens; after each, nobody was told twice."""

    def __init__(self, ledger_url: str) -> None:
        sending = SendingPlan(canary_size=3, chunk_size=2, observe_minutes=0)
        self.scene = make_scene(MemoryStore(), PEOPLE, sending=sending)
        self.ledger = open_ledger(ledger_url)
        self.now, self.world = START, World()
        self.running: list[Running] = []
        self.waves: list[WaveKey] = []
        self.drafts: list[Receipt] = []
        self.plans = self.holders = 0
        self.refused = {self.scene.tokens[4]}
        self.cancelled: set[str] = set()

        self.draft_plan()
        self.register_plan(0)

    # What people and machines do

    def happens(self, event: str, number: int, way: Way) -> None:
        """One event; one that cannot happen now does not."""
        if event == "a new holder":
            self.a_new_holder(patient=number % 3 != 0, out_of_turn=number == 5, way=way)
        elif event == "a sender goes on" and self.running:
            self.go_on(self.running[number % len(self.running)], way)
        elif event == "halt":
            self.ledger.halts.halt(CASE, "mira", "stop", self.now)
        elif event == "lift":
            self.ledger.halts.lift(CASE, "mira", "go on", self.now)
        elif event == "a doubt is settled":
            self.a_doubt_is_settled(Resolution.CANCELLED if number == 5 else Resolution.SEND_AGAIN)
        elif event == "a plan is drafted":
            self.draft_plan()
        elif event == "a plan is registered":
            self.register_plan(number)
        elif event == "somebody looks":
            self.the_books_balance_and_claim_nothing_untrue()

    def draft_plan(self) -> None:
        self.plans += 1
        told = read_told(self.scene.store, self.ledger, CASE, "notice")
        self.drafts.append(self.scene.plan(told, f"{self.plans:012x}", seeds=()))

    def register_plan(self, which: int) -> None:
        draft = self.drafts[-1 - which % len(self.drafts)]
        with suppress(Conflict):
            self.waves = self.scene.register(self.ledger, draft, self.now)

    def a_new_holder(self, *, patient: bool, out_of_turn: bool, way: Way) -> None:
        """Patient: it comes when the lease of whoever held the wave has run out."""
        open_waves = [wave for wave in self.waves if self.ledger.waves.row(wave).closed_at is None]
        if not open_waves:
            return
        self.now += timedelta(seconds=61 if patient else 1)
        self.holders += 1
        wave = open_waves[-1 if out_of_turn else 0]
        with suppress(Superseded, Conflict):
            epoch = self.ledger.waves.open_wave(wave, f"holder-{self.holders}", self.now, TTL)
            self.running.append(Running(wave, epoch))
            self.ledger.doubts.requested_of_older_epochs(wave, epoch, self.now, timedelta(0))
            self.go_on(self.running[-1], way)

    def a_doubt_is_settled(self, how: Resolution) -> None:
        """By evidence, when the request that is doubted can no longer reach anybody."""
        under_way = {sender.attempt for sender in self.running if sender.requested and sender.answer is None}
        for chunk in self.ledger.doubts.of_case(CASE):
            if chunk.attempt_id not in under_way:
                self.settle(chunk, how)
                return

    # How a sender goes on, one transaction or one delivery at a time

    def go_on(self, sender: Running, way: Way) -> None:
        """So many steps, and then what befalls it."""
        for _ in range(way.steps):
            if sender in self.running:
                self.step(sender)
        under_way = sender.requested and sender.answer is None
        if sender not in self.running or way.then == "stands still":
            return
        if way.then == "dies":
            self.running.remove(sender)
        elif way.then == "breaks off" and under_way:  # some are told, and no answer comes back
            told = [token for token in sender.left if token not in self.refused]
            self.world.told.update(told[: way.reached])
            self.ledger.doubts.doubt(sender.attempt, "no answer", self.now)
            sender.idle()
        elif way.then == "busy" and under_way:
            self.ledger.claims.put_back(sender.attempt, self.now, "busy")
            sender.idle()

    def step(self, sender: Running) -> None:
        if sender.chunk is None:
            self.attempt(sender, self.claim)
        elif not sender.requested:
            self.attempt(sender, self.request)
        elif sender.answer is None:
            refused = {token: "refused" for token in sender.left if token in self.refused}
            accepted = tuple(token for token in sender.left if token not in self.refused)
            self.world.told.update(accepted)
            sender.answer = Delivery((*sender.taken, *accepted), refused)
        else:
            self.ledger.claims.complete(sender.attempt, sender.answer, self.now, proven=True)
            sender.idle()

    def attempt(self, sender: Running, act: Callable[[Running], None]) -> None:
        try:
            act(sender)
        except Halted:
            if sender.chunk is not None:
                self.ledger.claims.put_back(sender.attempt, self.now, "halted")
                sender.idle()
        except (Superseded, NotApproved):
            self.running.remove(sender)

    def claim(self, sender: Running) -> None:
        sender.tries += 1
        sender.attempt = f"{sender.wave.basis_hash[:8]}-{sender.wave.n}-{sender.epoch}-{sender.tries}"
        chunk = self.ledger.claims.claim_next(sender.wave, sender.epoch, sender.attempt, self.now)
        if chunk is None:
            with suppress(Conflict):
                self.ledger.waves.close_wave(sender.wave, sender.epoch, self.now)
            self.running.remove(sender)
            return
        tokens = self.tokens(chunk)
        known = self.ledger.doubts.known_taken(chunk.chunk_id)
        sender.chunk = chunk
        sender.taken = tuple(token for token in tokens if token in known)
        sender.left = tuple(token for token in tokens if token not in known)

    def request(self, sender: Running) -> None:
        if self.ledger.claims.mark_requested(sender.attempt, sender.epoch, self.now):
            sender.requested = True
        else:
            sender.idle()

    def settle(self, chunk: ChunkRow, how: Resolution) -> None:
        tokens = self.tokens(chunk)
        taken = [token for token in tokens if self.world.told[token]]
        if how is Resolution.CANCELLED:
            self.cancelled.update(tokens)
        self.ledger.doubts.resolve(chunk.chunk_id, how, "mira", "looked", self.now, taken=taken, proven=True)

    def tokens(self, chunk: ChunkRow) -> list[str]:
        return [one.token for one in read_addressees(self.scene.store, chunk)]

    # What must hold after every step

    def nobody_is_told_twice(self) -> None:
        assert all(times == 1 for times in self.world.told.values())

    def the_books_balance_and_claim_nothing_untrue(self) -> None:
        books = count_books(self.scene.store, self.ledger, CASE, "notice", self.scene.recipients, now=self.now)
        assert books.balance
        assert books.affected == PEOPLE + 2 + 3 + 2  # two people have two accounts; 3 quarantined, 2 excluded
        told = notified_tokens(self.scene.store, self.ledger, CASE, "notice", now=self.now)
        assert set(told) <= set(self.world.told)

    def end_well(self) -> None:
        """Everybody who was under way is gone; one more run of the plan in force tells everybody left, once."""
        self.running.clear()
        self.ledger.halts.lift(CASE, "mira", "go on", self.now)
        self.now += timedelta(hours=1)
        for wave in self.ledger.messages.waves_of(CASE, "notice"):
            while self.ledger.waves.row(wave).closed_at is None:
                epoch = self.ledger.waves.open_wave(wave, "last", self.now, TTL)
                self.ledger.doubts.requested_of_older_epochs(wave, epoch, self.now, timedelta(0))
                for chunk in self.ledger.doubts.in_wave(wave):
                    self.settle(chunk, Resolution.SEND_AGAIN)
                last = Running(wave, epoch)
                self.running = [last]
                while self.running:
                    self.step(last)
        self.nobody_is_told_twice()
        self.the_books_balance_and_claim_nothing_untrue()
        left = set(self.scene.tokens) - set(self.world.told)
        assert left <= self.refused | self.cancelled
        books = count_books(self.scene.store, self.ledger, CASE, "notice", self.scene.recipients, now=self.now)
        assert self.cancelled or books.pending == 0
        states = {chunk.state for chunk in self.ledger.doubts.standing(CASE, "notice").chunks}
        assert states <= {ChunkState.ACCEPTED, ChunkState.REJECTED, ChunkState.CANCELLED}


EVENTS = {
    "a sender goes on": 6,
    "a new holder": 5,
    "a doubt is settled": 3,
    "lift": 2,
    "halt": 1,
    "a plan is drafted": 3,
    "a plan is registered": 3,
    "somebody looks": 1,
}
"""What can happen, and how much more often than the rarest."""
HISTORIES = st.lists(
    st.tuples(
        st.sampled_from([event for event, often in EVENTS.items() for _ in range(often)]), st.integers(0, 5), WAYS
    ),
    min_size=15,
    max_size=35,
)


def live_through(ledgers: Ledgers, history: list[tuple[str, int, Way]]) -> None:
    url = ledgers.make()
    line = Line(url)
    try:
        for event, number, way in history:
            line.happens(event, number, way)
            line.nobody_is_told_twice()
        line.end_well()
    finally:
        line.ledger.close()
        ledgers.drop(url)


@settings(max_examples=30, deadline=None)
@given(history=HISTORIES)
def test_in_any_history_nobody_is_told_twice_and_nobody_is_lost(
    sqlite_ledgers: Ledgers, history: list[tuple[str, int, Way]]
) -> None:
    """After every event nobody was told twice; whenever somebody looks the books balance; a last run tells the rest."""
    live_through(sqlite_ledgers, history)


@settings(max_examples=10, deadline=None)
@given(history=HISTORIES)
def test_the_same_on_postgresql(postgres_ledgers: Ledgers, history: list[tuple[str, int, Way]]) -> None:
    """Fewer histories, each three times as slow: they would show a statement that PostgreSQL reads otherwise."""
    live_through(postgres_ledgers, history)
