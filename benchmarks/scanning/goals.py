"""What was wanted, what was measured, and whether that is enough: computed from the figures, never written by hand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.scanning.judging import FIVE, Score
from benchmarks.scanning.measure import Measured

FIVE_RATE, FULL_RATE = 100.0, 40.0
"""MB/s on one core, the whole way."""
TIMES_PRESIDIO = 100.0
TWO_CORES = 1.7
LARGE = 100_000_000
"""Bytes from which on two cores are judged: below, the start of a second process is most of the time."""
MOST_MEMORY = 2_000_000_000
MOST_SLOWING = 1.2
"""Time per MB of a corpus ten times as large."""
LONGEST_CASE = 300.0
"""Seconds from export to the table of members, for a million members and ten million messages on two cores."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal. At least: whether more is better."""

    name: str
    wanted: str
    measured: str
    met: bool


@dataclass(frozen=True, slots=True)
class Run:
    """The measurements of one form and size by (profile, cores), and what the first of each profile found."""

    form: str
    size: str
    measured: Mapping[tuple[str, int], Measured]
    scores: Mapping[tuple[str, int], Mapping[str, Score]]


def at_least(name: str, wanted: float, found: float, unit: str) -> Goal:
    """More is better."""
    return Goal(name, f"≥ {wanted:g} {unit}", f"{found:.4g} {unit}", found >= wanted)


def at_most(name: str, wanted: float, found: float, unit: str) -> Goal:
    """Less is better."""
    return Goal(name, f"≤ {wanted:g} {unit}", f"{found:.4g} {unit}", found <= wanted)


def goals_of(run: Run) -> Iterator[Goal]:
    """Speed, two cores, memory and truth of one form and size."""
    where = f"{run.form}, {run.size}"
    for profile, wanted in (("five", FIVE_RATE), ("full", FULL_RATE)):
        one, two = run.measured.get((profile, 1)), run.measured.get((profile, 2))
        if one is not None:
            yield at_least(f"{profile}, one core, whole way, export files ({where})", wanted, one.rate, "MB/s")
        if one is not None and two is not None and one.bytes >= LARGE:
            yield at_least(f"{profile}, two cores against one ({where})", TWO_CORES, one.middle / two.middle, "times")
    peak = max(one.peak_bytes for one in run.measured.values())
    yield at_most(f"memory ({where})", MOST_MEMORY / 1e6, peak / 1e6, "MB")
    for (profile, cores), scores in run.scores.items():
        yield found_equals_truth(f"{profile}, on {cores}: found is what was planted, five kinds ({where})", scores)


def goals_in_memory(rows: Mapping[str, Measured], theirs: Sequence[Measured]) -> Iterator[Goal]:
    """Detection alone: our rates, and how many times each of Presidio's ways. Rows: ours by profile."""
    for profile, wanted in (("five", FIVE_RATE), ("full", FULL_RATE)):
        yield at_least(f"{profile}, one core, texts in memory", wanted, rows[profile].rate, "MB/s")
    for one in theirs:
        yield at_least(
            f"five, texts in memory, against {one.name}", TIMES_PRESIDIO, rows["five"].rate / one.rate, "times"
        )


def found_equals_truth(name: str, scores: Mapping[str, Score]) -> Goal:
    """Every planted value of the five kinds found to the character, and nothing else; nothing planted is no proof."""
    wrong = {kind: score for kind, score in scores.items() if kind in FIVE and (not score.same or not score.planted)}
    said = ", ".join(f"{kind}: {one.exact} exact of {one.planted}, {one.found} found" for kind, one in wrong.items())
    return Goal(name, "equal", said or "equal", not wrong)


def slowing(runs: Sequence[Run]) -> Iterator[Goal]:
    """Time per MB at 2 GB against 200 MB, where both were measured."""
    by_place = {(run.form, run.size): run for run in runs}
    for run in runs:
        small = by_place.get((run.form, "200MB"))
        if run.size != "2GB" or small is None:
            continue
        for key, large in run.measured.items():
            if key in small.measured:
                name = f"{key[0]}, {key[1]} cores: time per MB at 2 GB against 200 MB ({run.form})"
                yield at_most(name, MOST_SLOWING, small.measured[key].rate / large.rate, "times")
