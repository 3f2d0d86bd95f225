"""Exports of chat platforms, rebuilt by hand after their documents and writers, with Python's zipfile and tarfile."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from breach.exposure.opening import open_roster
from breach.exposure.readers.slack_text import plain_text
from breach.exposure.readers.telegram import mend
from breach.exposure.recognise import Format, recognise

Reader = Callable[..., Any]


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


def people(tmp_path: Path, data: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """Rows of the member list by header, and what it says was not read."""
    path = tmp_path / "roster"
    path.write_bytes(data)
    _, roster = open_roster(path)
    rows = [dict(zip(roster.header, row, strict=True)) for row in roster.rows()]
    assert [list(row.values()) for row in rows] == list(roster.rows())
    return rows, roster.notes


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


def test_a_slack_export_is_read_day_by_day(read: Reader) -> None:
    """Areas by folder, direct messages as such, each address once, files counted without those already gone."""
    told = read(zipped(SLACK), Format.SLACK)
    assert [(area.names, post.id, post.author_id, post.text, post.parts) for area, post in told.posts] == [
        (("D1", "direct messages"), "D1/1761472800.000000", "U02CD", "secret", 0),
        (("night-watch", "C1"), "C1/1761386400.000200", "U01AB", "write x@mail.example & @U02CD", 1),
        (("night-watch", "C1"), "C1/1761386401.000000", "B9", "from a form https://x.example", 0),
        (("night-watch", "C1"), "C1/1761386402.000000", "", "nobody", 0),
    ]
    assert told.posts[1][1].written == datetime(2025, 10, 25, 10, 0, 0, 200, tzinfo=UTC)
    assert (told.reading.messages, told.reading.unread, told.reading.unread_files) == (4, 1, 1)
    assert told.reading.complete
    assert told.reading.notes == ["2 files were already gone when it was exported"]
    assert told.reason == "users.json, channels.json, dms.json, 2 files of a day"


def test_slacks_people_and_those_without_an_address(tmp_path: Path) -> None:
    """Addresses are often missing: said; slackbot is a bot; somebody deleted stays in the list."""
    rows, notes = people(tmp_path, zipped(SLACK))
    assert [(row["id"], row["email"], row["time zone"], row["account kind"]) for row in rows] == [
        ("U01AB", "ann@mail.example", "Europe/Berlin", ""),
        ("U02CD", "", "", "deleted"),
        ("USLACKBOT", "", "", "bot"),
    ]
    assert notes == ["1 people carry no e-mail address in this export"]


def test_a_slack_grid_and_names_in_the_wrong_letters(tmp_path: Path, read: Reader) -> None:
    """Grid: org_users.json, channels by team. Names in UTF-8 without the flag are mended, so the area is found."""
    grid = {
        "org_users.json": SLACK_USERS[:1],
        "teams/west/channels.json": [{"id": "C7", "name": "général"}],
        "teams/west/AAAAAAAAA/2026-10-25.json": [{"user": "U01AB", "ts": "1761386400.1", "text": "hi"}],
    }
    data = zipped(grid).replace(b"A" * 9, "général".encode())
    told = read(data, Format.SLACK)
    [(area, post)] = told.posts
    assert (area.names, post.id) == (("général", "C7"), "C7/1761386400.1")
    assert [row["id"] for row in people(tmp_path, data)[0]] == ["U01AB"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<mailto:a@b.example|write me>", "write me a@b.example"),
        ("<tel:+493023125001|+49 30 23125001>", "+49 30 23125001"),
        ("<http://b.example|b.example>", "b.example"),
        ("<https://b.example/x>", "https://b.example/x"),
        ("<#C1|night> <!here> <@U1>", "#night @here @U1"),
        ("1 &lt; 2 &amp;&amp; &amp;lt;", "1 < 2 && &lt;"),
    ],
)
def test_slacks_markup(written: str, shown: str) -> None:
    """As people see it: nothing twice, nothing lost."""
    assert plain_text(written) == shown


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


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_mattermost_export_with_its_threads(as_zip: bool, tmp_path: Path, read: Reader) -> None:
    """Plain or in a zip with attachments: posts, replies, direct posts; milliseconds; members by username."""
    data = zipped({"import.jsonl": JSONL, "data/20261025/a.png": b"\x89PNG"}) if as_zip else JSONL
    told = read(data, Format.MATTERMOST)
    assert [(area.names, post.id, post.author_id, post.text, post.parts) for area, post in told.posts] == [
        (("watch", "Night Watch"), "harbor/watch/1761386400123/ann", "ann", "one", 1),
        (("watch", "Night Watch"), "harbor/watch/1761386401000/bob", "bob", "two", 0),
        (("direct messages",), "direct/ann+bob/1/bob", "bob", "psst", 0),
    ]
    assert told.posts[0][1].written == datetime(2025, 10, 25, 10, 0, 0, 123_000, tzinfo=UTC)
    assert told.reading.complete
    assert told.reading.unread_files == int(as_zip)
    rows, notes = people(tmp_path, data)
    assert [(row["id"], row["email"], row["account kind"]) for row in rows] == [
        ("ann", "ann@mail.example", ""),
        ("bob", "bob@mail.example", "deleted"),
    ]
    assert notes == []


def test_a_cut_mattermost_export_is_incomplete(tmp_path: Path, read: Reader) -> None:
    """What precedes the cut is read, a wrong line is counted."""
    cut = JSONL[: JSONL.index(b'"psst"')].replace(b'{"type": "team"', b'{"type": team')
    told = read(cut, Format.MATTERMOST)
    assert told.texts == ["one", "two"]
    assert (told.reading.complete, told.reading.unread) == (False, 2)
    assert people(tmp_path, cut)[1] == [
        "2 lines of the export could not be read",
        "the export is cut off; users after the cut are missing",
    ]


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


def test_a_zulip_export_in_one_pass_per_need(tmp_path: Path, read: Reader) -> None:
    """Float times, areas through recipients, the topic with its message, the real address, placeholders as such."""
    data = tarred(ZULIP)
    told = read(data, Format.ZULIP)
    assert [(area.names, post.id, post.author_id, post.text, post.parts) for area, post in told.posts] == [
        (("night watch", "9"), "100", "11", "hi\nanchors", 1),
        (("direct messages",), "101", "12", "psst", 0),
    ]
    assert told.posts[0][1].written == datetime(2025, 10, 25, 10, 0, 0, 250_000, tzinfo=UTC)
    assert (told.reading.complete, told.reading.unread_files) == (True, 1)
    rows, _ = people(tmp_path, data)
    assert [(row["id"], row["email"], row["account kind"]) for row in rows] == [
        ("11", "ann@mail.example", ""),
        ("12", "bot@zulip.example", "bot"),
        ("13", "guest@mail.example", "placeholder"),
    ]


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


def test_a_telegram_chat_with_invalid_control_characters(read: Reader) -> None:
    """Mended one by one; text as a string or an array; ids as rosters hold them; contacts shared are text, too."""
    told = read(TELEGRAM_CHAT, Format.TELEGRAM)
    assert [(post.id, post.author_id, post.text, post.parts) for _, post in told.posts] == [
        ("1504887695214/1", "4242", "bell \x07 and \\x41", 0),
        ("1504887695214/2", "channel77", "write x@mail.example here mailto:y@mail.example", 1),
        ("1504887695214/3", "4242", "", 0),
        ("1504887695214/4", "1", "Bo B +493023125001", 0),
    ]
    assert told.posts[0][0].names == ("Night Watch", "1504887695214")
    assert told.posts[0][1].written == datetime(2025, 10, 25, 10, tzinfo=UTC)
    assert (told.reading.complete, told.reading.unread, told.reading.notes) == (True, 0, [])


def test_what_is_mended_and_what_stays() -> None:
    """An escaped backslash before an x is text; every byte of a control character is kept."""
    assert mend(rb'"\x1B \\x41 \\\x00"') == rb'"\u001B \\x41 \\\u0000"'


def test_a_telegram_account_with_several_chats(read: Reader) -> None:
    """Each chat is an area; direct ones say so; a cut in the second is seen; the account's own records are named."""
    chats = [
        {"name": None, "type": "personal_chat", "id": 1, "messages": [{"id": 1, "from_id": "user1", "text": "a"}]},
        {"name": 'x "messages": [', "type": "public_channel", "id": 2, "messages": [{"id": 1, "text": "b"}]},
    ]
    account = {"about": "Here is the data you requested.", "personal_information": {"user_id": 1, "first_name": "A"}}
    whole = json.dumps(account | {"chats": {"about": "", "list": chats}}, indent=1).encode()
    told = read(whole, Format.TELEGRAM)
    assert [(area.names, post.text) for area, post in told.posts] == [
        (("1", "direct messages"), "a"),
        (('x "messages": [', "2"), "b"),
    ]
    assert told.reading.complete
    assert told.reading.notes == ["the account's own records (contacts, sessions) were not read"]
    cut = whole[: whole.index(b'"text": "b"')]
    assert (read(cut).texts, read(cut).reading.complete) == (["a"], False)


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


