"""A sample of a corpus as texts in memory, for those who read no exports. Nothing but the standard library."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Text:
    """One message: its record's name, its author's country, what it says."""

    record: str
    country: str
    text: str


def write_texts(texts: Iterator[Text], target: Path) -> int:
    """One JSON array a line; returns the bytes of all texts in UTF-8."""
    size = 0
    with target.open("w", encoding="utf-8") as file:
        for one in texts:
            size += len(one.text.encode())
            file.write(json.dumps([one.record, one.country, one.text], ensure_ascii=False) + "\n")
    return size


def read_texts(source: Path) -> list[Text]:
    """The whole sample."""
    with source.open(encoding="utf-8") as file:
        return [Text(*json.loads(line)) for line in file]


@dataclass(frozen=True, slots=True)
class Blob:
    """Texts joined by a line break; starts[i] is the character at which text number first + i begins."""

    text: str
    first: int
    starts: Sequence[int]


def blobs(texts: Sequence[Text], size: int) -> Iterator[Blob]:
    """Blobs of about that many characters."""
    part: list[str] = []
    first = length = 0
    for number, one in enumerate(texts):
        part.append(one.text)
        length += len(one.text) + 1
        if length >= size:
            yield _blob(part, first)
            part, first, length = [], number + 1, 0
    if part:
        yield _blob(part, first)


def _blob(part: list[str], first: int) -> Blob:
    starts = [0, *accumulate(len(text) + 1 for text in part[:-1])]
    return Blob(SEPARATOR.join(part), first, starts)
