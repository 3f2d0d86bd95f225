"""Writes a channel as DiscordChatExporter does: one indented object, messages streamed, messageCount last.

Known from its writer (JsonMessageWriter.cs) and from .NET's relaxed JSON encoder: the order of the keys, ids as
strings, empty lists written out, characters beyond U+FFFF and odd spaces escaped, other text as it is. The export is
the kind with "format markdown" off: mentions stay `<@id>`. Addresses of files point into .example.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_ESCAPED = re.compile("[\u007f-\u00a0\u2028\u2029\u202f\u3000\U00010000-\U0010ffff]")
CDN = "https://cdn.harbor.example"


def write_channel(path: Path, head: dict[str, Json], messages: Iterable[Json]) -> int:
    """Writes head, messages and their count; returns the count. One message in memory at a time.

    Args:
        path: the file to write.
        head: guild, channel, dateRange and exportedAt, in this order.
        messages: as built by `message`.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_dump(head, "").removesuffix("\n}") + ',\n  "messages": [')
        for item in messages:
            file.write("," * bool(count) + "\n    " + _dump(item, "    "))
            count += 1
        file.write(f'\n  ],\n  "messageCount": {count}\n}}' if count else '],\n  "messageCount": 0\n}')
    return count


def _dump(item: Json, margin: str) -> str:
    text = json.dumps(item, ensure_ascii=False, indent=2).replace("\n", f"\n{margin}")
    return _ESCAPED.sub(_utf16_escapes, text)


def _utf16_escapes(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def head_of(guild: dict[str, Json], channel: dict[str, Json], exported_at: str) -> dict[str, Json]:
    """What stands before the messages: the whole channel was exported, so the date range is open."""
    date_range: dict[str, Json] = {"after": None, "before": None}
    return {"guild": guild, "channel": channel, "dateRange": date_range, "exportedAt": exported_at}


def user(user_id: str, name: str, nickname: str, *, bot: bool, role: str = "") -> dict[str, Json]:
    """An author or a mentioned user, with at most one role."""
    roles: list[Json] = [{"id": ROLES[role], "name": role, "color": "#3498DB", "position": 2}] if role else []
    return {
        "id": user_id,
        "name": name,
        "discriminator": "0000",
        "nickname": nickname,
        "color": "#3498DB" if role else None,
        "isBot": bot,
        "roles": roles,
        "avatarUrl": f"{CDN}/embed/avatars/{int(user_id) % 5}.png",
    }


ROLES = {"crew": "301842117509242880", "night-watch": "301842220441665537"}


def message(
    message_id: str,
    timestamp: str,
    author: dict[str, Json],
    content: str,
    *,
    edited: str | None = None,
    pinned: bool = False,
    attachments: list[Json] | None = None,
    reactions: list[Json] | None = None,
    mentions: list[Json] | None = None,
    answers: dict[str, Json] | None = None,
    emojis: list[Json] | None = None,
) -> dict[str, Json]:
    """One message with every key the exporter writes; `reference` only where the message answers another."""
    record: dict[str, Json] = {
        "id": message_id,
        "type": "Reply" if answers else "Default",
        "timestamp": timestamp,
        "timestampEdited": edited,
        "callEndedTimestamp": None,
        "isPinned": pinned,
        "content": content,
        "author": author,
        "attachments": attachments or [],
        "components": [],
        "embeds": [],
        "stickers": [],
        "reactions": reactions or [],
        "mentions": mentions or [],
    }
    if answers:
        record["reference"] = answers
    record["inlineEmojis"] = emojis or []
    return record


def attachment(attachment_id: str, token: str) -> dict[str, Json]:
    """A picture; its name carries a token."""
    return {
        "id": attachment_id,
        "url": f"{CDN}/attachments/{attachment_id}/deck-{token}.jpg",
        "fileName": f"deck-{token}.jpg",
        "fileSizeBytes": 40_000 + int(attachment_id) % 900_000,
    }


def standard_emoji() -> dict[str, Json]:
    """The thumb that most reactions are; standard emoji have no id."""
    return {"id": "", "name": "👍", "code": "thumbsup", "isAnimated": False, "imageUrl": f"{CDN}/emoji/1f44d.svg"}


def custom_emoji(emoji_id: str) -> dict[str, Json]:
    """The harbor's own lantern."""
    return {"id": emoji_id, "name": "lantern", "code": "lantern", "isAnimated": False,
            "imageUrl": f"{CDN}/emojis/{emoji_id}.png"}  # fmt: skip
