r"""Reads Telegram Desktop's JSON: one chat, or an account with all its chats.

Source: telegramdesktop/tdesktop, export_output_json.cpp. It writes control characters as \xNN, which is no JSON;
`text` is a string or an array of strings and objects; `date` has no zone, so `date_unixtime` is read.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from breach.exposure.readers.epochs import epoch_seconds
from breach.exposure.readers.json_stream import FAULTS, ElementDecoder, JsonStream
from breach.exposure.readers.reading import DIRECT, Area, Post, Reading
from breach.exposure.sources import Source, as_source, open_utf8

KEEP = 1 << 20
"""Bytes before an array in which its chat's name, type and id stand."""
DIRECT_TYPES = frozenset({"personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes"})

_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_CHAT = re.compile(
    rb'^\{\s*"name"\s*:\s*(?:"(?:[^"\\]|\\.)*"|null)\s*,\s*"type"\s*:\s*"[a-z_]+"\s*,\s*"id"\s*:\s*-?\d+'
)
_ACCOUNT = re.compile(rb'^\{\s*"about"\s*:\s*"')
_CONTROL = re.compile(rb"(?<!\\)((?:\\\\)*)\\x([0-9A-Fa-f]{2})")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


class _Entity(msgspec.Struct, gc=False):
    text: str = ""
    href: str | None = None

    def told(self) -> str:
        return f"{self.text} {self.href}" if self.href else self.text


class _Contact(msgspec.Struct, gc=False):
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None

    def told(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name, self.phone_number) if part)


class _Message(msgspec.Struct, gc=False):
    id: int | str
    date_unixtime: str | int | None = None
    from_id: str | None = None
    actor_id: str | None = None
    text: str | list[str | _Entity] = ""
    file: Any = None
    photo: Any = None
    location_information: Any = None
    poll: Any = None
    contact_information: _Contact | None = None


class _Head(msgspec.Struct):
    name: str | None = ""
    type: str = ""
    id: int | str = ""


def looks_like_it(head: bytes) -> str:
    """By what a JSON object is known as an export of Telegram Desktop; '' when it is none."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _CHAT.match(text) and _MESSAGES.search(text):
        return "a JSON object that opens with a chat's name, type, id and messages"
    if _ACCOUNT.match(text) and re.search(rb'"personal_information"\s*:\s*\{|"chats"\s*:\s*\{', text):
        return "a JSON object that opens with an account's own words about it, and holds chats"
    return ""


def mend(element: bytes) -> bytes:
    r"""Control characters as JSON spells them: \x1b becomes \u001b; a backslash that is itself escaped stays."""
    return _CONTROL.sub(rb"\1\\u00\2", element)


_DECODER = ElementDecoder(_Message, mend)


class TelegramExport:
    """What was written in the chats. Iterate posts() once; then `reading` says how it went."""

    def __init__(self, source: Path | Source) -> None:
        self.reading = Reading()
        self._source = as_source(source)
        with open_utf8(self._source) as file:
            self._account = _ACCOUNT.match(file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()) is not None

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says."""
        with open_utf8(self._source) as file:
            stream = JsonStream(file, self._source.name)
            closed = False
            while (head := stream.find(_MESSAGES, KEEP)) is not None:
                where = _head(head)
                area = _area(where)
                for messages, unread in stream.decoded(_DECODER):
                    self.reading.messages += len(messages)
                    self.reading.unread += unread
                    yield area, [_post(one, str(where.id)) for one in messages]
                closed = stream.closed
            tail = stream.rest(0)
        # After its messages one chat closes; in an account its list, "chats" and the account itself close as well.
        self.reading.complete = closed and _levels(tail) == (-4 if self._account else -1)
        if self._account:
            self.reading.notes.append("the account's own records (contacts, sessions) were not read")


def normal_author(identity: str) -> str:
    """A person's id as rosters hold it: 'user123' is 123; a channel that writes stays 'channel123'."""
    return identity.removeprefix("user") if identity.removeprefix("user").isdigit() else identity


def _levels(text: bytes) -> int:
    """Opened brackets minus closed ones, outside strings."""
    bare = _STRING.sub(b"", text)
    return sum(bare.count(sign) for sign in (b"{", b"[")) - sum(bare.count(sign) for sign in (b"}", b"]"))


def _head(before: bytes) -> _Head:
    """The chat's own fields: what stands between its opening brace and its messages."""
    bare = _STRING.sub(lambda found: b"_" * len(found[0]), before)
    at, depth = len(bare), 0
    while at > 0 and depth < 1:
        at -= 1
        depth += {0x7B: 1, 0x7D: -1}.get(bare[at], 0)
    fields = before[at:].rstrip().removesuffix(b",") + b"}"
    try:
        return msgspec.json.decode(mend(fields), type=_Head)
    except FAULTS:
        return _Head()


def _area(chat: _Head) -> Area:
    names = tuple(name for name in (chat.name, str(chat.id)) if name)
    return Area((*names, DIRECT) if chat.type in DIRECT_TYPES else names)


def _post(one: _Message, chat: str) -> Post:
    said = one.text if isinstance(one.text, str) else "".join(p if isinstance(p, str) else p.told() for p in one.text)
    contact = one.contact_information.told() if one.contact_information is not None else ""
    parts = sum(part is not None for part in (one.file, one.photo, one.location_information, one.poll))
    text = "\n".join(part for part in (said, contact) if part)
    author = normal_author(one.from_id or one.actor_id or "")
    return Post(f"{chat}/{one.id}", author, epoch_seconds(one.date_unixtime), text, parts)
