"""Real senders in real processes, killed, frozen and doubled: everybody is told once and the books balance."""

import fcntl
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from breach.folder_store import FolderStore
from breach.ledger import Ledger, WaveKey, open_ledger
from breach.sending.books import count_books
from breach.sending.sender import Step, send_wave
from schemas.incident import SendingPlan
from schemas.sending import ChunkState
from tests.breach.ledgers import QUICK, Ledgers
from tests.breach.sending import driver
from tests.breach.sending.scene import CASE, Scene, files_by_token, letters, make_scene, outbox

PEOPLE = 120
REST = 1
"""The wave that is disturbed: after the canary, 117 people in 12 or 13 chunks of 10."""
SENDING = SendingPlan(canary_size=3, chunk_size=10, observe_minutes=0)
PROCESSES = multiprocessing.get_context("forkserver")
"""Each sender is a process of its own, forked from one that has only done its imports: 20 ms instead of 2 s."""
PROCESSES.set_forkserver_preload([driver.__name__])


@pytest.fixture(scope="module")
def room() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class Template:
    """A case whose first wave is sent, and its ledger; each test works on a copy of both."""

    folder: Path
    ledger_url: str
    ledgers: Ledgers


@pytest.fixture(scope="module")
def template(room: Path, ledgers: Ledgers) -> Iterator[Template]:
    folder = Path(tempfile.mkdtemp(dir=room))
    made = Template(folder, ledgers.make(), ledgers)
    scene = make_scene(FolderStore(folder / "case"), PEOPLE, sending=SENDING)
    ledger = open_ledger(made.ledger_url)
    waves = scene.register(ledger, scene.plan(seeds=()))
    finish(folder, ledger, scene, waves[0])
    ledger.close()
    yield made
    ledgers.drop(made.ledger_url)


class Sender:
    """A sender process, past its imports once made."""

    def __init__(self, orders: driver.Orders) -> None:
        self._mine, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=driver.run, args=(orders, theirs))
        self._process.start()
        theirs.close()
        assert self._mine.recv() == "ready"

    def send_signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        try:
            os.kill(self._process.pid, number)
        except ProcessLookupError:
            assert not self._process.is_alive()

    def end(self) -> str | int:
        """How it ended: its last word, or minus the signal that killed it."""
        self._process.join(30)
        assert self._process.exitcode is not None
        if self._process.exitcode:
            return self._process.exitcode
        said: str = self._mine.recv()
        return said

    def wait_until_stopped(self) -> None:
        until = time.monotonic() + 20
        while not self._state().startswith("T"):
            assert time.monotonic() < until
            time.sleep(0.01)

    def _state(self) -> str:
        return subprocess.run(
            ["ps", "-o", "state=", "-p", str(self._process.pid)], capture_output=True, text=True, check=True
        ).stdout.strip()


