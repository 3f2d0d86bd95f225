"""What each column of a roster holds: by its header, and where the header says nothing, by a sample of its cells."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import Field

from breach.exposure.column_headers import type_by_header
from breach.exposure.column_looks import ALONE, NAMED, Look
from breach.exposure.password_hashes import FEWEST_ROUNDS, SLOW_MARK, main_scheme
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
    AGE = "age"
    MINOR = "minor"
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
    Role.AGE: ("age", "alter", "edad", "âge", "age in years"),
    Role.MINOR: ("minor", "is minor", "under 18", "under age", "minderjährig", "mineur", "menor"),
    Role.IP: ("ip address", "ip", "registration ip address", "last ip address"),
    Role.LOCATION: ("location", "city", "ort"),
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
    Role.AGE: DataType.AGE,
    Role.MINOR: DataType.AGE,
    Role.IP: DataType.IP_ADDRESS,
    Role.LOCATION: DataType.LOCATION,
    Role.COUNTRY: DataType.LOCATION,
    Role.BILLING_COUNTRY: DataType.LOCATION,
}
"""Other columns: by column_headers, by their cells; else a profile detail: when somebody joined is about them, too."""

SAMPLE_SHARE = 0.6
"""From this share of filled cells on, a column without a telling header is what its cells look like."""
NEARLY_ALL = 0.95
"""A column of passwords of which fewer are scrambled holds readable ones."""
FIRST_LOOK = 50
"""Cells that are looked at before a form is given up of which none was seen."""
FLAGS = frozenset({"true", "false", "t", "f", "yes", "no", "0", "1"})


def classify(header: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """Each column's role and kind. Header: cells of the first row. Sample: some rows, as wide as the header.

    A second column of addresses holds other addresses; where no header names one, the first that looks like it is it.
    """
    by_name = {name: role for role, names in HEADERS.items() for name in names}
    cells = [[cell for row in sample if (cell := row[position].strip())] for position in range(len(header))]
    slow = any(_is_slow_mark(cell) for column in cells for cell in column[:1])
    columns = [
        _classified(position, text, by_name.get(_leaf(text, by_name)), cells[position], slow=slow)
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


def _classified(position: int, text: str, role: Role | None, filled: list[str], *, slow: bool) -> Column:
    if role is not None:
        kind, reason, sure = _named(TYPES.get(role, DataType.PROFILE_DETAILS), filled)
        return Column(position=position, header=text, role=role, type=kind, reason=reason, confidence=sure)
    named = type_by_header(plain_header(text)) or type_by_header(plain_header(text.rpartition(".")[2]))
    if named is DataType.PASSWORD or named is DataType.RECOVERY_ANSWER:
        kind, reason, sure = _password(named, filled, slow=slow)
    elif named is not None:
        kind, reason, sure = _named(named, filled)
    else:
        kind, reason, sure = _by_cells(filled)
    return Column(position=position, header=text, role=Role.OTHER, type=kind, reason=reason, confidence=sure)


Guess = tuple[DataType | None, str, float]
"""Kind, reason, and how sure it is."""


def _named(kind: DataType | None, filled: list[str]) -> Guess:
    """Of a column that its header names: 0.98 when its cells look like it, 0.9 when nothing can be said, else 0.4."""
    looks = NAMED.get(kind) if kind is not None else None
    if looks is None or not filled:
        return kind, "by its header", 0.9
    if _alike(looks, filled) >= SAMPLE_SHARE * len(filled):
        return kind, "by its header", 0.98
    return kind, "by its header; its cells do not look like it", 0.4


def _by_cells(filled: list[str]) -> Guess:
    for kind, looks in ALONE:
        alike = _alike(looks, filled)
        if not filled or alike < SAMPLE_SHARE * len(filled):
            continue
        if kind is DataType.PASSWORD_HASH:
            hashed, reason, _ = _password(None, filled, slow=False)
            return hashed, reason.replace("by its header; ", "by its cells: "), round(0.9 * alike / len(filled), 2)
        return kind, f"by its cells: {alike} of {len(filled)} look like it", round(0.9 * alike / len(filled), 2)
    return DataType.PROFILE_DETAILS, "neither header nor cells say more", 0.3


def _password(named: DataType | None, filled: list[str], *, slow: bool) -> Guess:
    """Readable, weakly or strongly scrambled: by the shape of the cells. What is not known counts as readable."""
    readable = named or DataType.PASSWORD
    if not filled:
        return readable, "by its header; no cell shows how it is stored", 0.5
    if all(cell.casefold() in FLAGS for cell in filled):
        return DataType.PROFILE_DETAILS, "by its cells: only yes and no", 0.8
    found = main_scheme(filled, NEARLY_ALL if named else SAMPLE_SHARE)
    if found is None:
        return readable, "by its header; its cells can be read as they are, or some of them can", 0.9
    scheme, alike = found
    strong = scheme.strong or (slow and scheme.name == "sha-256")
    said = f"by its header; {alike} of {len(filled)} cells are {'pbkdf2' if slow else scheme.name} hashes"
    if strong:
        return DataType.PASSWORD_HASH, f"{said} (strong: slow to guess)", 0.98
    return DataType.WEAK_PASSWORD_HASH, f"{said} (weak: fast to guess)", 0.95


def _alike(looks: Look, filled: list[str]) -> int:
    """How many cells look like it; 0 when none of the first does."""
    first = sum(map(looks, filled[:FIRST_LOOK]))
    return first + sum(map(looks, filled[FIRST_LOOK:])) if first else 0


def _is_slow_mark(cell: str) -> bool:
    found = SLOW_MARK.fullmatch(cell)
    return found is not None and int(found[1]) >= FEWEST_ROUNDS
