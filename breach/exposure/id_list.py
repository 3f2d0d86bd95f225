"""A list of ids, one a line, as a provider sends it: long, so a process reads it once and nobody types it."""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from breach.errors import BadInput
from breach.exposure.identity import clean_id, is_mangled
from breach.exposure.sources import STATE, encoding_of, open_source, peek

LONGEST = 200
"""Characters of one id; the longest known, Slack's and Matrix' event ids, have fewer than 50."""
MOST = 20_000_000
"""Ids of one list. As hashes of 64 bits they take 160 MB; as a set of texts they took 3 GB in each process."""
_USUAL = re.compile(rb"[0-9]{1,200}\r?\n?")


@dataclass(frozen=True, slots=True)
class IdList:
    """The ids of one file. Only its place travels to the processes that scan; each reads it once."""

    path: Path

    def __contains__(self, wanted: object) -> bool:
        """Whether an id is on the list."""
        known, one = ids_of(self.path), hash(wanted)
        at = bisect_left(known, one)
        return at < len(known) and known[at] == one

    def __len__(self) -> int:
        """How many different ids are on it. Raises BadInput when the file is no such list."""
        return len(ids_of(self.path))


@lru_cache(maxsize=3)
def ids_of(path: Path) -> "array[int]":
    """Hashes of the ids of a file, in order: that one more id has one of 20 million of them is 1 in 10^12.

    Raises BadInput, naming lines and never ids, for anything that is no list of ids.
    """
    ids = array("q")
    encoding = encoding_of(peek(path, 4096))
    with open_source(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST * 8), b""), start=1):
            if number > MOST:
                raise _refused(f"a list of ids has more than {MOST:,} lines")
            if encoding == "utf-8-sig" and _USUAL.fullmatch(line):
                ids.append(hash(line.decode("ascii").rstrip()))
                continue
            text = _decoded(line, encoding, number)
            if len(text) > LONGEST or any(mark in text for mark in ',;\t"'):
                raise _refused(f"line {number} of a list of ids holds more than one id")
            if is_mangled(text):
                raise _refused(f"line {number} of a list of ids was rounded by a spreadsheet (1.2E+17)")
            if text:
                ids.append(hash(clean_id(text)))
    if not ids:
        raise _refused("a list of ids is empty")
    distinct = array("q")
    distinct.frombytes(np.unique(np.frombuffer(ids, np.int64)).tobytes())
    return distinct


def _decoded(line: bytes, encoding: str, number: int) -> str:
    if encoding != "utf-8-sig":
        raise _refused("a list of ids is written in UTF-16")
    try:
        return line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise _refused(f"line {number} of a list of ids is not UTF-8") from None


def _refused(what: str) -> BadInput:
    return BadInput(
        f"{what[0].upper()}{what[1:]}.", STATE, "Save it as plain text, one id a line, and start the case again."
    )
