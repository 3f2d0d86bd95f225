"""What each column of a roster holds: by its header, and where the header says nothing, by a sample of its cells."""

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
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
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    USERNAME = "username"
    EMAIL = "email"
    OTHER_EMAILS = "other emails"
    PHONE = "phone"
    BIRTH_DATE = "birth date"
    IP = "ip"
    LOCATION = "location"
    COUNTRY = "country"
    BILLING_COUNTRY = "billing country"
    LANGUAGE = "language"
    TIME_ZONE = "time zone"
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
    confidence: float = Field(
        default=0.9, ge=0, le=1, description="How sure the role is: by header and cells, by one of them, by neither."
    )


HEADERS: dict[Role, tuple[str, ...]] = {
    Role.MEMBER_ID: ("id", "user id", "member id", "userid", "account id"),
    Role.NAME: ("name", "full name", "real name", "display name", "member name"),
    Role.FIRST_NAME: ("first name", "firstname", "given name", "vorname"),
    Role.LAST_NAME: ("last name", "lastname", "surname", "family name", "nachname"),
    Role.USERNAME: ("username", "user name", "handle", "nickname", "benutzername"),
    Role.EMAIL: ("email", "e mail", "email address", "e mail address", "mail", "member email", "user email"),
    Role.OTHER_EMAILS: ("secondary emails", "external email"),
    Role.PHONE: ("phone", "phone number", "telephone", "mobile", "mobile number", "telefon", "handy"),
    Role.BIRTH_DATE: ("date of birth", "birth date", "birthdate", "birthday", "dob", "geburtsdatum"),
    Role.IP: ("ip address", "ip", "registration ip address", "last ip address"),
    Role.LOCATION: ("location", "city", "address", "postal address", "ort", "adresse"),
    Role.COUNTRY: ("country", "country code", "country of residence", "land"),
    Role.BILLING_COUNTRY: ("billing country", "billing country code", "billing address country", "card country"),
    Role.LANGUAGE: ("language", "locale", "sprache"),
    Role.TIME_ZONE: ("time zone", "timezone", "tz"),
    Role.CHAT_ID: (
        "chat id",
        "discord id",
        "discord user id",
        "chat user id",
        "platform id",
        "telegram id",
        "slack id",
    ),
    Role.ACCOUNT_KIND: ("account kind", "account type"),
    Role.NEWSLETTER: ("newsletter",),
    Role.SUSPENDED: ("suspended at", "suspended till"),
    Role.STAGED: ("staged",),
}
"""Headers in lower case, without punctuation and without '(custom user field)'."""

TYPES: dict[Role, DataType | None] = {
    Role.MEMBER_ID: None,  # a running number of the platform: it says nothing that the record itself does not
    Role.NAME: DataType.NAME,
    Role.FIRST_NAME: DataType.NAME,
    Role.LAST_NAME: DataType.NAME,
    Role.USERNAME: DataType.USERNAME,
    Role.EMAIL: DataType.EMAIL,
    Role.OTHER_EMAILS: DataType.EMAIL,
    Role.PHONE: DataType.PHONE,
    Role.BIRTH_DATE: DataType.DATE_OF_BIRTH,
    Role.IP: DataType.IP_ADDRESS,
    Role.LOCATION: DataType.LOCATION,
    Role.COUNTRY: DataType.LOCATION,
    Role.BILLING_COUNTRY: DataType.LOCATION,
}
"""Every other column is a profile detail: also when somebody joined and how much they read is about a person."""

SAMPLE_SHARE = 0.6
"""From this share of filled cells on, a column without a telling header is what its cells look like."""


def classify(header: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Each column's role and kind. Header: cells of the first row. Sample: some rows, as wide as the header.

    A second column of addresses holds other addresses; where no header names one, the first that looks like it is it.
    """
    by_name = {name: role for role, names in HEADERS.items() for name in names}
    columns = [
        _classified(position, text, by_name.get(_leaf(text, by_name)), [row[position] for row in sample])
        for position, text in enumerate(header)
    ]
    named = next((one for one in columns if one.role is Role.EMAIL), None)
    first = named or next((one for one in columns if one.type is DataType.EMAIL and one.role is Role.OTHER), None)
    if first is not None:
        columns[first.position] = first.model_copy(update={"role": Role.EMAIL})
    return tuple(
        one.model_copy(update={"role": Role.OTHER_EMAILS}) if one.role is Role.EMAIL and one.position != place else one
        for place, one in ((first.position if first is not None else -1, one) for one in columns)
    )


def _leaf(text: str, known: Mapping[str, Role]) -> str:
    """The header, or of a path such as profile.email its last name, when only that one is known."""
    whole = plain_header(text)
    return whole if whole in known or "." not in text else plain_header(text.rpartition(".")[2])


def plain_header(text: str) -> str:
    """A header as HEADERS spells them."""
    without = re.sub(r"\(custom user field\)", "", text.casefold())
    return re.sub(r"[\W_]+", " ", without).strip()


def _classified(position: int, text: str, role: Role | None, cells: list[str]) -> Column:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if role is not None:
        kind = TYPES.get(role, DataType.PROFILE_DETAILS)
        sure = _confidence(kind, filled)
        reason = "by its header" if sure >= 0.5 else "by its header; its cells do not look like it"
        return Column(position=position, header=text, role=role, type=kind, reason=reason, confidence=sure)
    for kind, looks in _LOOKS:
        alike = sum(map(looks, filled))
        if filled and alike >= SAMPLE_SHARE * len(filled):
            reason = f"by its cells: {alike} of {len(filled)} look like it"
            sure = round(0.9 * alike / len(filled), 2)
            return Column(position=position, header=text, role=Role.OTHER, type=kind, reason=reason, confidence=sure)
    reason = "neither header nor cells say more"
    kind = DataType.PROFILE_DETAILS
    return Column(position=position, header=text, role=Role.OTHER, type=kind, reason=reason, confidence=0.3)


def _confidence(kind: DataType | None, filled: list[str]) -> float:
    """Of a column that its header names: 0.98 when its cells look like it, 0.9 when nothing can be said, else 0.4."""
    looks = dict(_LOOKS).get(kind) if kind is not None else None
    if looks is None or not filled:
        return 0.9
    if kind is DataType.PHONE:  # local numbers have no plus
        looks = is_phone
    return 0.98 if sum(map(looks, filled)) >= SAMPLE_SHARE * len(filled) else 0.4


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


_LOOKS: tuple[tuple[DataType, Callable[[str], bool]], ...] = (
    (DataType.EMAIL, is_email),
    (DataType.IP_ADDRESS, _is_ip),
    (DataType.PHONE, _is_spelled_phone),
)
