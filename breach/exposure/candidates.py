"""The one pattern over all kinds, and the walk from candidate to candidate. RE2: linear time on hostile text.

Order counts: at one place the first alternative that fits is taken. Platform markup and links come first, so the ids
in them are never looked at as numbers. Nothing here matches a line break, so no candidate spans two messages.
"""

import re
from collections.abc import Callable, Sequence

from breach.exposure.patterns import LONGEST, compiled, quick

MARKUP = r"<(?:@[!&]?|#|a?:[A-Za-z0-9_]{1,64}:|t:-?|/[^<>\n]{1,100}:)[0-9]{1,20}(?::[A-Za-z])?>"
"""Mentions, channels, custom emoji, times and commands, as Discord writes them into content."""
HANDLE = (
    r"@[A-Za-z0-9._%+'\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)+"
)
"""`@mod_team@social.example.org`, an account of a federated server: what follows its first sign is no address."""
LINK = r"[A-Za-z][A-Za-z0-9+.\-]*://[^ \t\r\n\f\v<>]+"

_RUN = re.compile(rb"[^A-Za-z0-9]*[A-Za-z0-9]+")

Taker = Callable[[int, int], int]
"""Told a candidate's first byte and the byte after its last; says where the search goes on."""


class Finder:
    """Finds where something could be, and which of several patterns it was."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._any = compiled("|".join(f"(?:{one})" for one in patterns))
        grouped = "|".join(f"({one})" for one in patterns)
        self._grouped = compiled(grouped)
        self._quick = quick(grouped)

    def walk(self, blob: bytes, end_of: Callable[[int], int], take: Taker) -> None:
        """Hands every candidate to `take`, from left to right, each at or after where the last one said to go on.

        End of: the end of the text that holds a byte. What stands before a place still counts for word borders.
        """
        go_on = 0
        for match in self._any.finditer(blob):
            start, end = match.span()
            if start >= go_on:
                go_on = take(start, end)
            # Only candidates that begin within this one are not on finditer's way.
            while go_on < end:
                inner = self._any.search(blob, go_on, end_of(start))
                if inner is None or inner.start() >= end:
                    break
                go_on = take(*inner.span())

    def which(self, blob: bytes, start: int, end: int, last: int) -> int:
        """The number of the pattern by which a candidate was found. Last: the end of its text.

        Python's engine is asked first: RE2 with groups takes five times as long on so few bytes. It sees one byte more
        than the candidate, so a long text costs nothing; when it ends elsewhere than RE2 did, RE2 is asked.
        """
        if self._quick is not None and end - start <= LONGEST:
            near = self._quick.match(blob, start, min(end + 1, last))
            if near is not None and near.end() == end and near.lastindex:
                return near.lastindex - 1
        groups = self._grouped.match(blob, start, last).groups()
        return next(number for number, one in enumerate(groups) if one is not None)


def rejected(blob: bytes, start: int, end: int) -> int:
    """Where the search goes on after a candidate that was none: after its first run of letters or digits."""
    if end - start > LONGEST:
        return end
    run = _RUN.match(blob, start, end)
    return run.end() if run else end
