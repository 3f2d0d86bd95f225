"""Opening what an operator named: checked first, unpacked when gzip, described without quoting its content."""

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from breach.errors import BadInput

GZIP_MAGIC = b"\x1f\x8b"
PACKED_ERRORS = (EOFError, gzip.BadGzipFile, zlib.error)
"""What gzip raises for a damaged or cut-off file."""

STATE = "The case is kept; nothing was sent."


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
def open_source(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked when it is gzip by its first bytes. Raises BadInput as check_source does."""
    check_source(path)
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file, "rb") as unpacked:
            yield cast("IO[bytes]", unpacked)


def peek(path: Path, size: int = 65_536) -> bytes:
    """The first bytes after unpacking. Raises BadInput when they cannot be unpacked."""
    with open_source(path) as file:
        try:
            return file.read(size)
        except PACKED_ERRORS:
            raise BadInput(
                f"The compressed export {path.name!r} is damaged.", STATE, "Export it again, or copy it again."
            ) from None
