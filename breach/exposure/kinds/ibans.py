"""Bank account numbers (IBAN): the country's exact length, and the check of ISO 13616."""

from breach.exposure.kinds.kind import Found, shorter
from schemas.exposure import DataType

PATTERN = r"\b[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?\b"
"""Bare, or in groups of four as it is printed; people write it in small letters as well."""

_LENGTHS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 "
    "EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 "
    "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 "
    "NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 "
    "SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
LENGTHS = {one[:2]: int(one[2:]) for one in _LENGTHS.split()}
"""Signs of an account number by country (SWIFT's IBAN registry)."""


def is_iban(text: str) -> bool:
    """Whether the whole, turned and read as a number, leaves 1 when divided by 97, at its country's length."""
    signs = text.replace(" ", "").upper()
    if LENGTHS.get(signs[:2]) != len(signs):
        return False
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def check(text: str, before: str, after: str, region: str | None) -> Found | None:  # noqa: ARG001  (one form for all kinds)
    """As kind.Check says; without the words that follow it."""
    if text[:2].upper() not in LENGTHS:
        return None
    for end in shorter(text):
        if is_iban(text[:end]):
            return Found(DataType.BANK_ACCOUNT, 0, end, text[:end].replace(" ", "").upper(), "mod 97, length", 0.98)
    return None
