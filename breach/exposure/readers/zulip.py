"""Reads a Zulip export: a tar.gz of realm.json (all tables) and messages-000001.json and on (1,000 messages each).

Source: zulip, zerver/lib/export.py. The tar is read from front to back: once for the tables, once for the messages.
"""

import re
from collections.abc import Iterator

import msgspec

from breach.errors import BadInput
from breach.exposure.containers import Archive, Entry
from breach.exposure.metered import STATE
from breach.exposure.readers.archive_files import finish, read_array, read_document
from breach.exposure.readers.epochs import epoch_seconds
from breach.exposure.readers.json_stream import ElementDecoder
from breach.exposure.readers.reading import DIRECT, Area, Post, Reading

_MESSAGE_FILE = re.compile(r"messages-\d+\.json")
_ARRAY = re.compile(rb'"zerver_message"\s*:\s*\[')
CHANNEL = 2
"""Recipient.type: 1 a person, 2 a channel, 3 a group of people."""


class _User(msgspec.Struct, gc=False):
    id: int
    email: str | None = None
    delivery_email: str | None = None
    full_name: str | None = None
    timezone: str | None = None
    default_language: str | None = None
    is_active: bool | None = True
    is_bot: bool | None = False


class _Recipient(msgspec.Struct, gc=False):
    id: int
    type: int
    type_id: int


class _Stream(msgspec.Struct, gc=False):
    id: int
    name: str | None = None


class _Realm(msgspec.Struct):
    zerver_userprofile: list[_User] = []
    zerver_userprofile_mirrordummy: list[_User] = []
    zerver_recipient: list[_Recipient] = []
    zerver_stream: list[_Stream] = []


class _Message(msgspec.Struct, gc=False):
    id: int
    sender: int
    recipient: int
    date_sent: float | int | str | None = None
    content: str | None = ""
    subject: str | None = ""
    has_attachment: bool | None = False


_MESSAGES = ElementDecoder(_Message)


def looks_like_it(archive: Archive) -> str:
    """By what a tar is known as a Zulip export; '' when it is none."""
    parts = sum(_is_messages(entry) for entry in archive.entries)
    realm = any(entry.base == "realm.json" for entry in archive.entries)
    return f"realm.json and {parts} files of messages" if realm and parts else ""


class ZulipExport:
    """What members wrote. Iterate posts() once; then `reading` says how it went."""

    def __init__(self, archive: Archive) -> None:
        self.reading = Reading(complete=True)
        self._archive = archive
        realm = _realm(archive)
        names = {stream.id: stream.name or "" for stream in realm.zerver_stream}
        self._areas = {one.id: _area(one, names) for one in realm.zerver_recipient}

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says."""
        read = 1
        for _, file in self._archive.walk(_is_messages):
            read += 1
            for messages in read_array(file, _MESSAGES, self.reading, _ARRAY):
                self.reading.messages += len(messages)
                for recipient in dict.fromkeys(one.recipient for one in messages):
                    area = self._areas.get(recipient, Area())
                    yield area, [_post(one) for one in messages if one.recipient == recipient]
        finish(self.reading, self._archive, read)
        self.reading.complete = self.reading.complete and getattr(self._archive, "complete", True)


class ZulipUsers:
    """Who has an account, and people who never logged in but were written to."""

    header = ["id", "name", "email", "time zone", "locale", "account kind"]  # noqa: RUF012  # never changed
    notes: list[str] = []  # noqa: RUF012

    def __init__(self, archive: Archive) -> None:
        self._realm = _realm(archive)

    def rows(self) -> Iterator[list[str]]:
        """As Roster says."""
        for one in self._realm.zerver_userprofile:
            yield _row(one, "bot" if one.is_bot else "" if one.is_active else "deactivated")
        for one in self._realm.zerver_userprofile_mirrordummy:
            yield _row(one, "placeholder")


def _realm(archive: Archive) -> _Realm:
    for _, file in archive.walk(lambda entry: entry.base == "realm.json"):
        realm = read_document(file, _Realm)
        if realm is not None:
            return realm
    raise BadInput("The realm.json of the Zulip export cannot be read.", STATE, "Export it again.")


def _is_messages(entry: Entry) -> bool:
    return _MESSAGE_FILE.fullmatch(entry.base) is not None


def _area(one: _Recipient, names: dict[int, str]) -> Area:
    if one.type != CHANNEL:
        return Area((DIRECT,))
    return Area(tuple(name for name in (names.get(one.type_id), str(one.type_id)) if name))


def _post(one: _Message) -> Post:
    """The topic stands with every message of it, and people write addresses into topics, too."""
    text = "\n".join(part for part in (one.content, one.subject) if part)
    return Post(str(one.id), str(one.sender), epoch_seconds(one.date_sent), text, int(bool(one.has_attachment)))


def _row(one: _User, kind: str) -> list[str]:
    cells = (one.full_name, one.delivery_email or one.email, one.timezone, one.default_language, kind)
    return [str(one.id), *(cell or "" for cell in cells)]
