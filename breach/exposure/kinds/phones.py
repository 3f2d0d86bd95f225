"""Phone numbers, by the plans in phonenumbers: international form anywhere, local form by the author's country."""

import re
from functools import lru_cache

import phonenumbers

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
