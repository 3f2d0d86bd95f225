"""The pointers of a case: moved by comparing, so that two who write at once both have their say."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.current import TRIES, add_facts, all_facts, case_key, case_of, current_of, facts_of, set_current
from breach.errors import Conflict, StoreBusy
from breach.folder_store import FolderStore
from breach.store import put_record
from schemas.incident import Case, Facts, IncidentFacts, Mode
from schemas.receipt import Chapter, Receipt

CODE = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)


def receipt(n: int, chapter: Chapter = Chapter.NOTICES) -> Receipt:
    return Receipt(case_id="harbor-2026", chapter=chapter, revision=f"{n:012x}", key=f"notices/{n}", digest=f"{n:064x}")


def facts(revision: int, line: str = "A private area was readable.") -> Facts:
    incident = IncidentFacts.model_validate(
        {
            "what_happened": line,
            "platform": "Discourse",
            "provider": "Tidewater",
            "learned_how": "the provider told us",
            "aware_at": AT,
            "cause": "not yet known",
            "certainty": "a suspicion, not yet confirmed",
            "ongoing": "not known",
            "span_known": False,
            "leak_from": AT,
            "leak_until": AT,
            "profiles_exposed": "not known",
            "roster_export": "members.csv",
            "organisation": {
                "name": "Harbor Watch",
                "established_in": "DE",
                "role": "controller: we decide why and how the data is used",
                "turnover_over_aud_3m": "no",
            },
            "lead": "mara",
            "platform_connection": "manual-checklist/default",
        }
    )
    return Facts(revision=revision, recorded_at=AT, recorded_by="mara", source="form", incident=incident)


class RacedStore(FolderStore):
    """Somebody else moves a pointer between each reading and writing, as often as told."""

    def __init__(self, root: Path, races: int) -> None:
        super().__init__(root)
        self.races, self.other = races, FolderStore(root)

    def _race(self) -> None:
        if self.races:
            self.races -= 1
            set_current(self.other, f"other-{self.races}", receipt(self.races))

    def put_new(self, key: str, data: bytes) -> str:
        if key == "current.json":
            self._race()
        return super().put_new(key, data)

    def put_if(self, key: str, data: bytes, etag: str) -> str:
        self._race()
        return super().put_if(key, data, etag)


def test_before_anything_there_is_nothing(tmp_path: Path) -> None:
    """No case, no pointers, no facts: the first two are empty, asking for the last is an error."""
    store = FolderStore(tmp_path)

    assert case_of(store) is None
    assert current_of(store).receipts == {}
    assert all_facts(store) == ()
    with pytest.raises(Conflict, match="missing"):
        facts_of(store)


def test_a_case_is_what_was_opened(tmp_path: Path) -> None:
    """The case is read as it was written."""
    opened = Case(case_id="harbor-2026", mode=Mode.LIVE, opened_at=AT, opened_by_run="r")
    put_record(FolderStore(tmp_path), "case.json", opened)

    assert case_of(FolderStore(tmp_path)) == opened


def test_the_latest_facts_count(tmp_path: Path) -> None:
    """The revision with the highest number, also beyond nine; all of them stay."""
    store = FolderStore(tmp_path)
    for revision in range(1, 12):
        add_facts(store, facts(revision))

    assert facts_of(store).revision == 11
    assert [held.revision for held in all_facts(store)] == list(range(1, 12))


def test_a_revision_is_written_once(tmp_path: Path) -> None:
    """The same facts again are fine; other facts under a number that is taken are refused, and nothing changes."""
    store = FolderStore(tmp_path)
    add_facts(store, facts(1))
    add_facts(store, facts(1))

    with pytest.raises(Conflict, match=r"facts/0001\.json"):
        add_facts(store, facts(1, "Something else has happened."))

    assert facts_of(store) == facts(1)


def test_a_pointer_moves_and_the_others_stay(tmp_path: Path) -> None:
    """Each chapter has its own pointer; the newest receipt is where it points."""
    store = FolderStore(tmp_path)
    set_current(store, "notices", receipt(1))
    set_current(store, "notices@update-001", receipt(2))
    set_current(store, "notices", receipt(3))

    assert current_of(store).receipts == {"notices": receipt(3), "notices@update-001": receipt(2)}


def test_pointing_to_the_same_again_writes_nothing(tmp_path: Path) -> None:
    """A second run of a finished chapter leaves the file alone."""
    store = FolderStore(tmp_path)
    set_current(store, "notices", receipt(1))
    before = (tmp_path / "current.json").stat().st_mtime_ns

    set_current(store, "notices", receipt(1))

    assert (tmp_path / "current.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("races", [1, 5, TRIES - 1])
def test_a_lost_race_is_run_again(tmp_path: Path, races: int) -> None:
    """Whoever is overtaken between reading and writing reads again: nobody's pointer is lost."""
    set_current(RacedStore(tmp_path, races), "notices", receipt(99))

    held = current_of(FolderStore(tmp_path)).receipts
    assert set(held) == {"notices", *(f"other-{n}" for n in range(races))}
    assert held["notices"] == receipt(99)


