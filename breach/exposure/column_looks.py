"""What cells look like: one question for each kind of data that has a form of its own."""

import ipaddress
import re
from collections.abc import Callable

from breach.exposure.kinds import crypto, macs, national_ids, tokens
from breach.exposure.kinds.cards import check_card
from breach.exposure.kinds.emails import is_email
from breach.exposure.kinds.ibans import is_iban
from breach.exposure.kinds.phones import is_phone
from breach.exposure.password_hashes import is_marked_hash
from schemas.exposure import DataType

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{1,4}){3,8}")
_SSN = re.compile(r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}")
_SSN_BARE = re.compile(r"(?!000|666|9)[0-9]{3}[ \-]?(?!00)[0-9]{2}[ \-]?(?!0000)[0-9]{4}|[*Xx\- ]{3,7}[0-9]{4}")
_AGENT = re.compile(r"(?:Mozilla|Opera|Dalvik|okhttp|curl|CFNetwork)/[0-9].*|.*\bAppleWebKit/[0-9].*")
_POINT = re.compile(r"\(?-?[0-9]{1,2}\.[0-9]{3,}[,; ] ?-?[0-9]{1,3}\.[0-9]{3,}\)?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?")

Look = Callable[[str], bool]


def _is_ip(cell: str) -> bool:
    if "." not in cell and ":" not in cell:
        return False
    try:
        ipaddress.ip_address(cell)
    except ValueError:
        return False
    return True


def _is_spelled_phone(cell: str) -> bool:
    """With a plus, so that counters and dates in unknown columns are not taken for numbers."""
    return cell.startswith("+") and is_phone(cell)


def _is_bank_account(cell: str) -> bool:
    return bool(_IBAN.fullmatch(cell)) and is_iban(cell)


def _is_card(cell: str) -> bool:
    return bool(re.fullmatch(r"[0-9][0-9 \-]{11,22}", cell)) and check_card(cell) is not None


def _is_wallet(cell: str) -> bool:
    return bool(re.fullmatch(crypto.PATTERN, cell)) and crypto.check(cell, "wallet", "", None) is not None


def _is_mac(cell: str) -> bool:
    return bool(re.fullmatch(macs.PATTERN, cell)) and macs.check(cell, "mac ", "", None) is not None


def _is_token(cell: str) -> bool:
    found = tokens.check(cell, "", "", None)
    return found is not None and found.end == len(cell)


ALONE: tuple[tuple[DataType, Look], ...] = (
    (DataType.EMAIL, is_email),
    (DataType.IP_ADDRESS, _is_ip),
    (DataType.PASSWORD_HASH, is_marked_hash),
    (DataType.ACCESS_TOKEN, _is_token),
    (DataType.IBAN, _is_bank_account),
    (DataType.PAYMENT_CARD, _is_card),
    (DataType.SSN, lambda cell: bool(_SSN.fullmatch(cell))),
    (DataType.PHONE, _is_spelled_phone),
    (DataType.MAC_ADDRESS, _is_mac),
    (DataType.CRYPTO_WALLET, _is_wallet),
    (DataType.DEVICE, lambda cell: bool(_AGENT.fullmatch(cell))),
    (DataType.PRECISE_LOCATION, lambda cell: bool(_POINT.fullmatch(cell))),
    (DataType.NATIONAL_ID, national_ids.is_of_some_country),
)
"""Forms that need no header to be believed, in the order in which they are asked."""

NAMED: dict[DataType, Look] = {
    **dict(ALONE),
    # A header has said what it is, so a weaker form confirms it: local numbers have no plus.
    DataType.PHONE: is_phone,
    DataType.SSN: lambda cell: bool(_SSN_BARE.fullmatch(cell)),
    DataType.PAYMENT_CARD_CODE: lambda cell: bool(re.fullmatch(r"[0-9]{3,4}", cell)),
    DataType.PRECISE_LOCATION: lambda cell: bool(_POINT.fullmatch(cell) or _DEGREES.fullmatch(cell)),
    DataType.AGE: lambda cell: bool(re.fullmatch(r"1?[0-9]{1,2}", cell)),
    DataType.TAX_ID: lambda cell: bool(re.fullmatch(r"[0-9A-Z][0-9A-Z ./\-]{6,20}", cell)),
}
for _free in (DataType.DEVICE, DataType.ACCESS_TOKEN, DataType.NATIONAL_ID):
    del NAMED[_free]  # many forms beside those that are known
"""What cells of a column look like that its header names."""
