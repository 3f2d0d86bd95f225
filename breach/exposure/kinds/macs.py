"""MAC addresses of network cards, by the IEEE's registry of makers; not fingerprints, not those that manuals print."""

import re
from functools import cache
from importlib.resources import files

from breach.exposure.kinds.kind import Found
from schemas.exposure import DataType

_H = "[0-9A-Fa-f]"
PATTERN = rf"\b{_H}{{2}}(?::{_H}{{2}}){{5}}\b|\b{_H}{{2}}(?:-{_H}{{2}}){{5}}\b|\b{_H}{{4}}\.{_H}{{4}}\.{_H}{{4}}\b"
LABEL = re.compile(r"\b(?:mac|wi-?fi|wlan|ethernet|hw|hardware|bluetooth|bt)\b", re.IGNORECASE | re.ASCII)
FOR_MANUALS = ("00005e0053", "001122334455", "0123456789ab", "aabbccddeeff", "deadbeef", "cafebabe", "123456")
"""RFC 7042, section 2.1.2, and what people write who mean no card at all."""


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001 (what kinds are given)
    """A card's address: a known maker's; or one that a phone made up for itself, when a label says that it is one."""
    if re.search(rf"{_H}[:-]$", before) or re.match(rf"[:-]{_H}", after):
        return None  # a fingerprint of a key has sixteen or twenty of these pairs
    digits = re.sub(r"[:.\-]", "", text).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        return None
    first = int(digits[:2], 16)
    if first & 1 or len(set(digits)) < 4 or digits.startswith(FOR_MANUALS):
        return None  # an odd first octet: a group of cards, the broadcast among them
    labelled = LABEL.search(before) is not None
    made_up = bool(first & 2)
    if not (labelled if made_up else _maker_is_known(digits)):
        return None
    validator = "local address, label" if made_up else "registry of makers"
    return Found(DataType.MAC_ADDRESS, 0, len(text), digits, validator, 0.8 if made_up else 0.95)


def _maker_is_known(digits: str) -> bool:
    return int(digits[:6], 16) in _blocks()


@cache
def _blocks() -> frozenset[int]:
    """The first three octets that the IEEE has given out, from the registry that python-stdnum carries.

    Its own look-up walks through the whole of it: 26 ms an address, as long as 500 KB of text take.
    """
    data = files("stdnum").joinpath("oui.dat").read_text(encoding="utf-8")
    listed = [part for line in re.findall(r"^[0-9A-F][0-9A-F,\-]*", data, re.MULTILINE) for part in line.split(",")]
    ends = ((part[:6], part[-6:]) for part in listed)
    return frozenset(block for low, high in ends for block in range(int(low, 16), int(high, 16) + 1))
