"""The map step: one export in, tables of findings, posts and marks out. Knows nothing of other exports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path

import pyarrow as pa

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.area_types import Marks
from breach.exposure.authors import Authors
from breach.exposure.finding_rows import Rows
from breach.exposure.kinds.registry import Profile
from breach.exposure.mentions import Mentions
from breach.exposure.metered import PACKED_ERRORS
from breach.exposure.opening import Opened, open_contents, without_name
from breach.exposure.readers.parts import Part
from breach.exposure.readers.reading import Columns, Content, Reading, columns_of, strings
from breach.exposure.scan_tables import ScanTables, open_tables
from breach.exposure.scope import Scope, slug_of
from breach.exposure.sources import Source
from breach.parquet import Column
from schemas.exposure import FileCoverage


@dataclass(frozen=True, slots=True)
class ScanJob:
    """One file to scan, and all that its result depends on besides the authors."""

    source: Path
    scope: Scope
    case_key: bytes = field(repr=False)
    folder: Path
    """Where the tables are left."""
    profile: Profile = Profile.FULL


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
    unlisted: int = 0
    """Messages in scope that a list of ids could not name."""

    @property
    def in_scope(self) -> int:
        """Messages of the file that the leak reached."""
        return sum(one.in_scope for one in self.coverage)


@dataclass(slots=True)
class Tally:
    """What was counted of one content in scope."""

    in_scope: int = 0
    parts: int = 0
    undated: int = 0
    unlisted: int = 0
    """Messages without an id of their own, which no list of ids can leave out."""


@dataclass(slots=True)
class Scanner:
    """One file's tables while they are written, and what is learned on the way."""

    job: ScanJob
    rows: Rows
    marks: Marks
    areas: set[str] = field(default_factory=set)
    seen: dict[tuple[str, ...], bool] = field(default_factory=dict)
    reached: bool = False
    exact: bool = True
    unlisted: int = 0

    def scan(self, opened: Opened) -> FileCoverage:
        """Reads one content to its end, or as far as it can be read."""
        if opened.content is None:
            self.exact = False
            return _not_read(opened)
        tally, broken = Tally(), ""
        try:
            self.read(opened.digest, opened.content, tally)
        except BadInput as error:
            broken = without_name(error, Source(self.job.source))
        except PACKED_ERRORS:
            broken = "its packed data is damaged"
        reading = opened.content.reading
        self.unlisted += tally.unlisted
        self.exact = (
            self.exact
            and reading.complete
            and not reading.unread
            and not tally.undated
            and not tally.unlisted
            and not broken
        )
        return coverage_of(opened, reading, tally, broken)

    def read(self, digest: str, content: Content, tally: Tally, part: Part | None = None) -> None:
        """Reads a content, or one part of it, into the tables."""
        for columns in _columns(content, part):
            self._take(digest, columns, tally, own_ids=content.reading.own_ids)

    def _take(self, digest: str, columns: Columns, tally: Tally, *, own_ids: bool) -> None:
        reached = [self._reaches(area.names) for area in columns.areas]
        self.reached = self.reached or any(reached)
        if not any(reached):
            return
        scope = self.job.scope if own_ids else replace(self.job.scope, messages=None)
        inside = _in_scope(columns, reached, scope)
        tally.unlisted += len(inside.ids) if self.job.scope.messages is not None and not own_ids else 0
        tally.in_scope += len(inside.ids)
        tally.undated += inside.written.count(None)
        tally.parts += sum(inside.parts)
        self.rows.add(digest, inside.ids, inside.authors, inside.texts)
        self.marks.add(inside.areas, inside.ids, inside.authors)

    def _reaches(self, names: tuple[str, ...]) -> bool:
        """Whether the leak reached an area; asked once for each."""
        if names not in self.seen:
            self.areas.update(slug for name in names if (slug := slug_of(name)))
            self.seen[names] = self.job.scope.reaches_area(*names)
        return self.seen[names]


