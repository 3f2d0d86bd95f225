"""The case store keeps what it is given, once, for everybody at the same time: as a folder, and as a bucket."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from blocks import FolderCaseStore, S3CaseStore
from blocks.case_store import CaseStores
from breach.chronology import chain
from breach.errors import BadInput, Conflict
from breach.store import CaseStore, put_same
from schemas.chronology import EntryKind

WRITERS, ROUNDS = 8, 20
CASE = "harbor-1"
AT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
FORK = get_context("fork")


@pytest.fixture(params=["folder", "s3"])
def cases(request: pytest.FixtureRequest, tmp_path: Path) -> CaseStores:
    if request.param == "folder":
        return FolderCaseStore(root=str(tmp_path / "cases"))
    made: Callable[[], S3CaseStore] = request.getfixturevalue("bucket_store")
    return made()


@pytest.fixture
def store(cases: CaseStores) -> CaseStore:
    return cases.open(CASE)


def race(cases: CaseStores, start: Barrier, writer: int, tags: dict[str, str], said: str) -> dict[str, bool]:
    """One writer in all races: everybody begins at the same moment. True where this one won."""
    mine = cases.open(CASE)

    def write(key: str) -> bool:
        try:
            if key in tags:
                mine.put_if(key, said.format(writer).encode(), tags[key])
            else:
                mine.put_new(key, said.format(writer).encode())
        except Conflict:
            return False
        return True

    start.wait(60)
    # SeaweedFS lets writers of one key wait for each other a second at a time: the races run beside each other.
    with ThreadPoolExecutor(ROUNDS // 2) as pool:
        return dict(zip(keys(), pool.map(write, keys()), strict=True))


def keys() -> list[str]:
    return [f"chronology/{n:08d}.json" for n in range(ROUNDS)]


@pytest.mark.parametrize("said", ["writer {}", "the same from everybody"])
@pytest.mark.parametrize("replacing", [False, True], ids=["new", "replaced"])
def test_of_eight_processes_that_write_one_object_exactly_one_wins(
    cases: CaseStores, store: CaseStore, replacing: bool, said: str
) -> None:
    """Twenty races of eight: one winner each, and what the winner wrote stays, also when all write the same bytes."""
    tags = {key: store.put_new(key, b"first") for key in keys()} if replacing else {}
    with FORK.Manager() as manager:
        start = manager.Barrier(WRITERS)
        with FORK.Pool(WRITERS) as pool:
            won = pool.starmap(race, [(cases, start, n, tags, said) for n in range(WRITERS)])

    for key in keys():
        (winner,) = [writer for writer in range(WRITERS) if won[writer][key]]
        held = store.get(key)
        assert held is not None
        assert held.data == said.format(winner).encode()


def test_a_new_object_is_written_once_and_left_as_it_was(store: CaseStore) -> None:
    """A second put_new is a conflict."""
    store.put_new("a/b", b"first")

    with pytest.raises(Conflict):
        store.put_new("a/b", b"second")
    held = store.get("a/b")
    assert held is not None
    assert held.data == b"first"


def test_what_is_not_there_is_none(store: CaseStore) -> None:
    """Neither in a case that nobody opened, nor beside an object that is there."""
    assert store.get("a/b") is None
    assert store.keys("") == []
    store.put_new("a/b", b"x")
    assert store.get("a/c") is None


def test_an_empty_object_and_a_large_one_come_back_as_they_were(store: CaseStore) -> None:
    """Nothing is cut off or added, also beyond the 5 MiB above which S3 clients like to send in parts."""
    large = bytes(range(256)) * 36_000  # 9.2 MB
    store.put_new("empty", b"")
    store.put_new("large", large)

    for key, data in (("empty", b""), ("large", large)):
        held = store.get(key)
        assert held is not None
        assert held.data == data


def test_replacing_needs_the_tag_of_exactly_this_version(store: CaseStore) -> None:
    """A tag that is out of date replaces nothing."""
    first = store.put_new("current.json", b"1")
    second = store.put_if("current.json", b"2", first)

    with pytest.raises(Conflict):
        store.put_if("current.json", b"3", first)
    held = store.get("current.json")
    assert held is not None
    assert (held.data, held.etag) == (b"2", second)


def test_replacing_what_is_not_there_is_a_conflict(store: CaseStore) -> None:
    """And leaves it not there."""
    with pytest.raises(Conflict):
        store.put_if("current.json", b"1", "0" * 64)
    assert store.get("current.json") is None


def add_one(cases: CaseStores, times: int) -> None:
    store = cases.open(CASE)
    done = 0
    while done < times:
        held = store.get("counter")
        assert held is not None
        try:
            store.put_if("counter", str(int(held.data) + 1).encode(), held.etag)
        except Conflict:
            continue
        done += 1


def test_replacements_by_several_processes_are_never_lost(cases: CaseStores, store: CaseStore) -> None:
    """Three processes count to twenty each: sixty."""
    store.put_new("counter", b"0")
    with FORK.Pool(3) as pool:
        pool.starmap(add_one, [(cases, 20)] * 3)

    held = store.get("counter")
    assert held is not None
    assert held.data == b"60"


def write_entries(cases: CaseStores, writer: int) -> None:
    store = cases.open(CASE)
    for n in range(ROUNDS):
        chain.append(store, CASE, EntryKind.CHAPTER, f"writer {writer} entry {n}", at=AT, actor="test")


def test_eight_processes_never_fork_the_chronology(cases: CaseStores, store: CaseStore) -> None:
    """Eight writers with twenty entries each make one chain of 160, and none of them is missing."""
    with FORK.Pool(WRITERS) as pool:
        pool.starmap(write_entries, [(cases, writer) for writer in range(WRITERS)])

    entries = chain.read(store)
    chain.verify(entries)
    assert len(entries) == WRITERS * ROUNDS
    assert {entry.text for entry in entries} == {
        f"writer {writer} entry {n}" for writer in range(WRITERS) for n in range(ROUNDS)
    }


def test_writing_the_same_again_is_fine_and_writing_other_bytes_is_not(store: CaseStore) -> None:
    """SHA-256 of "same", as sha256sum prints it."""
    put_same(store, "notices/x", b"same")

    assert put_same(store, "notices/x", b"same") == "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5"
    with pytest.raises(Conflict, match="frozen"):
        put_same(store, "notices/x", b"other")


@pytest.mark.parametrize(
    "key", ["", "/etc/x", "../x", "a/../../x", "a//b", "a/./b", "a/", ".writing/x", "a/.b", "a\x00b"]
)
def test_a_key_that_leaves_the_case_or_hides_in_it_is_refused(store: CaseStore, key: str) -> None:
    """By every method, and nothing is there afterwards."""
    for refused in (lambda: store.put_new(key, b"x"), lambda: store.get(key), lambda: store.put_if(key, b"x", "")):
        with pytest.raises(BadInput):
            refused()
    assert store.keys("") == []


def test_keys_are_sorted_below_their_prefix(store: CaseStore) -> None:
    """By name, relative to the case; a prefix may end within a name."""
    for key in ("b/2", "b/10", "b/sub/1", "bc", "a/1"):
        store.put_new(key, b"x")

    assert store.keys("b/") == ["b/10", "b/2", "b/sub/1"]
    assert store.keys("b") == ["b/10", "b/2", "b/sub/1", "bc"]
    assert store.keys("b/1") == ["b/10"]
    assert store.keys("nothing/") == []
    assert store.keys("") == ["a/1", "b/10", "b/2", "b/sub/1", "bc"]
    with pytest.raises(BadInput):
        store.keys("../x")


def test_a_case_is_listed_once_it_is_opened(cases: CaseStores) -> None:
    """In the order of names; what has no case.json is none; a case whose name begins like another's is another."""
    assert cases.cases() == []
    for name in ("rehearsal-two", "rehearsal-one", "rehearsal-one-more"):
        cases.open(name).put_new("case.json", b"{}")
    cases.open("rehearsal-none").put_new("steps/x.json", b"{}")

    assert cases.cases() == ["rehearsal-one", "rehearsal-one-more", "rehearsal-two"]
    assert cases.open("rehearsal-one").keys("") == ["case.json"]


def test_objects_lie_as_files_while_they_are_read(cases: CaseStores, store: CaseStore) -> None:
    """Readers that stream find them under their keys, in a folder that nobody else may enter."""
    large = bytes(3_000_000)
    store.put_new("evidence/one", large)
    store.put_new("evidence/two", b"two")

    with cases.files(CASE, ["evidence/one", "evidence/two", "evidence/one"]) as folder:
        assert (folder / "evidence/one").read_bytes() == large
        assert (folder / "evidence/two").read_bytes() == b"two"
        for path in (folder, folder / "evidence", folder / "evidence/one"):
            assert path.stat().st_mode & 0o077 == 0


def test_files_that_are_not_in_the_case_are_a_conflict(cases: CaseStores, store: CaseStore) -> None:
    """Before anything is read."""
    store.put_new("evidence/one", b"one")

    with pytest.raises(Conflict, match="evidence/two is missing"), cases.files(CASE, ["evidence/one", "evidence/two"]):
        pass
