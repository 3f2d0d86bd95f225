"""Small exports of each platform, rebuilt by hand after its documents and writers; all people are invented."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping


def zipped(files: Mapping[str, object]) -> bytes:
    """JSON documents, or bytes as they are."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data if isinstance(data, bytes) else json.dumps(data))
    return target.getvalue()


def tarred(files: Mapping[str, object]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for name, data in files.items():
            raw = data if isinstance(data, bytes) else json.dumps(data).encode()
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return target.getvalue()


SLACK_USERS = [
    {
        "id": "U01AB",
        "team_id": "T1",
        "name": "ann",
        "deleted": False,
        "real_name": "Ann Example",
        "tz": "Europe/Berlin",
        "profile": {"real_name": "Ann Example", "display_name": "ann", "email": "ann@mail.example", "phone": ""},
        "is_bot": False,
    },
    {"id": "U02CD", "name": "bob", "deleted": True, "profile": {"real_name": "Bob"}},
    {"id": "USLACKBOT", "name": "slackbot", "profile": {}},
]
SLACK = {
    "users.json": SLACK_USERS,
    "channels.json": [{"id": "C1", "name": "night-watch", "members": ["U01AB"], "topic": {"value": ""}}],
    "dms.json": [{"id": "D1", "created": 1, "members": ["U01AB", "U02CD"]}],
    "integration_logs.json": [],
    "night-watch/2026-10-25.json": [
        {
            "type": "message",
            "user": "U01AB",
            "text": "write <mailto:x@mail.example|x@mail.example> &amp; <@U02CD>",
            "ts": "1761386400.000200",
            "blocks": [{"type": "rich_text"}],
            "files": [
                {"id": "F1", "name": "a.png", "mode": "hosted"},
                {"id": "F2", "mode": "tombstone"},
                {"id": "F3", "mode": "hidden_by_limit", "file_access": "access_denied"},
            ],
        },
        {"type": "message", "subtype": "bot_message", "bot_id": "B9", "ts": "1761386401.000000", "text": ""}
        | {"attachments": [{"fallback": "f", "text": "from a <https://x.example|form>"}]},
        {"type": "message", "user": "U00", "text": "nobody", "ts": "1761386402.000000"},
        {"type": "message", "user": "U01AB", "text": "no time"},
    ],
    "D1/2026-10-26.json": [{"type": "message", "user": "U02CD", "text": "secret", "ts": "1761472800.000000"}],
}


MATTERMOST = [
    {"type": "version", "version": 1},
    {"type": "team", "team": {"name": "harbor", "display_name": "The Harbor", "type": "O"}},
    {"type": "channel", "channel": {"team": "harbor", "name": "watch", "display_name": "Night Watch", "type": "P"}},
    {
        "type": "user",
        "user": {
            "username": "ann",
            "email": "ann@mail.example",
            "auth_service": "",
            "nickname": "A",
            "first_name": "Ann",
            "last_name": "Example",
            "locale": "de",
            "delete_at": 0,
            "teams": [],
        },
    },
    {"type": "user", "user": {"username": "bob", "email": "bob@mail.example", "delete_at": 1761386400000}},
    {
        "type": "post",
        "post": {
            "team": "harbor",
            "channel": "watch",
            "user": "ann",
            "message": "one",
            "props": {},
            "create_at": 1761386400123,
            "reactions": None,
            "replies": [{"user": "bob", "message": "two", "create_at": 1761386401000, "attachments": None}],
            "attachments": [{"path": "20261025/a.png"}],
        },
    },
    {
        "type": "direct_post",
        "direct_post": {"channel_members": ["bob", "ann"], "user": "bob", "message": "psst", "create_at": 1},
    },
    {"type": "emoji", "emoji": {"name": "wave", "image": "x"}},
]
JSONL = b"".join(json.dumps(line).encode() + b"\n" for line in MATTERMOST)


ZULIP = {
    "export/realm.json": {
        "zerver_realm": [{"id": 2}],
        "zerver_userprofile": [
            {"id": 11, "email": "user11@zulip.example", "delivery_email": "ann@mail.example", "full_name": "Ann"}
            | {"is_bot": False, "is_active": True, "timezone": "Europe/Vienna", "default_language": "de"},
            {"id": 12, "email": "bot@zulip.example", "delivery_email": "bot@zulip.example", "is_bot": True},
        ],
        "zerver_userprofile_mirrordummy": [{"id": 13, "email": "guest@mail.example", "full_name": "Guest"}],
        "zerver_recipient": [{"id": 5, "type": 2, "type_id": 9}, {"id": 6, "type": 1, "type_id": 11}],
        "zerver_stream": [{"id": 9, "name": "night watch", "invite_only": True}],
    },
    "export/messages-000001.json": {
        "zerver_usermessage": [{"id": 1, "message": 100}],
        "zerver_message": [
            {"id": 100, "sender": 11, "recipient": 5, "subject": "anchors", "content": "hi", "rendered_content": "<p>"}
            | {"date_sent": 1761386400.25, "has_attachment": True},
            {"id": 101, "sender": 12, "recipient": 6, "subject": "", "content": "psst", "date_sent": 1761386401.0},
        ],
    },
    "export/uploads/2/ab/a.png": b"\x89PNG",
}


# As tdesktop writes it: two control characters as \xNN, which is no JSON, and a text that spells such a thing out.
TELEGRAM_CHAT = rb"""{
 "name": "Night Watch", "type": "private_supergroup", "id": 1504887695214,
 "messages": [
  {"id": 1, "type": "message", "date": "2026-10-25T12:00:00", "date_unixtime": "1761386400",
   "from": "Ann", "from_id": "user4242", "text": "bell \x07 and \\x41", "text_entities": []},
  {"id": 2, "type": "message", "date": "2026-10-25T12:00:01", "date_unixtime": "1761386401", "from": "C",
   "from_id": "channel77", "photo": "photos/1.jpg",
   "text": ["write ", {"type": "email", "text": "x@mail.example"}, " ",
            {"type": "text_link", "text": "here", "href": "mailto:y@mail.example"}]},
  {"id": 3, "type": "service", "actor": "Ann", "actor_id": "user4242", "action": "pin_message", "text": "",
   "date_unixtime": "1761386402"},
  {"id": 4, "type": "message", "date_unixtime": "1761386403", "from_id": "user1", "text": "",
   "contact_information": {"first_name": "Bo", "last_name": "B", "phone_number": "+493023125001"}}
 ]
}"""


PACKAGE = {
    "Compte/user.json": {"id": "1504887695214316833", "username": "ann", "global_name": "Ann"}
    | {"email": "ann@mail.example", "phone": "+493023125001", "ip": "203.0.113.7", "payments": []},
    "Nachrichten/index.json": {"1504887695214316999": "night-watch in The Harbor"},
    "Nachrichten/c1504887695214316999/channel.json": {"id": "1504887695214316999", "type": 0, "name": "night-watch"}
    | {"guild": {"id": "1", "name": "The Harbor"}},
    "Nachrichten/c1504887695214316999/messages.json": [
        {"ID": 1504887695214317000, "Timestamp": "2026-10-25 10:00:00", "Contents": "hi", "Attachments": ""},
    ],
    "Nachrichten/c1504887695214317777/channel.json": {"id": "1504887695214317777", "type": 1, "recipients": ["1", "2"]},
    "Nachrichten/c1504887695214317777/messages.csv": (
        b"ID,Timestamp,Contents,Attachments\r\n"
        b'1504887695214317001,2023-10-25 10:00:00.123000+00:00,"two\nlines",https://a https://b\r'
        b"1504887695214317002,2023-10-25 10:00:01+00:00,x,\r\n"
    ),
    "Activité/analytics/events-2026-00000-of-00001.json": b'{"event_type": "x"}\n',
}
