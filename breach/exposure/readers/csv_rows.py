"""Rows of a CSV as people save it: any of four separators, UTF-8 or UTF-16, packed or not, and hostile at times."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TextIO

from breach.errors import BadInput
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers.column_map import NeedsWhole
from breach.exposure.readers.csv_blocks import Block, CsvBlocks, Rest, columns_of_rows
from breach.exposure.readers.parts import Part, cut_rows, sliced
from breach.exposure.sources import Source, as_source, encoding_of, open_source, peek

LONGEST_LINE = 4 << 20
"""Characters of one line; a file without line breaks would otherwise be one cell of all memory."""
GATHERED = 4096
"""Rows that make a block."""
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
            yield from self._rows(file, encoding_of(head), head, 0)

    def blocks(self, fit: Callable[[list[str]], list[str]]) -> Iterator[Block]:
        """The same without the header, in columns. Fit: makes a row as long as the header, when it is another."""
        self.nulls = 0
        head = peek(self.source)
        with open_source(self.source) as file:
            width = len(next(self._rows(file, encoding_of(head), head, 0), []))
        with open_source(self.source) as file:
            first = file.readline(LONGEST_LINE) if encoding_of(head) == "utf-8-sig" else b""
            blocks = CsvBlocks(file, delimiter_of(decode_head(head)), width)
            # A header of more than one line, or one that says nothing, is for the slow way.
            if first.endswith(b"\n") and b'"' not in first and b"\r" not in first.rstrip(b"\r\n") and first.strip():
                yield from blocks
                rows = self._rows(blocks.rest, "utf-8", head, blocks.lines + 1)
            else:
                rows = self._rows(io.BufferedReader(Rest(first, file)), encoding_of(head), head, 0)
                next(rows, None)
            yield from _gathered(map(fit, filter(None, rows)), width)

    def parts(self) -> list[Part]:
        """Where it may be cut, when its header is one plain line of UTF-8."""
        head = peek(self.source)
        first = head[: head.find(b"\n") + 1]
        if encoding_of(head) != "utf-8-sig" or not first.strip() or b'"' in first:
            return []
        return cut_rows(self.source.path, len(first))

    def part(self, part: Part, width: int) -> Iterator[Block]:
        """The rows of one part, in columns."""
        head = peek(self.source)
        with open_source(self.source) as file:
            blocks = CsvBlocks(sliced(file, part), delimiter_of(decode_head(head)), width)
            yield from blocks
            if blocks.rest.read(1):
                raise NeedsWhole

    def _rows(self, file: IO[bytes], encoding: str, head: bytes, before: int) -> Iterator[list[str]]:
        """Rows of what is left of a file. Before: lines that were read already."""
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        # strict: an open quote would otherwise swallow every member after it into one cell, in silence.
        reader = csv.reader(self._lines(text), delimiter=delimiter_of(decode_head(head)), strict=True)
        try:
            for row in reader:
                if len(row) > MOST_COLUMNS:
                    raise self._refused(f"has more than {MOST_COLUMNS} columns near line {before + reader.line_num}")
                yield row
        except csv.Error:
            raise self._refused(f"breaks off near line {before + reader.line_num}: a quote is wrong there") from None
        except UnicodeDecodeError:
            raise self._refused(f"is not UTF-8 near line {before + reader.line_num + 1}") from None
        except PACKED_ERRORS:
            raise self._refused(
                f"is cut off: the compressed data ends near line {before + reader.line_num + 1}"
            ) from None
        except _LineTooLong:
            raise self._refused(
                f"has a line of more than {LONGEST_LINE} characters near line {before + reader.line_num + 1}"
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


def _gathered(rows: Iterator[list[str]], width: int) -> Iterator[Block]:
    """Rows as blocks; those before a fault are handed on before it is raised."""
    held: list[list[str]] = []
    fault: BadInput | None = None
    while True:
        try:
            row = next(rows, None)
        except BadInput as error:
            row, fault = None, error
        if row is not None:
            held.append(row)
        if held and (row is None or len(held) >= GATHERED):
            yield columns_of_rows(held, width)
            held = []
        if fault is not None:
            raise fault
        if row is None:
            return


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
