"""Ids as the export has them, and what a spreadsheet or another program did to them on the way."""

import re
from collections import Counter

from breach.digest import digest_bytes
from breach.exposure.kinds.emails import same_email

_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d+")
_WRAPPED = re.compile(r"<@!?(\d+)>|user(\d+)|(\d+)\.0+")
LONG = 16
"""Digits beyond which a spreadsheet keeps no whole number: it has 15."""


def clean_id(text: str) -> str:
    """A platform's id without what was put around it: <@123>, user123 and 123.0 are 123."""
    found = _WRAPPED.fullmatch(text)
    return next(part for part in found.groups() if part) if found else text


def is_mangled(text: str) -> bool:
    """Written as 1.50489E+18: which id it was can no longer be known."""
    return _ROUNDED.fullmatch(text) is not None


class IdWatch:
    """Looks at a column of platform ids for the traces of a spreadsheet."""

    def __init__(self) -> None:
        self.mangled = 0
        """Ids in scientific notation."""
        self._long = self._round = 0

    def usable(self, ids: list[str]) -> list[str]:
        """The ids that may be joined on."""
        kept = []
        for text in map(clean_id, ids):
            if is_mangled(text):
                self.mangled += 1
                continue
            if len(text) >= LONG and text.isdigit():
                self._long += 1
                self._round += text.endswith("000")
            kept.append(text)
        return kept

    @property
    def notes(self) -> list[str]:
        """What was seen, in sentences. One long id in a thousand ends in 000; five of five do not by chance."""
        said = []
        if self.mangled:
            said.append(f"{self.mangled} ids were turned into 1.2E+17 by a spreadsheet and join nobody")
        if self._long >= 5 and self._round == self._long:
            said.append(f"all {self._long} long ids end in 000: a spreadsheet rounded them, and they join nobody")
        return said


class AddressIds:
    """Ids for members of a list without any: made of the address, so that a newer list names them the same."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self.repeated = 0
        """Rows whose address stood in an earlier one; each counts as a member of its own."""
        self.without = 0
        """Rows without an address; they are named by their place."""

    def make(self, email: str, row: int) -> str:
        """The id of the member in a row, counted from 1."""
        if not email:
            self.without += 1
            return f"row-{row}"
        name = "m-" + digest_bytes(same_email(email).encode())[:24]
        self._seen[name] += 1
        if self._seen[name] == 1:
            return name
        self.repeated += 1
        return f"{name}-{self._seen[name]}"

    @property
    def notes(self) -> list[str]:
        """What was seen, in sentences."""
        said = []
        if self.repeated:
            said.append(f"{self.repeated} rows repeat an address; each counts as a member")
        if self.without:
            said.append(f"{self.without} rows have neither id nor address")
        return said
