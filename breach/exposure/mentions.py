"""Members named in what others wrote: a pass over a text for all handles and full names of the roster at once.

Aho and Corasick's automaton: its time grows with the text and not with the number of names. Addresses need no such
pass: they are found as addresses, and the merge knows whose they are by their hashes.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs

from breach.exposure.common_words import COMMON_WORDS
from breach.exposure.kinds.kind import Found
from schemas.exposure import DataType

SHORTEST = 4
"""Characters of a name that is looked for: shorter ones stand in too many words and abbreviations."""
LONGEST = 64
_JOINED = frozenset(b"-./@")
"""After one of these and before a letter, a name is a piece of an address, a path or a compound."""


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """One spelling of one member."""

    text: str
    member_id: str
    type: DataType


@dataclass(frozen=True, slots=True)
class Named:
    """The names to look for; the process that hands them on never writes them down."""

    names: tuple[Name, ...] = field(repr=False)
    skipped: int
    """Names that are too short, a common word, one word of a display name, or of several members."""


def names_of(rows: Iterable[tuple[str, str, str]]) -> Named:
    """The names of a roster: (member id, username, display name), '' when absent; as distinctive as they must be."""
    told = []
    for member_id, username, name in rows:
        if username:
            told.append(Name(username.strip(), member_id, DataType.USERNAME))
        if name and name.casefold() != username.casefold():
            told.append(Name(" ".join(name.split()), member_id, DataType.NAME))
    holders = Counter(one.text.casefold() for one in told)
    kept = tuple(one for one in told if _is_distinctive(one) and holders[one.text.casefold()] == 1)
    return Named(kept, len(told) - len(kept))


def _is_distinctive(name: Name) -> bool:
    text = name.text.casefold()
    if not SHORTEST <= len(text) <= LONGEST or text.isdigit() or not (text[0].isalnum() and text[-1].isalnum()):
        return False
    if name.type is DataType.NAME:
        words = text.split()
        return len(words) >= 2 and all(len(word) >= 2 for word in words) and not COMMON_WORDS.issuperset(words)
    return text not in COMMON_WORDS


Mention = tuple[int, int, Found]
"""A name with its first byte and the byte after its last."""
Blocked = Sequence[tuple[int, int]]
"""Places, from left to right, in which no name is one: links, markup, values."""


class Mentions:
    """The automaton of one roster. Letters of ASCII are taken as one whatever their case; others as written, in small
    letters, in capitals, or with capitals at the beginnings of words."""

    def __init__(self, named: Named) -> None:
        spellings: dict[bytes, Name] = {}
        for name in named.names:
            for text in (name.text, name.text.lower(), name.text.upper(), name.text.title()):
                spellings.setdefault(text.encode().lower(), name)
        self._names = list(spellings.values())
        self._automaton = ahocorasick_rs.BytesAhoCorasick(list(spellings))

    def find(self, blob: bytes, blocked: Blocked, is_author: Callable[[int, str], bool]) -> list[Mention]:
        """Names in an arena. Is author: whether the text that holds a byte was written by a member."""
        found: list[Mention] = []
        starts = [start for start, _ in blocked]
        hits = self._automaton.find_matches_as_indexes(blob.lower(), overlapping=True)
        free = 0
        for number, start, end in sorted(hits, key=lambda hit: (hit[1], -hit[2])):
            if start < free or not _stands_alone(blob, start, end):
                continue
            near = bisect_right(starts, end - 1) - 1
            name = self._names[number]
            if (near >= 0 and blocked[near][1] > start) or is_author(start, name.member_id):
                continue
            normal = name.text.casefold()
            found.append((start, end, Found(name.type, 0, end - start, normal, "member list", 0.9, name.member_id)))
            free = end
        return found


def _stands_alone(blob: bytes, start: int, end: int) -> bool:
    before = blob[max(0, start - 4) : start].decode("utf-8", "ignore")[-1:]
    after = blob[end : end + 5].decode("utf-8", "ignore")
    if before.isalnum() or before in {"_", "-", ".", "/"} or after[:1].isalnum() or after[:1] == "_":
        return False
    return not (blob[end : end + 1] and blob[end] in _JOINED and after[1:2].isalnum())
