"""Scanning many exports at once, in processes: the search holds the interpreter's lock, so threads gain nothing.

Only what a scan needs is imported here: each process of the pool imports this file anew.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from breach.errors import Transient
from breach.exposure.finding_rows import Authors
from breach.exposure.mentions import Mentions, Named
from breach.exposure.part_scan import PartJob, PartResult, digest_of, join_parts, plan_parts, scan_part
from breach.exposure.scan import ScanJob, ScanResult, load_authors, scan, stamp_of
from breach.exposure.sources import STATE

Progress = Callable[[int, int], None]
"""Told (files done, files in all)."""


def scan_all(
    jobs: list[ScanJob], authors: Path, workers: int, on_progress: Progress | None, named: Named | None = None
) -> list[ScanResult]:
    """Results ordered by the files' digests; copies of one file count once.

    Authors: a table for load_authors. Workers: processes; 1 runs here. Named: members to look for in what others
    wrote. Raises Transient when a process was ended from outside.
    """
    results: dict[str, ScanResult] = {}
    for done, result in enumerate(_results(jobs, authors, workers, named), start=1):
        results.setdefault(result.digest, result)
        if on_progress is not None:
            on_progress(done, len(jobs))
    return [results[digest] for digest in sorted(results)]


def _results(jobs: list[ScanJob], authors: Path, workers: int, named: Named | None) -> Iterator[ScanResult]:
    parts = [plan_parts(job) for job in jobs] if workers > 1 else []
    if not any(parts) and (workers <= 1 or len(jobs) <= 1):
        known, mentions = load_authors(authors), _mentions_of(named)
        yield from (scan(job, known, mentions) for job in jobs)
        return
    # spawn: a forked child would inherit locks of threads that do not exist in it.
    context = multiprocessing.get_context("spawn")
    many = min(workers, sum(max(1, len(cut)) for cut in parts))
    pool = ProcessPoolExecutor(many, context, initializer=_prepare, initargs=(authors, named))
    try:
        with pool:
            yield from _gathered(pool, jobs, parts)
    except BrokenProcessPool:
        raise Transient(
            "A scanning process ended before its file was done, most often for lack of memory.",
            STATE,
            "Run the case again; with fewer workers if it happens again.",
        ) from None


def _gathered(pool: ProcessPoolExecutor, jobs: list[ScanJob], parts: list[list[PartJob]]) -> Iterator[ScanResult]:
    """Files as they are done: those in parts when the last of these is; again in one piece when parts did not fit."""
    whole = [pool.submit(_scan_here, job) for job, cut in zip(jobs, parts, strict=True) if not cut]
    cut_up = []
    for job, cut in zip(jobs, parts, strict=True):
        if cut:
            before = stamp_of(job.source)
            cut_up.append((job, before, [pool.submit(_scan_part_here, one) for one in cut], pool.submit(digest_of, job)))
    for job, before, pending, digest in cut_up:
        done = [one.result() for one in pending]
        told = [one for one in done if one is not None]
        joined = join_parts(job, digest.result(), told, before) if len(told) == len(done) else None
        if joined is None:
            whole.append(pool.submit(_scan_here, job))
        else:
            yield joined
    for future in as_completed(whole):
        yield future.result()


_known: Authors = {}
_mentions: list[Mentions | None] = [None]
"""The authors and the names, made once in each process of the pool."""


def _prepare(authors: Path, named: Named | None) -> None:
    _known.update(load_authors(authors))
    _mentions[0] = _mentions_of(named)


def _mentions_of(named: Named | None) -> Mentions | None:
    return Mentions(named) if named is not None and named.names else None


def _scan_here(job: ScanJob) -> ScanResult:
    return scan(job, _known, _mentions[0])


def _scan_part_here(one: PartJob) -> PartResult | None:
    return scan_part(one, _known, _mentions[0])
