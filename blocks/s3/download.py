"""Objects streamed into files that only this user may read, part by part, with their digest."""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from blocks.s3.refusal import in_our_words
from breach.errors import BadInput, StoreBusy
from breach.folder_store import FULL

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

PART = 1024 * 1024
"""Bytes in memory at a time."""
OURS = "breach-case-"
"""What every private folder's name begins with; the number of its process follows."""


@contextmanager
def private_folder() -> Iterator[str]:
    """A folder of mode 0700 below $BREACH_HOME/tmp, without a home in the system's place; removed with all it holds.

    A killed process leaves its folder there, with members' rows in it: the next one that needs a folder removes it.
    Whether an owner lives is told by its lock, which ends with the process. Its number in the name is for people: the
    same number is another process in another container.
    """
    place = _place()
    _remove_left_behind(place)
    folder, lock = _locked(place)
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _place() -> Path:
    home = os.environ.get("BREACH_HOME", "")
    if not home or not Path(home).is_dir():
        return Path(tempfile.gettempdir())
    place = Path(home) / "tmp"
    place.mkdir(mode=0o700, exist_ok=True)
    place.chmod(0o700)
    return place


def _locked(place: Path) -> tuple[Path, int]:
    """A new folder and the lock on it. One that was swept away between its making and its lock is made again."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{OURS}{os.getpid()}-", dir=place))
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder, lock
        os.close(lock)


def _remove_left_behind(place: Path) -> None:
    for left in place.glob(f"{OURS}*"):
        try:
            known = left.lstat()
            if not stat.S_ISDIR(known.st_mode) or known.st_uid != os.geteuid():
                continue
            lock = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:  # another process has just removed it
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # its owner lives
            continue
        else:
            shutil.rmtree(left, ignore_errors=True)
        finally:
            os.close(lock)


def stream(answer: "GetObjectOutputTypeDef", target: Path, what: str) -> tuple[int, str]:
    """Write an object to a new file (0600); returns its bytes and its SHA-256.

    what: how errors name it. Raises StoreBusy when the connection breaks, BadInput when the disk is full.
    """
    digest, size = hashlib.sha256(), 0
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file, in_our_words(what):
            for part in answer["Body"].iter_chunks(PART):
                digest.update(part)
                size += file.write(part)
    except OSError as error:
        if error.errno in FULL:
            raise BadInput(
                "The disk for temporary files is full.",
                "Nothing was written to the case.",
                "Free as much space as the exports take, and run the case again; it continues where it stopped.",
            ) from None
        raise StoreBusy(f"A temporary file could not be written: {os.strerror(error.errno or 0)}.") from None
    return size, digest.hexdigest()