class Place:
    """A copy of the template in which senders run."""

    def __init__(self, template: Template, folder: Path) -> None:
        self.folder, self.ledgers = folder, template.ledgers
        shutil.copytree(template.folder, folder)
        self.scene = make_scene(FolderStore(folder / "case"), PEOPLE, sending=SENDING)
        self.ledger_url = self.ledgers.copy(template.ledger_url)
        self.ledger = open_ledger(self.ledger_url)
        basis = self.ledger.messages.current_basis(CASE, "notice")
        assert basis is not None
        self.wave = WaveKey(CASE, "notice", basis, REST)

    def start(self, holder: str, **orders: Any) -> Sender:
        return Sender(driver.Orders(self.folder, self.ledger_url, self.wave, holder, **orders))

    def finish(self) -> None:
        """A new run, after the dead sender's lease."""
        finish(self.folder, self.ledger, self.scene, self.wave)

    def check(self) -> None:
        """Everybody once, the wave closed, the books balanced."""
        assert self.told() == dict.fromkeys(self.scene.tokens, 1)
        assert self.ledger.waves.row(self.wave).closed_at is not None
        books = count_books(self.scene.store, self.ledger, CASE, "notice", self.scene.recipients, now=datetime.now(UTC))
        # 120 people, 12 of them with two accounts; 3 without an address, 2 bots.
        assert (books.affected, books.notified, books.unreachable, books.excluded) == (137, 132, 3, 2)
        assert books.balance

    def told(self) -> dict[str, int]:
        return files_by_token(self.folder / "outbox")

    def wait_for(self, chunks: int) -> None:
        """Until so many chunks of the wave are accepted."""
        until = time.monotonic() + 20
        while self.ledger.waves.row(self.wave).states.get(ChunkState.ACCEPTED, 0) < chunks:
            assert time.monotonic() < until
            time.sleep(0.001)

    def is_free(self) -> bool:
        """True when nobody holds the outbox's lock or the ledger's."""
        with (self.folder / "outbox" / "outbox.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return self.ledgers.is_free(self.ledger_url)

    def clear(self) -> None:
        self.ledger.close()
        self.ledgers.drop(self.ledger_url)
        shutil.rmtree(self.folder)


def finish(folder: Path, ledger: Ledger, scene: Scene, wave: WaveKey) -> None:
    now = datetime.now(UTC)
    lease = ledger.waves.row(wave).expires_at
    moment = max(now, lease) if lease else now
    result = send_wave(
        scene.store,
        ledger,
        outbox(folder / "outbox"),
        letters,
        wave,
        holder="new run",
        clock=lambda: moment,
        basis_check=lambda: wave.basis_hash,
    )
    assert result.closed


@pytest.fixture
def place(template: Template, room: Path) -> Iterator[Place]:
    made = Place(template, room / "place")
    yield made
    made.clear()


@pytest.mark.parametrize("read_between", [False, True])
@pytest.mark.parametrize("step", Step)
def test_killed_at_a_named_step(place: Place, step: Step, read_between: bool) -> None:
    """SIGKILL at the step, at its second time, then a new run; a mail program may read the outbox in between."""
    sender = place.start("dead", step=step, times=1 if step is Step.WAVE_CLOSED else 2)
    assert sender.end() == -signal.SIGKILL
    if step is not Step.WAVE_CLOSED:
        assert 3 <= len(place.told()) < PEOPLE
    if read_between:
        read_everything(place.folder / "outbox")
    place.finish()
    place.check()


def read_everything(root: Path) -> None:
    """What a mail program does: move each file to cur and add the flag for seen."""
    for path in (root / "new").iterdir():
        path.rename(root / "cur" / f"{path.name}:2,S")


def test_killed_at_random_instants(template: Template, room: Path) -> None:
    """Senders killed from outside at seeded instants, every third case twice; each case is finished.

    Fifteen on SQLite. Six on PostgreSQL: where a transaction ends when its client is killed is the server's work, and
    the instants in between are those of the other fifteen.
    """
    chance = random.Random(20261109)  # noqa: S311 - when to kill, not a secret
    cases, struck = (15 if template.ledger_url.startswith("sqlite") else 6), 0
    for number in range(cases):
        place = Place(template, room / f"random-{number}")
        for again in range(1 + (number % 3 == 0)):
            sender = place.start(f"dead-{again}", ahead=again * 120)
            time.sleep(chance.uniform(0.0, 0.3))
            sender.send_signal(signal.SIGKILL)
            struck += sender.end() == -signal.SIGKILL
        place.finish()
        place.check()
        place.clear()
    assert struck >= cases // 5


def test_two_senders_at_once(place: Place) -> None:
    """Started together on one wave: one sends, the other is superseded or finds it closed; no chunk twice."""
    senders = [place.start(f"run-{n}") for n in range(2)]
    assert sorted(str(sender.end()) for sender in senders) in (["Superseded", "closed"], ["closed", "closed"])
    assert {chunk.attempts for chunk in place.ledger.doubts.standing(CASE, "notice").chunks} == {1}
    place.check()


@pytest.mark.parametrize("read_between", [False, True])
@pytest.mark.parametrize("step", [Step.BEFORE_CLAIM, Step.CLAIMED, Step.REQUESTED, Step.DELIVERED, Step.COMPLETED])
def test_frozen_at_a_named_step(place: Place, step: Step, read_between: bool) -> None:
    """SIGSTOP at the step, a new run finishes, SIGCONT: the old sender tells nobody and ends superseded."""
    sender = place.start("frozen", step=step, times=2, signal=signal.SIGSTOP)
    sender.wait_until_stopped()
    wake_after_a_new_run(place, sender, read_between)


@pytest.mark.parametrize("read_between", [False, True])
def test_frozen_at_any_instant(place: Place, read_between: bool) -> None:
    """The same, frozen from outside while it is writing; not while it holds a lock, which shuts everybody out."""
    sender = place.start("frozen")
    place.wait_for(2)
    sender.send_signal(signal.SIGSTOP)
    while not place.is_free():
        sender.send_signal(signal.SIGCONT)
        time.sleep(0.0005)
        sender.send_signal(signal.SIGSTOP)
    wake_after_a_new_run(place, sender, read_between)


def wake_after_a_new_run(place: Place, sender: Sender, read_between: bool) -> None:
    place.finish()
    place.check()
    if read_between:
        read_everything(place.folder / "outbox")
    sender.send_signal(signal.SIGCONT)
    assert sender.end() in {"Superseded", "closed"}
    place.check()


def test_a_halt_from_outside_stops_before_the_next_chunk(place: Place) -> None:
    """Halted while a process sends: at most the chunk under way is finished; lifted, a new run tells the others."""
    sender = place.start("run-1", step=Step.CLAIMED, times=4, signal=signal.SIGSTOP)
    sender.wait_until_stopped()
    place.ledger.halts.halt(CASE, "mira", "wrong date in the letter", datetime.now(UTC))
    sender.send_signal(signal.SIGCONT)
    assert sender.end() == "Halted"
    row = place.ledger.waves.row(place.wave)
    assert row.states[ChunkState.ACCEPTED] == 3
    assert set(row.states) == {ChunkState.ACCEPTED, ChunkState.PLANNED}
    assert len(place.told()) == 3 + row.accepted
    place.ledger.halts.lift(CASE, "mira", "the date is right", datetime.now(UTC))
    place.finish()
    place.check()


def test_undisturbed(place: Place) -> None:
    """One process closes the wave and leaves nothing in tmp; the tests above disturb exactly this."""
    assert place.start("run-1").end() == "closed"
    place.check()
    assert list((place.folder / "outbox" / "tmp").iterdir()) == []
