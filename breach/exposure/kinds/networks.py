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
_EVERYWHERE_4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)
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
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return None
    return None if any(address in net for net in _EVERYWHERE_4) else str(address)


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
