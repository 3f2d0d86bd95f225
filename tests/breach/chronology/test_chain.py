"""The chronology is one chain: whoever writes, however often, and whatever is changed afterwards."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.chronology import chain
from breach.errors import Conflict, StoreBusy, Tampered
from breach.folder_store import FolderStore
from breach.store import Stored
from schemas.chronology import Entry, EntryKind

AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
CASE = "harbor-1"


def add(store: FolderStore, text: str, *, once: str = "", minutes: int = 0) -> Entry:
    at = AT + timedelta(minutes=minutes)
    return chain.append(store, CASE, EntryKind.CHAPTER, text, at=at, actor="mara", once=once)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / CASE)


def test_the_first_entry_names_64_zeros_and_each_next_one_the_sha256_of_the_stored_bytes_before(
    store: FolderStore,
) -> None:
    for n in range(3):
        add(store, f"step {n}")

    entries = chain.read(store)
    stored = [(store.root / f"chronology/{n:08d}.json").read_bytes() for n in (1, 2, 3)]

    assert [entry.previous for entry in entries] == ["0" * 64, *(sha256(data).hexdigest() for data in stored[:2])]
    assert chain.head(store) == (3, sha256(stored[2]).hexdigest())


def test_an_empty_case_has_a_head_to_begin_from(store: FolderStore) -> None:
    assert chain.head(store) == (0, "0" * 64)
    assert chain.read(store) == ()


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from breach.chronology import chain
from breach.folder_store import FolderStore
from schemas.chronology import EntryKind
store, name = FolderStore(Path(sys.argv[1])), sys.argv[2]
for n in range(50):
    at = datetime(2026, 11, 8, tzinfo=UTC)
    chain.append(store, "harbor-1", EntryKind.WAVE, f"{name} {n}", at=at, actor=name)
    chain.append(store, "harbor-1", EntryKind.WAVE, "shared", at=at, actor="both", once=f"shared-{n}")
"""


def test_two_processes_writing_at_once_make_one_unforked_chain(store: FolderStore) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(store.root), name], cwd=Path(chain.__file__).parents[2])
        for name in ("first", "second")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]

    entries = chain.read(store)
    chain.verify(entries)
    texts = [entry.text for entry in entries]

    # Fifty of each writer's own, and fifty that both wanted to write once.
    assert sorted(texts) == sorted([f"{name} {n}" for name in ("first", "second") for n in range(50)] + ["shared"] * 50)
    assert sorted(entry.once for entry in entries if entry.once) == sorted(f"shared-{n}" for n in range(50))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=st.lists(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=6), min_size=1, max_size=4))
