"""Reads the first sheet of an XLSX workbook as a table; Mighty Networks gives its member list so."""

from collections.abc import Iterator
from pathlib import Path

from breach.errors import BadInput
from breach.exposure.containers import Archive, ZipArchive
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers.xlsx_cells import Part, SharedTexts, Sheet, Styles
from breach.exposure.sources import Source, as_source

TEXTS, STYLES, BOOK, LINKS = "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class _Book(Part):
    """workbook.xml and its links: the sheets in the order of their tabs."""

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.targets: dict[str, str] = {}
        self.from_1904 = False

    def started(self, name: str, given: dict[str, str]) -> None:
        """As Part says."""
        if name == "workbookPr":
            self.from_1904 = given.get("date1904") in {"1", "true"}
        elif name == "sheet":
            self.sheets.append(next((text for key, text in given.items() if key.endswith(" id")), ""))
        elif name == "Relationship":
            self.targets[given.get("Id", "")] = given.get("Target", "")

    def first(self) -> str:
        """The first sheet's path in the archive; '' when there is none."""
        target = self.targets.get(self.sheets[0], "") if self.sheets else ""
        return target.removeprefix("/") if target.startswith("/") else f"xl/{target}" if target else ""


class XlsxTable:
    """One workbook. Iterate rows() as often as needed."""

    def __init__(self, source: Path | Source) -> None:
        """Reads texts, styles and the header. Raises BadInput when the workbook has no readable sheet."""
        self.source = as_source(source)
        self._archive = ZipArchive(self.source.path)
        self._book, self._texts, self._styles = _Book(), SharedTexts(), Styles()
        for name, part in ((BOOK, self._book), (LINKS, self._book), (TEXTS, self._texts), (STYLES, self._styles)):
            self._fill(name, part)
        self._too_long = 0
        self._damaged = False
        self.header = next((row for row in self._cells() if any(row)), [])
        if not self.header:
            raise BadInput(f"The spreadsheet {self.source.name!r} has no readable row.", STATE, "Save it again as CSV.")

    @property
    def notes(self) -> list[str]:
        """What was not read; final when the rows are used up."""
        said = []
        if len(self._book.sheets) > 1:
            said.append(f"{len(self._book.sheets) - 1} further sheets of the workbook were not read")
        if self._too_long:
            said.append(f"{self._too_long} rows have more cells than the header; what lies beyond it was not read")
        if self._damaged:
            said.append("the sheet is damaged; what precedes the damage was read")
        return said

    def rows(self) -> Iterator[list[str]]:
        """As Roster says: what follows the first row that is not blank."""
        self._too_long, self._damaged = 0, False
        width, begun = len(self.header), False
        for row in self._cells():
            if begun and any(row):
                self._too_long += len(row) > width
                yield (row + [""] * (width - len(row)))[:width]
            begun = begun or any(row)

    def _cells(self) -> Iterator[list[str]]:
        sheet = Sheet(self._texts.texts, self._styles.dates, self._book.from_1904)
        path = self._book.first()
        try:
            for _, file in self._archive.walk(lambda entry: entry.name == path):
                for _ in sheet.read(file):
                    yield from sheet.rows
                    sheet.rows.clear()
        except PACKED_ERRORS:
            self._damaged = True

    def _fill(self, name: str, part: Part) -> None:
        try:
            for _, file in self._archive.walk(lambda entry: entry.name == name):
                for _ in part.read(file):
                    pass
        except PACKED_ERRORS:
            raise BadInput(f"The spreadsheet {self.source.name!r} is damaged.", STATE, "Save it again.") from None


def looks_like_it(archive: Archive) -> str:
    """By what a zip is known as a workbook; '' when it is none."""
    names = {entry.name for entry in archive.entries}
    return "a zip archive with the parts of a workbook" if {BOOK, LINKS} <= names else ""