def test_a_race_without_end_is_said(tmp_path: Path) -> None:
    """After twenty lost races it is reported as busy, to be tried again; the others' pointers are there."""
    with pytest.raises(StoreBusy, match="without pause"):
        set_current(RacedStore(tmp_path, TRIES), "notices", receipt(99))

    assert len(current_of(FolderStore(tmp_path)).receipts) == TRIES


def test_threads_lose_no_pointer(tmp_path: Path) -> None:
    """Four at once, each with its own pointers: all of them are there."""

    def write(writer: int) -> None:
        store = FolderStore(tmp_path)
        for n in range(6):
            set_current(store, f"chapter-{writer}-{n}", receipt(n))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert len(current_of(FolderStore(tmp_path)).receipts) == 24


MOVE = """
import sys, time
from pathlib import Path
from breach.current import case_key, set_current
from breach.folder_store import FolderStore
from schemas.receipt import Chapter, Receipt

folder, name = Path(sys.argv[1]), sys.argv[2]
store = FolderStore(folder / "case")
(folder / f"ready-{name}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
print(case_key(store).hex())
for n in range(15):
    receipt = Receipt(case_id="harbor-2026", chapter=Chapter.NOTICES, revision="a" * 12, key=name, digest="b" * 64)
    set_current(store, f"chapter-{name}-{n}", receipt)
"""


def test_processes_lose_no_pointer_and_draw_one_key(tmp_path: Path) -> None:
    """Two processes move pointers at once: thirty are there, and both have seen the same key of the case."""
    processes = [
        subprocess.Popen([sys.executable, "-c", MOVE, str(tmp_path), name], cwd=CODE, stdout=subprocess.PIPE)
        for name in ("one", "two")
    ]
    while len(list(tmp_path.glob("ready-*"))) < 2:
        assert all(process.poll() is None for process in processes)
        time.sleep(0.01)
    (tmp_path / "go").touch()

    keys = {process.communicate(timeout=60)[0] for process in processes}

    assert [process.returncode for process in processes] == [0, 0]
    assert len(current_of(FolderStore(tmp_path / "case")).receipts) == 30
    assert len(keys) == 1


def test_the_key_is_drawn_once_and_kept_private(tmp_path: Path) -> None:
    """32 bytes, the same at every asking, another for every case, readable by nobody else."""
    store = FolderStore(tmp_path / "one")
    key = case_key(store)

    assert len(key) == 32
    assert case_key(FolderStore(tmp_path / "one")) == key
    assert case_key(FolderStore(tmp_path / "two")) != key
    assert (tmp_path / "one" / "keys" / "case.key").stat().st_mode & 0o077 == 0
