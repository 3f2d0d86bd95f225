"""What every kind of value offers: the pattern of what may be one, and the judgement whether it is.

A module of this folder is a kind when it has `PATTERN` and `check`; kinds/registry.py names the kinds in their order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schemas.exposure import DataType

AROUND = 24
"""How many characters of the same message before and after a candidate its kind is shown."""

BLOCK = 16_384
"""Longest value of several lines: a private RSA key of 16,384 bits has 12,800 characters in PEM."""


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A value within a candidate. Lives in memory only: what is kept of it is a finding, without the value."""

    type: DataType
    start: int
    end: int
    """Offsets from the candidate's first character."""
    normal: str
    """One form for all spellings, so that equal values have equal hashes."""
    validator: str
    """By what it was believed, such as 'luhn, visa'."""
    confidence: float
    """0 to 1."""
    person: str = ""
    """The member whose value it is, when that is known by the value itself; '' when not."""
    until: str = ""
    """The last line of a block that begins here, sought up to BLOCK characters on in the same message.

    The place of such a value is its first line; its hash is of the whole block, and nothing else is looked for in it.
    """


Check = Callable[[str, str, str, str | None], Found | None]
"""(text, before, after, region): the candidate, up to AROUND characters of the same message before and after it, and
the author's country (ISO 3166-1 alpha-2, None when unknown). Before and after may begin or end amid a character that
is not ASCII: such a sign says nothing. None when the candidate is no such value."""


@dataclass(frozen=True, slots=True, repr=False)
class Kind:
    """One kind of value."""

    name: str
    """How a profile calls it."""
    pattern: str
    """RE2, an alternation without groups that capture, ASCII classes only; never matches a line break."""
    check: Check
    in_links: bool = False
    """Whether it is looked for within links as well; long numbers there are ids of pages, so few kinds are."""
    gate: bytes = b""
    """What stands in every value of the kind: a link without it is not looked through."""


def shorter(text: str) -> Iterator[int]:
    """A candidate's ends: the whole, then without its last group of letters or digits, and so on."""
    end = len(text)
    while end > 0:
        yield end
        end = max(text.rfind(separator, 0, end) for separator in " -./)")
        while end > 0 and not text[end - 1].isalnum():
            end -= 1


def is_word(sign: str) -> bool:
    """Whether a sign beside a candidate is a letter or digit of ASCII: half of another is none."""
    return sign.isascii() and sign.isalnum()
