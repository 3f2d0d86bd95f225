"""Unpacking with a meter: a file of a few kilobytes that unpacks to terabytes ends in a sentence, not in all memory."""

import codecs
import gzip
import io
import tarfile
import zipfile
import zlib
from typing import IO

from breach.errors import BadInput

STATE = "The case is kept; nothing was sent."

PACKED_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, tarfile.TarError)
"""What unpacking raises for a damaged or cut-off file."""

LARGEST_RATIO = 200
"""Unpacked bytes for each packed one. Chat exports pack 5 to 30 times; deflate ends at 1,032, where bombs lie."""
FREE = 64 << 20
"""Bytes that may unpack before the ratio is looked at: a small table of blanks packs well and harms nobody."""
MOST = 1 << 40
"""Bytes of one unpacked file, whatever its ratio."""


def allowance(packed: int) -> int:
    """How many bytes may come out of so many packed ones."""
    return min(max(FREE, packed * LARGEST_RATIO), MOST)


class Metered(io.RawIOBase):
    """A stream of unpacked bytes that stops with BadInput where more comes out than its packed size allows."""

    def __init__(self, inner: IO[bytes], packed: int, named: str) -> None:
        """Inner: unpacks on reading. Packed: bytes of the packed file. Named: how a sentence calls it."""
        self._inner, self._limit, self._named = inner, allowance(packed), named
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """As the stream within."""
        return self._inner.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Anywhere within the allowance; unpacking what lies before is metered, too."""
        if whence == io.SEEK_SET and offset > self._limit:
            raise self._bomb()
        self._at = self._inner.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        """Bytes from the start of what is unpacked."""
        return self._at

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # any writable buffer
        """Some of the next bytes."""
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        if self._at > self._limit:
            raise self._bomb()
        return len(data)

    def close(self) -> None:
        """Closes the stream within as well."""
        self._inner.close()
        super().close()

    def _bomb(self) -> BadInput:
        return BadInput(
            f"{self._named} unpacks to more than {self._limit} bytes, {LARGEST_RATIO} times its size: a zip bomb.",
            STATE,
            "Do not open it elsewhere; ask whoever gave it for the export itself.",
        )


def metered(inner: IO[bytes], packed: int, named: str) -> IO[bytes]:
    """The stream, buffered and metered; see Metered."""
    return io.BufferedReader(Metered(inner, packed, named), 1 << 18)


class Utf8(io.RawIOBase):
    """UTF-16 read as UTF-8, without its mark. Wrong units become replacement characters, and are counted."""

    def __init__(self, inner: IO[bytes], encoding: str) -> None:
        self._inner, self._left = inner, b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # any writable buffer
        """Some of the next bytes."""
        while not self._left:
            raw = self._inner.read(1 << 16)
            # surrogatepass would let half a character through, which no JSON decoder takes.
            self._left = self._decoder.decode(raw, final=not raw).removeprefix("\ufeff").encode("utf-8", "replace")
            if not raw and not self._left:
                return 0
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
