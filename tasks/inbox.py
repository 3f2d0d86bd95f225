"""The exports that the facts name: files of the inbox folder, or objects of the bucket that is its inbox."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from breach.digest import digest_file
from breach.errors import BadInput
from breach.intake import inbox_path, inside_inbox
from breach.store import get_record
from schemas.evidence import ORIGINS, Origin
from schemas.incident import IncidentFacts
from tasks.desk import Desk

if TYPE_CHECKING:
    from blocks.s3_inbox import S3Inbox

IN_A_BUCKET = "s3://"
FOLDER = "/"


@dataclass(frozen=True, slots=True)
class Named:
    """One export as custody entries call it, and what tells this version of it from another."""

    name: str
    version: str
    """A file's SHA-256, or the bucket's ETag: an object that has not changed is not read again."""


def names_of(desk: Desk, incident: IncidentFacts) -> list[str]:
    """The exports as the facts name them, the roster first: relative to the inbox, or as `s3://bucket/key`.

    A name that ends in `/` stands for everything below it. Raises BadInput for one that lies outside the inbox, or in
    a bucket when none is connected.
    """
    inbox = Path(desk.root.inbox)
    names: list[str] = []
    for name in (incident.roster_export, *incident.content_exports):
        if name.startswith(IN_A_BUCKET):
            _bucket(desk).refuse_outside(name)
            names.append(name)
        else:
            inner = inside_inbox(inbox, name).relative_to(inbox.resolve()).as_posix()
            names.append(inner + FOLDER if name.endswith(FOLDER) else inner)
    return names


def files_of(desk: Desk, names: Sequence[str], kept: Iterable[str]) -> list[str]:
    """The same with everything below a folder or a prefix in its place, sorted: what is there, and what was preserved.

    kept: names of what is preserved already. Raises BadInput for a folder in which there is and was nothing.
    """
    files: list[str] = []
    for name in names:
        found = {*_below(desk, name), *below(name, kept)} if name.endswith(FOLDER) else {name}
        if not found:
            raise BadInput(
                "A folder of exports that the facts name is empty, or is not there.",
                "Nothing was read and nothing was sent; the case is kept.",
                "Put the exports into it, or correct its name with record-fact, and start the case again.",
            )
        files += sorted(found)
    return files


def below(name: str, kept: Iterable[str]) -> list[str]:
    """What is preserved under a name: itself, or everything below it."""
    return sorted(one for one in kept if one.startswith(name)) if name.endswith(FOLDER) else [name]


def versions(desk: Desk, names: Sequence[str], kept: dict[str, str]) -> list[Named]:
    """Which version of each export is there. kept: name -> digest of what is preserved already.

    An export that was preserved and is gone since is the version that was preserved: a tidied inbox stops nobody.
    """
    return [Named(name, _in_bucket(desk, name, kept) or _in_folder(desk, name, kept)) for name in names]


@contextmanager
def as_files(desk: Desk, names: Sequence[str]) -> Iterator[list[Path]]:
    """The exports as files, in the order of their names; what came from a bucket is gone again afterwards."""
    inbox = Path(desk.root.inbox)
    far = [name for name in names if name.startswith(IN_A_BUCKET)]
    if not far:
        yield [inside_inbox(inbox, name) for name in names]
        return
    bucket = _bucket(desk)
    with bucket.fetched(far) as fetched:
        for _, origin in fetched:
            bucket.record(desk.store, origin)
        paths = {origin.name: path for path, origin in fetched}
        yield [paths[name] if name in paths else inside_inbox(inbox, name) for name in names]


def _bucket(desk: Desk) -> "S3Inbox":
    inbox = desk.root.bucket_inbox()
    if inbox is None:
        raise BadInput(
            "An export is named in a bucket, and no bucket is connected.",
            "No export was read and nothing was sent.",
            "Make a block 'Inbox (S3)' and name it in the case root, or copy the file into the inbox folder.",
        )
    return inbox


def _below(desk: Desk, name: str) -> list[str]:
    if name.startswith(IN_A_BUCKET):
        return _bucket(desk).names_below(name)
    inbox = Path(desk.root.inbox).resolve()
    found = (path for path in inside_inbox(inbox, name).rglob("*") if path.is_file() and not path.name.startswith("."))
    # A link below the folder may lead anywhere: only what really lies in the inbox is an export.
    return [path.relative_to(inbox).as_posix() for path in found if path.resolve().is_relative_to(inbox)]


def _in_bucket(desk: Desk, name: str, kept: dict[str, str]) -> str:
    if not name.startswith(IN_A_BUCKET):
        return ""
    found = _bucket(desk).etag(name)
    if found is not None or name not in kept:
        return found or "not there"
    origins = (get_record(desk.store, key, Origin) for key in desk.store.keys(ORIGINS))
    return next((one.etag for one in origins if (one.name, one.digest) == (name, kept[name])), "not there")


def _in_folder(desk: Desk, name: str, kept: dict[str, str]) -> str:
    inbox = Path(desk.root.inbox)
    if name in kept and not inside_inbox(inbox, name).exists():
        return kept[name]
    return digest_file(inbox_path(inbox, name))
