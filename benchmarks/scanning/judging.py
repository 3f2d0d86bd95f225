"""What was found, held against the truth: by kind, right and missed and too much."""

import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

FIVE = ("email", "card", "iban", "ssn", "ip")
"""Kinds that both tools look for."""
SMALLEST_OVERLAP = 0.5
"""Of the union of both places: from here on a finding is that value. Tools differ in brackets and signs around it."""


class Place(NamedTuple):
    """A value's place: record, kind, first character and the one after the last; a form of the truth, or ''."""

    record: str
    kind: str
    start: int
    end: int
    form: str = ""


@dataclass(slots=True)
class Score:
    """One kind. `exact`: right ones whose place is the same to the character."""

    planted: int = 0
    found: int = 0
    right: int = 0
    exact: int = 0
    missed_by_form: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float | None:
        """Share of the found that is right; None when nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of the planted that was found; None when nothing was planted."""
        return self.right / self.planted if self.planted else None

    @property
    def same(self) -> bool:
        """Whether everything planted was found to the character, and nothing else."""
        return self.planted == self.found == self.exact


def read_truth(source: Path) -> Iterator[Place]:
    """The rows of a truth.tsv."""
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield Place(row["record"], row["kind"], int(row["start"]), int(row["end"]), row["form"])


def read_hits(source: Path, threshold: float = 0.0) -> Iterator[Place]:
    """What a worker wrote, from a score on."""
    with source.open(encoding="utf-8") as file:
        for line in file:
            record, kind, start, end, score = line.rstrip("\n").split("\t")
            if float(score) >= threshold:
                yield Place(record, kind, int(start), int(end))


def judge(
    truth: Iterable[Place], hits: Iterable[Place], kinds: Collection[str], hidden: Collection[tuple[str, str]] = ()
) -> dict[str, Score]:
    """Scores by kind. A value is found once; a second finding at its place is one too much.

    Hidden: (kind, form) that need not be found; finding one is neither right nor wrong.
    """
    scores = {kind: Score() for kind in kinds}
    expected: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
    for one in truth:
        if one.kind in scores:
            expected[one.record, one.kind].append(one)
            scores[one.kind].planted += (one.kind, one.form) not in hidden
    for hit in set(hits):
        if hit.kind in scores:
            _count(hit, expected[hit.record, hit.kind], scores[hit.kind], hidden)
    for left in expected.values():
        for one in left:
            if (one.kind, one.form) not in hidden:
                scores[one.kind].missed_by_form[one.form] += 1
    return scores


def _count(hit: Place, left: list[Place], score: Score, hidden: Collection[tuple[str, str]]) -> None:
    best = max(left, key=lambda one: _overlap(hit, one), default=None)
    if best is None or _overlap(hit, best) < SMALLEST_OVERLAP:
        score.found += 1
        return
    left.remove(best)
    if (best.kind, best.form) in hidden:
        return
    score.found += 1
    score.right += 1
    score.exact += (hit.start, hit.end) == (best.start, best.end)


def _overlap(one: Place, other: Place) -> float:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared / (max(one.end, other.end) - min(one.start, other.start)) if shared > 0 else 0.0
