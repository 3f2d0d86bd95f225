"""The map step: one export in, one table of findings and one of posts out. Knows nothing of other exports."""

from dataclasses import dataclass, field
from pathlib import Path

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.area_types import Marks
from breach.exposure.detect import detect
from breach.exposure.metered import PACKED_ERRORS
from breach.exposure.naming import mask, value_hash
from breach.exposure.opening import Opened, open_contents, without_name
from breach.exposure.readers.reading import Area, Post, Reading
from breach.exposure.scope import Scope, slug_of
from breach.exposure.sources import Source
from breach.exposure.tables import FINDINGS, MARKS, POSTS, TableWriter
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
    """What one file came to. Tables lie at `findings`, `posts` and `marks`."""

    digest: str
    coverage: tuple[FileCoverage, ...]
    """Of the file; of an archive of exports, of each file in it."""
    findings: Path
    posts: Path
    marks: Path
    found: int
    areas: tuple[str, ...]
    """Slugs and ids by which the facts may name its areas."""
    area_reached: bool
    counted_exactly: bool
    """Every message of the file was read, with its time; attachments do not matter here."""

    @property
    def in_scope(self) -> int:
        """Messages of the file that the leak reached."""
        return sum(one.in_scope for one in self.coverage)


@dataclass(slots=True)
class _Tally:
    in_scope: int = 0
    parts: int = 0
    undated: int = 0


@dataclass(slots=True)
class _Scanner:
    """One file's tables while they are written, and what is learned on the way."""

    job: ScanJob
    authors: Authors
    findings: TableWriter
    posts: TableWriter
    marks: Marks
    areas: set[str] = field(default_factory=set)
    reached: bool = False
    exact: bool = True

    def scan(self, opened: Opened) -> FileCoverage:
        """Reads one content to its end, or as far as it can be read."""
        if opened.content is None:
            self.exact = False
            return _not_read(opened)
        tally, broken = _Tally(), ""
        try:
            for area, batch in opened.content.posts():
                self._take(opened.digest, area, batch, tally)
        except BadInput as error:
            broken = without_name(error, Source(self.job.source))
        except PACKED_ERRORS:
            broken = "its packed data is damaged"
        reading = opened.content.reading
        self.exact = self.exact and reading.complete and not reading.unread and not tally.undated and not broken
        return _coverage(opened, reading, tally, broken)

    def _take(self, digest: str, area: Area, batch: list[Post], tally: _Tally) -> None:
        self.areas.update(slug for name in area.names if (slug := slug_of(name)))
        if not self.job.scope.reaches_area(*area.names):
            return
        self.reached = True
        inside = _in_scope(batch, self.job.scope, tally)
        for post in inside:
            self.posts.add({"record": post.id, "author_id": post.author_id})
        self.marks.add((area,), [post.id for post in inside], [post.author_id for post in inside])
        _scan_batch(inside, digest, self.job.case_key, self.authors, self.findings)


def scan(job: ScanJob, authors: Authors) -> ScanResult:
    """Scans one content file, or each file of a zip. Memory is bounded by one batch and one row group of findings.

    A file that cannot be read, or only up to a place, is no error: its coverage says so.
    """
    before = _stamp(job.source)
    digest = digest_file(job.source)
    findings, posts, marks = (job.folder / f"{digest}-{name}.parquet" for name in ("findings", "posts", "marks"))
    with (
        TableWriter(findings, FINDINGS) as table,
        TableWriter(posts, POSTS) as written,
        TableWriter(marks, MARKS) as marked,
    ):
        scanner = _Scanner(job, authors, table, written, Marks(job.scope, marked))
        coverage = [scanner.scan(opened) for opened in open_contents(job.source, digest)]
    if _stamp(job.source) != before:
        scanner.exact = False
        coverage = [_changed(one) for one in coverage]
    return ScanResult(
        digest=digest,
        coverage=tuple(coverage),
        findings=findings,
        posts=posts,
        marks=marks,
        found=table.written,
        areas=tuple(sorted(scanner.areas)),
        # A file in which no area was seen cannot be proven to lie outside.
        area_reached=scanner.reached or not scanner.areas,
        counted_exactly=scanner.exact,
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


def _stamp(path: Path) -> tuple[int, int, int]:
    """What tells that a file was changed while it was read."""
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def _in_scope(batch: list[Post], scope: Scope, tally: _Tally) -> list[Post]:
    inside = [post for post in batch if scope.reaches_time(post.written) and scope.reaches_message(post.id)]
    tally.in_scope += len(inside)
    for post in inside:
        tally.undated += post.written is None
        tally.parts += post.parts
    return inside


def _scan_batch(messages: list[Post], digest: str, case_key: bytes, authors: Authors, table: TableWriter) -> None:
    nobody = Author("", None)
    known = [authors.get(message.author_id, nobody) for message in messages]
    texts = [message.text for message in messages]
    for number, value in detect(texts, lambda at: known[at].region):
        table.add(
            {
                "file_digest": digest,
                "record": messages[number].id,
                "member_id": known[number].member_id,
                "author_id": messages[number].author_id,
                "type": value.type.value,
                "start": value.start,
                "end": value.end,
                "confidence": value.confidence,
                "validator": value.validator,
                "masked": mask(texts[number][value.start : value.end]),
                "value_hash": value_hash(case_key, value.type, value.normal),
            }
        )


def _not_read(opened: Opened) -> FileCoverage:
    return FileCoverage(
        digest=opened.digest,
        kind=opened.kind,
        recognised=opened.recognised,
        scanned="not",
        reason=opened.refused,
        records=0,
        in_scope=0,
    )


def _changed(coverage: FileCoverage) -> FileCoverage:
    said = "; ".join(part for part in ("the file changed while it was read", coverage.reason) if part)
    return coverage.model_copy(update={"scanned": "not" if coverage.scanned == "not" else "partly", "reason": said})


def _coverage(opened: Opened, reading: Reading, tally: _Tally, broken: str) -> FileCoverage:
    said = [broken] if broken else []
    if not reading.complete and not broken:
        said.append("the export is incomplete: it does not close as it should; what could be read was read")
    if reading.unread:
        said.append(f"{reading.unread} entries are no readable message")
    if tally.undated:
        said.append(f"{tally.undated} messages have no readable time and count as in scope")
    if tally.parts:
        said.append(f"{tally.parts} attachments, embeds or forwarded messages were counted, not read")
    if reading.unread_files:
        said.append(f"{reading.unread_files} files of the archive were counted, not read")
    said += reading.notes
    return FileCoverage(
        digest=opened.digest,
        kind=opened.kind,
        recognised=opened.recognised,
        scanned="partly" if said else "fully",
        reason="; ".join(said),
        records=reading.messages + reading.unread,
        in_scope=tally.in_scope,
        not_scanned=tally.parts + reading.unread_files,
    )
