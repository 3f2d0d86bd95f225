"""MAC addresses of network cards, by the IEEE's registry of makers; not fingerprints, not those that manuals print."""

import re
from functools import lru_cache

from stdnum import mac
from stdnum.exceptions import ValidationError

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


@lru_cache(maxsize=4096)
def _maker_is_known(digits: str) -> bool:
    try:
        return bool(mac.get_manufacturer(":".join(digits[at : at + 2] for at in range(0, 12, 2))))
    except ValidationError:
        return False
