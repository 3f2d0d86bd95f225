"""How fast the scan is, beside Presidio's recognizers and Python's re, in one run: `make bench-scan SIZE="20MB 200MB"`.

SIZE=people measures a case of a million members and ten million messages instead. Exits non-zero when a goal is missed.
"""

import argparse
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from benchmarks.corpus.exports import FORMS
from benchmarks.corpus.generate import Corpus, Plan, corpus_at, size_of
from benchmarks.corpus.messages import HIDDEN
from benchmarks.scanning.goals import (
    LONGEST_CASE,
    MOST_MEMORY,
    Goal,
    Run,
    at_most,
    goals_in_memory,
    goals_of,
    slowing,
)
from benchmarks.scanning.judging import FIVE, Score, judge, read_hits, read_truth
from benchmarks.scanning.machine import describe
from benchmarks.scanning.measure import Bench, Measured, Setting, warm
from benchmarks.scanning.report import (
    Section,
    goal_table,
    measured_json,
    rate_table,
    score_json,
    score_table,
    write_report,
)
from benchmarks.scanning.sample import Sample, make_sample
from benchmarks.scanning.target import Profile

REPORTS = Path(__file__).resolve().parents[1] / "reports"


def measure_exports(bench: Bench, corpus: Corpus, size: str, cores: tuple[int, ...]) -> Run:
    """Both profiles on each number of cores, from the export files to the tables of findings."""
    warm(corpus.exports)
    measured: dict[tuple[str, int], Measured] = {}
    scores: dict[tuple[str, int], dict[str, Score]] = {}
    truth = list(read_truth(corpus.truth))
    for profile in Profile:
        for count in cores:
            settings: dict[str, Setting] = {"corpus": str(corpus.folder), "profile": profile.value}
            name = f"ours, {profile.value}, {corpus.plan.form} of {size}"
            one = bench.run(name, "files", (corpus.file_bytes, corpus.content_bytes), settings, cores=count)
            measured[profile.value, count] = one
            scores[profile.value, count] = judge(truth, read_hits(one.hits), FIVE, HIDDEN)
            print(
                f"{name}, {count} cores: {one.rate:.4g} MB/s of the file, {one.content_rate:.4g} of the content",
                flush=True,
            )
    return Run(corpus.plan.form, size, measured, scores)


def measure_texts(bench: Bench, large: Sample, small: Sample) -> list[Measured]:
    """Everybody on texts in memory: ours on the larger sample, Presidio on the small one."""
    rows = []
    for profile in Profile:
        settings: dict[str, Setting] = {"sample": str(large.texts), "profile": profile.value}
        rows.append(bench.run(f"ours, {profile.value}, texts in memory", "texts", (large.bytes, large.bytes), settings))
    settings = {"sample": str(small.texts), "profile": Profile.FIVE.value}
    rows.append(bench.run("ours, five, Presidio's sample", "texts", (small.bytes, small.bytes), settings))
    for rival in ("python re, by message", "python re, by blob", "presidio, by message", "presidio, by blob"):
        rows.append(bench.run(rival, "rival", (small.bytes, small.bytes), {"sample": str(small.texts), "rival": rival}))
        print(f"{rival}: {rows[-1].rate:.4g} MB/s", flush=True)
    return rows


def fastest(rows: list[Measured], start: str) -> Measured:
    """Of one tool's ways the faster."""
    return max((row for row in rows if row.name.startswith(start)), key=lambda row: row.rate)


def _named(rows: list[Measured], name: str) -> Measured:
    return next(row for row in rows if row.name == name)


def measure_case(bench: Bench, plan: Plan, home: Path) -> tuple[Measured, list[Goal], Corpus]:
    """A whole case of many people, from export to the table of members, on two cores."""
    corpus = corpus_at(plan, home)
    warm([*corpus.exports, corpus.roster])
    sizes = (corpus.file_bytes + corpus.roster.stat().st_size, corpus.content_bytes)
    one = bench.run("a case, export to table of members", "case", sizes, {"corpus": str(corpus.folder)}, cores=2)
    found, members = one.counts.get("messages_in_scope", 0), corpus.plan.count_of_members
    goals = [
        at_most(
            f"{plan.members:,} members, {plan.messages:,} messages, two cores", LONGEST_CASE, one.middle, "seconds"
        ),
        at_most("memory of that", MOST_MEMORY / 1e6, one.peak_bytes / 1e6, "MB"),
        Goal("every message counted", f"{corpus.messages}", f"{found}", found == corpus.messages),
        Goal(
            "every member in the table",
            f"{members}",
            f"{one.counts.get('affected', 0)}",
            one.counts.get("affected") == members,
        ),
    ]
    return one, goals, corpus


