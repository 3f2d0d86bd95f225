"""Reads a Slack export: a zip with users.json, lists of conversations, and one file a conversation and day.

Workspace and Enterprise Grid (org_users.json). Sources: slack.com/help 220556107; zulip's importer,
zerver/data_import/slack.py; rusq/slackdump. Day by day, because all at once takes all memory.
"""

import re
from collections.abc import Iterator

import msgspec

from breach.exposure.containers import Archive, Entry, ZipArchive
from breach.exposure.readers.archive_files import ARRAY, finish, read_array
from breach.exposure.readers.epochs import epoch_seconds
from breach.exposure.readers.json_stream import ElementDecoder
from breach.exposure.readers.reading import BATCH, DIRECT, Area, Post, Reading
from breach.exposure.readers.slack_text import plain_text
from breach.exposure.sources import Source

_DAY = re.compile(r"(?:.+/)?[^/]+/\d{4}-\d{2}-\d{2}\.json")
CONVERSATIONS = {"channels.json": False, "groups.json": False, "dms.json": True, "mpims.json": True}
"""Lists of conversations, and whether they are direct ones."""
USERS = ("users.json", "org_users.json")
GONE = frozenset({"tombstone", "hidden_by_limit"})
"""Modes of a file of which only its place is left."""
NOBODY = "U00"
"""An id that Slack writes for no user at all."""


class _File(msgspec.Struct, gc=False):
    mode: str | None = None


class _Attachment(msgspec.Struct, gc=False):
    pretext: str | None = None
    title: str | None = None
    text: str | None = None
    fallback: str | None = None

    def told(self) -> str:
        said = [part for part in (self.pretext, self.title, self.text) if part]
        return "\n".join(said or [self.fallback or ""])


class _Block(msgspec.Struct, gc=False):
    """Rich text; a person's message says the same in `text`."""


class _Message(msgspec.Struct, gc=False):
    ts: str | float
    user: str | None = None
    bot_id: str | None = None
    text: str | None = None
    files: list[_File | None] | None = None
    attachments: list[_Attachment] | None = None
    blocks: list[_Block] | None = None


class _Conversation(msgspec.Struct, gc=False):
    id: str
    name: str | None = None


class _Profile(msgspec.Struct, gc=False):
    real_name: str | None = None
    display_name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    skype: str | None = None


class _User(msgspec.Struct, gc=False):
    id: str
    name: str | None = None
    real_name: str | None = None
    deleted: bool | None = False
    is_bot: bool | None = False
    tz: str | None = None
    locale: str | None = None
    profile: _Profile = msgspec.field(default_factory=_Profile)


_MESSAGES, _LISTED, _USERS = ElementDecoder(_Message), ElementDecoder(_Conversation), ElementDecoder(_User)


def looks_like_it(archive: Archive) -> str:
    """By what a zip is known as a Slack export; '' when it is none."""
    bases = {entry.base for entry in archive.entries}
    days = sum(_DAY.fullmatch(entry.name) is not None for entry in archive.entries)
    lists = sorted(bases & CONVERSATIONS.keys())
    if bases & set(USERS) and (lists or days):
        return f"{min(bases & set(USERS))}, {', '.join(lists) or 'no list of conversations'}, {days} files of a day"
    return ""


class SlackExport:
    """What members wrote. Iterate posts() once; then `reading` says how it went."""

    def __init__(self, source: Source) -> None:
        """Reads the lists of conversations."""
        self.reading = Reading(complete=True)
        self._archive = ZipArchive(source.path)
        self._areas: dict[str, Area] = {}
        self._gone = self._rich = self._listed = 0
        for entry, file in self._archive.walk(lambda entry: entry.base in CONVERSATIONS):
            self._listed += 1
            for listed in read_array(file, _LISTED, self.reading):
                for one in listed:
                    self._note(entry, one, direct=CONVERSATIONS[entry.base])

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says: conversation by conversation. Days are read alone, and small ones handed on together."""
        days, here = 0, Area()
        batch: list[Post] = []
        for entry, file in self._archive.walk(lambda entry: _DAY.fullmatch(entry.name) is not None):
            days += 1
            folder = entry.folder.rpartition("/")[2]
            area = self._areas.get(entry.folder) or self._areas.get(folder) or Area((folder,))
            if batch and area != here:
                yield here, batch
                batch = []
            here = area
            conversation = next((name for name in reversed(area.names) if name != DIRECT), folder)
            for messages in read_array(file, _MESSAGES, self.reading):
                self.reading.messages += len(messages)
                batch += [self._post(one, conversation) for one in messages]
                if len(batch) >= BATCH:
                    yield area, batch
                    batch = []
        if batch:
            yield here, batch
        users = sum(entry.base in USERS for entry in self._archive.entries)
        finish(self.reading, self._archive, days + self._listed + users)
        if self._gone:
            self.reading.notes.append(f"{self._gone} files were already gone when it was exported")
        if self._rich:
            self.reading.notes.append(f"{self._rich} messages hold only rich blocks, which were not read")

    def _note(self, listing: Entry, one: _Conversation, *, direct: bool) -> None:
        """By the folder it must lie in: its name, or its id where it has none."""
        names = tuple(name for name in (one.name, one.id) if name)
        area = Area((*names, DIRECT) if direct else names)
        for name in names:
            self._areas.setdefault(f"{listing.folder}/{name}" if listing.folder else name, area)

    def _post(self, one: _Message, conversation: str) -> Post:
        author = one.user or one.bot_id or ""
        files = one.files or ()
        gone = sum(file is not None and file.mode in GONE for file in files)
        self._gone += gone
        said = [one.text or "", *(attachment.told() for attachment in one.attachments or ())]
        self._rich += bool(one.blocks) and not any(said)
        text = plain_text("\n".join(part for part in said if part))
        author = "" if author == NOBODY else author
        return Post(f"{conversation}/{one.ts}", author, epoch_seconds(one.ts), text, len(files) - gone)


class SlackUsers:
    """Who was in the workspace. The address is often missing: Slack gives it to few kinds of export."""

    def __init__(self, source: Source) -> None:
        self._archive = ZipArchive(source.path)
        self._reading = Reading()
        self._without = 0
        self.header = [
            "id",
            "username",
            "name",
            "display name",
            "email",
            "phone",
            "title",
            "skype",
            "time zone",
            "locale",
            "account kind",
        ]

    @property
    def notes(self) -> list[str]:
        """What is missing; final when the rows are used up."""
        said = []
        if self._without:
            said.append(f"{self._without} people carry no e-mail address in this export")
        if self._reading.unread or not self._reading.complete:
            said.append(f"the list of users is damaged: {self._reading.unread} entries could not be read")
        return said

    def rows(self) -> Iterator[list[str]]:
        """As Roster says; somebody in several teams of a Grid comes once."""
        self._reading, self._without = Reading(complete=True), 0
        seen: set[str] = set()
        for _, file in self._archive.walk(lambda entry: entry.base in USERS):
            for users in read_array(file, _USERS, self._reading, ARRAY):
                for one in users:
                    if one.id not in seen:
                        seen.add(one.id)
                        yield self._row(one)

    def _row(self, one: _User) -> list[str]:
        held = one.profile
        kind = "bot" if one.is_bot or one.id == "USLACKBOT" else "deleted" if one.deleted else ""
        self._without += not held.email and kind != "bot"
        cells = (one.id, one.name, one.real_name or held.real_name, held.display_name, held.email, held.phone)
        return [cell or "" for cell in (*cells, held.title, held.skype, one.tz, one.locale, kind)]
