"""`breach scan`: exports of this machine and of a bucket, and an index by which unchanged ones are not read again."""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from pydantic import ValidationError

from breach.digest import digest_bytes
from breach.errors import BadInput
from breach.exposure.survey import files_in, survey_files, total
from schemas.base import canonical_json
from schemas.exposure import FileReport, ScanIndex, ScanReport

if TYPE_CHECKING:
    from blocks.s3_inbox import S3Inbox

CODE = "2"
"""Raised when the same file would now be reported otherwise: an older index is then of no use."""
FAR = "s3://"
AT_ONCE = 8
"""Objects that are on this machine at a time: a bucket may hold more than its disk."""
QUIET_SECONDS = 5.0
NOTHING_READ = "Nothing was read."


def scan_named(
    names: Sequence[str], workers: int, since: Path | None, on_progress: Callable[[int, int], None] | None
) -> ScanReport:
    """Files, folders and `s3://bucket/prefix/` as one report. Since: an index, read if it is there, written at the end.

    Raises BadInput for what is not there, for an index that is none, and when there is no file at all.
    """
    index = _read(since)
    near = files_in([Path(name) for name in names if not name.startswith(FAR)])
    if since is not None:  # it may lie among the exports
        near = [file for file in near if file.resolve() != since.resolve()]
    reports = {one.digest: one for one in survey_files(near, workers, known=index.files, on_progress=on_progress)}
    versions: dict[str, str] = {}
    for name in names:
        if name.startswith(FAR):
            found, tags = _scan_bucket(name, workers, index)
            reports |= {one.digest: one for one in found}
            versions |= tags
    if not reports:
        raise BadInput("There is no file in what was named.", NOTHING_READ, "Name the exports, or where they lie.")
    if since is not None:
        _write(since, ScanIndex(code=CODE, files=index.files | reports, versions=index.versions | versions))
    return total([reports[digest] for digest in sorted(reports)])


def progress_line() -> Callable[[int, int], None]:
    """Says on the error output how far the reading is, at most every five seconds."""
    said = time.monotonic()

    def say(done: int, files: int) -> None:
        nonlocal said
        if time.monotonic() - said >= QUIET_SECONDS:
            said = time.monotonic()
            typer.echo(f"{done} of {files} files are read", err=True)

    return say


def _scan_bucket(name: str, workers: int, index: ScanIndex) -> tuple[list[FileReport], dict[str, str]]:
    """Every object below a prefix, or one: those whose ETag the index knows are not even fetched."""
    bucket = _bucket(name)
    is_one = name.count("/") > 2 and not name.endswith("/") and bucket.etag(name) is not None
    objects = [name] if is_one else bucket.names_below(f"{name.rstrip('/')}/")
    reports: list[FileReport] = []
    versions: dict[str, str] = {}
    unknown = []
    for one in objects:
        tag = digest_bytes(f"{one}\n{bucket.etag(one) or ''}".encode())
        held = index.files.get(index.versions.get(tag, ""))
        if held is not None:
            reports.append(held)
            versions[tag] = held.digest
        else:
            unknown.append(one)
    for start in range(0, len(unknown), AT_ONCE):
        with bucket.fetched(unknown[start : start + AT_ONCE]) as fetched:
            reports += survey_files([path for path, _ in fetched], workers, known=index.files)
            # The tag of what was read, not of what lay there when the names were listed.
            versions |= {digest_bytes(f"{one.name}\n{one.etag}".encode()): one.digest for _, one in fetched}
        typer.echo(f"{min(start + AT_ONCE, len(unknown))} of {len(unknown)} objects are read", err=True)
    return reports, versions


def _bucket(name: str) -> "S3Inbox":
    """The bucket of a name, with the credentials that this machine's environment or profile gives."""
    from prefect_aws import AwsCredentials  # noqa: PLC0415  (seconds, for whoever names a bucket)

    from blocks.s3_inbox import S3Inbox  # noqa: PLC0415

    try:
        return S3Inbox(credentials=AwsCredentials(), bucket=name.removeprefix(FAR).split("/")[0])
    except ValidationError:
        raise BadInput(
            "A place that begins with s3:// names no bucket.", NOTHING_READ, "Write it as s3://bucket/prefix/."
        ) from None


def _read(since: Path | None) -> ScanIndex:
    if since is None or not since.exists():
        return ScanIndex(code=CODE, files={})
    try:
        index = ScanIndex.model_validate_json(since.read_bytes())
    except (OSError, ValidationError):
        raise BadInput(
            "The index is not one that 'breach scan --since' has written.",
            NOTHING_READ,
            "Name another file; it is made when it is not there.",
        ) from None
    return index if index.code == CODE else ScanIndex(code=CODE, files={})


def _write(since: Path, index: ScanIndex) -> None:
    """All of it or nothing: a scan that is stopped leaves the index before."""
    handle, fresh = tempfile.mkstemp(dir=since.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(canonical_json(index))
    Path(fresh).replace(since)
