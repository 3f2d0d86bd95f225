"""One large file by several processes: the map step on a part, and the parts put together again.

What comes out is the same, byte for byte, as of the file in one piece. A part that meets anything unusual says so, and
the file is then read in one piece after all: what is said of a damaged file does not depend on the workers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.authors import Authors
from breach.exposure.mentions import Mentions
from breach.exposure.metered import PACKED_ERRORS
from breach.exposure.opening import open_contents
from breach.exposure.readers.column_map import NeedsWhole
from breach.exposure.readers.parts import PART, Part
from breach.exposure.readers.reading import Reading
from breach.exposure.scan import ScanJob, ScanResult, Tally, coverage_of, scanner_of, stamp_of
from breach.exposure.scan_tables import TableFiles, open_tables
from breach.exposure.tables import TableWriter


@dataclass(frozen=True, slots=True)
class PartJob:
    """One part of a job's file."""

    job: ScanJob
    part: Part
    number: int


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one part came to: its tables as Arrow files without compression, and what was counted."""

    files: TableFiles
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
    with open_tables(job.folder, f"part-{one.number:05d}", scratch=True) as tables:
        scanner = scanner_of(job, tables, authors, mentions)
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
    return PartResult(tables.files, tally, reading, areas, scanner.reached) if usual else None


def join_parts(
    job: ScanJob, digest: str, told: Iterable[PartResult | None], before: tuple[int, int, int]
) -> ScanResult | None:
    """The parts, in the file's order, as the result of the file; None when they do not add up to one that is whole.

    Told: taken up one by one, so that the tables grow while later parts are still read.
    """
    parts: list[PartResult] = []
    with open_tables(job.folder, digest) as tables:
        for one in told:
            if one is None or (parts and one.reading.notes != parts[0].reading.notes):
                return None
            _append(tables.findings, one.files.findings, digest)
            _append(tables.posts, one.files.posts, "")
            _append(tables.marks, one.files.marks, "")
            parts.append(one)
    read = sum(one.reading.messages for one in parts)
    said = parts[-1].reading.said
    if (said is not None and said != read) or stamp_of(job.source) != before:
        return None
    tally = Tally(*(sum(getattr(one.tally, name) for one in parts) for name in Tally.__slots__))
    [opened] = open_contents(job.source, digest)
    reading = Reading(messages=read, complete=True, notes=parts[0].reading.notes)
    areas = {area for one in parts for area in one.areas}
    return ScanResult(
        digest=digest,
        coverage=(coverage_of(opened, reading, tally, ""),),
        findings=tables.files.findings,
        posts=tables.files.posts,
        marks=tables.files.marks,
        found=tables.findings.written,
        areas=tuple(sorted(areas)),
        area_reached=any(one.reached for one in parts) or not areas,
        counted_exactly=not tally.undated and not tally.unlisted,
        unlisted=tally.unlisted,
    )


def _append(table: TableWriter, path: Path, digest: str) -> None:
    """Rows of a part, in row groups that do not show where the parts were; its file is removed."""
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_file(file) as held:
        for at in range(held.num_record_batches):
            batch = held.get_batch(at)
            columns = batch.columns
            if digest:
                columns[0] = pa.array([digest] * batch.num_rows, pa.string())
            table.add_columns(columns)
    path.unlink()


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in {b"\x1f\x8b", b"PK", b"\xff\xfe", b"\xfe\xff"}


def digest_of(job: ScanJob) -> str:
    """The digest of a job's file."""
    return digest_file(job.source)
