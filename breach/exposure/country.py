"""Where a member lives, by the strongest evidence there is; no evidence is said so, never guessed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import phonenumbers
from babel import Locale
from babel.core import get_global

from schemas.exposure import UNKNOWN_JURISDICTION, CountryEvidence

KNOWN_CODES: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)
SPELLINGS = {"UK": "GB", "EL": "GR", "USA": "US"}
"""Codes that people and registries use beside ISO 3166-1."""
NAME_LOCALES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "ja")
WITHIN = ("US", "CA")
"""Countries whose law differs by state or province, so that a subdivision is kept."""
_SOLD_WORLDWIDE = (
    "AC AI AG AS BZ CC CD CM CO CX DJ FM GG GL IM IO JE LA LC LI LY ME MS MU MX NU PN PW SC SH SO SR "
    "ST SU TK TL TM TO TV VC VG WS"
)
SOLD_WORLDWIDE = frozenset(_SOLD_WORLDWIDE.split())
"""Country domains sold to anybody as .io, .me or .tv are: an address there is no evidence of a country."""

SPELLED = 4096
"""Different cells remembered: a million members write some hundred countries, languages and zones."""

_SUBDIVISION = re.compile(r"([A-Z]{2})-([A-Z]{2})")
_LOCALE_REGION = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})(?:[-_.@].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """The cells of a member that tell of a country; '' when absent."""

    country: str = ""
    phone: str = ""
    billing: str = ""
    ip: str = ""
    locale: str = ""
    time_zone: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Located:
    """Where a member lives, why, and how sure that is."""

    jurisdiction: str
    """ISO 3166-1, US-xx, CA-xx or 'unknown'."""
    evidence: CountryEvidence
    confidence: float
    """See CONFIDENCE; half of it when a weaker rung names another country."""


CONFIDENCE = {
    CountryEvidence.ADDRESS: 0.95,
    CountryEvidence.PHONE: 0.85,
    CountryEvidence.BILLING: 0.8,
    CountryEvidence.IP: 0.6,
    CountryEvidence.LOCALE: 0.5,
    CountryEvidence.EMAIL_DOMAIN: 0.3,
    CountryEvidence.NONE: 0.0,
}
"""A scale that says which of two members is known better. It orders; it was not measured on anybody."""


def find_country(clues: Clues, ip_country: Callable[[str], str | None] | None = None) -> Located:
    """The country by the strongest evidence. ip_country: looks an IP address up; None: there is no database."""
    rungs = (
        (CountryEvidence.ADDRESS, from_field(clues.country)),
        (CountryEvidence.PHONE, from_phone(clues.phone)),
        (CountryEvidence.BILLING, from_field(clues.billing)),
        (CountryEvidence.IP, _known(ip_country(clues.ip) or "") if ip_country is not None and clues.ip else None),
        (CountryEvidence.LOCALE, from_locale(clues.locale) or from_time_zone(clues.time_zone)),
        (CountryEvidence.EMAIL_DOMAIN, next((c for one in clues.addresses if (c := from_domain(one))), None)),
    )
    told = [(evidence, code) for evidence, code in rungs if code is not None]
    if not told:
        return Located(UNKNOWN_JURISDICTION, CountryEvidence.NONE, 0.0)
    evidence, code = told[0]
    agreed = all(other[:2] == code[:2] for _, other in told)
    return Located(code, evidence, CONFIDENCE[evidence] * (1 if agreed else 0.5))


def region_of(jurisdiction: str) -> str | None:
    """The country of a jurisdiction, for numbering plans; None when unknown."""
    return None if jurisdiction == UNKNOWN_JURISDICTION else jurisdiction[:2]


@lru_cache(maxsize=SPELLED)
def from_field(cell: str) -> str | None:
    """A country field: a code, a code with a state or province, or a country's name in one of NAME_LOCALES."""
    text = cell.strip().upper()
    divided = _SUBDIVISION.fullmatch(text)
    if divided:
        code = _known(divided[1])
        return text if code in WITHIN else code
    return _known(text) or _names().get(cell.strip().casefold())


def from_phone(cell: str) -> str | None:
    """The country of a number in international form; None for a calling code that countries share and do not divide."""
    text = re.sub(r"^00", "+", cell.strip())
    if not text.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number)
    if region is None and number.country_code is not None:
        sharing = phonenumbers.region_codes_for_country_code(number.country_code)
        region = sharing[0] if len(sharing) == 1 else ""
    return _known(region or "")


@lru_cache(maxsize=SPELLED)
def from_locale(tag: str) -> str | None:
    """The region of a language tag (de-AT, pt_BR); a language alone is spoken in many countries."""
    found = _LOCALE_REGION.fullmatch(tag.strip())
    return _known(found[1].upper()) if found else None


@lru_cache(maxsize=SPELLED)
def from_time_zone(name: str) -> str | None:
    """The country whose time zone it is by the IANA name (Europe/Berlin); None for UTC and offsets."""
    return _known(get_global("zone_territories").get(name.strip(), ""))


def from_domain(address: str) -> str | None:
    """The country domain of an e-mail address, unless it is sold worldwide."""
    top = address.strip().rpartition(".")[2].upper()
    return None if "@" not in address or top in SOLD_WORLDWIDE else _known(top)


def _known(code: str) -> str | None:
    code = SPELLINGS.get(code, code)
    return code if code in KNOWN_CODES else None


@cache
def _names() -> dict[str, str]:
    return {
        str(name).casefold(): code
        for language in NAME_LOCALES
        for code, name in Locale(language).territories.items()
        if code in KNOWN_CODES
    }