def test_a_discord_package_in_any_language(tmp_path: Path, read: Reader) -> None:
    """Found by what lies in the folders; ids keep every digit; both forms of messages, odd line ends included."""
    told = read(zipped(PACKAGE), Format.DISCORD_PACKAGE)
    assert [(area.names, post.id, post.author_id, post.text, post.parts) for area, post in told.posts] == [
        (("night-watch", "1504887695214316999"), "1504887695214317000", "1504887695214316833", "hi", 0),
        (("1504887695214317777", "direct messages"), "1504887695214317001", "1504887695214316833", "two\nlines", 2),
        (("1504887695214317777", "direct messages"), "1504887695214317002", "1504887695214316833", "x", 0),
    ]
    assert told.posts[0][1].written == datetime(2026, 10, 25, 10, tzinfo=UTC)
    assert told.reading.unread_files == 2
    rows, _ = people(tmp_path, zipped(PACKAGE))
    assert [(row["id"], row["email"], row["phone"], row["ip address"]) for row in rows] == [
        ("1504887695214316833", "ann@mail.example", "+493023125001", "203.0.113.7")
    ]


def test_partitions_of_a_channel_and_utf_16(write_chat: Callable[..., Path], read: Reader, tmp_path: Path) -> None:
    """Each partition is a whole file with its own count; an editor that saved it as UTF-16 changes nothing."""
    first = write_chat([("1", "7", "2026-10-25T10:00:00+00:00", "a")], name="watch [part 1].json")
    second = write_chat([("2", "7", "2026-10-25T10:00:01+00:00", "é🌊")], name="watch [part 2].json")
    second.write_text(second.read_text(encoding="utf-8"), encoding="utf-16")
    told = [read(path, Format.CHAT_EXPORTER) for path in (first, second)]
    assert [one.texts for one in told] == [["a"], ["é🌊"]]
    assert all(one.reading.complete for one in told)


def test_a_platforms_archive_is_known_by_what_lies_in_it(tmp_path: Path) -> None:
    """Whatever the file is called; and a zip of something else is looked at file by file."""
    path = tmp_path / "a.pdf"
    for data, form in ((zipped(SLACK), Format.SLACK), (tarred(ZULIP), Format.ZULIP), (zipped({"x": []}), Format.PARTS)):
        path.write_bytes(data)
        assert recognise(path).format is form
