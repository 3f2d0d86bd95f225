"""The folder store keeps what it is given, once, for everybody at the same time, or says why not."""

import os
import resource
import shutil
import stat
import subprocess
import sys
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

import pytest

from breach.errors import BadInput, Conflict, StoreBusy
from breach.folder_store import FolderStore
from breach.store import put_same

ROOM = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "cases" / "harbor-1")


def race(root: Path, name: str) -> str:
    try:
        FolderStore(root).put_new("chronology/00000001.json", name.encode())
    except Conflict:
        return "lost"
    return name


def test_of_eight_processes_that_write_one_new_object_exactly_one_wins(tmp_path: Path) -> None:
    with get_context("fork").Pool(8) as pool:
        answers = pool.starmap(race, [(tmp_path, f"writer-{n}") for n in range(8)])

    (winner,) = [answer for answer in answers if answer != "lost"]
    assert Counter(answers)["lost"] == 7
    assert (tmp_path / "chronology/00000001.json").read_text() == winner


def test_a_new_object_is_written_once_and_left_as_it_was(store: FolderStore) -> None:
    store.put_new("a/b", b"first")

    with pytest.raises(Conflict):
        store.put_new("a/b", b"second")
    held = store.get("a/b")
    assert held is not None
    assert held.data == b"first"


def test_replacing_needs_the_tag_of_exactly_this_version(store: FolderStore) -> None:
    first = store.put_new("current.json", b"1")
    second = store.put_if("current.json", b"2", first)

    with pytest.raises(Conflict):
        store.put_if("current.json", b"3", first)
    held = store.get("current.json")
    assert held is not None
    assert (held.data, held.etag) == (b"2", second)


def test_replacing_what_is_not_there_is_a_conflict(store: FolderStore) -> None:
    with pytest.raises(Conflict):
        store.put_if("current.json", b"1", "0" * 64)


def add_one(root: Path, times: int) -> None:
    store = FolderStore(root)
    done = 0
    while done < times:
        held = store.get("counter")
        assert held is not None
        try:
            store.put_if("counter", str(int(held.data) + 1).encode(), held.etag)
        except Conflict:
            continue
        done += 1


def test_replacements_by_several_processes_are_never_lost(tmp_path: Path) -> None:
    FolderStore(tmp_path).put_new("counter", b"0")
    with get_context("fork").Pool(3) as pool:
        pool.starmap(add_one, [(tmp_path, 20)] * 3)

    assert (tmp_path / "counter").read_bytes() == b"60"


def test_writing_the_same_again_is_fine_and_writing_other_bytes_is_not(store: FolderStore) -> None:
    put_same(store, "notices/x", b"same")

    assert put_same(store, "notices/x", b"same") == "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5"
    with pytest.raises(Conflict, match="frozen"):
        put_same(store, "notices/x", b"other")


@pytest.mark.parametrize(
    "key", ["", "/etc/x", "../x", "a/../../x", "a//b", "a/./b", "a/", ".writing/x", "a/.b", "a\x00b"]
)
def test_a_key_that_leaves_the_case_or_hides_in_it_is_refused(store: FolderStore, key: str) -> None:
    for refused in (lambda: store.put_new(key, b"x"), lambda: store.get(key), lambda: store.put_if(key, b"x", "")):
        with pytest.raises(BadInput):
            refused()
    assert not store.root.exists()


def test_keys_are_sorted_below_their_prefix_and_show_no_half_written_file(store: FolderStore) -> None:
    for key in ("b/2", "b/10", "b/sub/1", "bc", "a/1"):
        store.put_new(key, b"x")
    store.put_if("bc", b"y", _etag(store, "bc"))
    (store.root / ".writing" / "left-by-a-kill").write_bytes(b"half")

    assert store.keys("b/") == ["b/10", "b/2", "b/sub/1"]
    assert store.keys("b") == ["b/10", "b/2", "b/sub/1", "bc"]
    assert store.keys("b/1") == ["b/10"]
    assert store.keys("nothing/") == []
    assert store.keys("") == ["a/1", "b/10", "b/2", "b/sub/1", "bc"]


def _etag(store: FolderStore, key: str) -> str:
    held = store.get(key)
    assert held is not None
    return held.etag


def test_a_folder_that_cannot_be_listed_does_not_pass_for_empty(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put_new("a/1", b"x")

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(StoreBusy):
        store.keys("a/")


def test_folders_are_0700_and_files_0600_whatever_the_umask(store: FolderStore) -> None:
    before = os.umask(0)
    try:
        store.put_if("a/b/c", b"y", store.put_new("a/b/c", b"x"))
    finally:
        os.umask(before)

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [store.root, *store.root.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_nothing_half_written_stays_after_a_refusal(store: FolderStore) -> None:
    store.put_new("a", b"x")
    with pytest.raises(Conflict):
        store.put_new("a", b"y")

    assert list((store.root / ".writing").iterdir()) == []


FILL = """
import sys
from pathlib import Path
from breach.errors import BadInput
from breach.folder_store import FolderStore
store = FolderStore(Path(sys.argv[1]))
store.put_new("small", b"x")
try:
    store.put_new("large", bytes(2_000_000))
except BadInput as error:
    print(error)
assert store.keys("") == ["small"], store.keys("")
assert list((store.root / ".writing").iterdir()) == []
"""
SENTENCE = "The disk of the case store is full. What was written before is kept"


def test_a_full_disk_is_said_in_a_sentence_and_leaves_what_was_there(tmp_path: Path) -> None:
    # A limit on the size of files stands in for the disk where no small one can be mounted.
    answer = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "case")],
        cwd=ROOM,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )
    assert answer.stdout.startswith(SENTENCE)


def test_a_really_full_disk_says_the_same(tmp_path: Path) -> None:
    small = f"mount -t tmpfs -o size=300k tmpfs {tmp_path} && exec {sys.executable} -c '{FILL}' {tmp_path}/case"
    if shutil.which("unshare") is None:
        pytest.skip("no unshare on this machine: a small disk cannot be mounted")
    answer = subprocess.run(
        ["unshare", "-mr", "sh", "-c", small], cwd=ROOM, capture_output=True, text=True, check=False
    )
    if "mount" in answer.stderr or "unshare" in answer.stderr:
        pytest.skip("this machine lets nobody mount a small disk")

    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(SENTENCE)
