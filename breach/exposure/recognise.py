"""Which format an export is in: from its content, never from its name."""

import csv
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from breach.errors import BadInput
from breach.exposure.sources import STATE, peek


class Format(StrEnum):
    """The export formats that are read."""

    DISCOURSE_USERS = "discourse user list"
    CHAT_EXPORTER = "discord chat exporter json"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, and by what it was recognised."""

    format: Format
    reason: str


_DISCOURSE_HEADERS = (
    "id name username email title created_at last_seen_at trust_level approved active admin "
    "moderator ip_address staged secondary_emails location website views"
)
DISCOURSE_HEADERS = frozenset(_DISCOURSE_HEADERS.split())
"""Of Discourse's own header (its admin export of users); five of them are no accident."""

FOREIGN_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Office file"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def recognise(path: Path) -> Recognised:
    """The format of an export, plain or gzip. Raises BadInput for anything else, saying what was seen."""
    head = peek(path)
    if _is_chat_export(head):
        return Recognised(Format.CHAT_EXPORTER, "a JSON object that opens with guild, channel and messages")
    known = DISCOURSE_HEADERS.intersection(header_cells(decode_head(head)))
    if len(known) >= 5:
        return Recognised(Format.DISCOURSE_USERS, f"a header row with {len(known)} of Discourse's own column names")
    raise BadInput(
        f"The format of {path.name!r} is not known: it looks like {_describe(head)}, {path.stat().st_size} bytes.",
        STATE,
        "Give a Discourse user list (CSV or CSV.gz) or a DiscordChatExporter JSON file.",
    )


def encoding_of(head: bytes) -> str:
    """UTF-16 when it begins with that mark (Excel writes it so), else UTF-8 with or without its mark."""
    return "utf-16" if head.startswith(UTF16_MARKS) else "utf-8-sig"


def decode_head(head: bytes) -> str:
    """The first bytes as text; a character cut at the end, or a wrong one, becomes a replacement character."""
    return head.decode(encoding_of(head), errors="replace")


def delimiter_of(text: str) -> str:
    """The separator of a CSV, by its first line: the one that occurs most of comma, semicolon and tab."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def header_cells(text: str) -> list[str]:
    """The cells of a CSV's first row, stripped and lower-cased; empty when there is no such row."""
    try:
        row = next(csv.reader(io.StringIO(text.split("\n", 1)[0]), delimiter=delimiter_of(text)), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in row]


def _is_chat_export(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    keys = (rb'"channel"\s*:\s*\{', rb'"messages"\s*:\s*\[|"exportedAt"\s*:|"guild"\s*:\s*\{')
    return text.startswith(b"{") and all(re.search(key, text) for key in keys)


def _describe(head: bytes) -> str:
    for magic, name in FOREIGN_MAGIC:
        if head.startswith(magic):
            return name
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in {b"{", b"["}:
        return "JSON of another shape"
    if b"\x00" in head and not head.startswith(UTF16_MARKS):
        return "binary data"
    columns = len(header_cells(decode_head(head)))
    return f"a table of {columns} columns without the expected header" if columns > 1 else "text without columns"
