"""Social security numbers of the USA: the parts that were never given out are none.

Rules: Social Security Administration, POMS RM 10201.035; the two numbers of advertisements are the agency's own list.
"""

import re

from breach.exposure.kinds.kind import Found, is_word
from schemas.exposure import DataType

PATTERN = r"\b[0-9]{3}(?:-[0-9]{2}-| [0-9]{2} )[0-9]{4}\b|\b(?:SSN|ssn|Ssn)[ :#]{1,3}[0-9]{9}\b"

_NEVER_GIVEN = frozenset({"078051120", "219099999"})
"""Printed on a wallet's sample card, and in a pamphlet: thousands wrote them down as their own."""
_NAMED = re.compile(r"\b(?:ssn|social security)\b", re.IGNORECASE | re.ASCII)


def check(text: str, before: str, after: str, region: str | None) -> Found | None:
    """As kind.Check says. With spaces only when it is called so or the author lives there: others group so as well."""
    start = 0 if text[0].isdigit() else re.search(r"[0-9]", text).start()  # type: ignore[union-attr]  # the pattern has one
    digits = re.sub(r"[^0-9]", "", text)
    if not is_ssn(digits) or before.endswith(("-", ".")) or (after[:1] == "-" and is_word(after[1:2])):
        return None
    named = start > 0 or _NAMED.search(before) is not None
    if " " in text[start:] and not named and region != "US":
        return None
    return Found(DataType.SOCIAL_SECURITY, start, len(text), digits, "area, group and serial", 0.95 if named else 0.85)


def is_ssn(digits: str) -> bool:
    """Nine digits that may have been given out: no area 000, 666 or 900 to 999, no group 00, no serial 0000."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return not (area in {"000", "666"} or area >= "900" or group == "00" or serial == "0000" or digits in _NEVER_GIVEN)
