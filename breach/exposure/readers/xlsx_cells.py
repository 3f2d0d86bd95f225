"""The parts of an XLSX file as a stream: shared texts, number formats, rows (ECMA-376 part 1, 18.3 to 18.8).

Read with expat directly: libraries take a sheet into memory as one rectangle, so that two cells in far corners, a
file of 1 kB, would take all of it; and a number must come as it is written, digit by digit.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO
from xml.parsers import expat

from breach.errors import BadInput
from breach.exposure.metered import STATE
from breach.exposure.readers.csv_rows import MOST_COLUMNS

MOST_TEXT = 256 << 20
"""Characters of all shared texts together."""
LARGEST_CELL = 1 << 20
"""Characters of one cell; Excel's own limit is 32,767."""
DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Numbers of the formats of dates and times that are not defined in the file (18.8.30)."""
_NOT_SIGNS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_PLACE = re.compile(r"([A-Z]{1,3})\d*")


class _Wrong(Exception):
    """The file is not what it says."""


class Part:
    """One XML part. Subclasses are told of each element by its local name, and of text."""

    def started(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""

    def ended(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Characters within an element, maybe not all."""

    def read(self, file: IO[bytes]) -> "Iterator[None]":
        """Parses; stops after each piece. Raises BadInput for what is no XML, or declares entities."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = lambda name, given: self.started(name.rpartition(" ")[2], given)
        parser.EndElementHandler = lambda name: self.ended(name.rpartition(" ")[2])
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _refuse  # entities are how XML explodes; a spreadsheet declares none
        try:
            while piece := file.read(1 << 16):
                parser.Parse(piece, False)
                yield
            parser.Parse(b"", True)
            yield
        except (expat.ExpatError, _Wrong, ValueError, IndexError, OverflowError):
            raise BadInput("A part of the spreadsheet cannot be read.", STATE, "Save it again as CSV.") from None


class SharedTexts(Part):
    """sharedStrings.xml: texts that cells name by number. Phonetic hints in them are left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._size = 0
        self._inside = self._hint = False

    def started(self, name: str, given: dict[str, str]) -> None:  # noqa: ARG002
        """As Part says."""
        if name == "si":
            self._parts = []
        self._hint = self._hint or name == "rPh"
        self._inside = name == "t" and not self._hint

    def ended(self, name: str) -> None:
        """As Part says."""
        self._inside = False
        if name == "rPh":
            self._hint = False
        if name == "si":
            self.texts.append("".join(self._parts))

    def text(self, data: str) -> None:
        """As Part says."""
        if self._inside:
            self._parts.append(data)
            self._size += len(data)
            if self._size > MOST_TEXT:
                raise _Wrong


class Styles(Part):
    """styles.xml: which cell styles show a number as a date."""

    def __init__(self) -> None:
        self.dates: list[bool] = []
        self._formats: dict[int, bool] = {}
        self._in_cells = False

    def started(self, name: str, given: dict[str, str]) -> None:
        """As Part says."""
        if name == "numFmt":
            signs = _NOT_SIGNS.sub("", given.get("formatCode", "")).lower()
            self._formats[int(given.get("numFmtId", "-1"))] = any(sign in signs for sign in "ymdh")
        self._in_cells = self._in_cells or name == "cellXfs"
        if name == "xf" and self._in_cells:
            number = int(given.get("numFmtId", "0"))
            self.dates.append(self._formats.get(number, number in DATES))

    def ended(self, name: str) -> None:
        """As Part says."""
        if name == "cellXfs":
            self._in_cells = False


class Sheet(Part):
    """A worksheet: `rows` fills while it is read; take them and clear it."""

    def __init__(self, texts: Sequence[str], dates: Sequence[bool], from_1904: bool) -> None:
        """Texts: shared ones. Dates: by style. From 1904: days are counted from there, as old Macs do."""
        self.rows: list[list[str]] = []
        self._texts, self._dates = texts, dates
        self._first_day = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # a cell has no zone
        self._row: list[str] = []
        self._at = -1
        self._kind = self._style = ""
        self._held: list[str] = []
        self._inside = False

    def started(self, name: str, given: dict[str, str]) -> None:
        """As Part says."""
        if name == "row":
            self._row, self._at = [], -1
        elif name == "c":
            place = _PLACE.match(given.get("r", ""))
            self._at = _number(place[1]) if place else self._at + 1
            self._kind, self._style, self._held = given.get("t", "n"), given.get("s", "0"), []
            if not 0 <= self._at < MOST_COLUMNS:
                raise _Wrong
        self._inside = name in {"v", "t"}

    def ended(self, name: str) -> None:
        """As Part says."""
        self._inside = False
        if name == "c":
            text = self._value("".join(self._held))
            if text:
                self._row += [""] * (self._at + 1 - len(self._row))
                self._row[self._at] = text
        elif name == "row":
            self.rows.append(self._row)

    def text(self, data: str) -> None:
        """As Part says."""
        if self._inside:
            self._held.append(data)
            if len(self._held) > LARGEST_CELL:
                raise _Wrong

    def _value(self, raw: str) -> str:
        if self._kind == "s":
            return self._texts[int(raw)] if raw else ""
        if self._kind == "b":
            return {"1": "true", "0": "false"}.get(raw, raw)
        if self._kind == "e":
            return ""
        style = int(self._style)
        if self._kind == "n" and raw and style < len(self._dates) and self._dates[style]:
            return self._date(raw)
        return raw

    def _date(self, raw: str) -> str:
        moment = self._first_day + timedelta(days=float(raw))
        whole = moment.replace(microsecond=0) + timedelta(seconds=round(moment.microsecond / 1e6))
        return whole.date().isoformat() if float(raw).is_integer() else whole.isoformat(sep=" ")


def _refuse(*_: object) -> None:
    raise _Wrong


def _number(letters: str) -> int:
    """A column's letters as its place from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
