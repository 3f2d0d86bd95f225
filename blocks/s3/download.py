"""Objects streamed into files that only this user may read, part by part, with their digest."""

import hashlib
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from blocks.s3.refusal import in_our_words
from breach.errors import BadInput, StoreBusy
from breach.folder_store import FULL

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

PART = 1024 * 1024
"""Bytes in memory at a time."""


def private_folder() -> TemporaryDirectory[str]:
    """A folder of mode 0700 in the system's temporary place, removed with all it holds.

    A killed process leaves it there: every name begins with breach-case-, and may be removed when none runs.
    """
    return TemporaryDirectory(prefix="breach-case-")


def stream(answer: "GetObjectOutputTypeDef", target: Path, what: str) -> tuple[int, str]:
    """Write an object to a new file (0600); returns its bytes and its SHA-256.

    what: how errors name it. Raises StoreBusy when the connection breaks, BadInput when the disk is full.
    """
    digest, size = hashlib.sha256(), 0
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file, in_our_words(what):
            for part in answer["Body"].iter_chunks(PART):
                digest.update(part)
                size += file.write(part)
    except OSError as error:
        if error.errno in FULL:
            raise BadInput(
                "The disk for temporary files is full.",
                "Nothing was written to the case.",
                "Free as much space as the exports take, and run the case again; it continues where it stopped.",
            ) from None
        raise StoreBusy(f"A temporary file could not be written: {os.strerror(error.errno or 0)}.") from None
    return size, digest.hexdigest()
