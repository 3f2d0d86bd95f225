"""Display names, made safe for a To: header without taking a person's script or emoji away."""

import unicodedata

from schemas.expectations import LONGEST_NAME

# Mailers refuse ; and , in a name; quotes, brackets and the backslash would need quoting in a header.
REFUSED = frozenset(';,"<>\\`')
# Invisible characters that belong to a word or an emoji: joiners, and the tags of flag emoji.
JOINERS = frozenset({"\u200c", "\u200d", *(chr(code) for code in range(0xE0020, 0xE0080))})
SPACES = frozenset({"Zs", "Zl", "Zp", "Cc"})
INVISIBLE = frozenset({"Cf", "Cs", "Co"})
DANGLING = frozenset({"\u200c", "\u200d"})


def clean_name(given: str) -> str:
    """At most 70 characters on one line: no controls, no bidi overrides, nothing a header would read as syntax.

    May come out empty; the greeting then does without.
    """
    text = unicodedata.normalize("NFC", "".join(_kept(char) for char in given))
    # "=?" begins an encoded word (RFC 2047): left in, a mail program would decode what the member typed.
    while "=?" in text or "?=" in text:
        text = text.replace("=?", "").replace("?=", "")
    return _cut(" ".join(text.split()))


def _kept(char: str) -> str:
    if char in JOINERS:
        return char
    category = unicodedata.category(char)
    if category in SPACES:
        return " "
    return "" if category in INVISIBLE or char in REFUSED else char


def _cut(text: str) -> str:
    """Shorten without leaving half a character: what is cut takes its marks and joiners with it."""
    end = min(len(text), LONGEST_NAME)
    while 0 < end < len(text) and (unicodedata.combining(text[end]) or text[end] in JOINERS):
        end -= 1
    while end and text[end - 1] in DANGLING:
        end -= 1
    return text[:end].strip()
