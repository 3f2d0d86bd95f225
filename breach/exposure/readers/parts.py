"""Where a large file may be cut, so that several processes read it: by its content alone, whoever reads it.

A cut is a guess that its readers prove: they take up one element after the other from the first byte of a part to its
last, and where one does not fit, the file is read again in one piece.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np

PART = 16 << 20
"""Bytes of one part: some 0.2 seconds of work, so that no process waits long for the last one."""
WINDOW = 1 << 20
FARTHEST = 8 << 20
"""Bytes after its mark within which a cut must come."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file from one to before another; of a Parquet file, its row groups."""

    start: int
    end: int
    last: bool


class Slice(io.RawIOBase):
    """The bytes of one part as a file."""

    def __init__(self, file: IO[bytes], part: Part) -> None:
        self._file, self._left = file, part.end - part.start
        file.seek(part.start)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # any writable buffer
        """Some of the next bytes."""
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def sliced(file: IO[bytes], part: Part | None) -> IO[bytes]:
    """A plain file, or one part of it."""
    return file if part is None else io.BufferedReader(Slice(file, part), 1 << 18)


def cut_at(path: Path, first: int, pattern: bytes, keep: int) -> list[Part]:
    """Parts of what begins at a byte. Pattern: stands where one may be cut; keep: so many of its bytes before it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        return _parts(first, size, lambda mark: _find(file, mark, pattern, keep))


def cut_rows(path: Path, first: int) -> list[Part]:
    """Parts of a CSV: cut at line breaks before which an even number of quotes stands."""
    size = path.stat().st_size
    with path.open("rb") as file:
        before = list(_quotes(file, first))
        return _parts(first, size, lambda mark: _find_row(file, mark, sum(before[: (mark - first) // PART])))


def groups_of(count: int, rows: int) -> list[Part]:
    """Parts of a Parquet file: its row groups, some of them together when they are small. Rows: of the file."""
    together = max(1, round(count * 100_000 / max(1, rows)))
    return [Part(at, min(at + together, count), at + together >= count) for at in range(0, count, together)]


def _parts(first: int, size: int, cut: Callable[[int], int | None]) -> list[Part]:
    cuts = [first]
    for mark in range(first + PART, size - PART // 2, PART):
        found = cut(mark)
        if found is None:
            return []
        if found > cuts[-1]:
            cuts.append(found)
    return [Part(start, end, end == size) for start, end in pairwise([*cuts, size])]


def _find(file: IO[bytes], mark: int, pattern: bytes, keep: int) -> int | None:
    file.seek(mark)
    held = b""
    while len(held) < FARTHEST and (more := file.read(WINDOW)):
        held += more
        found = held.find(pattern)
        if found >= 0:
            return mark + found + keep
    return None


def _find_row(file: IO[bytes], mark: int, quotes: int) -> int | None:
    file.seek(mark)
    held = np.frombuffer(file.read(FARTHEST), np.uint8)
    places = np.flatnonzero(held == 0x22)
    breaks = np.flatnonzero(held == 0x0A)
    outside = breaks[(np.searchsorted(places, breaks) + quotes) % 2 == 0]
    return mark + int(outside[0]) + 1 if len(outside) else None


def _quotes(file: IO[bytes], first: int) -> Iterator[int]:
    """How many quotes stand in each PART bytes."""
    file.seek(first)
    while data := file.read(PART):
        yield int(np.count_nonzero(np.frombuffer(data, np.uint8) == 0x22))
