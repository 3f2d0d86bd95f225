"""Which format an export is in: from its content, never from its name; and by what it was recognised."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from breach.errors import BadInput
from breach.exposure.columns import Role, classify
from breach.exposure.containers import GZIP_MAGIC, TAR_MARK, ZIP_MAGIC, Archive, TarArchive, ZipArchive
from breach.exposure.content_columns import holds_messages, map_content
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers import chat_exporter, discord_package, mattermost, slack, telegram, xlsx_table, zulip
from breach.exposure.readers.csv_rows import decode_head, header_cells
from breach.exposure.readers.discourse_users import DISCOURSE_HEADERS, UserList
from breach.exposure.readers.json_table import JsonTable, is_array, is_object
from breach.exposure.readers.parquet_table import ParquetTable
from breach.exposure.readers.reading import Roster
from breach.exposure.readers.table_content import sample_of
from breach.exposure.sources import Source, as_source, open_source, open_utf8, peek


class Format(StrEnum):
    """The export formats that are read."""

    DISCOURSE_USERS = "discourse user list"
    DISCOURSE_ARCHIVE = "discourse user archive"
    CHAT_EXPORTER = "discord chat exporter json"
    CHAT_EXPORTER_CSV = "discord chat exporter csv"
    SLACK = "slack export"
    MATTERMOST = "mattermost bulk export"
    ZULIP = "zulip export"
    TELEGRAM = "telegram desktop json"
    DISCORD_PACKAGE = "discord data package"
    CSV_TABLE = "table in CSV"
    XLSX_TABLE = "table in XLSX"
    JSON_TABLE = "table in JSON"
    PARQUET_TABLE = "table in Parquet"
    PARTS = "archive of export files"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, and by what it was recognised."""

    format: Format
    reason: str


