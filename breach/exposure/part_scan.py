"""One large file by several processes: the map step on a part, and the parts put together again.

What comes out is the same, byte for byte, as of the file in one piece. A part that meets anything unusual says so, and
the file is then read in one piece after all: what is said of a damaged file does not depend on the workers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.finding_rows import Authors, Rows
from breach.exposure.mentions import Mentions
from breach.exposure.metered import PACKED_ERRORS
from breach.exposure.opening import open_contents
from breach.exposure.readers.column_map import NeedsWhole
from breach.exposure.readers.parts import PART, Part
from breach.exposure.readers.reading import Reading
from breach.exposure.scan import ScanJob, Scanner, ScanResult, Tally, coverage_of, stamp_of
from breach.exposure.tables import FINDINGS, POSTS, TableWriter


@dataclass(frozen=True, slots=True)
class PartJob:
    """One part of a job's file."""

    job: ScanJob
    part: Part
    number: int


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one part came to: its tables as Arrow files without compression, and what was counted."""

    findings: Path
    posts: Path
    tally: Tally
    reading: Reading
    areas: tuple[str, ...]
    reached: bool


def plan_parts(job: ScanJob) -> list[PartJob]:
    """The parts of a plain file that is worth it; none for any other. The same whatever the number of workers."""
    try:
        if job.source.stat().st_size < 2 * PART:
            return []
        opened = list(open_contents(job.source, ""))
        parts = getattr(opened[0].content, "parts", None) if len(opened) == 1 else None
        cut: list[Part] = parts() if parts is not None and not _is_packed(job.source) else []
    except (OSError, BadInput, *PACKED_ERRORS):
        return []  # whoever scans it in one piece says why
    return [PartJob(job, part, number) for number, part in enumerate(cut)] if len(cut) > 1 else []


def scan_part(one: PartJob, authors: Authors, mentions: Mentions | None) -> PartResult | None:
    """The map step on one part; None when it must be read in one piece with the others."""
    job, tally = one.job, Tally()
    findings, posts = (job.folder / f"part-{one.number:05d}-{name}.arrow" for name in ("findings", "posts"))
    with TableWriter(findings, FINDINGS, scratch=True) as table, TableWriter(posts, POSTS, scratch=True) as written:
        scanner = Scanner(job, Rows(table, written, job.case_key, authors, job.profile, mentions))
        try:
            [opened] = open_contents(job.source, "")
            if opened.content is None:
                return None
            scanner.read("", opened.content, tally, one.part)
            scanner.rows.flush()
        except (NeedsWhole, ValueError, OSError, BadInput, *PACKED_ERRORS):
            return None
    reading = opened.content.reading
    usual = reading.unread == 0 and (reading.complete or (one.part.last and reading.said is not None))
    areas = tuple(sorted(scanner.areas))
    return PartResult(findings, posts, tally, reading, areas, scanner.reached) if usual else None


def join_parts(job: ScanJob, digest: str, parts: Sequence[PartResult], before: tuple[int, int, int]) -> ScanResult | None:
    """The parts, in the file's order, as the result of the file; None when they do not add up to one that is whole."""
    read = sum(one.reading.messages for one in parts)
    said = parts[-1].reading.said
    if (said is not None and said != read) or any(one.reading.notes != parts[0].reading.notes for one in parts):
        return None
    if stamp_of(job.source) != before:
        return None
    findings, posts = job.folder / f"{digest}-findings.parquet", job.folder / f"{digest}-posts.parquet"
    found = _joined(findings, FINDINGS, [one.findings for one in parts], digest)
    _joined(posts, POSTS, [one.posts for one in parts], "")
    tally = Tally(*(sum(getattr(one.tally, name) for one in parts) for name in ("in_scope", "parts", "undated")))
    [opened] = open_contents(job.source, digest)
    reading = Reading(messages=read, complete=True, notes=parts[0].reading.notes)
    areas = {area for one in parts for area in one.areas}
    return ScanResult(
        digest=digest,
        coverage=(coverage_of(opened, reading, tally, ""),),
        findings=findings,
        posts=posts,
        found=found,
        areas=tuple(sorted(areas)),
        area_reached=any(one.reached for one in parts) or not areas,
        counted_exactly=not tally.undated,
    )


def _joined(target: Path, schema: pa.Schema, parts: Sequence[Path], digest: str) -> int:
    """Rows of the parts as one table of row groups that do not show where the parts were; the parts are removed."""
    with TableWriter(target, schema) as table:
        for path in parts:
            with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as held:
                for at in range(held.num_record_batches):
                    batch = held.get_batch(at)
                    columns = batch.columns
                    if digest:
                        columns[0] = pa.array([digest] * batch.num_rows, pa.string())
                    table.add_columns(columns)
            path.unlink()
    return table.written


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in {b"\x1f\x8b", b"PK", b"\xff\xfe", b"\xfe\xff"}


def digest_of(job: ScanJob) -> str:
    """The digest of a job's file."""
    return digest_file(job.source)

