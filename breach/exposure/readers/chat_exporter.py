"""Reads DiscordChatExporter JSON: one channel, messages in one array, `messageCount` last.

Format: Tyrrrz/DiscordChatExporter, JsonMessageWriter. Files reach gigabytes, so the array is cut into its elements
and decoded batch by batch; only the needed fields are built. A file that ends early keeps what precedes the cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from breach.errors import BadInput
from breach.exposure.readers.objects import Elements, find_elements
from breach.exposure.sources import PACKED_ERRORS, STATE, open_source

CHUNK = 4 << 20
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

    @property
    def unread_parts(self) -> int:
        """Attachments, embeds and a forwarded message: parts that hold text or images we do not read."""
        return len(self.attachments) + len(self.embeds) + (self.forwarded is not None)


class Channel(msgspec.Struct, gc=False):
    """Which channel the file holds. For a thread, category is the channel it hangs on."""

    id: str = ""
    type: str = ""
    category: str | None = ""
    name: str | None = ""


class _Head(msgspec.Struct):
    channel: Channel = msgspec.field(default_factory=Channel)


@dataclass(slots=True)
class Reading:
    """What became of the file; final when the batches are used up."""

    messages: int = 0
    unread: int = 0
    """Elements of the array that are no readable message."""
    complete: bool = False
    """The file closes as the exporter closes it, and holds as many messages as it says."""


class ChatExport:
    """One export file. Iterate batches() once; then `reading` says how it went."""

    def __init__(self, path: Path) -> None:
        """Reads the head. Raises BadInput when the file ends before its first message."""
        self.path = path
        self.reading = Reading()
        with open_source(path) as file:
            head, self._body_at = self._read_head(file)
        self.channel = head.channel

    def batches(self) -> Iterator[list[Message]]:
        """Messages in file order, some thousands at a time. Raises BadInput for one larger than LARGEST_MESSAGE."""
        with open_source(self.path) as file:
            file.seek(self._body_at)
            buffer = _read(file, CHUNK)
            while True:
                found = find_elements(buffer)
                if len(found.ends):
                    yield self._decode(buffer, found)
                if found.closed_at is not None:
                    self._close(buffer[found.closed_at + 1 :] + _read(file, 4096))
                    return
                buffer = buffer[found.read_up_to :]
                if len(buffer) > LARGEST_MESSAGE:
                    raise BadInput(f"One message of {self.path.name!r} is larger than 64 MiB.", STATE, "Export again.")
                more = _read(file, max(CHUNK, len(buffer)))
                if not more:
                    return
                buffer += more

    def _read_head(self, file: IO[bytes]) -> tuple[_Head, int]:
        head = _read(file, 65_536)
        while not (found := _MESSAGES.search(head)) and len(head) < LARGEST_HEAD:
            more = _read(file, 65_536)
            if not more:
                break
            head += more
        if found is None:
            raise BadInput(
                f"The chat export {self.path.name!r} ends before its first message.", STATE, "Export the channel again."
            )
        fields = head[: found.start()].removeprefix(b"\xef\xbb\xbf").rstrip().removesuffix(b",") + b"}"
        try:
            return msgspec.json.decode(fields, type=_Head), found.end()
        except msgspec.DecodeError:
            raise BadInput(
                f"The head of the chat export {self.path.name!r} cannot be read.", STATE, "Export the channel again."
            ) from None

    def _decode(self, buffer: bytes, found: Elements) -> list[Message]:
        """All at once; one by one when something among them is wrong, so that only that is lost, and counted."""
        try:
            messages = _BATCH.decode(b"[" + buffer[int(found.starts[0]) : found.read_up_to] + b"]")
        except (msgspec.DecodeError, UnicodeDecodeError):
            messages = [one for one in self._decode_each(buffer, found) if one is not None]
            # Nothing wrong in any element: then there is something between them.
            self.reading.unread += max(len(found.ends) - len(messages), 1)
        self.reading.messages += len(messages)
        return messages

    def _decode_each(self, buffer: bytes, found: Elements) -> Iterator[Message | None]:
        for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
            try:
                yield _ONE.decode(buffer[start:end])
            except (msgspec.DecodeError, UnicodeDecodeError):
                yield None

    def _close(self, rest: bytes) -> None:
        end = _COUNT.match(rest)
        self.reading.complete = end is not None and int(end[1]) == self.reading.messages + self.reading.unread


_ONE = msgspec.json.Decoder(Message)
_BATCH = msgspec.json.Decoder(list[Message])


def _read(file: IO[bytes], size: int) -> bytes:
    """Up to size bytes; a packed file that is cut off ends here, as a plain one would."""
    try:
        return file.read(size)
    except PACKED_ERRORS:
        return b""