PARQUET_MAGIC = b"PAR1"
FOREIGN_MAGIC = (
    (ZIP_MAGIC, "a zip archive or an Office file"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"%PDF", "a PDF"),
    (PARQUET_MAGIC, "a Parquet file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (GZIP_MAGIC, "gzip within gzip"),
)

Told = tuple[Format, str] | None
"""What a recogniser says: the format and the reason, or that it is not its own."""


def recognise(source: Path | Source) -> Recognised:
    """The format of an export, plain or packed. Raises BadInput for anything else, saying what was seen."""
    source = as_source(source)
    head = peek(source)
    found = _in_archive(source, head) or _in_head(_utf8_head(source)) or _in_table(source, head)
    if found is None:
        raise BadInput(
            f"The format of {source.name!r} is not known: it looks like {_describe(head)}, {_size(source)} bytes.",
            STATE,
            "Give an export that the runbook names, or a table with a header that names its columns.",
        )
    return Recognised(*found)


def archive_of(source: Source) -> Archive | None:
    """The archive that a file is, None for any other. One within an archive is not opened. Raises BadInput."""
    if source.entry is not None:
        return None
    head = peek(source, 512)
    if head.startswith(ZIP_MAGIC):
        return ZipArchive(source.path)
    return TarArchive(source.path, open_source) if head[TAR_MARK] == b"ustar" else None


ARCHIVES: tuple[tuple[Format, Callable[[Archive], str]], ...] = (
    (Format.SLACK, slack.looks_like_it),
    (Format.DISCORD_PACKAGE, discord_package.looks_like_it),
    (Format.ZULIP, zulip.looks_like_it),
    (Format.MATTERMOST, mattermost.looks_like_it),
    (Format.XLSX_TABLE, xlsx_table.looks_like_it),
)
"""Recognisers of archives by what lies in them, asked in this order; each says why, or ''."""


def _in_archive(source: Source, head: bytes) -> Told:
    if not head.startswith(ZIP_MAGIC) and head[TAR_MARK] != b"ustar":
        return None
    if source.entry is not None:
        raise BadInput(f"{source.name!r} is an archive within an archive.", STATE, "Unpack it and name what is in it.")
    try:
        archive = archive_of(source)
        told = next(((form, why) for form, ask in ARCHIVES if archive and (why := ask(archive))), None)
    except BadInput:
        if head.startswith(ZIP_MAGIC) and b"PK\x01\x02" not in _tail(source):
            return None  # described below: it only begins like a zip
        raise
    except PACKED_ERRORS:
        raise BadInput(f"The archive {source.name!r} is damaged.", STATE, "Export it again.") from None
    if told and told[0] is Format.XLSX_TABLE:
        return _known_table(Format.XLSX_TABLE, xlsx_table.XlsxTable(source))
    if told or archive is None:
        return told
    if not isinstance(archive, ZipArchive):
        raise BadInput(
            f"{source.name!r} is a tar archive of no export that is known.", STATE, "Unpack it and name what is in it."
        )
    return Format.PARTS, f"a zip archive of {len(archive.entries)} files, each looked at alone"


def _in_head(head: bytes) -> Told:
    if chat_exporter.looks_like_it(head):
        return Format.CHAT_EXPORTER, "a JSON object that opens with guild, channel and messages"
    if mattermost.is_first_line(head):
        return Format.MATTERMOST, "lines of JSON, the first of which names the version of a bulk export"
    why = telegram.looks_like_it(head)
    return (Format.TELEGRAM, why) if why else None


def _in_table(source: Source, head: bytes) -> Told:
    header = header_cells(decode_head(head))
    known = DISCOURSE_HEADERS.intersection(header)
    if len(known) >= 5:
        return Format.DISCOURSE_USERS, f"a header row with {len(known)} of Discourse's own column names"
    for names, form in HEADERS:
        if names <= set(header):
            return form, f"a header row with the columns {', '.join(sorted(names))}"
    if head.startswith(PARQUET_MAGIC):
        return _known_table(Format.PARQUET_TABLE, ParquetTable(source))
    text = _utf8_head(source)
    if is_array(text) or is_object(text):
        return _known_table(Format.JSON_TABLE, JsonTable(source))
    if len(header) > 1 and "\x00" not in decode_head(head):
        return _known_table(Format.CSV_TABLE, UserList(source))
    return None


def _known_table(form: Format, table: Roster) -> Told:
    """A table whose columns are known well enough: as messages, or as members by an id or an address."""
    sample = sample_of(table)
    if holds_messages(map_content(table.header, sample)):
        return form, f"{len(table.header)} columns, among them a text and who wrote it or when: a table of messages"
    telling = {Role.MEMBER_ID, Role.EMAIL, Role.CHAT_ID, Role.USERNAME, Role.PHONE}
    known = [column for column in classify(table.header, sample) if column.role in telling and column.confidence > 0.5]
    if not known:
        return None
    roles = ", ".join(sorted({column.role.value for column in known}))
    return form, f"{len(table.header)} columns, among them {roles}: a table of members"


HEADERS = (
    (frozenset({"topic_title", "is_pm", "url", "created_at"}), Format.DISCOURSE_ARCHIVE),
    (frozenset({"authorid", "author", "date", "content", "attachments", "reactions"}), Format.CHAT_EXPORTER_CSV),
)
"""Column names, in lower case, that only one format has together."""


def _utf8_head(source: Source) -> bytes:
    with open_utf8(source) as file:
        return file.read(65_536)


def _tail(source: Source) -> bytes:
    with source.path.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - 65_557))
        return file.read()


def _size(source: Source) -> int:
    return source.entry.size if source.entry is not None else source.path.stat().st_size


def _describe(head: bytes) -> str:
    for magic, name in FOREIGN_MAGIC:
        if head.startswith(magic):
            return name
    text = decode_head(head).removeprefix("\ufeff").lstrip()
    if text[:1] in {"{", "["}:
        return "JSON of another shape"
    if "\x00" in text:
        return "binary data"
    columns = len(header_cells(text))
    return f"a table of {columns} columns without the expected header" if columns > 1 else "text without columns"
