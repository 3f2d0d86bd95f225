"""Exports of chat platforms, rebuilt by hand after their documents and writers, with Python's zipfile and tarfile."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from breach.exposure.opening import open_roster
from breach.exposure.readers.slack_text import plain_text
from breach.exposure.readers.telegram import mend
from breach.exposure.recognise import Format, recognise
from tests.breach.exposure.samples import JSONL, PACKAGE, SLACK, SLACK_USERS, TELEGRAM_CHAT, ZULIP, tarred, zipped

Reader = Callable[..., Any]


def people(tmp_path: Path, data: bytes) -> tuple[list[dict[str, str]], list[str]]:
    """Rows of the member list by header, and what it says was not read."""
    path = tmp_path / "roster"
    path.write_bytes(data)
    _, roster = open_roster(path)
    rows = [dict(zip(roster.header, row, strict=True)) for row in roster.rows()]
    assert [list(row.values()) for row in rows] == list(roster.rows())
    return rows, roster.notes


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
