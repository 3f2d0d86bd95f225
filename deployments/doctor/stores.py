"""Whether a case can be kept: each mode's store is written to, as a case would, and left as it was."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from breach.errors import BreachError, Conflict
from breach.folder_store import FolderStore
from deployments.doctor.disks import GIB, LEAST, filesystem_of, free_bytes, is_share
from deployments.doctor.finding import Finding, in_our_words, refused
from deployments.home import Home
from deployments.walls import Bucket, read_walls, s3_block
from schemas.incident import Mode

BODY = b"Written and removed by breach doctor.\n"


def look_at_stores(home: Home) -> Iterator[Finding]:
    """The store of each mode, a folder or a bucket."""
    for mode in Mode:
        name = f"store, {mode}"
        stated = read_walls(home.root).of(mode).store
        if stated:
            yield from in_our_words(name, partial(_bucket, name, stated))
        else:
            yield from look_at_folder(name, home.cases(mode))


def look_at_folder(name: str, root: Path) -> Iterator[Finding]:
    """What a folder must do for a case. Makes it when it is missing, and takes it away again."""
    try:
        with _left_as_it_was(root) as folder:
            wrong = _tried(FolderStore(folder))
    except BreachError as error:
        yield refused(name, error)
        return
    except OSError as error:
        yield Finding.wrong(
            name, f"{root} cannot be written to ({error.strerror}).", "Look at its rights and its disk."
        )
        return
    if wrong:
        yield Finding.wrong(name, wrong, "Keep the cases on a local disk of this machine.")
        return
    kind, free = filesystem_of(root), free_bytes(root)
    if free < LEAST:
        what = f"{free / GIB:.1f} GiB are free where the cases are."
        yield Finding.wrong(name, what, f"Free some space on the disk of {root}.")
        return
    place = f"on a network share ({kind}): its server's locks count, a local disk is better" if is_share(kind) else kind
    seen = f"New objects are written once, and replaced only by comparing; {place or 'the file system is not told'}"
    yield Finding.ok(name, f"{seen}; {free / GIB:.1f} GiB free.")


def _tried(store: FolderStore) -> str:
    """What the store took and must not; empty when it is sound."""
    etag = store.put_new("doctor/object", BODY)
    if _taken(lambda: store.put_new("doctor/object", b"again")):
        return "A second write of a new object was taken."
    if _taken(lambda: store.put_if("doctor/object", b"other", "0" * 64)):
        return "A replacement of another version was taken."
    store.put_if("doctor/object", BODY * 2, etag)
    held = store.get("doctor/object")
    return "" if held and held.data == BODY * 2 else "What was written could not be read back."


def _taken(write: Callable[[], str]) -> bool:
    try:
        write()
    except Conflict:
        return False
    return True


@contextmanager
def _left_as_it_was(root: Path) -> Iterator[Path]:
    """A folder for a case that is none, in a store; afterwards it is gone, and so is what was made for it."""
    made = [place for place in (root, *root.parents) if not place.exists()]
    folder = root / f".doctor-{uuid4().hex}"
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for place in made:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()


def _bucket(name: str, stated: Bucket) -> Iterator[Finding]:
    """What the bucket's own block says: versions, encryption, one writer, no strangers, the lock."""
    return (Finding.of(name, check) for check in s3_block(stated).checks())
