"""What each column of a roster holds: by its header, and where the header says nothing, by a sample of its cells."""

import ipaddress
import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from pydantic import Field

from breach.exposure.kinds.emails import is_email
from breach.exposure.kinds.phones import is_phone
from schemas.base import Record
from schemas.exposure import DataType


class Role(StrEnum):
    """What a column is used for, beyond counting as personal data."""

    MEMBER_ID = "member id"
    NAME = "name"
    USERNAME = "username"
    EMAIL = "email"
    OTHER_EMAILS = "other emails"
    PHONE = "phone"
    BIRTH_DATE = "birth date"
    IP = "ip"
    LOCATION = "location"
    COUNTRY = "country"
    LANGUAGE = "language"
    CHAT_ID = "chat id"
    ACCOUNT_KIND = "account kind"
    NEWSLETTER = "newsletter"
    SUSPENDED = "suspended"
    STAGED = "staged"
    OTHER = "other"


class Column(Record):
    """One column, classified."""

    position: int = Field(ge=0)
    header: str
    role: Role
    type: DataType | None = Field(description="The kind of personal data a filled cell is; None: none.")
    reason: str


HEADERS: dict[Role, tuple[str, ...]] = {
    Role.MEMBER_ID: ("id", "user id", "member id"),
    Role.NAME: ("name", "full name", "real name", "display name"),
    Role.USERNAME: ("username", "user name", "handle", "nickname", "benutzername"),
    Role.EMAIL: ("email", "e mail", "email address", "e mail address", "mail"),
    Role.OTHER_EMAILS: ("secondary emails", "external email"),
    Role.PHONE: ("phone", "phone number", "telephone", "mobile", "mobile number", "telefon", "handy"),
    Role.BIRTH_DATE: ("date of birth", "birth date", "birthdate", "birthday", "dob", "geburtsdatum"),
    Role.IP: ("ip address", "ip", "registration ip address", "last ip address"),
    Role.LOCATION: ("location", "city", "address", "postal address", "ort", "adresse"),
    Role.COUNTRY: ("country", "country code", "country of residence", "land"),
    Role.LANGUAGE: ("language", "locale", "sprache"),
    Role.CHAT_ID: ("chat id", "discord id", "discord user id", "chat user id"),
    Role.ACCOUNT_KIND: ("account kind", "account type"),
    Role.NEWSLETTER: ("newsletter",),
    Role.SUSPENDED: ("suspended at", "suspended till"),
    Role.STAGED: ("staged",),
}
"""Headers in lower case, without punctuation and without '(custom user field)'."""

TYPES: dict[Role, DataType | None] = {
    Role.MEMBER_ID: None,  # a running number of the platform: it says nothing that the record itself does not
    Role.NAME: DataType.NAME,
    Role.USERNAME: DataType.USERNAME,
    Role.EMAIL: DataType.EMAIL,
    Role.OTHER_EMAILS: DataType.EMAIL,
    Role.PHONE: DataType.PHONE,
    Role.BIRTH_DATE: DataType.DATE_OF_BIRTH,
    Role.IP: DataType.IP_ADDRESS,
    Role.LOCATION: DataType.LOCATION,
    Role.COUNTRY: DataType.LOCATION,
}
"""Every other column is a profile detail: also when somebody joined and how much they read is about a person."""

SAMPLE_SHARE = 0.6
"""From this share of filled cells on, a column without a telling header is what its cells look like."""


def classify(header: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Each column's role and kind. Header: cells of the first row. Sample: some rows, as wide as the header."""
    by_name = {name: role for role, names in HEADERS.items() for name in names}
    return tuple(
        _classified(position, text, by_name.get(plain_header(text)), [row[position] for row in sample])
        for position, text in enumerate(header)
    )


def plain_header(text: str) -> str:
    """A header as HEADERS spells them."""
    without = re.sub(r"\(custom user field\)", "", text.casefold())
    return re.sub(r"[\W_]+", " ", without).strip()


def _classified(position: int, text: str, role: Role | None, cells: list[str]) -> Column:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if role is not None:
        kind = TYPES.get(role, DataType.PROFILE_DETAILS)
        return Column(position=position, header=text, role=role, type=kind, reason="by its header")
    for kind, looks in _LOOKS:
        alike = sum(map(looks, filled))
        if filled and alike >= SAMPLE_SHARE * len(filled):
            reason = f"by its cells: {alike} of {len(filled)} look like it"
            return Column(position=position, header=text, role=Role.OTHER, type=kind, reason=reason)
    reason = "neither header nor cells say more"
    return Column(position=position, header=text, role=Role.OTHER, type=DataType.PROFILE_DETAILS, reason=reason)


def _is_ip(cell: str) -> bool:
    try:
        ipaddress.ip_address(cell)
    except ValueError:
        return False
    return True


def _is_spelled_phone(cell: str) -> bool:
    """With a plus, so that counters and dates in unknown columns are not taken for numbers."""
    return cell.startswith("+") and is_phone(cell)


_LOOKS: tuple[tuple[DataType, Callable[[str], bool]], ...] = (
    (DataType.EMAIL, is_email),
    (DataType.IP_ADDRESS, _is_ip),
    (DataType.PHONE, _is_spelled_phone),
)
