"""What only a folder can do wrong: hidden and half-written files, modes, full disks.

Promises that every store makes are tested with the blocks, over all stores.
"""

import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from breach.errors import BadInput, Conflict, StoreBusy
from breach.folder_store import FolderStore

ROOM = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "cases" / "harbor-1")


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
