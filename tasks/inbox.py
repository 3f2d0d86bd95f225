"""The exports that the facts name: files of the inbox folder, or objects of the bucket that is its inbox."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from breach.digest import digest_file
from breach.errors import BadInput, StoreBusy
from breach.intake import inbox_path, inside_inbox
from breach.store import get_record
from schemas.evidence import ORIGINS, Origin
from schemas.incident import IncidentFacts
from tasks.desk import Desk

if TYPE_CHECKING:
    from blocks.s3_inbox import S3Inbox

IN_A_BUCKET = "s3://"
FOLDER = "/"
HIDDEN = "."


@dataclass(frozen=True, slots=True)
class Exports:
    """The exports as custody entries call them, and what each is now."""

    names: tuple[str, ...]
    digests: dict[str, str]
    """Name -> SHA-256 of its bytes: the same whether it lies in the inbox still, or in the case alone."""
    fetched: dict[str, Path]
    """What had to be fetched to know its digest, by name."""


def said_names(desk: Desk, incident: IncidentFacts) -> list[str]:
    """The files as the facts name them, the roster first, lists of ids last: in the inbox, or as `s3://bucket/key`.

    A name that ends in `/` stands for everything below it. Asks no bucket. Raises BadInput for one outside the inbox.
    """
    return [
        said_name(desk, name) for name in (incident.roster_export, *incident.content_exports, *incident.narrowing.lists)
    ]


def said_name(desk: Desk, name: str) -> str:
    """One name as custody entries call it. Raises BadInput for one outside the inbox."""
    if _is_far(name):
        return name
    inbox = Path(desk.root.inbox)
    inner = inside_inbox(inbox, name).relative_to(inbox.resolve()).as_posix()
    return inner + FOLDER if name.endswith(FOLDER) else inner


def names_of(desk: Desk, incident: IncidentFacts) -> list[str]:
    """The same, to be read now: BadInput also for a member list that is a folder, and for a bucket not connected."""
    names = said_names(desk, incident)
    if any(name.endswith(FOLDER) for name in (incident.roster_export, *incident.narrowing.lists)):
        raise BadInput(
            "The member list, or a list of ids, is named as a folder, and it is one file.",
            "Nothing was read and nothing was sent.",
            "Give the name of the file itself, and the folder with the other exports.",
        )
    for name in names:
        if _is_far(name):
            _bucket(desk).refuse_outside(name)
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


@contextmanager
def exports_of(desk: Desk, names: Sequence[str], kept: dict[str, str]) -> Iterator[Exports]:
    """What each export is now. kept: name -> digest of what is preserved already.

    A version is always the digest of its bytes, never the bucket's ETag: so an export that was preserved and removed
    is the version that was preserved, and a tidied inbox stops nobody. The origins in the case say which bytes an ETag
    stands for; an object whose ETag they do not know is fetched at once, and its origin is written. What was fetched
    is gone again afterwards. Raises BadInput for what is not there and was not preserved, StoreBusy.
    """
    known = _Known(desk, kept)
    digests = {name: known.digest(name) for name in dict.fromkeys(names)}
    with _fetched(desk, [name for name, digest in digests.items() if not digest]) as fetched:
        digests |= {name: origin.digest for name, (_, origin) in fetched.items()}
        yield Exports(tuple(names), digests, {name: path for name, (path, _) in fetched.items()})


@contextmanager
def as_files(desk: Desk, exports: Exports, kept: dict[str, str]) -> Iterator[list[Path]]:
    """The exports as files, in the order of their names; what came from a bucket is gone again afterwards.

    What the case holds already is read from the case. Raises StoreBusy when an object has been replaced since
    exports_of: the next try finds it as it is then.
    """
    inbox = Path(desk.root.inbox)
    paths = dict(exports.fetched)
    far = [name for name in exports.digests if name not in paths and _must_be_brought(inbox, name)]
    held = [name for name in far if kept.get(name) == exports.digests[name]]
    with ExitStack() as copies:
        if held:
            keys = [f"evidence/{kept[name]}" for name in held]
            folder = copies.enter_context(desk.root.store().files(desk.ref.case_id, keys))
            paths |= {name: folder / key for name, key in zip(held, keys, strict=True)}
        again = copies.enter_context(_fetched(desk, [name for name in far if name not in held and _is_far(name)]))
        if replaced := sum(origin.digest != exports.digests[name] for name, (_, origin) in again.items()):
            raise StoreBusy(
                f"{replaced} exports in the bucket were replaced while they were being taken.",
                "What was taken before is kept; nothing was sent.",
                "Start the case again; it takes what lies there then.",
            )
        paths |= {name: path for name, (path, _) in again.items()}
        yield [paths.get(name) or inside_inbox(inbox, name) for name in exports.names]


class _Known:
    """Whose bytes are known without fetching anything."""

    def __init__(self, desk: Desk, kept: dict[str, str]) -> None:
        self._desk, self._kept = desk, kept
        self._origins: dict[tuple[str, str], set[str]] | None = None

    def digest(self, name: str) -> str:
        """The digest of an export as it is now, or as it was preserved when it is gone; empty when nobody knows."""
        if not _is_far(name):
            inbox = Path(self._desk.root.inbox)
            if name in self._kept and not inside_inbox(inbox, name).exists():
                return self._kept[name]
            return digest_file(inbox_path(inbox, name))
        etag = _bucket(self._desk).etag(name)
        if etag is None:
            return self._kept.get(name, "")
        digests = self._read_before().get((name, etag), set())
        return min(digests) if len(digests) == 1 else ""

    def _read_before(self) -> dict[tuple[str, str], set[str]]:
        """(name, ETag) -> digests of the bytes that were read under them. One, unless a bucket repeats its ETags."""
        if self._origins is None:
            self._origins = {}
            for key in self._desk.store.keys(ORIGINS):
                origin = get_record(self._desk.store, key, Origin)
                self._origins.setdefault((origin.name, origin.etag), set()).add(origin.digest)
        return self._origins


@contextmanager
def _fetched(desk: Desk, names: Sequence[str]) -> Iterator[dict[str, tuple[Path, Origin]]]:
    """Objects of the bucket as files, their origins written into the case."""
    if not names:
        yield {}
        return
    bucket = _bucket(desk)
    with bucket.fetched(names) as fetched:
        for _, origin in fetched:
            bucket.record(desk.store, origin)
        yield {origin.name: (path, origin) for path, origin in fetched}


def _is_far(name: str) -> bool:
    return name.startswith(IN_A_BUCKET)


def _must_be_brought(inbox: Path, name: str) -> bool:
    return _is_far(name) or not inside_inbox(inbox, name).exists()


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
    if _is_far(name):
        return _bucket(desk).names_below(name)
    inbox = Path(desk.root.inbox).resolve()
    folder = inside_inbox(inbox, name)
    found = (path for path in folder.rglob("*") if path.is_file() and not _hidden(path.relative_to(folder)))
    # A link below the folder may lead anywhere: only what really lies in the inbox is an export.
    return [path.relative_to(inbox).as_posix() for path in found if path.resolve().is_relative_to(inbox)]


def _hidden(path: Path) -> bool:
    return any(part.startswith(HIDDEN) for part in path.parts)
