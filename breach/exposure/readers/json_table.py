"""Reads objects as rows: one JSON object a line (NDJSON), or one array of them. Columns are their paths."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from breach.errors import BadInput
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers.cells import flattened, header_of
from breach.exposure.readers.column_map import NeedsWhole
from breach.exposure.readers.csv_blocks import Block, columns_of_rows
from breach.exposure.readers.csv_rows import MOST_COLUMNS
from breach.exposure.readers.flat_lines import FlatLines
from breach.exposure.readers.json_stream import ElementDecoder, JsonStream
from breach.exposure.readers.objects import find_elements
from breach.exposure.readers.parts import Part, cut_at, sliced
from breach.exposure.readers.reading import BATCH
from breach.exposure.sources import Source, as_source, encoding_of, open_utf8, peek

FIRST_ROWS = 500
"""Objects by which the columns are known."""
LONGEST_LINE = 64 << 20
PIECE = 2 << 20
_ARRAY = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[")
_DECODER: ElementDecoder[dict[str, Any]] = ElementDecoder(dict[str, Any])


class JsonTable:
    """One file of objects. Iterate rows() as often as needed."""

    def __init__(self, source: Path | Source) -> None:
        """Reads the first objects for their paths. Raises BadInput for more columns than any spreadsheet has."""
        self.source = as_source(source)
        self._unread = self._beyond = 0
        self._complete = True
        self.header = header_of(islice(self._cells(), FIRST_ROWS))
        if len(self.header) > MOST_COLUMNS:
            raise BadInput(f"{self.source.name!r} has more than {MOST_COLUMNS} columns.", STATE, "Export it again.")

    @property
    def notes(self) -> list[str]:
        """What was not read; final when the rows are used up."""
        said = []
        if self._unread:
            said.append(f"{self._unread} entries are no readable object")
        if self._beyond:
            said.append(f"{self._beyond} cells stand in columns that the first {FIRST_ROWS} rows do not have")
        if not self._complete:
            said.append("the file is cut off; what precedes the cut was read")
        return said

    def rows(self) -> Iterator[list[str]]:
        """As Roster says."""
        self._unread = self._beyond = 0
        self._complete = True
        yield from self._rows(self._cells())

    def parts(self) -> list[Part]:
        """Where it may be cut: after a line."""
        head = peek(self.source, 4096)
        return [] if is_array(head) or encoding_of(head) != "utf-8-sig" else cut_at(self.source.path, 0, b"\n", 1)

    def blocks(self, part: Part | None = None) -> Iterator[Block]:
        """The same in columns. Lines of flat objects are read at once; the others as rows."""
        self._unread = self._beyond = 0
        self._complete = True
        with open_utf8(self.source) as file:
            lined = not is_array(file.read(64))
        if not lined or any("." in path for path in self.header):
            if part is not None:
                raise NeedsWhole
            yield from self._row_blocks(self._objects())
            return
        lines = FlatLines(self.header)
        with open_utf8(self.source) as file:
            for piece in self._whole_lines(sliced(file, part)):
                block = lines.block(piece)
                if block is not None:
                    self._complete = True
                    yield block
                else:
                    yield from self._row_blocks(map(self._line, filter(bytes.strip, piece.splitlines(keepends=True))))

    def _row_blocks(self, told: Iterator[list[dict[str, Any]]]) -> Iterator[Block]:
        rows = self._rows(flattened(one) for objects in told for one in objects)
        while held := list(islice(rows, BATCH)):
            yield columns_of_rows(held, len(self.header))

    def _whole_lines(self, file: IO[bytes]) -> Iterator[bytes]:
        """Pieces that end where a line ends, the last one where the file does."""
        held = b""
        while True:
            try:
                more = file.read(PIECE)
            except PACKED_ERRORS:
                self._complete = False
                more = b""
            end = more.rfind(b"\n") + 1
            if end or not more:
                piece = held + more[:end] if more else held
                if piece:
                    yield piece.removeprefix(b"\xef\xbb\xbf")
                held = more[end:]
            else:
                held += more
            if len(held) > LONGEST_LINE:
                raise BadInput(f"A line of {self.source.name!r} is larger than 64 MiB.", STATE, "Export again.")
            if not more:
                return

    def _rows(self, told: Iterator[dict[str, str]]) -> Iterator[list[str]]:
        width = frozenset(self.header)
        for cells in told:
            self._beyond += sum(bool(text) for path, text in cells.items() if path not in width)
            yield [cells.get(path, "") for path in self.header]

    def _cells(self) -> Iterator[dict[str, str]]:
        for objects in self._objects():
            for one in objects:
                yield flattened(one)

    def _objects(self) -> Iterator[list[dict[str, Any]]]:
        with open_utf8(self.source) as file:
            if is_array(file.read(64)):
                yield from self._array()
                return
        with open_utf8(self.source) as file:
            try:
                while line := file.readline(LONGEST_LINE + 1):
                    if len(line) > LONGEST_LINE:
                        raise BadInput(f"A line of {self.source.name!r} is larger than 64 MiB.", STATE, "Export again.")
                    if line.strip():
                        yield self._line(line.removeprefix(b"\xef\xbb\xbf"))
            except PACKED_ERRORS:
                self._complete = False

    def _array(self) -> Iterator[list[dict[str, Any]]]:
        with open_utf8(self.source) as file:
            stream = JsonStream(file, self.source.name)
            stream.find(_ARRAY, 64)
            for piece, found in stream.pieces():
                objects, unread = _DECODER.decode(piece, found)
                self._unread += unread
                yield objects
            self._complete = stream.closed

    def _line(self, line: bytes) -> list[dict[str, Any]]:
        whole = _DECODER.whole(line, len(line))
        if whole is not None and len(whole) == 1:
            self._complete = True
            return whole
        found = find_elements(line)
        objects, unread = _DECODER.decode(line, found) if len(found.ends) else ([], 1)
        self._unread += unread
        self._complete = bool(objects)
        return objects


def is_array(head: bytes) -> bool:
    """Whether JSON begins with an array."""
    return _ARRAY.match(head) is not None


def is_object(head: bytes) -> bool:
    """Whether the first line is one whole object."""
    line, _, _ = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    found = find_elements(line) if line.startswith(b"{") else None
    return found is not None and len(found.ends) == 1 and found.read_up_to == len(line.rstrip())
