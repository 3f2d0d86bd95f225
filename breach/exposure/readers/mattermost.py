"""Reads a Mattermost bulk export: a JSONL file, or a zip of it with the attachments in data/.

One line one object: version, team, channel, user, post, direct_channel, direct_post. Source: mattermost,
server/channels/app/imports/import_types.go. Members have no id in it: their username is what posts name.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import msgspec

from breach.errors import BadInput
from breach.exposure.containers import Archive, ZipArchive
from breach.exposure.metered import PACKED_ERRORS, STATE
from breach.exposure.readers.archive_files import finish
from breach.exposure.readers.epochs import epoch_millis
from breach.exposure.readers.json_stream import FAULTS
from breach.exposure.readers.reading import BATCH, DIRECT, Area, Post, Reading
from breach.exposure.sources import Source, open_utf8

LONGEST_LINE = 64 << 20
"""Bytes of one line; a post with all its replies is one."""
_FIRST_LINE = re.compile(rb'\s*\{\s*"type"\s*:\s*"version"')


class _Part(msgspec.Struct, gc=False):
    pass


class _Reply(msgspec.Struct, gc=False):
    user: str
    message: str | None = ""
    create_at: int | None = None
    attachments: list[_Part] | None = None


class _Post(msgspec.Struct, gc=False):
    user: str
    message: str | None = ""
    create_at: int | None = None
    team: str | None = None
    channel: str | None = None
    channel_members: list[str] | None = None
    replies: list[_Reply] | None = None
    attachments: list[_Part] | None = None


class _Channel(msgspec.Struct, gc=False):
    team: str
    name: str
    display_name: str | None = None


class _User(msgspec.Struct, gc=False):
    username: str
    email: str | None = None
    nickname: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    locale: str | None = None
    delete_at: int | None = None


class _Line(msgspec.Struct, gc=False):
    type: str
    user: _User | None = None
    channel: _Channel | None = None
    post: _Post | None = None
    direct_post: _Post | None = None


_DECODER = msgspec.json.Decoder(_Line)


def is_first_line(head: bytes) -> bool:
    """Whether a file begins as a bulk export does."""
    return _FIRST_LINE.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def looks_like_it(archive: Archive) -> str:
    """By what a zip is known as a bulk export; '' when it is none."""
    for _, file in archive.walk(lambda entry: entry.base.endswith(".jsonl") and "/" not in entry.name):
        if is_first_line(file.read(4096)):
            return f"{len(archive.entries)} files, one of lines that begin with the version of a bulk export"
    return ""


class _Lines:
    """The lines of one export, again and again."""

    def __init__(self, source: Source) -> None:
        self.archive = ZipArchive(source.path) if _is_zip(source) else None
        self.source = source
        self.unread = 0
        self.complete = False

    def __iter__(self) -> Iterator[_Line]:
        self.unread, self.complete = 0, False
        with self._open() as file:
            try:
                while line := file.readline(LONGEST_LINE + 1):
                    if len(line) > LONGEST_LINE:
                        raise BadInput("A line of the bulk export is larger than 64 MiB.", STATE, "Export it again.")
                    # The exporter ends each line; one without its end is where the file was cut.
                    self.complete = line.endswith(b"\n")
                    if line.strip():
                        yield from self._decoded(line)
            except PACKED_ERRORS:
                self.complete = False

    def _decoded(self, line: bytes) -> Iterator[_Line]:
        try:
            decoded = _DECODER.decode(line.removeprefix(b"\xef\xbb\xbf"))
        except FAULTS:
            self.unread += 1
        else:
            self.complete = True
            yield decoded

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        if self.archive is None:
            with open_utf8(self.source) as file:
                yield file
            return
        for _, file in self.archive.walk(lambda entry: entry.base.endswith(".jsonl") and "/" not in entry.name):
            yield file
            return


class MattermostExport:
    """What members wrote. Iterate posts() once; then `reading` says how it went."""

    def __init__(self, source: Source) -> None:
        self.reading = Reading(own_ids=False)  # a bulk export has none
        self._lines = _Lines(source)
        self._names: dict[tuple[str, str], str] = {}

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says. A thread comes with the post it hangs on."""
        area = Area()
        batch: list[Post] = []
        for line in self._lines:
            if line.channel is not None:
                self._names[line.channel.team, line.channel.name] = line.channel.display_name or ""
            one = line.post or line.direct_post
            if one is None:
                continue
            here = self._area(one)
            if batch and (here != area or len(batch) >= BATCH):
                yield area, batch
                batch = []
            area = here
            batch += self._thread(one)
        if batch:
            yield area, batch
        self.reading.complete, self.reading.unread = self._lines.complete, self._lines.unread
        if self._lines.archive is not None:
            finish(self.reading, self._lines.archive, 1)

    def _area(self, one: _Post) -> Area:
        if one.channel is None:
            return Area((DIRECT,))
        display = self._names.get((one.team or "", one.channel), "")
        return Area(tuple(dict.fromkeys(name for name in (one.channel, display) if name)))

    def _thread(self, one: _Post) -> Iterator[Post]:
        where = f"{one.team}/{one.channel}" if one.channel else "direct/" + "+".join(sorted(one.channel_members or ()))
        for said in (one, *(one.replies or ())):
            self.reading.messages += 1
            name = f"{where}/{said.create_at}/{said.user}"
            written = epoch_millis(said.create_at)
            yield Post(name, said.user, written, said.message or "", len(said.attachments or ()))


class MattermostUsers:
    """Who has an account."""

    def __init__(self, source: Source) -> None:
        self._lines = _Lines(source)
        self.header = ["id", "username", "email", "nickname", "first name", "last name", "position", "locale"]
        self.header.append("account kind")

    @property
    def notes(self) -> list[str]:
        """What could not be read; final when the rows are used up."""
        said = []
        if self._lines.unread:
            said.append(f"{self._lines.unread} lines of the export could not be read")
        if not self._lines.complete:
            said.append("the export is cut off; users after the cut are missing")
        return said

    def rows(self) -> Iterator[list[str]]:
        """As Roster says."""
        for line in self._lines:
            if line.user is not None:
                one = line.user
                kind = "deleted" if one.delete_at else ""
                cells = (one.username, one.username, one.email, one.nickname, one.first_name, one.last_name)
                yield [cell or "" for cell in (*cells, one.position, one.locale, kind)]


def _is_zip(source: Source) -> bool:
    with source.path.open("rb") as file:
        return source.entry is None and file.read(2) == b"PK"
