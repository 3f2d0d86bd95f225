"""The one pattern over all kinds, and the walk from candidate to candidate. RE2: linear time on hostile text.

Order counts: at one place the first alternative that fits is taken. Platform markup and URLs come first, so the ids
in them are never looked at as numbers. Nothing here matches a line break, so no candidate spans two messages.
"""

from enum import IntEnum

import re2

MARKUP = r"<(?:@[!&]?|#|a?:[A-Za-z0-9_]{1,64}:|t:-?|/[^<>\n]{1,100}:)[0-9]{1,20}(?::[A-Za-z])?>"
"""Mentions, channels, custom emoji, times and commands, as Discord writes them into content."""
URL = r"[A-Za-z][A-Za-z0-9+.\-]*://[^ \t\r\n\f\v<>]+"
EMAIL = r"[A-Za-z0-9._%+'\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?)+"
IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"
IP6 = r"\b[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,7}[0-9A-Fa-f]{0,4}"
NUMBERS = (
    r"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3,}\b",  # IPv4, and longer so that 1.2.3.4.5 is seen whole
    r"\+[1-9](?:[ .\-/()]{0,2}[0-9]){6,14}\b",  # international phone
    r"\b[0-9]{4}(?:[ \-][0-9]{4}){3}(?:[ \-][0-9]{1,3})?\b",  # card, 16 or up to 19
    r"\b[0-9]{4}[ \-][0-9]{6}[ \-][0-9]{4,5}\b",  # card, 14 or 15
    r"\b[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]\b",  # card, 13
    r"\b[1-9][0-9]{12,18}\b",  # card, bare
    r"\(?\b0[0-9](?:[ .\-/()]{0,2}[0-9]){6,13}\b",  # phone with trunk or exit prefix
    r"\([1-9][0-9]{1,3}\)[ .\-]?[0-9]{3,5}[ .\-]?[0-9]{3,5}\b",  # phone with its area in brackets
    r"\b[2-9][0-9]{2}[ .\-][2-9][0-9]{2}[ .\-][0-9]{4}\b",  # North American phone
    r"\b[2-9][0-9]{1,2}(?: [0-9]{2,3}){2,3}\b",  # phone of countries without a trunk prefix
)
PATTERN = "|".join(f"(?:{part})" for part in (MARKUP, URL, EMAIL, IBAN, IP6, *NUMBERS))


class Shape(IntEnum):
    """What a candidate looks like, by its characters alone."""

    MARKUP = 0
    URL = 1
    EMAIL = 2
    IBAN = 3
    IP6 = 4
    NUMBER = 5


def shape_of(text: str) -> Shape:
    """Which alternative of the pattern this text fits, without asking the pattern for groups (that costs its speed)."""
    if text[0] == "<":
        return Shape.MARKUP
    if "://" in text:
        return Shape.URL
    if "@" in text:
        return Shape.EMAIL
    if text[0].isalpha():
        return Shape.IBAN
    return Shape.IP6 if ":" in text else Shape.NUMBER


def _compiled() -> "re2._Regexp":
    options = re2.Options()
    # Bytes as they are: 293 to 371 MB/s; Unicode classes for ASCII-shaped values would take a third of it.
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 64 << 20
    options.log_errors = False
    return re2.compile(PATTERN.encode("ascii"), options)


_FINDER = _compiled()


def next_candidate(blob: bytes, position: int) -> tuple[int, int] | None:
    """Byte span of the first candidate at or after a position; what stands before it still counts for word borders."""
    found = _FINDER.search(blob, position)
    return None if found is None else found.span()
