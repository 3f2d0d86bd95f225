"""Real senders in real processes, killed, frozen and doubled: everybody is told once and the books balance."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.folder_store import FolderStore
from breach.ledger import Ledger, WaveKey, open_ledger
from breach.sending.books import count_books
from breach.sending.sender import Step, send_wave
from schemas.incident import SendingPlan
from schemas.sending import ChunkState
from tests.breach.sending.scene import CASE, Scene, files_by_token, letters, make_scene, outbox

ROOT = Path(__file__).parents[3]
PEOPLE = 120
REST = 1
"""The wave that is disturbed: after the canary, 117 people in 12 or 13 chunks of 10."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case whose first wave is sent; each test works on a copy."""
    folder = tmp_path_factory.mktemp("template")
    sending = SendingPlan(canary_size=3, chunk_size=10, observe_minutes=0)
    scene = make_scene(FolderStore(folder / "case"), PEOPLE, sending=sending)
    ledger = open_ledger(f"sqlite:///{folder / 'ledger.db'}")
    waves = scene.register(ledger, scene.plan(seeds=()))
    finish(folder, ledger, scene, waves[0])
    ledger.close()
    return folder


class Place:
    """A copy of the template in which senders run."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.folder = folder / "place"
        shutil.copytree(template, self.folder)
        sending = SendingPlan(canary_size=3, chunk_size=10, observe_minutes=0)
        self.scene = make_scene(FolderStore(self.folder / "case"), PEOPLE, sending=sending)
        self.ledger = open_ledger(f"sqlite:///{self.folder / 'ledger.db'}")
        basis = self.ledger.messages.current_basis(CASE, "notice")
        assert basis is not None
        self.wave = WaveKey(CASE, "notice", basis, REST)

    def start(self, holder: str, *, ahead: int = 0, kill_at: str = "-") -> "subprocess.Popen[str]":
        """A sender process, past its imports when this returns."""
        arguments = [str(self.folder), self.wave.basis_hash, str(REST), holder, str(ahead), kill_at]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.breach.sending.driver", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

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
            time.sleep(0.002)


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
def place(template: Path, tmp_path: Path) -> Iterator[Place]:
    made = Place(template, tmp_path)
    yield made
    made.ledger.close()


@pytest.mark.parametrize("read_between", [False, True])
@pytest.mark.parametrize("step", Step)
def test_killed_at_a_named_step(place: Place, step: Step, read_between: bool) -> None:
    """SIGKILL at the step, at its second time, then a new run; a mail program may read the outbox in between."""
    sender = place.start("dead", kill_at=f"{step}:{1 if step is Step.WAVE_CLOSED else 2}")
    assert sender.wait(30) == -signal.SIGKILL
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


def test_killed_at_random_instants(template: Path, tmp_path: Path) -> None:
    """Fifteen senders killed from outside at seeded instants, some of them twice in a row; each case is finished."""
    chance = random.Random(20261109)  # noqa: S311 - when to kill, not a secret
    struck = 0
    for number in range(15):
        (tmp_path / str(number)).mkdir()
        place = Place(template, tmp_path / str(number))
        for again in range(1 + (number % 5 == 0)):
            sender = place.start(f"dead-{again}", ahead=again * 120)
            time.sleep(chance.uniform(0.0, 0.35))
            sender.send_signal(signal.SIGKILL)
            struck += sender.wait(30) == -signal.SIGKILL
        place.finish()
        place.check()
        place.ledger.close()
    assert struck >= 5


def test_two_senders_at_once(place: Place) -> None:
    """Started together on one wave: one sends, the other is superseded or finds it closed; no chunk twice."""
    senders = [place.start(f"run-{n}") for n in range(2)]
    ends = sorted((sender.communicate(timeout=30)[0] or "").strip() for sender in senders)
    assert ends in (["Superseded", "closed"], ["closed", "closed"])
    attempts = [chunk.attempts for chunk in place.ledger.doubts.standing(CASE, "notice").chunks]
    assert set(attempts) == {1}
    place.check()


@pytest.mark.parametrize("read_between", [False, True])
def test_frozen_and_woken_after_the_new_holder_has_finished(place: Place, read_between: bool) -> None:
    """SIGSTOP in the middle, a new run finishes, SIGCONT: the old sender tells nobody and changes nothing."""
    sender = place.start("frozen")
    place.wait_for(2)
    sender.send_signal(signal.SIGSTOP)
    time.sleep(0.05)
    free_of_locks(place)
    place.finish()
    place.check()
    if read_between:
        read_everything(place.folder / "outbox")
    sender.send_signal(signal.SIGCONT)
    said = (sender.communicate(timeout=30)[0] or "").strip()
    assert said in {"Superseded", "closed"}
    place.check()


def free_of_locks(place: Place) -> None:
    """Skip the rare case in which the freeze caught a lock: then the new run says so, which other tests show."""
    import fcntl
    import sqlite3

    with (place.folder / "outbox" / "outbox.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.skip("frozen inside the outbox's lock")
    other = sqlite3.connect(place.folder / "ledger.db", isolation_level=None, timeout=0)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        pytest.skip("frozen inside a ledger transaction")
    finally:
        other.close()


def test_a_halt_from_outside_stops_before_the_next_chunk(place: Place) -> None:
    """Halted while a process sends: at most the chunk under way is finished; lifted, a new run tells the others."""
    sender = place.start("run-1")
    place.wait_for(2)
    place.ledger.halts.halt(CASE, "mira", "wrong date in the letter", datetime.now(UTC))
    done = place.ledger.waves.row(place.wave).states.get(ChunkState.ACCEPTED, 0)
    said = (sender.communicate(timeout=30)[0] or "").strip()
    row = place.ledger.waves.row(place.wave)
    assert said == "Halted"
    assert row.states.get(ChunkState.ACCEPTED, 0) <= done + 1
    assert row.states.get(ChunkState.PLANNED, 0) > 0
    assert len(place.told()) == 3 + row.accepted
    place.ledger.halts.lift(CASE, "mira", "the date is right", datetime.now(UTC))
    place.finish()
    place.check()


def test_the_driver_sends_what_the_tests_count(place: Place) -> None:
    """Undisturbed, one process closes the wave; the tests above disturb exactly this."""
    sender = place.start("run-1")
    assert (sender.communicate(timeout=30)[0] or "").strip() == "closed"
    place.check()
    assert os.listdir(place.folder / "outbox" / "tmp") == []  # noqa: PTH208
