"""Reads DiscordChatExporter JSON: one channel, or a partition of one, messages in one array, `messageCount` last.

Format: Tyrrrz/DiscordChatExporter, JsonMessageWriter. Files reach gigabytes, so the array is cut into its elements
and decoded batch by batch; only the needed fields are built. A file that ends early keeps what precedes the cut.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from breach.errors import BadInput
from breach.exposure.metered import STATE
from breach.exposure.readers.json_stream import CHUNK, FAULTS, ElementDecoder, JsonStream
from breach.exposure.readers.parts import Part, cut_at, sliced
from breach.exposure.readers.reading import DIRECT, Area, Columns, Post, Reading, moment, posts_of
from breach.exposure.sources import Source, as_source, open_utf8, peek

LARGEST_MESSAGE = 64 << 20
"""Bytes of one message's JSON; the platform's own limit lies 1,000 times lower. More is a hostile or broken file."""
LARGEST_HEAD = 4 << 20

_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_COUNT = re.compile(rb'^\s*,\s*"messageCount"\s*:\s*(\d{1,15})\s*\}\s*$')


class Author(msgspec.Struct, gc=False):
    """Who wrote, by the platform's id."""

    id: str


class Part(msgspec.Struct, gc=False):
    """Something that is counted, not read."""


class Message(msgspec.Struct, gc=False):
    """The needed fields of one message."""

    id: str
    timestamp: str
    author: Author
    content: str | None = ""
    attachments: list[Part] = []
    embeds: list[Part] = []
    forwarded: Part | None = msgspec.field(name="forwardedMessage", default=None)

    def __repr__(self) -> str:
        """The id; what somebody wrote must not reach a log through a traceback."""
        return f"Message({self.id})"


class Channel(msgspec.Struct, gc=False):
    """Which channel the file holds. For a thread, category is the channel it hangs on."""

    id: str = ""
    type: str = ""
    category: str | None = ""
    name: str | None = ""


class _Head(msgspec.Struct):
    channel: Channel = msgspec.field(default_factory=Channel)


class ChatExport:
    """One export file. Iterate batches() or posts() once; then `reading` says how it went."""

    def __init__(self, source: Path | Source) -> None:
        """Reads the head. Raises BadInput when the file ends before its first message."""
        self.source = as_source(source)
        self.reading = Reading()
        with open_utf8(self.source) as file:
            self.channel = self._head(JsonStream(file, self.source.name, 65_536)).channel

    def parts(self) -> list[Part]:
        """Where it may be cut, when it is written as this exporter writes it: one element in many lines."""
        head = peek(self.source, LARGEST_HEAD)
        found = _MESSAGES.search(head)
        between = re.match(rb"\s*", head[found.end() :]) if found else None
        if found is None or between is None or b"\n" not in between[0]:
            return []
        return cut_at(self.source.path, found.end(), between[0] + b"}," + between[0] + b"{", len(between[0]) + 1)

    def batches(self, part: Part | None = None) -> Iterator[list[Message]]:
        """Messages in file order, some thousands at a time. Raises BadInput for one larger than LARGEST_MESSAGE."""
        with open_utf8(self.source) as file:
            stream = JsonStream(sliced(file, part), self.source.name, CHUNK, LARGEST_MESSAGE)
            if part is None:
                stream.find(_MESSAGES, LARGEST_HEAD)
            for messages, unread in stream.decoded(_DECODER):
                self.reading.messages += len(messages)
                self.reading.unread += unread
                yield messages
            if stream.closed:
                end = _COUNT.match(stream.rest(4096))
                self.reading.said = int(end[1]) if end else -1
                self.reading.complete = self.reading.said == self.reading.messages + self.reading.unread
            elif part is not None and not part.last:
                self.reading.complete = not stream.rest(1).strip()

    def posts(self) -> Iterator[tuple[Area, list[Post]]]:
        """As Content says."""
        for columns in self.in_columns():
            yield columns.areas[0], posts_of(columns)

    def in_columns(self, part: Part | None = None) -> Iterator[Columns]:
        """The same, column by column."""
        names = [name for name in (self.channel.name, self.channel.category, self.channel.id) if name]
        area = Area((*names, DIRECT) if self.channel.type.startswith("Direct") else tuple(names))
        for batch in self.batches(part):
            yield Columns(
                (area,),
                [one.id for one in batch],
                [one.author.id for one in batch],
                [moment(one.timestamp) for one in batch],
                [one.content or "" for one in batch],
                [len(one.attachments) + len(one.embeds) + (one.forwarded is not None) for one in batch],
            )

    def _head(self, stream: JsonStream) -> _Head:
        head = stream.find(_MESSAGES, LARGEST_HEAD)
        if head is None:
            raise BadInput(
                f"The chat export {self.source.name!r} ends before its first message.",
                STATE,
                "Export the channel again.",
            )
        fields = head.removeprefix(b"\xef\xbb\xbf").rstrip().removesuffix(b",") + b"}"
        try:
            return msgspec.json.decode(fields, type=_Head)
        except FAULTS:
            raise BadInput(
                f"The head of the chat export {self.source.name!r} cannot be read.", STATE, "Export the channel again."
            ) from None


_DECODER = ElementDecoder(Message)


def looks_like_it(head: bytes) -> bool:
    """Whether a JSON object begins as this exporter writes it."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    keys = (rb'"channel"\s*:\s*\{', rb'"messages"\s*:\s*\[|"exportedAt"\s*:|"guild"\s*:\s*\{')
    return text.startswith(b"{") and all(re.search(key, text) for key in keys)
