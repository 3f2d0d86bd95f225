"""From one row of a user list to one member of the roster."""

import re
from collections.abc import Sequence
from datetime import date

from breach.exposure.age import is_minor, read_birth_date
from breach.exposure.columns import Column, Role
from breach.exposure.country import find_country
from breach.exposure.identity import AddressIds, IdWatch
from schemas.exposure import DataType

TRUE = frozenset({"true", "t", "1", "yes"})
OPTED_OUT = frozenset({"opted out", "no", "false", "unsubscribed"})
TYPE_ORDER = tuple(DataType)


class PersonMaker:
    """Turns rows into people by the classified columns; counts what it could not read."""

    def __init__(self, columns: Sequence[Column], on: date) -> None:
        """Columns of the file; the day on which age is counted."""
        self._typed = tuple((column.position, column.type) for column in columns if column.type is not None)
        self._places = {role: [column.position for column in columns if column.role is role] for role in Role}
        self._on = on
        self._address_ids = None if self._places[Role.MEMBER_ID] else AddressIds()
        self._ids = IdWatch()
        self._rows = 0
        self.birth_dates_unread = 0

    @property
    def notes(self) -> list[str]:
        """What could not be relied on, in sentences without a value."""
        return self._ids.notes + (self._address_ids.notes if self._address_ids is not None else [])

    def make(self, cells: Sequence[str]) -> dict[str, object]:
        """A row of tables.PEOPLE."""
        email = self._first(cells, Role.EMAIL)
        others = [part for part in re.split(r"[;,\s]+", " ".join(self._all(cells, Role.OTHER_EMAILS))) if part]
        phone = self._first(cells, Role.PHONE)
        locale = self._first(cells, Role.LANGUAGE)
        kind = self._first(cells, Role.ACCOUNT_KIND).casefold()
        self._rows += 1
        member_id = self._member_id(cells, email)
        country, evidence = find_country(
            self._first(cells, Role.COUNTRY), phone, locale, (email, *others), self._first(cells, Role.TIME_ZONE)
        )
        born = self._birth_date(cells)
        held = {kind for position, kind in self._typed if cells[position].strip()}
        return {
            "member_id": member_id,
            "platform_ids": self._ids.usable(self._all(cells, Role.CHAT_ID)),
            "username": self._first(cells, Role.USERNAME),
            "name": self._first(cells, Role.NAME) or self._parted_name(cells),
            "email": email,
            "other_emails": others,
            "phone": phone,
            "birth_date": born.isoformat() if born else "",
            "ip": self._first(cells, Role.IP),
            "jurisdiction": country,
            "evidence": evidence.value,
            "locale": locale,
            # Discourse's own accounts (system, discobot) have ids below zero.
            "is_bot": kind == "bot" or member_id.startswith("-"),
            "suspended": bool(self._all(cells, Role.SUSPENDED)),
            "staged": self._first(cells, Role.STAGED).casefold() in TRUE,
            "deleted": kind == "deleted",
            "opted_out": self._first(cells, Role.NEWSLETTER).casefold() in OPTED_OUT,
            "minor": born is not None and is_minor(born, self._on),
            "types": [one.value for one in TYPE_ORDER if one in held],
        }

    def _member_id(self, cells: Sequence[str], email: str) -> str:
        made = self._address_ids
        return self._first(cells, Role.MEMBER_ID) if made is None else made.make(email, self._rows)

    def _parted_name(self, cells: Sequence[str]) -> str:
        return " ".join(part for role in (Role.FIRST_NAME, Role.LAST_NAME) if (part := self._first(cells, role)))

    def _birth_date(self, cells: Sequence[str]) -> date | None:
        text = self._first(cells, Role.BIRTH_DATE)
        born = read_birth_date(text) if text else None
        self.birth_dates_unread += bool(text) and born is None
        return born

    def _first(self, cells: Sequence[str], role: Role) -> str:
        for position in self._places[role]:
            if text := cells[position].strip():
                return text
        return ""

    def _all(self, cells: Sequence[str], role: Role) -> list[str]:
        return [text for position in self._places[role] if (text := cells[position].strip())]
