"""A list of ids, one a line, as a provider sends it: long, so a process reads it once and nobody types it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from breach.errors import BadInput
from breach.exposure.identity import clean_id, is_mangled
from breach.exposure.sources import STATE, encoding_of, open_source, peek

LONGEST = 200
"""Characters of one id; the longest known, Slack's and Matrix' event ids, have fewer than 50."""
MOST = 20_000_000
"""Ids of one list; as a set they take some 2 GB."""


@dataclass(frozen=True, slots=True)
class IdList:
    """The ids of one file. Only its place travels to the processes that scan; each reads it once."""

    path: Path

    def __contains__(self, wanted: object) -> bool:
        """Whether an id is on the list."""
        return wanted in ids_of(self.path)

    def __len__(self) -> int:
        """How many different ids are on it. Raises BadInput when the file is no such list."""
        return len(ids_of(self.path))


@lru_cache(maxsize=3)
def ids_of(path: Path) -> frozenset[str]:
    """The ids of a file. Raises BadInput, naming lines and never ids, for anything that is no list of ids."""
    ids = set()
    encoding = encoding_of(peek(path, 4096))
    with open_source(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST * 8), b""), start=1):
            text = _decoded(line, encoding, number)
            if len(text) > LONGEST or any(mark in text for mark in ',;\t"'):
                raise _refused(f"line {number} of a list of ids holds more than one id")
            if is_mangled(text):
                raise _refused(f"line {number} of a list of ids was rounded by a spreadsheet (1.2E+17)")
            if text:
                ids.add(clean_id(text))
            if len(ids) > MOST:
                raise _refused(f"a list of ids has more than {MOST:,} lines")
    if not ids:
        raise _refused("a list of ids is empty")
    return frozenset(ids)


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
