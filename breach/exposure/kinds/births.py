"""Dates of birth that stand after a word that says so: 'born on', 'DOB:', 'geboren am', 'née le', 'nacido el'."""

import re
from datetime import date

from breach.exposure.kinds.kind import Found
from schemas.exposure import DataType

_LABELS = (
    r"(?i:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?date|(?:my |his |her )?birthday(?: is)?"
    r"|geboren(?: am)?|geb\.?(?: am)?|geburts(?:datum|tag)(?: ist)?"
    r"|n[^ -~\n]{1,2}e? le|date de naissance|nacid[oa](?: el)?|fecha de nacimiento)"
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero jan",
            "february februar février fevrier febrero feb",
            "march märz maerz mars marzo mar",
            "april avril abril apr",
            "may mai mayo",
            "june juni juin junio jun",
            "july juli juillet julio jul",
            "august août aout agosto aug",
            "september septembre septiembre sep sept",
            "october oktober octobre octubre oct okt",
            "november novembre noviembre nov",
            "december dezember décembre decembre diciembre dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?:[A-Za-z]|[^ -~\n]){3,12}"
_DATES = (
    r"(?:19|20)[0-9]{2}-[01]?[0-9]-[0-3]?[0-9]",
    r"[0-3]?[0-9][./\-][0-3]?[0-9][./\-](?:19|20)[0-9]{2}",
    rf"[0-3]?[0-9](?:st|nd|rd|th|er|\.)? (?:of |de )?{_MONTH}\.?,? (?:de )?(?:19|20)[0-9]{{2}}",
    rf"{_MONTH}\.? [0-3]?[0-9](?:st|nd|rd|th)?,? (?:19|20)[0-9]{{2}}",
)
PATTERN = rf"\b{_LABELS}[ \t]{{0,2}}[:=]?[ \t]{{0,2}}(?:{'|'.join(_DATES)})\b"
_NUMBERS = re.compile(r"([0-9]{1,4})[./\-]([0-9]{1,2})[./\-]([0-9]{2,4})$")
_WORDS = (
    re.compile(
        r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|\.)? (?:of |de )?(?P<month>[^\W\d_]+)\.?,? (?:de )?(?P<year>[0-9]{4})$"
    ),
    re.compile(r"(?P<month>[^\W\d_]+)\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})$"),
)
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
"""Countries that write 12/31/1990."""


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001 (what kinds are given)
    """A day between 1900 and 2099, read in the order of the author's country where two orders are possible."""
    found = _NUMBERS.search(text)
    if found is not None:
        return _by_numbers(text, found, region)
    for shape in _WORDS:
        found = shape.search(text)
        month = MONTHS.get(found["month"].casefold()) if found else None
        if found is not None and month is not None:
            return _found(text, found.start(), (int(found["year"]), month, int(found["day"])), 0.95)
    return None


def _by_numbers(text: str, found: re.Match[str], region: str | None) -> Found | None:
    first, second, third = map(int, found.groups())
    if len(found[1]) == 4:
        return _found(text, found.start(), (first, second, third), 0.95)
    if len(found[3]) != 4:
        return None
    as_day_first, as_month_first = (third, second, first), (third, first, second)
    both = first <= 12 and second <= 12 and first != second
    order = (as_month_first, as_day_first) if region in MONTH_FIRST else (as_day_first, as_month_first)
    sure = 0.95 if not both else 0.9 if region else 0.8
    return _found(text, found.start(), order[0], sure) or _found(text, found.start(), order[1], sure)


def _found(text: str, start: int, parts: tuple[int, int, int], confidence: float) -> Found | None:
    try:
        day = date(*parts)
    except ValueError:
        return None
    if not 1900 <= day.year <= 2099:
        return None
    return Found(DataType.DATE_OF_BIRTH, start, len(text), day.isoformat(), "word before it", confidence)
