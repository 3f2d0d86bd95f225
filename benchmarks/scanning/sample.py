"""Texts in memory from the same stream of messages that the exports are written from, with their truth."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus.exports import Clock
from benchmarks.corpus.generate import TRUTH, Plan
from benchmarks.corpus.members import Members
from benchmarks.corpus.messages import Chatter
from benchmarks.scanning.texts import Text, write_texts


@dataclass(frozen=True, slots=True)
class Sample:
    """Bytes of content, where the texts are, and where their truth is."""

    bytes: int
    messages: int
    texts: Path
    truth: Path


def make_sample(plan: Plan, size: int, home: Path) -> Sample:
    """The first messages of a plan's stream, about that many bytes of content."""
    home.mkdir(parents=True, exist_ok=True)
    texts, truth = home / f"sample-{size}.jsonl", home / f"sample-{size}.tsv"
    with truth.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(TRUTH)
        written = write_texts(_texts(plan, size, table.writerow), texts)
    with texts.open("rb") as lines:
        return Sample(written, sum(1 for _ in lines), texts, truth)


def _texts(plan: Plan, size: int, write_row: Callable[[Iterable[object]], object]) -> Iterator[Text]:
    clock, done = Clock(), 0
    for message in Chatter(plan.seed, Members(plan.seed, plan.count_of_members)):
        if done >= size:
            return
        done += len(message.text.encode())
        record, _ = clock.at(message.number)
        for one in message.truth:
            write_row(("", record, message.author.id, one.kind, one.form, one.start, one.end, one.canonical))
        yield Text(record, message.author.country, message.text)
