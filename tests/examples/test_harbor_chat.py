"""The sample community's conversations keep their word: true shape, planted data at its place, decoys that are none."""

import csv
import io
import ipaddress
import json
import re
from collections import Counter
from datetime import datetime, timedelta

import phonenumbers
import pytest

from examples.harbor.generate import HERE
from examples.harbor.mint import luhn_check_digit
from examples.harbor.tokens import TOKEN, sensitive_tokens

COUNTRY = "Country (custom user field)"
PHONE = "Phone (custom user field)"
CHAT_ID = "Chat id (custom user field)"

MESSAGE_KEYS = {
    "id", "type", "timestamp", "timestampEdited", "callEndedTimestamp", "isPinned", "content", "author", "attachments",
    "components", "embeds", "stickers", "reactions", "mentions", "inlineEmojis",
}  # fmt: skip
AUTHOR_KEYS = ["id", "name", "discriminator", "nickname", "color", "isBot", "roles", "avatarUrl"]


@pytest.fixture(scope="module")
def rows():
    text = (HERE / "members.csv").read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def truth():
    return json.loads((HERE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def chats():
    return {
        f"chat/{path.name}": json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((HERE / "chat").glob("*.json"))
    }


@pytest.fixture(scope="module")
def written(chats, truth):
    """(mark, the text at its place) of everything planted and every decoy."""
    contents = {(file, m["id"]): m["content"] for file, chat in chats.items() for m in chat["messages"]}
    return [
        (mark, contents[mark["file"], mark["message_id"]][mark["start"] : mark["end"]])
        for mark in truth["planted"] + truth["decoys"]
    ]


def _luhn(digits):
    """The textbook form: double every second digit from the right, add the digits of the products."""
    doubled = "".join(str(int(d) * 2) if place % 2 else d for place, d in enumerate(reversed(digits)))
    return sum(map(int, doubled)) % 10 == 0


def test_chat_files_have_the_exporter_s_shape(chats, truth):
    """Keys stand in the exporter's order, ids are strings, messages in order of time, and messageCount comes last."""
    for file, chat in chats.items():
        assert list(chat) == ["guild", "channel", "dateRange", "exportedAt", "messages", "messageCount"]
        assert list(chat["channel"]) == ["id", "type", "categoryId", "category", "name", "topic"]
        assert file == f"chat/{chat['channel']['name']}.json"
        assert chat["messageCount"] == len(chat["messages"]) == truth["channels"][chat["channel"]["name"]]["messages"]
        for message in chat["messages"]:
            assert set(message) - {"reference"} == MESSAGE_KEYS
            assert ("reference" in message) == (message["type"] == "Reply")
            assert list(message["author"]) == AUTHOR_KEYS
            assert isinstance(message["id"], str)
        moments = [datetime.fromisoformat(message["timestamp"]) for message in chat["messages"]]
        assert moments == sorted(moments)
    assert sum(chat["messageCount"] for chat in chats.values()) == 20_000


def test_emoji_are_escaped_as_the_exporter_does():
    """Characters beyond U+FFFF stand as escaped pairs, others as they are; there is no final line end."""
    text = (HERE / "chat" / "night-watch.json").read_text(encoding="utf-8")

    assert max(map(ord, text)) <= 0xFFFF
    assert "\\uD83C\\uDF0A" in text  # 🌊
    assert "ß" in text or "ü" in text
    assert text.endswith("\n}")


def test_a_message_s_id_is_its_time(chats):
    """A snowflake holds the milliseconds since 2015 above its 22nd bit, and agrees with the timestamp."""
    for message in chats["chat/boat-repair.json"]["messages"]:
        at = datetime.fromisoformat("2015-01-01T00:00:00+00:00") + timedelta(milliseconds=int(message["id"]) >> 22)
        assert at == datetime.fromisoformat(message["timestamp"])


def test_scope_is_the_area_and_the_nineteen_days(chats, truth):
    """In scope are the messages of night-watch within the 19 days; some of that area lie outside."""
    start, end = (datetime.fromisoformat(truth["leak"][name]) for name in ("from", "until"))
    moments = {m["id"]: datetime.fromisoformat(m["timestamp"]) for m in chats["chat/night-watch.json"]["messages"]}
    inside = {message_id for message_id, at in moments.items() if start <= at <= end}

    assert end - start == timedelta(days=19)
    assert len(inside) == truth["messages_in_scope"] == truth["channels"]["night-watch"]["in_scope"]
    assert len(moments) - len(inside) > 500
    assert all((m["message_id"] in inside) == m["in_scope"] for m in truth["planted"] + truth["decoys"])
    # One second on either side of both ends.
    assert {at - start for at in moments.values()} >= {timedelta(seconds=-1), timedelta(seconds=1)}
    assert {at - end for at in moments.values()} >= {timedelta(seconds=-1), timedelta(seconds=1)}


def test_about_sixty_authors_are_in_no_roster(chats, rows, truth):
    """60 people who write are not in the roster; 20 of them wrote in scope."""
    known = {row[CHAT_ID] for row in rows if row[CHAT_ID]}
    authors = {m["author"]["id"] for chat in chats.values() for m in chat["messages"]}

    assert len(authors - known) == 60
    assert truth["channels"]["night-watch"]["authors_in_scope_not_in_roster"] == 20


def test_an_author_is_the_same_person_in_both_files(chats, rows):
    """A member writes under the user name of the roster."""
    names = {row[CHAT_ID]: row["username"] for row in rows if row[CHAT_ID]}
    shown = {m["author"]["id"]: m["author"]["name"] for chat in chats.values() for m in chat["messages"]}

    assert all(names[chat_id] == name for chat_id, name in shown.items() if chat_id in names)


def test_each_sentence_has_its_own_token(chats, rows):
    """Every message carries a token, and no sentence's token is used twice; names of people may be repeated."""
    people = {token for row in rows for token in TOKEN.findall(row["username"] + row["email"])}
    seen = Counter(
        token
        for chat in chats.values()
        for m in chat["messages"]
        for token in TOKEN.findall(m["content"])
        if token not in people
    )

    assert all(TOKEN.search(m["content"]) for chat in chats.values() for m in chat["messages"])
    assert seen.most_common(1)[0][1] == 1


def test_planted_counts_fit(truth):
    """The totals by type are those of the list, and all four types are in scope."""
    in_scope = Counter(mark["type"] for mark in truth["planted"] if mark["in_scope"])

    assert Counter(mark["type"] for mark in truth["planted"]) == truth["planted_by_type"]
    assert in_scope == truth["planted_in_scope"]
    assert set(in_scope) == {"email address", "phone number", "IP address", "payment card number"}
    assert min(in_scope.values()) >= 40


def test_planted_values_are_what_they_are_called(written, rows):
    """At each place stands a value of the stated type: valid cards, numbers, IP addresses, e-mail addresses."""
    country = {row[CHAT_ID]: row[COUNTRY][:2] for row in rows if row[CHAT_ID]}
    for mark, value in written:
        match mark["type"]:
            case "payment card number":
                digits = re.sub("[ -]", "", value)
                brand = next(
                    n for start, n in (("4", 16), ("5", 16), ("2223", 16), ("3", 15)) if digits.startswith(start)
                )
                assert len(digits) == brand
                assert _luhn(digits)
            case "IP address":
                assert ipaddress.ip_address(value).version == {"IPv4": 4, "IPv6": 6}[mark["form"]]
            case "email address":
                assert value.count("@") == 1
                assert TOKEN.search(value)
            case "phone number" if mark["form"] == "international":
                assert value.startswith("+")
                assert phonenumbers.is_valid_number(phonenumbers.parse(value, None))
            case "phone number" if country.get(mark["author_id"]):
                assert not value.startswith("+")
                assert phonenumbers.is_valid_number(phonenumbers.parse(value, country[mark["author_id"]]))


def test_decoys_are_none_of_the_four_types(written):
    """No decoy is a payment card or an IP address, and half of the bare snowflakes pass the Luhn test."""
    passing = Counter()
    for mark, value in written:
        if mark["type"].startswith("snowflake"):
            assert len(value) in {17, 18, 19}
            assert _luhn(value) == (mark["type"] == "snowflake, passes Luhn")
            passing[_luhn(value)] += 1
        if mark["type"] == "16 digits, fails Luhn":
            assert len(value) == 16
            assert not _luhn(value)
        if mark["type"] in {"no IP address", "version"}:
            with pytest.raises(ValueError, match="IP"):
                ipaddress.ip_address(value)

    assert passing[True] > 50
    assert passing[False] > 50


def test_luhn_check_digit():
    """ISO/IEC 7812-1's well-known example: 7992739871 is completed by 3."""
    assert luhn_check_digit("7992739871") == "3"


def test_the_search_list_holds_every_value(rows, chats, written):
    """The list of sensitive strings has each token, IP address, phone, card and chat id, none shorter than ten."""
    listed = sensitive_tokens(HERE)
    held = set(listed)

    assert listed == sorted(held)
    assert min(map(len, listed)) >= 10
    assert {row[column] for row in rows for column in ("ip_address", PHONE, CHAT_ID) if row[column]} <= held
    assert {token for row in rows for token in TOKEN.findall(",".join(filter(None, row.values())))} <= held
    assert {m["author"]["id"] for chat in chats.values() for m in chat["messages"]} <= held
    assert {token for chat in chats.values() for m in chat["messages"] for token in TOKEN.findall(m["content"])} <= held
    for mark, value in written:
        if mark["type"] in {"phone number", "IP address", "payment card number"}:
            assert value in held


def test_a_phone_written_locally_is_also_listed_with_its_country_code():
    """A leak that was normalised on its way is found, too: 020 7946 0xxx of the roster is listed as 44 20 7946 0xxx."""
    listed = set(sensitive_tokens(HERE))
    london = [value for value in listed if re.fullmatch(r"020 7946 0\d{3}", value)]

    assert london
    assert all("44" + value.replace(" ", "")[1:] in listed for value in london)
