"""What readers of archives share: documents of bounded size, arrays in an entry, and a word about the rest."""

import re
from collections.abc import Iterator
from typing import IO, TypeVar

import msgspec

from breach.errors import BadInput
from breach.exposure.containers import Archive, said_of
from breach.exposure.metered import STATE
from breach.exposure.readers.json_stream import FAULTS, ElementDecoder, JsonStream
from breach.exposure.readers.reading import Reading

T = TypeVar("T")

LARGEST_DOCUMENT = 256 << 20
"""Bytes of a JSON document that is taken into memory as a whole; arrays of any size are streamed instead."""
ARRAY = re.compile(rb"\[")


def read_document(file: IO[bytes], kind: type[T]) -> T | None:
    """A JSON document, None for what is none. Raises BadInput for one larger than LARGEST_DOCUMENT."""
    data = file.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        raise BadInput(
            f"A document of the archive is larger than {LARGEST_DOCUMENT >> 20} MiB.", STATE, "Export a smaller part."
        )
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=kind)
    except FAULTS:
        return None


def read_array(
    file: IO[bytes], decoder: ElementDecoder[T], reading: Reading, before: re.Pattern[bytes] = ARRAY
) -> Iterator[list[T]]:
    """The elements of the first array after a pattern; an array that does not close leaves the reading incomplete."""
    stream = JsonStream(file, "the archive")
    if stream.find(before, 1 << 16) is None:
        reading.complete = False
        return
    for elements, unread in stream.decoded(decoder):
        reading.unread += unread
        yield elements
    if not stream.closed:
        reading.complete = False


def finish(reading: Reading, archive: Archive, read: int) -> None:
    """Counts what lies in the archive and was not read. Read: entries that were."""
    reading.unread_files = len(archive.entries) - read
    nested = sum(entry.nested for entry in archive.entries)
    if nested:
        reading.notes.append(f"{nested} of them are archives within the archive")
    reading.notes += said_of(archive.refused)
