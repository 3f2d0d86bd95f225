"""National identity, tax and insurance numbers: by a word before them, or by their form where the author lives."""

import importlib
import re
from collections import defaultdict
from functools import lru_cache

from breach.exposure.kinds.kind import Found
from breach.exposure.kinds.national_formats import FORMATS, NEVER_ISSUED, Format

_ALONE = tuple(dict.fromkeys(one.shape for one in FORMATS if one.alone))
_WORDS = "|".join(dict.fromkeys(one.words for one in FORMATS))
_NUMBER = r"(?:[A-Z]{0,6}[ \-]?)?[0-9][0-9A-Za-z./+\- ]{6,22}[0-9A-Za-z]"
BETWEEN = r"[ \t]{0,2}(?i:number|nummer|nr|no|is|ist|est|es|:|#|=|\.){0,3}[ \t:.#=]{0,3}"
PATTERN = "|".join(rf"\b{shape}\b" for shape in _ALONE) + rf"|\b(?i:{_WORDS})\b{BETWEEN}{_NUMBER}\b"

_COMPILED = {one: re.compile(rf"(?<![0-9A-Za-z]){one.shape}(?![0-9A-Za-z])", re.ASCII) for one in FORMATS}
_LABEL = {one: re.compile(rf"\b(?:{one.words})\b", re.IGNORECASE | re.ASCII) for one in FORMATS}
_BY_COUNTRY: dict[str | None, list[Format]] = defaultdict(list)
for _one in FORMATS:
    if _one.alone:
        _BY_COUNTRY[_one.country].append(_one)


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001 (what kinds are given)
    """A number whose checksum holds, after its own name; or without one, of a form that nothing else has.

    The author's country decides between numbers of one name, and which forms are believed alone.
    """
    near = before + text
    named = sorted((one for one in FORMATS if _LABEL[one].search(near)), key=lambda one: one.country != region)
    for one in named:
        found = _COMPILED[one].search(text, _after_label(one, text))
        if found is not None and _holds(one, found[0]):
            return _found(one, found, "name and checksum" if one.module else "name and form", 0.97)
    for one in [*_BY_COUNTRY.get(region, ()), *(one for one in FORMATS if one.anywhere)]:
        found = _COMPILED[one].fullmatch(text)
        if found is not None and _holds(one, found[0]):
            return _found(one, found, "checksum and country" if one.module else "form and country", 0.85)
    return None


def is_of_some_country(cell: str) -> bool:
    """Of any country's form that is believed alone, its checksum included: enough for a whole column of such cells."""
    return any(_COMPILED[one].fullmatch(cell) is not None and _holds(one, cell) for one in FORMATS if one.alone)


def _found(one: Format, found: re.Match[str], how: str, confidence: float) -> Found:
    normal = one.country + re.sub(r"[^0-9A-Za-z]", "", found[0]).upper()
    return Found(
        one.type, found.start(), found.end(), normal, f"{how}, {one.module or one.country.lower()}", confidence
    )


def _after_label(one: Format, text: str) -> int:
    label = _LABEL[one].search(text)
    return label.end() if label else 0


@lru_cache(maxsize=4096)
def _holds(one: Format, number: str) -> bool:
    """The checksum; where the number has none, the letters that its office issues."""
    if len(set(re.sub(r"[^0-9]", "", number))) < 2:
        return False  # 000000000 passes many sums
    if one.module:
        return bool(importlib.import_module(f"stdnum.{one.module}").is_valid(number))
    return _is_german_pension(number) if one.country == "DE" else not NEVER_ISSUED.match(number)


def _is_german_pension(number: str) -> bool:
    """VKVV, section 4: the letter as its place in the alphabet, twelve weights, sums of digits, modulo ten."""
    signs = number.replace(" ", "")
    digits = f"{signs[:8]}{ord(signs[8]) - 64:02d}{signs[9:11]}"
    products = (int(digit) * weight for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    born = 1 <= int(signs[2:4]) % 50 <= 31 and 1 <= int(signs[4:6]) <= 12  # 50 is added when a day is taken twice
    return born and sum(sum(divmod(product, 10)) for product in products) % 10 == int(signs[11])
