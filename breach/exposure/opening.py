"""From a file to its reader: the registry of formats, and the way through archives of several files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from breach.digest import digest_stream
from breach.errors import BadInput
from breach.exposure.containers import TarArchive, ZipArchive, said_of
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers.chat_exporter import ChatExport
from breach.exposure.readers.discord_package import PackageMessages, PackageOwner
from breach.exposure.readers.discourse_users import UserList
from breach.exposure.readers.json_table import JsonTable
from breach.exposure.readers.mattermost import MattermostExport, MattermostUsers
from breach.exposure.readers.parquet_table import ParquetTable
from breach.exposure.readers.reading import Content, Roster
from breach.exposure.readers.slack import SlackExport, SlackUsers
from breach.exposure.readers.table_content import CHAT_EXPORTER_CSV, DISCOURSE_ARCHIVE, reader_of
from breach.exposure.readers.telegram import TelegramExport
from breach.exposure.readers.xlsx_table import XlsxTable
from breach.exposure.readers.zulip import ZulipExport, ZulipUsers
from breach.exposure.recognise import Format, Recognised, recognise
from breach.exposure.sources import Source, open_source

TABLES: dict[Format, Callable[[Source], Roster]] = {
    Format.CSV_TABLE: UserList,
    Format.XLSX_TABLE: XlsxTable,
    Format.JSON_TABLE: JsonTable,
    Format.PARQUET_TABLE: ParquetTable,
}
"""Tables of anything: columns say whether of members or of messages."""

ROSTERS: dict[Format, Callable[[Source], Roster]] = {
    Format.DISCOURSE_USERS: UserList,
    Format.SLACK: SlackUsers,
    Format.MATTERMOST: MattermostUsers,
    Format.ZULIP: lambda source: ZulipUsers(TarArchive(source.path, open_source)),
    Format.DISCORD_PACKAGE: PackageOwner,
    **TABLES,
}
"""Formats that hold members."""

CONTENTS: dict[Format, Callable[[Source], Content]] = {
    Format.CHAT_EXPORTER: ChatExport,
    Format.CHAT_EXPORTER_CSV: reader_of(UserList, CHAT_EXPORTER_CSV),
    Format.SLACK: SlackExport,
    Format.MATTERMOST: MattermostExport,
    Format.ZULIP: lambda source: ZulipExport(TarArchive(source.path, open_source)),
    Format.TELEGRAM: TelegramExport,
    Format.DISCORD_PACKAGE: PackageMessages,
    Format.DISCOURSE_ARCHIVE: reader_of(UserList, DISCOURSE_ARCHIVE),
    **{form: reader_of(container) for form, container in TABLES.items()},
}
"""Formats that hold what members wrote."""

UNKNOWN = "not recognised"
MEMBERS_ONLY = "it is a member list and holds nothing that members wrote"
MOST_PARTS = 10_000
"""Files of an archive that are each looked at alone; every known export of more is recognised as a whole."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One content file, or why it cannot be read."""

    digest: str
    kind: str
    recognised: str
    content: Content | None
    refused: str = ""


def require_content(path: Path) -> None:
    """Raises BadInput when the file is not there, or holds members and nothing that they wrote."""
    try:
        recognised = recognise(path)
    except BadInput:
        if not path.is_file() or not path.stat().st_size:
            raise
        return  # said in its line of the coverage, so that the other files are still scanned
    if recognised.format not in CONTENTS and recognised.format is not Format.PARTS:
        raise BadInput(
            f"{path.name!r} is a {recognised.format}, not a message export.", STATE, "Name the message exports."
        )


def open_contents(path: Path, digest: str) -> Iterator[Opened]:
    """The content of a file; of a zip of exports, what was not offered and then each file in it.

    Never raises for a file that cannot be read: that is what `refused` says.
    """
    source = Source(path)
    try:
        recognised = recognise(source)
    except BadInput as error:
        yield Opened(digest, UNKNOWN, "", None, without_name(error, source))
        return
    if recognised.format is Format.PARTS:
        yield from _open_parts(ZipArchive(path), recognised, digest)
    else:
        yield _open(source, recognised, digest)


def open_roster(path: Path) -> tuple[Recognised, Roster]:
    """The member list in a file, or in the one file of a zip that is one. Raises BadInput when there is none."""
    source = Source(path)
    recognised = recognise(source)
    if recognised.format is Format.PARTS:
        lists = [(part, told) for part, told in _recognised_parts(ZipArchive(path)) if told.format in ROSTERS]
        if len(lists) != 1:
            raise BadInput(
                f"{len(lists)} files of the archive {path.name!r} are member lists; exactly one is needed.",
                STATE,
                "Unpack it and name the member list.",
            )
        source, recognised = lists[0]
    if recognised.format not in ROSTERS:
        raise BadInput(f"{path.name!r} is a {recognised.format}, not a member list.", STATE, "Name the member list.")
    return recognised, ROSTERS[recognised.format](source)


def without_name(error: BadInput, source: Source) -> str:
    """The first of its sentences without the file's name: coverage names files by digest and kind."""
    named = repr(source.name)
    said = error.happened.replace(f" of {named}", "").replace(f" {named}", "").replace(f"{named} ", "It ")
    return said.rstrip(".")


def _open(source: Source, recognised: Recognised, digest: str) -> Opened:
    kind = recognised.format.value
    if recognised.format not in CONTENTS:
        return Opened(digest, kind, recognised.reason, None, MEMBERS_ONLY)
    try:
        return Opened(digest, kind, recognised.reason, CONTENTS[recognised.format](source))
    except BadInput as error:
        return Opened(digest, kind, recognised.reason, None, without_name(error, source))
    except PACKED_ERRORS:
        return Opened(digest, kind, recognised.reason, None, "its packed data is damaged")


def _parts(archive: ZipArchive) -> list[Source]:
    return [Source(archive.path, archive, entry, number) for number, entry in enumerate(archive.entries, start=1)]


def _recognised_parts(archive: ZipArchive) -> Iterator[tuple[Source, Recognised]]:
    for part in _parts(archive)[:MOST_PARTS]:
        try:
            yield part, recognise(part)
        except (BadInput, *PACKED_ERRORS):
            continue  # no member list, and nobody asked for anything else


def _open_parts(archive: ZipArchive, recognised: Recognised, digest: str) -> Iterator[Opened]:
    parts = _parts(archive)
    said = said_of(archive.refused)
    if len(parts) > MOST_PARTS:
        said.append(f"{len(parts) - MOST_PARTS} of its {len(parts)} files were not looked at")
    if said or not parts:
        yield Opened(digest, recognised.format.value, recognised.reason, None, "; ".join(said) or "it holds no file")
    for part in parts[:MOST_PARTS]:
        yield _open_part(archive, part)


def _open_part(archive: ZipArchive, part: Source) -> Opened:
    if part.entry is None:
        raise ValueError("a part has its entry")
    digest = digest_stream([])
    try:
        with archive.open(part.entry) as file:
            digest = digest_stream(iter(lambda: file.read(1 << 20), b""))
        return _open(part, recognise(part), digest)
    except BadInput as error:
        return Opened(digest, UNKNOWN, "", None, without_name(error, part))
    except PACKED_ERRORS:
        return Opened(digest, UNKNOWN, "", None, "its packed data is damaged")
