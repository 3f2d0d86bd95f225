"""One measurement in a process of its own: `python -m benchmarks.scanning.worker JOB.json` writes its answer beside it.

The clock runs from the first call to the last result; imports, the sample's reading and warm-up are outside.
"""

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.scanning.machine import children_seconds, peak_bytes, pin
from benchmarks.scanning.texts import Text, read_texts

Row = tuple[str, str, int, int, float]
"""(record, kind, start, end, score)."""


def main() -> None:
    """Runs the job named on the command line."""
    place = Path(sys.argv[1])
    job = json.loads(place.read_text(encoding="utf-8"))
    pinned = pin(job["cores"])
    task = {"files": _files, "texts": _texts, "rival": _rival, "case": _case}[job["task"]]
    answer, rows = task(job)
    children = job["cores"] if job["cores"] > 1 else 0
    answer |= {"peak_bytes": peak_bytes(children), "pinned": pinned}
    if rows is not None:
        with Path(job["hits"]).open("w", encoding="utf-8") as file:
            file.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    place.with_suffix(".answer").write_text(json.dumps(answer), encoding="utf-8")


def _timed(began: float, busy: float) -> dict[str, float | int]:
    """Processor time with that of the pool's processes, which are gone by now."""
    return {"seconds": perf_counter() - began, "cpu_seconds": process_time() + children_seconds() - busy}


def _files(job: dict[str, str]) -> tuple[dict[str, float | int], Iterable[Row] | None]:
    """Exports to tables of findings, through the public scan. What the roster's chapter hands over is there before."""
    from benchmarks.corpus.generate import open_corpus
    from benchmarks.scanning.target import Profile, named_members, read_hits, scan_exports, write_authors

    folder, profile = Path(job["scratch"]), Profile(job["profile"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    corpus, authors = open_corpus(Path(job["corpus"])), folder / "authors.parquet"
    write_authors(corpus, authors)
    exports, named = corpus.exports, named_members(corpus, profile)
    began, busy = perf_counter(), process_time()
    tables = scan_exports(exports, authors, named, folder, workers=int(job["cores"]), profile=profile)
    answer = _timed(began, busy)
    return answer, ((hit.record, hit.kind, hit.start, hit.end, 1.0) for hit in read_hits(tables))


def _texts(job: dict[str, str]) -> tuple[dict[str, float | int], Iterable[Row] | None]:
    """Detection alone, on texts in memory."""
    from benchmarks.scanning.target import Profile, detect_texts

    sample = read_texts(Path(job["sample"]))
    told = job.get("countries", "") != "unknown"
    texts, countries = [one.text for one in sample], [one.country if told else "" for one in sample]
    began, busy = perf_counter(), process_time()
    found = list(detect_texts(texts, countries, Profile(job["profile"])))
    return _timed(began, busy), _rows(sample, ((*hit, 1.0) for hit in found))


def _rival(job: dict[str, str]) -> tuple[dict[str, float | int], Iterable[Row] | None]:
    """Presidio's recognizers or Python's re, on texts in memory."""
    from benchmarks.scanning.rivals import RIVALS

    sample, rival = read_texts(Path(job["sample"])), RIVALS[job["rival"]]
    list(rival([Text("", "", "warm-up: a@example.com 4111 1111 1111 1111")]))
    began, busy = perf_counter(), process_time()
    found = list(rival(sample))
    return _timed(began, busy), _rows(sample, found)


def _case(job: dict[str, str]) -> tuple[dict[str, float | int], Iterable[Row] | None]:
    """Roster and exports to the table of members, as the two chapters of a case do it."""
    from benchmarks.corpus.generate import open_corpus
    from benchmarks.scanning.target import assess

    folder = Path(job["scratch"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    corpus = open_corpus(Path(job["corpus"]))
    began, busy = perf_counter(), process_time()
    counts = assess(corpus, folder, int(job["cores"]))
    return _timed(began, busy) | counts, None


def _rows(sample: list[Text], found: Iterable[tuple[int, str, int, int, float]]) -> Iterable[Row]:
    return ((sample[number].record, kind, start, end, score) for number, kind, start, end, score in found)


if __name__ == "__main__":
    main()
