"""What the scan finds of what is there: `make bench-accuracy`. Exits non-zero when a goal is missed.

On the planted truth, by kind; and on sentences of presidio-evaluator's templates, beside Presidio.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.corpus.generate import SEED, Corpus, Plan, corpus_at, size_of
from benchmarks.scanning.goals import Goal
from benchmarks.scanning.judging import FIVE, Score, judge, read_hits, read_truth
from benchmarks.scanning.machine import describe
from benchmarks.scanning.measure import ROOT, Bench, Setting
from benchmarks.scanning.report import goal_table, score_json, score_table, write_report
from benchmarks.scanning.speed import REPORTS
from benchmarks.scanning.target import Profile

ENOUGH = 0.99
"""Precision and recall of every kind on the planted truth."""
PLANTED = ("email", "card", "iban", "ssn", "ip", "phone", "mac", "crypto", "secret", "national id", "handle")
LABELLED = (*FIVE, "phone")
SURE = 0.4
"""Presidio's scores reach from 0.05 to 1; from here on leaves its weakest patterns out."""
Tools = dict[str, Mapping[str, Score]]


def planted(bench: Bench, corpus: Corpus) -> dict[str, Score]:
    """The full profile on whole exports, every form counted."""
    settings: dict[str, Setting] = {"corpus": str(corpus.folder), "profile": Profile.FULL.value}
    one = bench.run("planted", "files", (corpus.file_bytes, corpus.content_bytes), settings)
    return judge(read_truth(corpus.truth), read_hits(one.hits), PLANTED)


def labelled(bench: Bench, python: Path, home: Path, count: int) -> dict[str, Tools]:
    """Scores by set and tool."""
    folder = home / "labelled"
    folder.mkdir(exist_ok=True)
    asked = json.dumps({"folder": str(folder), "count": count, "seed": SEED})
    # The package's own imports say on stderr which models it does without; that is shown only when it fails.
    command = [str(python), "-m", "benchmarks.scanning.labelled", asked]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"The labelled sentences were not made:\n{ended.stderr[-2000:]}")
    found: dict[str, Tools] = {}
    for name in ("valid", "shipped"):
        truth = list(read_truth(folder / f"{name}.tsv"))
        texts = str(folder / f"{name}.jsonl")
        sizes = (Path(texts).stat().st_size,) * 2
        full: dict[str, Setting] = {"sample": texts, "profile": Profile.FULL.value}
        ours = bench.run(f"ours {name}", "texts", sizes, full)
        alone = bench.run(f"ours {name} alone", "texts", sizes, full | {"countries": "unknown"})
        theirs = bench.run(f"presidio {name}", "rival", sizes, {"sample": texts, "rival": "presidio, with phone"})
        found[name] = {
            "ours": judge(truth, read_hits(ours.hits), LABELLED),
            "ours, country unknown": judge(truth, read_hits(alone.hits), LABELLED),
            "Presidio": judge(truth, read_hits(theirs.hits), LABELLED),
            f"Presidio from {SURE}": judge(truth, read_hits(theirs.hits, SURE), LABELLED),
        }
    return found


def planted_goals(scores: Mapping[str, Score]) -> list[Goal]:
    """Both shares of every kind."""
    goals = []
    for kind, one in scores.items():
        for name, share in (("precision", one.precision), ("recall", one.recall)):
            value = share or 0.0
            goals.append(Goal(f"{kind}: {name}", f"≥ {ENOUGH}", f"{value:.4f}", value >= ENOUGH))
    return goals


def losses(tools: Tools) -> list[str]:
    """Where Presidio's better figure is above ours, in sentences."""
    ours, theirs = tools["ours"], [scores for tool, scores in tools.items() if tool.startswith("Presidio")]
    said = []
    for kind in LABELLED:
        for name in ("precision", "recall"):
            own = getattr(ours[kind], name) or 0.0
            best = max(getattr(scores[kind], name) or 0.0 for scores in theirs)
            if best > own:
                said.append(f"- {kind}, {name}: {own:.4f}, Presidio {best:.4f}")
    return said or ["- nowhere"]


def page_of(scores: Mapping[str, Score], sets: Mapping[str, Tools], goals: list[Goal], corpus: Corpus) -> list[str]:
    """The report as Markdown."""
    missed = sum(not goal.met for goal in goals)
    lines = ["# What the scan finds of what is there", "", "Written by the benchmark; see `docs/scanning.md`.", ""]
    lines += [f"{len(goals) - missed} of {len(goals)} goals met.", "", "## Goals", "", *goal_table(goals), ""]
    lines += ["## Planted truth", "", f"{corpus.messages:,} messages, {corpus.planted:,} values. Missed, by form:", ""]
    for kind, one in scores.items():
        forms = ", ".join(f"{form} {count}" for form, count in sorted(one.missed_by_form.items()))
        lines += [f"- {kind}: {forms}"] if forms else []
    lines += ["", *score_table({"ours": scores}), ""]
    for name, tools in sets.items():
        lines += [f"## Labelled sentences, {_SETS[name]}", "", *score_table(tools), "", "Presidio is better at:", ""]
        lines += [*losses(tools), ""]
    return lines[:-1]


_SETS = {
    "valid": "with valid values",
    "shipped": "as presidio-evaluator fills them (many phones and some cards are valid nowhere)",
}


def main() -> int:
    """Runs, writes the report, and says what was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="50MB", help="of the planted corpus, as NDJSON")
    parser.add_argument("--sentences", type=int, default=8000)
    parser.add_argument("--home", type=Path, required=True, help="where corpora and scratch files lie")
    parser.add_argument("--rivals", type=Path, required=True, help="the Python that has Presidio")
    parser.add_argument("--reports", type=Path, default=REPORTS)
    asked = parser.parse_args()
    home, scratch = asked.home.absolute(), asked.home.absolute() / "scratch"
    bench = Bench(scratch, Path(sys.executable), asked.rivals.absolute(), repeat=1)
    try:
        corpus = corpus_at(Plan("ndjson", size_of(asked.size)), home / "corpora")
        scores = planted(bench, corpus)
        sets = labelled(bench, asked.rivals.absolute(), home, asked.sentences)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    goals = planted_goals(scores)
    record = {
        "machine": describe(),
        "goals": [asdict(goal) for goal in goals],
        "planted": {kind: score_json(one) for kind, one in scores.items()},
        "labelled": {
            name: {tool: {kind: score_json(one) for kind, one in kinds.items()} for tool, kinds in tools.items()}
            for name, tools in sets.items()
        },
    }
    _, text = write_report("accuracy", record, page_of(scores, sets, goals, corpus), asked.reports)
    print(text.read_text(encoding="utf-8"))
    return int(any(not goal.met for goal in goals))


if __name__ == "__main__":
    sys.exit(main())
