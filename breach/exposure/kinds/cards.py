"""Payment card numbers: issuer range, that brand's exact lengths, Luhn; and never a platform id.

Ranges and lengths: the brands' public tables of issuer identification numbers (ISO/IEC 7812).
"""

import re

from breach.exposure.kinds.card_brands import brand_of
from breach.exposure.kinds.kind import Found, shorter
from schemas.exposure import DataType

SPACED = (
    r"\b[1-6][0-9]{3}(?:[ \-][0-9]{4}){3}(?:[ \-][0-9]{1,3})?\b"  # 16, or up to 19
    r"|\b[1-6][0-9]{3}[ \-][0-9]{6}[ \-][0-9]{4,5}\b"  # 14 or 15
    r"|\b[1-6][0-9]{3}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]\b"  # 13
)
PATTERN = rf"{SPACED}|\b[1-6][0-9]{{12,15}}\b"  # bare; of 17 to 19 bare digits none is taken for a card
"""Every brand below begins with 1 to 6."""

SNOWFLAKE_LENGTHS = range(17, 20)
"""Digits of platform ids since 2015. The few cards of this length are found when spaced as they are embossed."""

GROUPINGS = frozenset(
    {(4, 4, 4, 4), (4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (4, 4, 4, 1), (4, 6, 5), (4, 6, 4)}
)
"""How a card number is spaced: as it is embossed."""


_JOINED_BEFORE = re.compile(r"[A-Za-z0-9]-$|\+$", re.ASCII)
_JOINED_AFTER = re.compile(r"-[A-Za-z0-9]", re.ASCII)
"""Bare digits in `xoxb-…-…` are a part of a token, after `+` those of a phone number."""

_DOUBLED = bytes(48 + sum(divmod(2 * (at - 48), 10)) if 48 <= at < 58 else at for at in range(256))
"""A digit's sign as the sign whose value is the digit sum of its double."""


def passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1 annex B."""
    signs = digits.encode("ascii")
    return (sum(signs[-1::-2]) + sum(signs[-2::-2].translate(_DOUBLED)) - 48 * len(signs)) % 10 == 0


def is_snowflake(digits: str) -> bool:
    """Whether unspaced digits are a platform id: one in ten passes Luhn, so this is asked first."""
    return len(digits) in SNOWFLAKE_LENGTHS


def check_card(text: str) -> tuple[str, str] | None:
    """(digits, brand) when this is a card number, else None. Text: 13 to 19 digits, bare or spaced as embossed."""
    groups = re.split(r"[ -]", text)
    digits = "".join(groups)
    bare = len(groups) == 1
    if is_snowflake(digits) if bare else tuple(map(len, groups)) not in GROUPINGS:
        return None
    brand = brand_of(digits)
    return (digits, brand) if brand and len(set(digits)) > 1 and passes_luhn(digits) else None


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001  (one form for all kinds)
    """As kind.Check says; the longest that is a card, when other groups of digits follow it."""
    if text.isdigit() and (_JOINED_BEFORE.search(before) or _JOINED_AFTER.match(after)):
        return None
    for end in shorter(text):
        card = check_card(text[:end])
        if card is not None:
            return Found(DataType.PAYMENT_CARD, 0, end, card[0], f"luhn, {card[1]}", 0.98)
    return None
