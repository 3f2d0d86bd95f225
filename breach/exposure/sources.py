"""Opening what an operator named: checked first, unpacked when gzip, described without quoting its content."""

import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from breach.errors import BadInput
from breach.exposure.containers import GZIP_MAGIC, Entry, ZipArchive
from breach.exposure.metered import PACKED_ERRORS, STATE, Utf8, metered

__all__ = ["PACKED_ERRORS", "STATE", "Source", "check_source", "encoding_of", "open_source", "open_utf8", "peek"]

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Source:
    """An export file, or one file within a zip."""

    path: Path
    archive: ZipArchive | None = field(default=None, repr=False, compare=False)
    entry: Entry | None = field(default=None, repr=False)
    number: int = 0
    """Which of the zip's files this is, from 1; a file's own name within an archive may be a member's."""

    @property
    def name(self) -> str:
        """How a sentence calls it: by the name the operator gave."""
        return f"{self.path.name}, part {self.number}" if self.entry is not None else self.path.name


def as_source(source: Path | Source) -> Source:
    """A path as a source."""
    return Source(source) if isinstance(source, Path) else source


def check_source(path: Path) -> None:
    """Raises BadInput when the path is missing, no plain file, empty or not readable."""
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(
            f"The export {path.name!r} does not exist.", STATE, "Put it into the inbox, or name it right."
        ) from None
    except OSError as error:
        raise BadInput(
            f"The export {path.name!r} cannot be reached: {os.strerror(error.errno or 0)}.", STATE, "Check its folder."
        ) from None
    if not path.is_file():
        raise BadInput(f"{path.name!r} is not a file.", STATE, "Name the export file itself, not its folder.")
    if not os.access(path, os.R_OK):
        raise BadInput(f"The export {path.name!r} may not be read.", STATE, "Give the worker's user the right to read.")
    if size == 0:
        raise BadInput(f"The export {path.name!r} is empty (0 bytes).", STATE, "Export it again.")


@contextmanager
def open_source(source: Path | Source) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked when it is gzip by its first bytes. Raises BadInput as check_source does.

    Reading raises BadInput for a zip bomb and PACKED_ERRORS for a damaged file.
    """
    source = as_source(source)
    check_source(source.path)
    if source.archive is not None and source.entry is not None:
        with source.archive.open(source.entry) as file:
            yield file
        return
    with source.path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file, "rb") as unpacked:
            yield metered(cast("IO[bytes]", unpacked), source.path.stat().st_size, f"The export {source.name!r}")


@contextmanager
def open_utf8(source: Path | Source) -> Iterator[IO[bytes]]:
    """The same for a file of text: UTF-16 comes as UTF-8, everything else as it is."""
    encoding = encoding_of(peek(source, 4096))
    with open_source(source) as file:
        yield file if encoding == "utf-8-sig" else io.BufferedReader(Utf8(file, encoding), 1 << 18)


def peek(source: Path | Source, size: int = 65_536) -> bytes:
    """The first bytes after unpacking. Raises BadInput when they cannot be unpacked."""
    with open_source(source) as file:
        try:
            return file.read(size)
        except PACKED_ERRORS:
            raise BadInput(
                f"The compressed export {as_source(source).name!r} is damaged.",
                STATE,
                "Export it again, or copy it again.",
            ) from None


def encoding_of(head: bytes) -> str:
    """UTF-16 when it begins with that mark (Excel writes it so) or has its pattern, else UTF-8 with or without a mark.

    Without a mark: at least 4 bytes, and of the first letters every second byte is zero, as in ASCII text.
    """
    if head.startswith(UTF16_MARKS):
        return "utf-16"
    start = head[:64]
    even, odd = start[0::2], start[1::2]
    if len(start) >= 4 and not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if len(start) >= 4 and not any(even) and all(odd) else "utf-8-sig"
