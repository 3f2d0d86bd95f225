"""Reads a Discord data package: what one person gets who asks for their own data.

Folder names are in that person's language ("Compte", "Nachrichten"), so files are found by what they are called within:
user.json, and a folder of a channel's id with channel.json and messages.json (before March 2024: messages.csv, whose
lines sometimes end in a lone carriage return). Source: Androz2091/discord-data-package-explorer, extractor.js.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from breach.errors import BadInput
from breach.exposure.containers import Archive, Entry, ZipArchive
from breach.exposure.metered import STATE
from breach.exposure.readers.archive_files import finish, read_array, read_document
from breach.exposure.readers.csv_rows import CsvRows
from breach.exposure.readers.json_stream import ElementDecoder
from breach.exposure.readers.reading import BATCH, DIRECT, Area, Post, Reading
from breach.exposure.sources import Source

_IN_CHANNEL = re.compile(r"(?:.+/)?c?(\d{16,32})/(channel\.json|messages\.(?:json|csv))")
DIRECT_TYPES = (1, 3, "DM", "GROUP_DM")


class _User(msgspec.Struct):
    id: str | int
    username: str | None = None
    global_name: str | None = None
    email: str | None = None
    phone: str | None = None
    ip: str | None = None


class _Channel(msgspec.Struct):
    id: str | int = ""
    type: str | int = ""
    name: str | None = None


class _Message(msgspec.Struct, gc=False):
    ID: str | int
    Timestamp: str = ""
    Contents: str | None = ""
    Attachments: str | None = ""


_MESSAGES = ElementDecoder(_Message)


def looks_like_it(archive: Archive) -> str:
    """By what a zip is known as a data package; '' when it is none."""
    channels = sum(
        (found := _IN_CHANNEL.fullmatch(e.name)) is not None and found[2] == "channel.json" for e in archive.entries
    )
    user = any(entry.base == "user.json" for entry in archive.entries)
    return f"user.json and {channels} channels, in whatever language its folders are named" if user and channels else ""


class PackageMessages:
    """What its owner wrote. Iterate posts() once; then `reading` says how it went."""

    def __init__(self, source: Source) -> None:
        """Finds the owner."""
        self.reading = Reading(complete=True)
        self._source, self._archive = source, ZipArchive(source.path)
        self._owner = str(_user(self._archive).id)

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says: channel by channel; channel.json comes before its messages by its name."""
        area, read = Area(), 1
        for entry, file in self._archive.walk(lambda entry: _IN_CHANNEL.fullmatch(entry.name) is not None):
            read += 1
            if entry.base == "channel.json":
                area = _area(read_document(file, _Channel), entry)
                continue
            batches = (
                self._from_csv(entry) if entry.base.endswith(".csv") else read_array(file, _MESSAGES, self.reading)
            )
            for messages in batches:
                self.reading.messages += len(messages)
                yield area, [self._post(one) for one in messages]
        finish(self.reading, self._archive, read)

    def _from_csv(self, entry: Entry) -> Iterator[list[_Message]]:
        batch: list[_Message] = []
        for row in CsvRows(Source(self._source.path, self._archive, entry), "list of messages"):
            if len(row) >= 3 and row[0] != "ID":
                batch.append(_Message(*row[:4]))
            if len(batch) >= BATCH:
                yield batch
                batch = []
        yield batch

    def _post(self, one: _Message) -> Post:
        parts = len((one.Attachments or "").split())
        return Post(str(one.ID), self._owner, _utc(one.Timestamp), one.Contents or "", parts)


class PackageOwner:
    """The one person whose package it is."""

    header = ["id", "username", "name", "email", "phone", "ip address"]  # noqa: RUF012  # never changed
    notes: list[str] = []  # noqa: RUF012

    def __init__(self, source: Source) -> None:
        self._user = _user(ZipArchive(source.path))

    def rows(self) -> Iterator[list[str]]:
        """As Roster says."""
        one = self._user
        yield [str(one.id), *(cell or "" for cell in (one.username, one.global_name, one.email, one.phone, one.ip))]


def _user(archive: ZipArchive) -> _User:
    for _, file in archive.walk(lambda entry: entry.base == "user.json"):
        user = read_document(file, _User)
        if user is not None:
            return user
    raise BadInput("The user.json of the data package cannot be read.", STATE, "Ask for the package again.")


def _area(channel: _Channel | None, entry: Entry) -> Area:
    found = _IN_CHANNEL.fullmatch(entry.name)
    names = [name for name in (channel.name if channel else "", found[1] if found else "") if name]
    return Area((*names, DIRECT) if channel is not None and channel.type in DIRECT_TYPES else tuple(names))


def _utc(text: str) -> datetime | None:
    """Packages of before 2024 write the zone, which is +00:00; since then they write none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
