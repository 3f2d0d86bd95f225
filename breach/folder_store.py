"""The case store as a folder: O_EXCL for new objects, compare-and-rename for replaced ones."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breach.digest import digest_bytes
from breach.errors import BadInput, Conflict, StoreBusy
from breach.store import Stored, key_parts

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WRITING = ".writing"
"""Where half-written files lie: what a kill leaves there is in nobody's folder, least of all in a dossier's."""


class FolderStore:
    """Objects of one case as files below a folder (0700/0600). Satisfies breach.store.CaseStore."""

    def __init__(self, root: Path) -> None:
        """Root: the case's own folder; made when first written to."""
        self.root = root

    def path(self, key: str) -> Path:
        """Where a key lies. Raises BadInput for a key that would leave the case's folder, or be hidden in it."""
        return self.root.joinpath(*key_parts(key))

    def put_new(self, key: str, data: bytes) -> str:
        """Write an object that must not exist yet; a reader sees all of it or none."""
        target = self.path(key)
        with _written_first(self.root, target, data) as fresh:
            try:
                os.link(fresh, target)
            except FileExistsError:
                raise Conflict(f"{key} exists already.", "It was left as it was.") from None
        _sync_folder(target.parent)
        return digest_bytes(data)

    def put_if(self, key: str, data: bytes, etag: str) -> str:
        """Replace exactly the version named; writers of one key queue on a lock file."""
        target = self.path(key)
        with _lock(target), _written_first(self.root, target, data) as fresh:
            held = self.get(key)
            if held is None or held.etag != etag:
                raise Conflict(f"{key} has changed since it was read.", "It was left as it was.", "Read it again.")
            fresh.replace(target)
        _sync_folder(target.parent)
        return digest_bytes(data)

    def get(self, key: str) -> Stored | None:
        """The object, or None when there is none."""
        try:
            data = self.path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreBusy(f"The case store could not read {key}: {os.strerror(error.errno or 0)}.") from None
        return Stored(data, digest_bytes(data))

    def keys(self, prefix: str) -> list[str]:
        """Keys below a prefix, sorted; temporary and lock files are not objects."""
        folder, _, _ = prefix.rpartition("/")
        found: list[str] = []
        # Only the folder the prefix names is walked: the chronology asks for its end at every entry.
        for place, folders, files in os.walk(self.path(folder) if folder else self.root, onerror=_unlisted):
            folders[:] = [name for name in folders if not name.startswith(".")]
            below = Path(place).relative_to(self.root)
            found += [(below / name).as_posix() for name in files if not name.startswith(".")]
        return sorted(key for key in found if key.startswith(prefix))


@contextmanager
def _written_first(root: Path, target: Path, data: bytes) -> Iterator[Path]:
    """A synced temporary file in the same case, gone afterwards unless the process was killed."""
    fresh: Path | None = None
    try:
        _make_folder(target.parent)
        _make_folder(root / WRITING)
        handle, name = tempfile.mkstemp(dir=root / WRITING)
        fresh = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    except OSError as error:
        raise _translated(error) from None
    finally:
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def _unlisted(error: OSError) -> None:
    """A folder that is not there has no keys; one that cannot be listed must not pass for empty."""
    if error.errno not in {errno.ENOENT, errno.ENOTDIR}:
        raise StoreBusy(f"The case store could not list its objects: {os.strerror(error.errno or 0)}.")


def _translated(error: OSError) -> BadInput | StoreBusy:
    if error.errno in FULL:
        return BadInput(
            "The disk of the case store is full.",
            "What was written before is kept; nothing was sent by this step.",
            "Free some space and run the case again; it continues where it stopped.",
        )
    return StoreBusy(f"The case store could not write: {os.strerror(error.errno or 0)}.")


@contextmanager
def _lock(target: Path) -> Iterator[None]:
    _make_folder(target.parent)
    handle = os.open(target.parent / f".lock-{target.name}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_folder(folder: Path) -> None:
    """Every level 0700 and durable: mkdir(parents=True) would leave the upper ones open to the umask."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
