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

CHUNK = 4 << 20
LARGEST_ELEMENT = 64 << 20
"""Bytes of one element; every platform's own limit lies 1,000 times lower. More is a hostile or broken file."""

FAULTS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for what is no JSON, not of the expected shape, or nested beyond all sense."""


class JsonStream:
    """One pass over a file."""

    def __init__(self, file: IO[bytes], named: str, chunk: int = 0, largest: int = LARGEST_ELEMENT) -> None:
        """File: open for reading. Named: how a sentence calls it. Chunk: bytes of one read; 0: CHUNK."""
        self._file, self._named, self._chunk, self._largest = file, named, chunk or CHUNK, largest
        self._buffer = b""
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
            if found.closed_at is not None:
                self._buffer = self._buffer[found.closed_at + 1 :]
                self.closed = True
                return
            self._buffer = self._buffer[found.read_up_to :]
            if len(self._buffer) > self._largest:
                raise BadInput(
                    f"One message of {self._named!r} is larger than {self._largest >> 20} MiB.", STATE, "Export again."
                )
            more = self._read(max(self._chunk, len(self._buffer)))
            if not more:
                return
            self._buffer += more

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