def test_any_appends_by_any_threads_keep_every_entry_and_every_marker_once(
    tmp_path_factory: pytest.TempPathFactory, plans: list[list[str]]
) -> None:
    store = FolderStore(tmp_path_factory.mktemp("case"))

    def work(marks: list[str]) -> None:
        for mark in marks:
            add(store, mark or "plain", once=mark)

    threads = [Thread(target=work, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = chain.read(store)
    chain.verify(entries)
    marks = [mark for plan in plans for mark in plan]

    assert sorted(entry.once for entry in entries) == sorted([""] * marks.count("") + list(set(marks) - {""}))


def test_a_step_that_runs_again_finds_its_entry_instead_of_writing_a_second(store: FolderStore) -> None:
    first = add(store, "exposures done", once="chapter-exposures")
    add(store, "something else")

    again = add(store, "exposures done", once="chapter-exposures", minutes=9)

    assert again == first
    assert len(chain.read(store)) == 2


def test_a_kill_between_mark_and_entry_loses_nothing(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store, "before")
    with monkeypatch.context() as killed:
        killed.setattr(chain, "_put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            add(store, "done", once="the-step")
    add(store, "meanwhile")

    assert add(store, "done", once="the-step").n == 3
    assert add(store, "done", once="the-step").n == 3


class LostAnswer(FolderStore):
    """Writes, and then says that it could not."""

    lost = 0

    def put_new(self, key: str, data: bytes) -> str:
        etag = super().put_new(key, data)
        if key.startswith("chronology/") and self.lost < 1:
            self.lost += 1
            raise StoreBusy("The answer was lost.")
        return etag


def test_a_lost_answer_after_a_successful_write_is_recognised(tmp_path: Path) -> None:
    store = LostAnswer(tmp_path)

    entry = add(store, "written once")

    assert chain.read(store) == (entry,)


class AlwaysTaken(FolderStore):
    """Somebody else is always first."""

    def put_new(self, key: str, data: bytes) -> str:
        raise Conflict(f"{key} exists already.")

    def get(self, key: str) -> Stored | None:
        n = int(key[-13:-5])
        entry = Entry(n=n, case_id=CASE, at=AT, kind=EntryKind.WAVE, text="theirs", actor="them", previous="0" * 64)
        data = chain.canonical_json(entry)
        return Stored(data, sha256(data).hexdigest())


def test_a_race_that_never_ends_is_given_up_aloud(tmp_path: Path) -> None:
    with pytest.raises(StoreBusy, match="500 times"):
        add(AlwaysTaken(tmp_path), "never")


@pytest.fixture
def entries(store: FolderStore) -> list[Entry]:
    return [add(store, f"step {n}") for n in range(6)]


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize(
    "change", [{"text": "other"}, {"actor": "x"}, {"counts": {"a": 1}}, {"at": AT + timedelta(seconds=1)}]
)
def test_any_changed_entry_is_found_at_the_entry_after_it_or_by_the_head(
    entries: list[Entry], n: int, change: dict[str, object]
) -> None:
    head = (6, chain.digest_record(entries[-1]))
    entries[n - 1] = entries[n - 1].model_copy(update=change)

    with pytest.raises(Tampered, match=f"entry {min(n + 1, 6)} "):
        chain.verify(entries, head)


@pytest.mark.parametrize("n", range(1, 7))
def test_any_missing_entry_is_found(entries: list[Entry], n: int) -> None:
    head = (6, chain.digest_record(entries[-1]))
    del entries[n - 1]

    with pytest.raises(Tampered, match=f"entry {n} "):
        chain.verify(entries, head)


@pytest.mark.parametrize("n", range(1, 6))
def test_two_entries_that_changed_places_are_found(entries: list[Entry], n: int) -> None:
    entries[n - 1], entries[n] = entries[n], entries[n - 1]

    with pytest.raises(Tampered, match=f"entry {n} "):
        chain.verify(entries)


def test_an_entry_of_another_case_is_found(entries: list[Entry]) -> None:
    entries[3] = entries[3].model_copy(update={"case_id": "harbor-2"})

    with pytest.raises(Tampered, match="entry 4 belongs to another case"):
        chain.verify(entries)


@pytest.mark.parametrize("data", [b"{}", b"not json", b'{"n":1}', None])
def test_an_unreadable_or_reformatted_object_is_named(
    store: FolderStore, entries: list[Entry], data: bytes | None
) -> None:
    path = store.root / "chronology/00000002.json"
    path.write_bytes(path.read_bytes() + b"\n" if data is None else data)

    with pytest.raises(Tampered, match="entry 2 ") as caught:
        chain.read(store)
    assert caught.value.__cause__ is None


def test_appending_goes_on_behind_a_hole_and_verifying_names_it(store: FolderStore, entries: list[Entry]) -> None:
    (store.root / "chronology/00000003.json").unlink()

    assert add(store, "halt").n == 7
    with pytest.raises(Tampered, match="entry 3 "):
        chain.verify(chain.read(store))


def test_the_next_entry_of_a_long_chronology_reads_one_object(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(40):
        add(store, str(n))
    read: list[str] = []
    get = FolderStore.get
    monkeypatch.setattr(FolderStore, "get", lambda self, key: (read.append(key), get(self, key))[1])

    add(store, "next", once="marked")

    assert read == ["chronology/00000040.json"]
