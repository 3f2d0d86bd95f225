"""Writes messages as exports: one file a channel, in the forms that operators bring. Nothing is held in memory."""

import csv
import io
from json.encoder import encode_basestring
from pathlib import Path
from typing import IO, Protocol

from benchmarks.corpus.members import FIRST_EPOCH_MS, Member
from benchmarks.corpus.messages import Message

CHANNELS = ("general", "off-topic", "help", "trading", "introductions", "voice-chat", "announcements-talk", "staff")
SHARES = (102, 51, 31, 21, 18, 13, 12, 8)
"""Of 256 messages, by channel: one is much larger than the others, as everywhere."""
_BEGIN_MS = 1_735_689_600_000
_STEP_MS = 731
"""Between two messages, from 2025-01-01 UTC: ten million messages are 85 days."""
_BUFFER = 1 << 20


def channel_of(draw: int) -> int:
    """Which channel a draw of 0 to 255 means."""
    return _CHANNEL_OF[draw]


_CHANNEL_OF = bytes(number for number, share in enumerate(SHARES) for _ in range(share))


class Clock:
    """Times and ids of messages, by their number."""

    def __init__(self) -> None:
        self._minute, self._prefix = -1, ""

    def at(self, number: int) -> tuple[str, str]:
        """(the platform's id, the time as ISO 8601 in UTC with milliseconds)."""
        moment = _BEGIN_MS + number * _STEP_MS
        minute, rest = divmod(moment, 60_000)
        if minute != self._minute:
            self._minute, self._prefix = minute, _minute(minute)
        identity = (moment - FIRST_EPOCH_MS << 22) + (number & 0xFFF)
        return str(identity), f"{self._prefix}{rest // 1000:02d}.{rest % 1000:03d}+00:00"


def _minute(minutes: int) -> str:
    """'YYYY-MM-DDTHH:MM:' of minutes since 1970, by the civil calendar (Howard Hinnant's days-to-civil)."""
    days, minute = divmod(minutes, 1440)
    shifted = days + 719_468
    era, of_era = divmod(shifted, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    fifth = (5 * of_year + 2) // 153
    month = fifth + 3 if fifth < 10 else fifth - 9
    year = year_of_era + era * 400 + (month <= 2)
    return f"{year:04d}-{month:02d}-{of_year - (153 * fifth + 2) // 5 + 1:02d}T{minute // 60:02d}:{minute % 60:02d}:"


class Export(Protocol):
    """One export file being written."""

    written: int
    """Bytes, so far."""

    def add(self, message: Message, identity: str, moment: str) -> str:
        """Writes a message; returns the name by which the scan will call its record."""

    def close(self) -> None:
        """Writes the end."""


class _File:
    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("wb", buffering=_BUFFER)
        self.written = 0

    def _write(self, text: str) -> None:
        data = text.encode()
        self.written += len(data)
        self._file.write(data)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


class ChatExporterJson(_File):
    """Pretty-printed JSON as DiscordChatExporter's JsonMessageWriter writes it, `messageCount` last."""

    suffix = ".json"

    def __init__(self, path: Path, channel: int) -> None:
        """Channel: which of CHANNELS."""
        super().__init__(path)
        self._count = 0
        self._write(_HEAD.format(name=CHANNELS[channel], id=f"11112222333344445{channel}"))

    def add(self, message: Message, identity: str, moment: str) -> str:
        """As Export says."""
        author, text = message.author, encode_basestring(message.text)
        self._write(
            f'{"," if self._count else ""}\n    {{\n      "id": "{identity}",\n      "type": "Default",\n'
            f'      "timestamp": "{moment}",\n      "timestampEdited": null,\n      "callEndedTimestamp": null,\n'
            f'      "isPinned": false,\n      "content": {text},\n{_author(author)}      "attachments": [],\n'
            '      "embeds": [],\n      "stickers": [],\n      "reactions": [],\n      "mentions": [],\n'
            '      "inlineEmojis": []\n    }'
        )
        self._count += 1
        return identity

    def close(self) -> None:
        """As Export says."""
        self._write(f'\n  ],\n  "messageCount": {self._count}\n}}')
        super().close()


_HEAD = """{{
  "guild": {{
    "id": "111122223333444455",
    "name": "Invented Harbor",
    "iconUrl": "https://cdn.example.net/icons/0.png"
  }},
  "channel": {{
    "id": "{id}",
    "type": "GuildTextChat",
    "categoryId": "111122223333444440",
    "category": "Rooms",
    "name": "{name}",
    "topic": null
  }},
  "dateRange": {{
    "after": null,
    "before": null
  }},
  "exportedAt": "2026-11-01T00:00:00+00:00",
  "messages": ["""


def _author(author: Member) -> str:
    return (
        f'      "author": {{\n        "id": "{author.id}",\n        "name": "{author.handle}",\n'
        f'        "discriminator": "0000",\n        "nickname": "{author.name}",\n        "color": null,\n'
        '        "isBot": false,\n        "roles": [],\n'
        '        "avatarUrl": "https://cdn.example.net/embed/avatars/1.png"\n      },\n'
    )


class ChatExporterCsv(_File):
    """CSV as DiscordChatExporter's CsvMessageWriter writes it. It has no ids: author and time name a record."""

    suffix = ".csv"

    def __init__(self, path: Path, _: int) -> None:
        """The channel stands in no cell."""
        super().__init__(path)
        self._line = io.StringIO()
        self._csv = csv.writer(self._line, lineterminator="\n")
        self._write("AuthorID,Author,Date,Content,Attachments,Reactions\n")

    def add(self, message: Message, identity: str, moment: str) -> str:  # noqa: ARG002  # no column for the id
        """As Export says."""
        author = message.author
        moment = moment.replace("+00:00", "0000+00:00")
        self._csv.writerow((author.id, author.handle, moment, message.text, "", ""))
        self._write(self._line.getvalue())
        self._line.seek(0)
        self._line.truncate()
        return f"{author.id}/{moment}"


class Ndjson(_File):
    """One object a line, as a bot or a warehouse would dump it."""

    suffix = ".ndjson"

    def __init__(self, path: Path, channel: int) -> None:
        """Channel: which of CHANNELS."""
        super().__init__(path)
        self._name = CHANNELS[channel]

    def add(self, message: Message, identity: str, moment: str) -> str:
        """As Export says."""
        self._write(
            f'{{"id":"{identity}","channel":"{self._name}","author_id":"{message.author.id}",'
            f'"timestamp":"{moment}","content":{encode_basestring(message.text)}}}\n'
        )
        return identity


FORMS: dict[str, type[ChatExporterJson | ChatExporterCsv | Ndjson]] = {
    "json": ChatExporterJson,
    "csv": ChatExporterCsv,
    "ndjson": Ndjson,
}
