"""Who was a minor when it happened."""

import re
from datetime import date

ADULT_AT = 18
_ISO = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ].*)?")


def read_birth_date(cell: str) -> date | None:
    """A date in ISO order; None for anything else: 03/04/2010 is two different days, and we do not choose."""
    found = _ISO.fullmatch(cell.strip())
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def is_minor(born: date, on: date) -> bool:
    """Under 18 on a day. Born on 29 February: of age on 1 March of a year without that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < ADULT_AT