def run_sizes(
    bench: Bench, asked: argparse.Namespace, home: Path
) -> tuple[list[Section], list[Goal], dict[str, object]]:
    """The usual run: every form and size, then everybody on texts in memory."""
    runs, corpora = [], []
    for size in asked.sizes:
        for form in asked.forms:
            corpus = corpus_at(Plan(form, size_of(size)), home / "corpora")
            corpora.append(corpus)
            runs.append(measure_exports(bench, corpus, size, asked.cores))
    plan = Plan("json", size_of("20MB"))
    large, small = (make_sample(plan, size_of(text), home) for text in (asked.texts, asked.sample))
    rows = measure_texts(bench, large, small)
    truth = list(read_truth(small.truth))
    tools = {
        name: judge(truth, read_hits(row.hits), FIVE, HIDDEN)
        for name, row in (
            ("ours", _named(rows, "ours, five, Presidio's sample")),
            ("Presidio", fastest(rows, "presidio")),
            ("re", fastest(rows, "python re")),
        )
    }
    goals = [goal for run in runs for goal in goals_of(run)] + list(slowing(runs))
    ours = {profile.value: _named(rows, f"ours, {profile.value}, texts in memory") for profile in Profile}
    goals += goals_in_memory(ours, [row for row in rows if row.name.startswith("presidio")])
    sections = [
        Section(
            "From export files to tables of findings",
            [_SAID_FILES],
            [one for run in runs for one in run.measured.values()],
        )
    ]
    sections.append(Section("Texts in memory, one core", [_SAID_TEXTS, "", *score_table(tools), ""], rows))
    record: dict[str, object] = {
        "corpora": [asdict(one.plan) | _sizes(one) for one in corpora],
        "found": {tool: {kind: score_json(one) for kind, one in scores.items()} for tool, scores in tools.items()},
    }
    return sections, goals, record


_SAID_FILES = (
    "Ours only: nobody else reads exports. Reading, decoding, scope, detection, validation and the written "
    "tables are in the time; so are the processes of the pool on two cores. *Read* are the bytes of the export "
    "files, *content* is what members wrote in them; *processor* is the rate by processor time, which others "
    "on the machine change less. *five*: e-mail, card, IBAN, SSN, IP. *full*: everything."
)
_SAID_TEXTS = (
    "The same messages for everybody, already in memory. Presidio's recognizers are called directly, without "
    "its engine, which is faster for it; on each message and on blobs of 64 KiB. Its e-mail recognizer uses "
    "the Public Suffix List that comes with tldextract instead of downloading one. Scores above 0 count, as by "
    "its engine's default. What each found of the five kinds on Presidio's sample:"
)


def _sizes(corpus: Corpus) -> dict[str, object]:
    return {
        "messages_written": corpus.messages,
        "content_bytes": corpus.content_bytes,
        "file_bytes": corpus.file_bytes,
        "planted": corpus.planted,
        "digest": corpus.digest,
    }


def page_of(title: str, sections: list[Section], goals: list[Goal], machine: Mapping[str, object]) -> list[str]:
    """The report as Markdown."""
    missed = sum(not goal.met for goal in goals)
    lines = [f"# {title}", "", "Written by the benchmark; see `docs/scanning.md` for what is measured how.", ""]
    lines += [f"Machine: {', '.join(f'{key} {value}' for key, value in machine.items())}.", ""]
    lines += [f"{len(goals) - missed} of {len(goals)} goals met.", "", "## Goals", "", *goal_table(goals), ""]
    for section in sections:
        lines += [
            f"## {section.title}",
            "",
            *section.said,
            *([] if section.said[-1] == "" else [""]),
            *rate_table(section.rows),
            "",
        ]
    return lines[:-1]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", help="20MB, 200MB, 2GB; or people")
    parser.add_argument("--forms", nargs="+", default=list(FORMS), choices=tuple(FORMS))
    parser.add_argument("--cores", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--texts", default="20MB", help="content in memory for us")
    parser.add_argument("--sample", default="2MB", help="content in memory for everybody")
    parser.add_argument("--messages", type=int, default=10_000_000, help="of the case of many people")
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, required=True, help="where corpora and scratch files lie")
    parser.add_argument("--rivals", type=Path, required=True, help="the Python that has Presidio")
    parser.add_argument("--reports", type=Path, default=REPORTS)
    return parser.parse_args()


def main() -> int:
    """Runs, writes the report, and says what was missed."""
    asked = _asked()
    asked.home, asked.rivals = asked.home.absolute(), asked.rivals.absolute()
    scratch = asked.home / "scratch"
    asked.cores = tuple(asked.cores)
    bench = Bench(scratch, Path(sys.executable), asked.rivals, asked.repeat)
    try:
        if asked.sizes == ["people"]:
            plan = Plan(asked.forms[0], 0, messages=asked.messages, members=asked.members)
            one, goals, corpus = measure_case(bench, plan, asked.home / "corpora")
            sections = [
                Section(
                    "From export to table of members", ["Roster, scan and merge, frozen into a case's folder."], [one]
                )
            ]
            record: dict[str, object] = {"corpora": [asdict(corpus.plan) | _sizes(corpus)]}
            name, title = "people", f"A case of {plan.members:,} members and {plan.messages:,} messages"
        else:
            sections, goals, record = run_sizes(bench, asked, asked.home)
            name, title = "scan", "How fast the scan is"
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    machine = describe()
    record |= {
        "machine": machine,
        "goals": [asdict(goal) for goal in goals],
        "measured": [measured_json(row) for section in sections for row in section.rows],
    }
    _, text = write_report(name, record, page_of(title, sections, goals, machine), asked.reports)
    print(text.read_text(encoding="utf-8"))
    return int(any(not goal.met for goal in goals))


if __name__ == "__main__":
    sys.exit(main())
