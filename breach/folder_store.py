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
from breach.store import Stored

FULL = {errno.ENOSPC, errno.EDQUOT}


class FolderStore:
    """Objects of one case as files below a folder (0700/0600). Satisfies breach.store.CaseStore."""

    def __init__(self, root: Path) -> None:
        """Root: the case's own folder; made when first written to."""
        self.root = root

    def path(self, key: str) -> Path:
        """Where a key lies. Raises BadInput for a key that would leave the case's folder."""
        parts = key.split("/")
        if not key or any(part in {"", ".", ".."} for part in parts) or "\x00" in key:
            raise BadInput(f"{key!r} is not a key of a case.", "Nothing was written.")
        return self.root.joinpath(*parts)

    def put_new(self, key: str, data: bytes) -> str:
        """Write an object that must not exist yet; a reader sees all of it or none."""
        target = self.path(key)
        with _written_beside(target, data) as fresh:
            try:
                os.link(fresh, target)
            except FileExistsError:
                raise Conflict(f"{key} exists already.", "It was left as it was.") from None
        _sync_folder(target.parent)
        return digest_bytes(data)

    def put_if(self, key: str, data: bytes, etag: str) -> str:
        """Replace exactly the version named; writers of one key queue on a lock file."""
        target = self.path(key)
        with _lock(target), _written_beside(target, data) as fresh:
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
        found = (path for path in self.root.rglob("*") if path.is_file() and not path.name.startswith("."))
        names = (path.relative_to(self.root).as_posix() for path in found)
        return sorted(name for name in names if name.startswith(prefix))


@contextmanager
def _written_beside(target: Path, data: bytes) -> Iterator[Path]:
    """A synced temporary file in the target's folder, gone afterwards whatever happens."""
    fresh: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
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
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (target.parent / f".lock-{target.name}").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
