"""Scanning many exports at once, in processes: the search holds the interpreter's lock, so threads gain nothing.

Only what a scan needs is imported here: each process of the pool imports this file anew.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from breach.errors import Transient
from breach.exposure.scan import Authors, ScanJob, ScanResult, load_authors, scan
from breach.exposure.sources import STATE

Progress = Callable[[int, int], None]
"""Told (files done, files in all)."""


def scan_all(jobs: list[ScanJob], authors: Path, workers: int, on_progress: Progress | None) -> list[ScanResult]:
    """Results ordered by the files' digests; copies of one file count once.

    Authors: a table for load_authors. Workers: processes; 1 runs here. Raises Transient when a process was ended from
    outside.
    """
    results: dict[str, ScanResult] = {}
    for done, result in enumerate(_results(jobs, authors, workers), start=1):
        results.setdefault(result.digest, result)
        if on_progress is not None:
            on_progress(done, len(jobs))
    return [results[digest] for digest in sorted(results)]


def _results(jobs: list[ScanJob], authors: Path, workers: int) -> Iterator[ScanResult]:
    if workers <= 1 or len(jobs) <= 1:
        known = load_authors(authors)
        yield from (scan(job, known) for job in jobs)
        return
    # spawn: a forked child would inherit locks of threads that do not exist in it.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), context, initializer=_prepare, initargs=(authors,))
    try:
        with pool:
            for future in as_completed([pool.submit(_scan_here, job) for job in jobs]):
                yield future.result()
    except BrokenProcessPool:
        raise Transient(
            "A scanning process ended before its file was done, most often for lack of memory.",
            STATE,
            "Run the case again; with fewer workers if it happens again.",
        ) from None


_known: Authors = {}
"""The authors, loaded once in each process of the pool."""


def _prepare(authors: Path) -> None:
    _known.update(load_authors(authors))


def _scan_here(job: ScanJob) -> ScanResult:
    return scan(job, _known)
