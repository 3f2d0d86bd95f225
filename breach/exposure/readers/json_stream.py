"""Walks a JSON file from array to array and cuts each into its elements: bounded memory, whatever its size.

A file that ends early keeps what precedes the cut; an element that cannot be read is lost alone, and counted.
"""

import re
from collections.abc import Callable, Iterator
from typing import IO, Generic, TypeVar

import msgspec

from breach.errors import BadInput
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers.objects import Elements, find_elements

T = TypeVar("T")

CHUNK = 2 << 20
GUESSES = 3
"""Wrong ones in a row after which an array is no longer cut by guess."""
LARGEST_ELEMENT = 64 << 20
"""Bytes of one element; every platform's own limit lies 1,000 times lower. More is a hostile or broken file."""

FAULTS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for what is no JSON, not of the expected shape, or nested beyond all sense."""


class JsonStream:
    """One pass over a file."""

    def __init__(self, file: IO[bytes], named: str, chunk: int = 0, largest: int = LARGEST_ELEMENT) -> None:
        """File: open for reading. Named: how a sentence calls it. Chunk: bytes of one read; 0: CHUNK."""
        self._file, self._named, self._chunk, self._largest = file, named, chunk or CHUNK, largest
        self._buffer = self._between = b""
        self._brace = 0
        self.closed = False
        """The array read last closed within the file."""

    def find(self, pattern: re.Pattern[bytes], keep: int) -> bytes | None:
        """Goes to the end of the next match; returns at most `keep` bytes before it, None when there is no match."""
        searched = 0
        while (found := pattern.search(self._buffer, searched)) is None:
            # A match may begin in the last bytes.
            self._buffer = self._buffer[-keep:]
            searched = max(0, len(self._buffer) - 256)
            more = self._read(self._chunk)
            if not more:
                return None
            self._buffer += more
        before = self._buffer[max(0, found.start() - keep) : found.start()]
        self._buffer = self._buffer[found.end() :]
        return before

    def pieces(self) -> Iterator[tuple[bytes, Elements]]:
        """Pieces of the array at whose first byte the stream stands, with the elements complete in each.

        Raises BadInput for an element larger than the limit.
        """
        self.closed = False
        while True:
            found = find_elements(self._buffer)
            if len(found.ends):
                yield self._buffer, found
            if self._close(found) or not self._more():
                return

    def decoded(self, decoder: "ElementDecoder[T]") -> Iterator[tuple[list[T], int]]:
        """As pieces(), decoded: elements, and how many could not be read.

        Where two elements met last, the next ones will meet in the same bytes: the buffer is cut at the last such
        place and decoded at once. That it can be decoded proves the cut: one within an element leaves a bracket or a
        string open. find_elements is asked for the rest, and where the guess failed.
        """
        self.closed, self._between = False, b""
        guesses = GUESSES
        while True:
            cut = self._buffer.rfind(self._between) + 1 if guesses and self._between else 0
            elements = decoder.whole(self._buffer, cut + self._brace) if cut else None
            if elements is not None:
                yield elements, 0
                self._buffer = self._buffer[cut + self._brace :]
                guesses = GUESSES
            else:
                guesses -= bool(cut)
                found = find_elements(self._buffer)
                self._learn(found)
                if len(found.ends):
                    yield decoder.decode(self._buffer, found)
                if self._close(found):
                    return
            if not self._more():
                if elements is None:
                    return
                self._between = b""  # the last elements, and what closes the array

    def _learn(self, found: Elements) -> None:
        """The bytes in which the last two elements meet, with the line break before them when there is one."""
        if len(found.ends) < 2:
            return
        end, start = int(found.ends[-2]), int(found.starts[-1])
        line = self._buffer.rfind(b"\n", 0, end)
        begin = line if not self._buffer[line + 1 : end - 1].strip(b" \t") and line >= 0 else end - 1
        self._between = self._buffer[begin : start + 1]
        # rfind's answer + 1 + this is the byte after the closing bracket.
        self._brace = end - begin - 1

    def _close(self, found: Elements) -> bool:
        if found.closed_at is not None:
            self._buffer = self._buffer[found.closed_at + 1 :]
            self.closed = True
            return True
        self._buffer = self._buffer[found.read_up_to :]
        return False

    def _more(self) -> bool:
        """Reads on; False at the end. Raises BadInput when one element fills more than the limit."""
        if len(self._buffer) > self._largest:
            raise BadInput(
                f"One message of {self._named!r} is larger than {self._largest >> 20} MiB.", STATE, "Export again."
            )
        more = self._read(max(self._chunk, len(self._buffer)))
        self._buffer += more
        return bool(more)

    def rest(self, size: int) -> bytes:
        """What follows, up to so many bytes more."""
        return self._buffer + self._read(size)

    def _read(self, size: int) -> bytes:
        """Up to size bytes; a packed file that is cut off ends here, as a plain one would."""
        try:
            return self._file.read(size)
        except PACKED_ERRORS:
            return b""


class ElementDecoder(Generic[T]):
    """Decodes elements all at once; one by one when something among them is wrong, so that only that is lost."""

    def __init__(self, kind: type[T], mend: Callable[[bytes], bytes] = bytes) -> None:
        """Kind: of one element. Mend: what is tried on an element that cannot be decoded as it stands."""
        self._one = msgspec.json.Decoder(kind)
        self._many = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
        self._mend = mend

    def whole(self, piece: bytes, end: int) -> list[T] | None:
        """All elements of a piece's first bytes, or None when these hold anything else, or one is wrong."""
        start = len(piece) - len(piece[:64].lstrip(b" \t\r\n,")) - max(0, len(piece) - 64)
        try:
            return self._many.decode(b"".join((b"[", memoryview(piece)[start:end], b"]")))
        except FAULTS:
            return None

    def decode(self, piece: bytes, found: Elements) -> tuple[list[T], int]:
        """The elements, and how many could not be read (at least one when something between them is wrong)."""
        try:
            return self._many.decode(b"[" + piece[int(found.starts[0]) : found.read_up_to] + b"]"), 0
        except FAULTS:
            each = [
                self._decode_one(piece[a:b]) for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)
            ]
        good = [one for one, _ in each if one is not None]
        # Nothing wrong in any element, nothing mended: then there is something between them.
        return good, max(len(each) - len(good), 0 if any(mended for _, mended in each) else 1)

    def _decode_one(self, element: bytes) -> tuple[T | None, bool]:
        try:
            return self._one.decode(element), False
        except FAULTS:
            mended = self._mend(element)
        if mended == element:
            return None, False
        try:
            return self._one.decode(mended), True
        except FAULTS:
            return None, False
