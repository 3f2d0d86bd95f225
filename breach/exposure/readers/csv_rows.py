"""Rows of a CSV as people save it: any of four separators, UTF-8 or UTF-16, packed or not, and hostile at times."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from breach.errors import BadInput
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.sources import Source, as_source, encoding_of, open_source, peek

LONGEST_LINE = 4 << 20
"""Characters of one line; a file without line breaks would otherwise be one cell of all memory."""
MOST_COLUMNS = 20_000
"""A spreadsheet ends at 16,384."""

# One setting for the whole process, of 131,072 by default; a post may be longer, a line of ours may not.
csv.field_size_limit(LONGEST_LINE)


class _LineTooLong(Exception):
    """A line beyond LONGEST_LINE."""


class CsvRows:
    """One CSV file. Iterate as often as needed."""

    def __init__(self, source: Path | Source, what: str) -> None:
        """What: how a sentence calls such a file ('member list')."""
        self.source, self._what = as_source(source), what
        self.nulls = 0
        """NUL characters that were dropped; final when the rows are used up."""

    def __iter__(self) -> Iterator[list[str]]:
        """Each row's cells, the header's first. Raises BadInput for what is no CSV, naming the line."""
        self.nulls = 0
        head = peek(self.source)
        with open_source(self.source) as file:
            text = io.TextIOWrapper(file, encoding=encoding_of(head), newline="")
            # strict: an open quote would otherwise swallow every member after it into one cell, in silence.
            reader = csv.reader(self._lines(text), delimiter=delimiter_of(decode_head(head)), strict=True)
            try:
                for row in reader:
                    if len(row) > MOST_COLUMNS:
                        raise self._refused(f"has more than {MOST_COLUMNS} columns near line {reader.line_num}")
                    yield row
            except csv.Error:
                raise self._refused(f"breaks off near line {reader.line_num}: a quote is wrong there") from None
            except UnicodeDecodeError:
                raise self._refused(f"is not UTF-8 near line {reader.line_num + 1}") from None
            except PACKED_ERRORS:
                raise self._refused(f"is cut off: the compressed data ends near line {reader.line_num + 1}") from None
            except _LineTooLong:
                raise self._refused(
                    f"has a line of more than {LONGEST_LINE} characters near line {reader.line_num + 1}"
                ) from None

    def _lines(self, text: TextIO) -> Iterator[str]:
        while line := text.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise _LineTooLong
            if "\x00" in line:
                self.nulls += line.count("\x00")
                line = line.replace("\x00", "")
            yield line

    def _refused(self, what: str) -> BadInput:
        return BadInput(f"The {self._what} {self.source.name!r} {what}.", STATE, "Export it again and start again.")


def decode_head(head: bytes) -> str:
    """The first bytes as text; a character cut at the end, or a wrong one, becomes a replacement character."""
    return head.decode(encoding_of(head), errors="replace")


def delimiter_of(text: str) -> str:
    """The separator of a CSV, by its first line outside quotes: the one that occurs most; a comma when none does."""
    first = re.sub(r'"[^"]*"?', "", _first_line(text))
    return max(",;\t|", key=first.count)


def header_cells(text: str) -> list[str]:
    """The cells of a CSV's first row, stripped and lower-cased; empty when there is no such row."""
    try:
        row = next(csv.reader(io.StringIO(_first_line(text)), delimiter=delimiter_of(text)), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in row]


def _first_line(text: str) -> str:
    return next((line for line in re.split(r"[\r\n]", text) if line), "")
