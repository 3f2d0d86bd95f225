"""What each data type is: its group, its words, its place in law, how sensitive it is. The data is taxonomy.yaml."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import Field, ValidationError, model_validator

from breach.errors import BadInput
from schemas.base import Record
from schemas.exposure import DataType
from schemas.incident import Line, Locale
from schemas.law_facts import ElementName, Protection

DATA = Path(__file__).with_name("taxonomy.yaml")


class Group(StrEnum):
    """Where a data type belongs."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ACCOUNT = "account"
    MONEY = "money"
    ONLINE = "online"
    COMMUNICATIONS = "communications"
    SPECIAL = "special category"
    OTHER = "other"


class Way(StrEnum):
    """How a data type can be found."""

    COLUMN = "column"
    CONTENT = "content"
    AREA = "area"


class Entry(Record):
    """One data type. Closed: an unknown key is an error."""

    group: Group
    words: dict[Locale, Line]
    hibp: Line | None
    law: tuple[ElementName, ...] = Field(min_length=1)
    protection: str = Protection.PLAIN.name.lower()
    rank: int = Field(ge=1)
    found: tuple[Way, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "Entry":
        if set(self.words) != set(Locale):
            raise ValueError("needs words in every language of the letters")
        if self.protection.upper() not in Protection.__members__:
            raise ValueError("names a protection that law does not know")
        return self

    @property
    def lay(self) -> Protection:
        """How it lay in the data that leaked."""
        return Protection[self.protection.upper()]


def read_taxonomy(text: str) -> Mapping[DataType, Entry]:
    """The taxonomy of a YAML text. Raises BadInput when a type is missing, unknown, twice ranked or not closed."""
    try:
        given = yaml.safe_load(text)
        found = {DataType[name.upper()]: Entry.model_validate(entry) for name, entry in given.items()}
    except (yaml.YAMLError, AttributeError, KeyError, ValidationError) as error:
        raise _refused(f"{type(error).__name__}: {error}") from None
    if missing := [kind.name.lower() for kind in DataType if kind not in found]:
        raise _refused(f"it says nothing of {', '.join(missing)}")
    if len({entry.rank for entry in found.values()}) < len(found):
        raise _refused("two types have one rank")
    return MappingProxyType(found)


@cache
def taxonomy() -> Mapping[DataType, Entry]:
    """Every data type's entry. Raises BadInput as read_taxonomy does."""
    return read_taxonomy(DATA.read_text(encoding="utf-8"))


def words_in(locale: Locale) -> dict[str, str]:
    """What a letter of this language calls each data type, by the type's value."""
    return {kind.value: entry.words[locale] for kind, entry in taxonomy().items()}


def most_sensitive_first(kinds: Iterable[DataType]) -> tuple[DataType, ...]:
    """The types by their rank."""
    return tuple(sorted(kinds, key=lambda kind: taxonomy()[kind].rank))


def _refused(why: str) -> BadInput:
    return BadInput(
        f"taxonomy.yaml cannot be used: {why}.",
        "No data type is known, so nothing was scanned.",
        "Correct the file, or install the program again.",
    )
