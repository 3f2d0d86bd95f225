"""A look at exports before there is a case: what they are, what can be read of them, how much is in them."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.columns import Role, classify
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.opening import CONTENTS, MEMBERS_ONLY, TABLES, open_roster, without_name
from breach.exposure.pool import Progress, scan_all
from breach.exposure.readers.table_content import sample_of
from breach.exposure.recognise import Format, recognise
from breach.exposure.scan import ScanJob, ScanResult
from breach.exposure.scope import Scope
from breach.exposure.sources import Source, check_source
from breach.exposure.tables import AUTHORS, TableWriter
from breach.parquet import read_parquet
from schemas.exposure import DataType, FileCoverage, FileReport, ScanReport

EVERYTHING = Scope(frozenset(), None, profiles=True)


def survey(
    paths: Sequence[Path],
    workers: int,
    *,
    known: Mapping[str, FileReport] | None = None,
    on_progress: Progress | None = None,
) -> ScanReport:
    """Reads every file, those in folders included, with everything in scope. Nothing is kept.

    Known: reports of files by their digest, which are then not read again. Raises BadInput for a path that is not
    there, and when there is no file at all.
    """
    files = files_in(paths)
    if not files:
        raise BadInput("There is no file in what was named.", STATE, "Name the exports, or a folder that holds them.")
    return total(survey_files(files, workers, known=known, on_progress=on_progress))


def survey_files(
    files: Sequence[Path],
    workers: int,
    *,
    known: Mapping[str, FileReport] | None = None,
    on_progress: Progress | None = None,
) -> list[FileReport]:
    """One report for each distinct file, ordered by digest; those that are known come as they were."""
    for file in files:
        check_source(file)
    held = known or {}
    digests = {digest_file(file): file for file in reversed(files)}
    new = [file for digest, file in digests.items() if digest not in held]
    uses = {file: _uses(file) for file in new}
    lists = {digest: _read_list(file) for digest, file in digests.items() if file in uses and uses[file][0]}
    scans = {
        one.digest: (one, kinds) for one, kinds in _scan([file for file in new if uses[file][1]], workers, on_progress)
    }
    return [held[digest] if digest in held else _report(digest, lists, scans) for digest in sorted(digests)]


def _report(
    digest: str, lists: Mapping[str, FileCoverage], scans: Mapping[str, tuple[ScanResult, Counter[str]]]
) -> FileReport:
    scan, kinds = scans.get(digest, (None, Counter()))
    lines = [line for line in scan.coverage if line.reason != MEMBERS_ONLY] if scan is not None else []
    listed = [lists[digest]] if digest in lists else []
    return FileReport(
        digest=digest,
        coverage=(*listed, *lines),
        members=sum(line.records for line in listed),
        messages=sum(line.records for line in lines),
        findings={kind: kinds[kind.value] for kind in DataType if kinds[kind.value]},
    )


def total(reports: Sequence[FileReport]) -> ScanReport:
    """All files together."""
    found: Counter[DataType] = sum((Counter(one.findings) for one in reports), Counter())
    lines = [line for one in reports for line in one.coverage]
    return ScanReport(
        coverage=tuple(sorted(lines, key=lambda line: (line.digest, line.kind, line.reason))),
        members=sum(one.members for one in reports),
        messages=sum(one.messages for one in reports),
        findings={kind: found[kind] for kind in DataType if found[kind]},
        complete=all(line.scanned == "fully" for line in lines),
    )


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and all below the folders that are."""
    found = []
    for path in paths:
        found += sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return found


def _uses(file: Path) -> tuple[bool, bool]:
    """Whether a file is read as a member list, and whether as messages. What is not recognised goes to the scan."""
    try:
        form = recognise(file).format
    except BadInput:
        return False, True
    if form in TABLES:
        is_messages = "a table of messages" in recognise(file).reason
        return not is_messages, is_messages
    as_content = form in CONTENTS or form is Format.PARTS
    try:
        open_roster(file)
    except BadInput:
        return False, as_content
    return True, as_content


def _read_list(file: Path) -> FileCoverage:
    """Counts the members of a list that was recognised, and says how far it could be read."""
    recognised, roster = open_roster(file)
    read, broken = 0, ""
    columns = classify(roster.header, sample_of(roster))
    try:
        for _ in roster.rows():
            read += 1
    except BadInput as error:
        broken = without_name(error, Source(file))
    except PACKED_ERRORS:
        broken = "its packed data is damaged"
    said = [broken] if broken else []
    said += roster.notes
    if not any(column.role in {Role.EMAIL, Role.OTHER_EMAILS} for column in columns):
        said.append("no column holds addresses")
    return FileCoverage(
        digest=digest_file(file),
        kind=recognised.format.value,
        recognised=recognised.reason,
        scanned="partly" if said else "fully",
        reason="; ".join(said),
        records=read,
        in_scope=read,
    )


def _scan(files: list[Path], workers: int, on_progress: Progress | None) -> list[tuple[ScanResult, Counter[str]]]:
    """Results with the number of findings by type. The key of their hashes is thrown away with them."""
    with TemporaryDirectory(prefix="breach-scan-") as name:
        scratch = Path(name)
        with TableWriter(scratch / "authors.parquet", AUTHORS):
            pass
        jobs = []
        key = secrets.token_bytes(32)
        for number, file in enumerate(files):
            folder = scratch / f"{number:05d}"
            folder.mkdir()
            jobs.append(ScanJob(file, EVERYTHING, key, folder))
        scans = scan_all(jobs, scratch / "authors.parquet", workers, on_progress)
        return [
            (one, Counter(map(str, read_parquet(one.findings.read_bytes(), ["type"])["type"].to_pylist())))
            for one in scans
        ]
