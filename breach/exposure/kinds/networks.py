"""IP addresses: IPv4 and IPv6 that can lead to a person, not version numbers, not addresses every network has."""

import ipaddress
import re

from breach.exposure.kinds.kind import Found, is_word
from schemas.exposure import DataType

PATTERN = (
    r"\b[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,7}[0-9A-Fa-f]{0,4}"
    r"|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3,}\b"  # four numbers, and more so that 1.2.3.4.5 is seen whole
)

# Everybody's router is 192.168.0.1: these say nothing about a person (RFC 1918, 1122, 3927, 4291, 4193, 919).
_EVERYWHERE = frozenset({0, 10, 127})
_EVERYWHERE_WITH = {169: (254,), 172: range(16, 32), 192: (168,)}
"""By the first number, and the second."""
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
"""Global unicast, all that is handed out to people's lines (RFC 4291, section 2.4)."""
_VERSION_BEFORE = re.compile(
    r"(?:\bv|\bver|version|release|build|firmware|driver|update)\.?\s*[:=#]?\s*$", re.IGNORECASE | re.ASCII
)


def check_ip(text: str, before: str = "", after: str = "") -> str | None:
    """The canonical form when this is an address of one line; before and after: some characters around it."""
    if ":" in text:
        return _check_6(text)
    if before[-1:] == "." or re.match(r"\.[0-9]|-[A-Za-z0-9]", after) or _VERSION_BEFORE.search(before):
        return None
    parts = text.split(".")
    if len(parts) != 4 or any(len(part) > 3 or (part[0] == "0" and part != "0") for part in parts):
        return None
    first, second, *_ = numbers = [int(part) for part in parts]
    # 224 and above: multicast and reserved.
    if max(numbers) > 255 or first >= 224 or first in _EVERYWHERE or second in _EVERYWHERE_WITH.get(first, ()):
        return None
    return text


def _check_6(text: str) -> str | None:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    return str(address) if address in _GLOBAL_6 else None


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001  (one form for all kinds)
    """As kind.Check says."""
    if ":" in text and is_word(after[:1]):
        return None
    normal = check_ip(text, before, after)
    return None if normal is None else Found(DataType.IP_ADDRESS, 0, len(text), normal, "address range", 0.9)