def scan(job: ScanJob, authors: Authors, mentions: Mentions | None = None) -> ScanResult:
    """Scans one content file, or each file of a zip. Memory is bounded by one batch and one row group of findings.

    A file that cannot be read, or only up to a place, is no error: its coverage says so.
    """
    before = stamp_of(job.source)
    digest = digest_file(job.source)
    with open_tables(job.folder, digest) as tables:
        scanner = scanner_of(job, tables, authors, mentions)
        coverage = [scanner.scan(opened) for opened in open_contents(job.source, digest)]
        scanner.rows.flush()
    if stamp_of(job.source) != before:
        scanner.exact = False
        coverage = [_changed(one) for one in coverage]
    return ScanResult(
        digest=digest,
        coverage=tuple(coverage),
        findings=tables.files.findings,
        posts=tables.files.posts,
        marks=tables.files.marks,
        found=tables.findings.written,
        areas=tuple(sorted(scanner.areas)),
        # A file in which no area was seen cannot be proven to lie outside.
        area_reached=scanner.reached or not scanner.areas,
        counted_exactly=scanner.exact,
        unlisted=scanner.unlisted,
    )


def scanner_of(job: ScanJob, tables: ScanTables, authors: Authors, mentions: Mentions | None) -> Scanner:
    """The scanner that fills these tables."""
    rows = Rows(
        tables.findings,
        tables.posts,
        case_key=job.case_key,
        authors=authors,
        profile=job.profile,
        mentions=mentions,
    )
    return Scanner(job, rows, Marks(job.scope, tables.marks))


def stamp_of(path: Path) -> tuple[int, int, int]:
    """What tells that a file was changed while it was read."""
    seen = path.stat()
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def _columns(content: Content, part: Part | None) -> Iterator[Columns]:
    """What was written, column by column, by every reader."""
    told = getattr(content, "in_columns", None)
    if part is not None:
        yield from content.in_columns(part)  # type: ignore[attr-defined]  # it offered the part
    elif told is not None:
        yield from told()
    else:
        yield from (columns_of(area, posts) for area, posts in content.posts())


def _in_scope(columns: Columns, reached: Sequence[bool], scope: Scope) -> Columns:
    """The posts that the leak reached. Reached: by area, one for all or one a post."""
    everywhere = all(reached)
    if everywhere and scope.until is None and scope.messages is None:
        return columns
    keep = [scope.reaches_time(written) for written in columns.written]
    if scope.messages is not None:
        keep = [one and scope.reaches_message(record) for one, record in zip(keep, strings(columns.ids), strict=True)]
    if not everywhere:
        keep = [one and here for one, here in zip(keep, reached, strict=True)]
    return Columns(
        columns.areas if len(columns.areas) == 1 else list(compress(columns.areas, keep)),
        _kept(columns.ids, keep),
        _kept(columns.authors, keep),
        list(compress(columns.written, keep)),
        _kept(columns.texts, keep),
        list(compress(columns.parts, keep)),
    )


def _kept(cells: Column | Sequence[str], keep: Sequence[bool]) -> Column | list[str]:
    return cells.filter(pa.array(keep)) if isinstance(cells, pa.Array) else list(compress(cells, keep))


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


def coverage_of(opened: Opened, reading: Reading, tally: Tally, broken: str) -> FileCoverage:
    """The line of one content in the coverage. Broken: why it could not be read on; '' when it could."""
    said = [broken] if broken else []
    if not reading.complete and not broken:
        said.append("the export is incomplete: it does not close as it should; what could be read was read")
    if reading.unread:
        said.append(f"{reading.unread} entries are no readable message")
    if tally.undated:
        said.append(f"{tally.undated} messages have no readable time and count as in scope")
    if tally.unlisted:
        said.append(f"{tally.unlisted} messages have no id that a list could name, so all of them count as in scope")
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
