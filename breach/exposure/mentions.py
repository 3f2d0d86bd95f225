"""Members named in what others wrote: a pass over a text for all handles and full names of the roster at once.

Aho and Corasick's automaton: its time grows with the text and not with the number of names. Addresses need no such
pass: they are found as addresses, and the merge knows whose they are by their hashes.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import ahocorasick_rs

from breach.exposure.kinds.kind import Found
from breach.exposure.member_names import Named
from schemas.exposure import DataType

_JOINED = frozenset(b"-./@")
"""After one of these and before a letter, a name is a piece of an address, a path or a compound."""

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
