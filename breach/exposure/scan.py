"""The map step: one export in, one table of findings and one of posts out. Knows nothing of other exports."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from breach.digest import digest_file
from breach.exposure.detect import detect
from breach.exposure.naming import mask, value_hash
from breach.exposure.readers.chat_exporter import ChatExport, Message
from breach.exposure.recognise import Format
from breach.exposure.scope import Scope, slug_of
from breach.exposure.tables import FINDINGS, POSTS, TableWriter
from breach.parquet import read_parquet
from schemas.exposure import FileCoverage


@dataclass(frozen=True, slots=True)
class Author:
    """A member as authors are looked up: by the platform's id."""

    member_id: str
    region: str | None


Authors = dict[str, Author]


@dataclass(frozen=True, slots=True)
class ScanJob:
    """One file to scan, and all that its result depends on besides the authors."""

    source: Path
    scope: Scope
    case_key: bytes = field(repr=False)
    folder: Path
    """Where the two tables are left."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What one file came to. Tables lie at `findings` and `posts`."""

    coverage: FileCoverage
    findings: Path
    posts: Path
    found: int
    areas: tuple[str, ...]
    """Slugs and id by which the facts may name the channel."""
    area_reached: bool
    counted_exactly: bool
    """Every message of the file was read, with its time; attachments do not matter here."""


@dataclass(slots=True)
class _Tally:
    messages: int = 0
    in_scope: int = 0
    parts: int = 0
    undated: int = 0


def scan(job: ScanJob, authors: Authors) -> ScanResult:
    """Scans one chat export. Memory is bounded by one chunk of the file and one row group of findings.

    Raises BadInput for a file that cannot be read at all; one that is cut off is read up to the cut, and said so.
    """
    digest = digest_file(job.source)
    export = ChatExport(job.source)
    channel = export.channel
    names = tuple(name for name in (channel.name, channel.category, channel.id) if name)
    reached = job.scope.reaches_area(*names)
    findings, posts = job.folder / f"{digest}-findings.parquet", job.folder / f"{digest}-posts.parquet"
    tally = _Tally()
    with TableWriter(findings, FINDINGS) as table, TableWriter(posts, POSTS) as written:
        for batch in export.batches():
            tally.messages += len(batch)
            if reached:
                inside = _in_scope(batch, job.scope, tally)
                for message in inside:
                    written.add({"record": message.id, "author_id": message.author.id})
                _scan_batch(inside, digest, job.case_key, authors, table)
    return ScanResult(
        coverage=_coverage(digest, export, tally),
        findings=findings,
        posts=posts,
        found=table.written,
        areas=tuple(slug_of(name) for name in names),
        area_reached=reached,
        counted_exactly=export.reading.complete and not export.reading.unread and not tally.undated,
    )


def load_authors(table: Path) -> Authors:
    """The lookup of authors from a Parquet table of author_id, member_id, region ('' when unknown)."""
    columns = read_parquet(table.read_bytes()).to_pydict()
    return {
        author_id: Author(member_id, region or None)
        for author_id, member_id, region in zip(
            columns["author_id"], columns["member_id"], columns["region"], strict=True
        )
    }


def _in_scope(batch: list[Message], scope: Scope, tally: _Tally) -> list[Message]:
    inside = []
    for message in batch:
        written = _moment(message.timestamp)
        if not scope.reaches_time(written):
            continue
        tally.undated += written is None
        tally.in_scope += 1
        tally.parts += message.unread_parts
        inside.append(message)
    return inside


def _moment(text: str) -> datetime | None:
    """A moment with its zone; None for anything else, which then counts as in scope."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _scan_batch(messages: list[Message], digest: str, case_key: bytes, authors: Authors, table: TableWriter) -> None:
    nobody = Author("", None)
    known = [authors.get(message.author.id, nobody) for message in messages]
    texts = [message.content or "" for message in messages]
    for number, value in detect(texts, lambda at: known[at].region):
        table.add(
            {
                "file_digest": digest,
                "record": messages[number].id,
                "member_id": known[number].member_id,
                "author_id": messages[number].author.id,
                "type": value.type.value,
                "start": value.start,
                "end": value.end,
                "confidence": value.confidence,
                "validator": value.validator,
                "masked": mask(texts[number][value.start : value.end]),
                "value_hash": value_hash(case_key, value.type, value.normal),
            }
        )


def _coverage(digest: str, export: ChatExport, tally: _Tally) -> FileCoverage:
    reading = export.reading
    said = []
    if not reading.complete:
        said.append("the export is incomplete: it does not close as it should; what could be read was read")
    if reading.unread:
        said.append(f"{reading.unread} entries are no readable message")
    if tally.undated:
        said.append(f"{tally.undated} messages have no readable time and count as in scope")
    if tally.parts:
        said.append(f"{tally.parts} attachments, embeds or forwarded messages were counted, not read")
    return FileCoverage(
        digest=digest,
        kind=Format.CHAT_EXPORTER.value,
        scanned="partly" if said else "fully",
        reason="; ".join(said),
        records=tally.messages + reading.unread,
        in_scope=tally.in_scope,
        not_scanned=tally.parts,
    )
