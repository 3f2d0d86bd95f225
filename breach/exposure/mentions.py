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


MOST_NAMES = 1_000_000
"""Names of one automaton, some 250 bytes each: with more, two processes would not fit into 2 GB."""


@dataclass(frozen=True, slots=True)
class Named:
    """The names to look for, column by column; the process that hands them on never writes them down."""

    texts: list[str] = field(repr=False)
    members: list[str] = field(repr=False)
    usernames: int
    """How many of the first are usernames; the others are full names."""
    skipped: int
    """Names that are too short, a common word, one word of a display name, of several members, or too many."""


def names_of(rows: Iterable[tuple[str, str, str]]) -> Named:
    """The names of a roster: (member id, username, display name), '' when absent; as distinctive as they must be."""
    handles: list[tuple[str, str, str]] = []
    full: list[tuple[str, str, str]] = []
    for member_id, username, name in rows:
        handle, spoken = username.strip(), " ".join(name.split())
        if handle:
            handles.append((handle.casefold(), handle, member_id))
        if spoken and spoken.casefold() != handle.casefold():
            full.append((spoken.casefold(), spoken, member_id))
    holders = Counter(one[0] for told in (handles, full) for one in told)
    first = [one for one in handles if holders[one[0]] == 1 and _is_distinctive(one[0], DataType.USERNAME)]
    then = [one for one in full if holders[one[0]] == 1 and _is_distinctive(one[0], DataType.NAME)]
    kept = [*first, *then][:MOST_NAMES]
    return Named(
        [text for _, text, _ in kept],
        [member for _, _, member in kept],
        min(len(first), MOST_NAMES),
        len(handles) + len(full) - len(kept),
    )


def _is_distinctive(text: str, kind: DataType) -> bool:
    if not SHORTEST <= len(text) <= LONGEST or text.isdigit() or not (text[0].isalnum() and text[-1].isalnum()):
        return False
    if kind is DataType.NAME:
        words = text.split()
        return len(words) >= 2 and all(len(word) >= 2 for word in words) and not COMMON_WORDS.issuperset(words)
    return text not in COMMON_WORDS


Mention = tuple[int, int, Found]
"""A name with its first byte and the byte after its last."""
Blocked = Sequence[tuple[int, int]]
"""Places, from left to right, in which no name is one: links, markup, values."""


class Mentions:
    """The automaton of one roster.

    Letters of ASCII are taken as one whatever their case; others as written, in small letters, in capitals, or with
    capitals at the beginnings of words.
    """

    def __init__(self, named: Named) -> None:
        spellings: dict[bytes, int] = {}
        for number, text in enumerate(named.texts):
            for one in {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}:
                spellings.setdefault(one.encode().lower(), number)
        self._named, self._numbers = named, list(spellings.values())
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
            name = self._numbers[number]
            member = self._named.members[name]
            if (near >= 0 and blocked[near][1] > start) or is_author(start, member):
                continue
            kind = DataType.USERNAME if name < self._named.usernames else DataType.NAME
            normal = self._named.texts[name].casefold()
            found.append((start, end, Found(kind, 0, end - start, normal, "member list", 0.9, member)))
            free = end
        return found


def _stands_alone(blob: bytes, start: int, end: int) -> bool:
    before = blob[max(0, start - 4) : start].decode("utf-8", "ignore")[-1:]
    after = blob[end : end + 5].decode("utf-8", "ignore")
    if before.isalnum() or before in {"_", "-", ".", "/"} or after[:1].isalnum() or after[:1] == "_":
        return False
    return not (blob[end : end + 1] and blob[end] in _JOINED and after[1:2].isalnum())
