"""Phone numbers, by the plans in phonenumbers: international form anywhere, local form by the author's country."""

import re
from functools import lru_cache

import phonenumbers

from breach.exposure.kinds import cards
from breach.exposure.kinds.kind import Found, is_word, shorter
from schemas.exposure import DataType

PATTERN = (
    r"\+[1-9](?:[ .\-/()]{0,2}[0-9]){6,14}\b"  # international
    r"|\(?\b0[0-9](?:[ .\-/()]{0,2}[0-9]){6,13}\b"  # with trunk or exit prefix
    r"|\([1-9][0-9]{1,3}\)[ .\-]?[0-9]{3,5}[ .\-]?[0-9]{3,5}\b"  # with its area in brackets
    r"|\b[2-9][0-9]{2}[ .\-][2-9][0-9]{2}[ .\-][0-9]{4}\b"  # North American
    r"|\b[2-9][0-9]{2} [0-9]{3} [0-9]{4}\b"  # Mexican, Italian
    r"|\b[1-9][0-9]{1,2}(?: [0-9]{2,3}){2,3}\b"  # of countries without a trunk prefix
)
_CARD = re.compile(cards.SPACED, re.ASCII)
_UUID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){0,3}$", re.ASCII)
"""Before a later group of a UUID (RFC 9562): one in two hundred has groups of digits alone."""
_TIME = re.compile(r"(?<![0-9])[0-9]{1,2}:(?:[0-9]{2}[:.,])?$|:[0-9]{2}[.,]$", re.ASCII)
"""Before the seconds of a time, or the parts of one: `07:33:` and `07:33:08.`."""

DATE = re.compile(
    r"(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|\d{1,2} \d{1,2} (?:19|20)\d{2}|\d{4}([./-])\d{1,2}\2\d{1,2})(?: .*)?"
)
"""A date has the shape of a local number, and some numbering plans would take it."""
BARE_LOCAL = re.compile(r"[1-9]\d*")
"""Digits alone without a trunk 0: order numbers, counts, ids."""


def check_phone(text: str, region: str | None) -> tuple[str, str] | None:
    """(E.164 form, 'international' or 'local by country') when a numbering plan knows it, else None.

    Region: ISO 3166-1 alpha-2 of the author's country; None when unknown, then only international forms count.
    """
    if text.startswith(("+", "00")):
        found = parse_phone("+" + text[2:] if text.startswith("00") else text, None)
        return (found, "international") if found else None
    if region is None or DATE.fullmatch(text) or BARE_LOCAL.fullmatch(text):
        return None
    if text[0] not in "0(" and _has_trunk_prefix(region) and not _is_north_american(region):
        return None
    found = parse_phone(text, region)
    return (found, "local by country") if found else None


@lru_cache(maxsize=65_536)
def parse_phone(text: str, region: str | None) -> str | None:
    """E.164 form of a valid number, else None. Remembered: one call takes 66 microseconds."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def same_phone(cell: str, region: str | None) -> str | None:
    """The comparable form of a number in a roster cell, else None."""
    text = cell.strip()
    return parse_phone("+" + text[2:] if text.startswith("00") else text, None if text.startswith("+") else region)


def is_phone(cell: str) -> bool:
    """Whether a cell of a roster looks like a number."""
    return bool(re.fullmatch(r"\+?[\d ().\-/]{7,25}", cell.strip())) and 7 <= sum(map(str.isdigit, cell)) <= 15


@lru_cache(maxsize=512)
def _has_trunk_prefix(region: str) -> bool:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    return metadata is not None and bool(metadata.national_prefix)


def _is_north_american(region: str) -> bool:
    return bool(phonenumbers.country_code_for_region(region) == 1)


def check(text: str, before: str, after: str, region: str | None) -> Found | None:
    """As kind.Check says; the longest that is a number, when other groups of digits follow it."""
    if text[0] == "+":
        if is_word(before[-1:]):
            return None
    elif _TIME.search(before) or _UUID.search(before) or _is_of_card(text, before, after):
        return None
    for end in shorter(text):
        phone = check_phone(text[:end], region)
        if phone is not None:
            confidence = 0.95 if phone[1] == "international" else 0.8
            return Found(DataType.PHONE, 0, end, phone[0], f"numbering plan, {phone[1]}", confidence)
    return None


def _is_of_card(text: str, before: str, after: str) -> bool:
    """Whether it begins within digits that are grouped as on a card: with a wrong check digit they are no number."""
    start = len(before)
    return any(one.start() <= start < one.end() for one in _CARD.finditer(before + text + after))
