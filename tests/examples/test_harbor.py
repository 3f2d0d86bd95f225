"""The sample community's roster keeps its word: true header, unique invented values, a truth that fits the file."""

import csv
import io
import ipaddress
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import phonenumbers
import pytest

from examples.harbor.generate import HERE, generate
from examples.harbor.tokens import TOKEN

COUNTRY = "Country (custom user field)"
PHONE = "Phone (custom user field)"
LANGUAGE = "Language (custom user field)"
CHAT_ID = "Chat id (custom user field)"

HEADER = (
    "id,name,username,email,title,created_at,last_seen_at,last_posted_at,last_emailed_at,trust_level,approved,"
    "suspended_at,suspended_till,silenced_till,active,admin,moderator,ip_address,staged,secondary_emails,"
    "topics_entered,posts_read_count,time_read,topic_count,post_count,likes_given,likes_received,"
    "location,website,views,"
    "Country (custom user field),Phone (custom user field),Date of birth (custom user field),"
    "Language (custom user field),Chat id (custom user field),Account kind (custom user field),"
    "Newsletter (custom user field),group_names"
)


@pytest.fixture(scope="module")
def rows():
    text = (HERE / "members.csv").read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def truth():
    return json.loads((HERE / "truth.json").read_text(encoding="utf-8"))


def _files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_seed_same_bytes(tmp_path):
    """The generator writes the same bytes when it is run twice, and other ones from another seed."""
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        generate(tmp_path / name, members=80, messages=300, seed=seed)

    assert _files(tmp_path / "one") == _files(tmp_path / "two")
    assert _files(tmp_path / "one") != _files(tmp_path / "three")


def test_committed_data_is_what_the_generator_writes(tmp_path):
    """The committed files are the generator's output at its defaults, byte for byte."""
    generate(tmp_path)

    assert _files(HERE) == _files(tmp_path)


@pytest.mark.parametrize("members", [60, 75, 100, 333])
def test_sizes(tmp_path, members):
    """Any size from 60 on gives that many members, 4 % of them without evidence, and exactly the messages asked for."""
    generate(tmp_path, members=members, messages=203)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))

    assert truth["members"] == members
    assert truth["categories"]["no evidence of country"] == round(members * 0.04)
    assert truth["messages"] == 203


def test_too_small_a_community_is_refused(tmp_path):
    """A community too small for every kind of member is refused before a file is written."""
    with pytest.raises(SystemExit):
        generate(tmp_path / "out", members=59)

    assert not (tmp_path / "out").exists()


def test_header_is_discourse_s():
    """The roster's first line is the agreed header, in this order."""
    assert (HERE / "members.csv").read_bytes().split(b"\n")[0].decode() == HEADER


def test_rows_are_ragged_only_at_the_groups(rows):
    """A row has 38 cells, or 37 where the member is in no group; both happen."""
    text = (HERE / "members.csv").read_bytes().decode("utf-8")
    lengths = Counter(len(row) for row in csv.reader(io.StringIO(text, newline="")))

    assert set(lengths) == {37, 38}
    assert lengths[37] == sum(row["group_names"] is None for row in rows)
    assert lengths.total() == 1201


def test_four_per_cent_show_no_country(rows, truth):
    """Exactly 48 of 1,200 have no country field, no phone, no country ending and no language with a country."""
    silent = [
        row["id"]
        for row in rows
        if not row[COUNTRY]
        and not row[PHONE]
        and not re.search(r"\.(?!example$|org$|net$)\w+$", row["email"].lower())
        and not re.search(r"-[A-Z]{2}$", row[LANGUAGE])
    ]

    assert len(silent) == 48
    assert silent == truth["member_ids"]["no evidence of country"]


def test_every_residence_is_there(truth):
    """Five EU states, GB, seven US states, Quebec, Brazil, Japan and Australia each have residents; so has unknown."""
    wanted = {"DE", "FR", "NL", "ES", "IE", "GB", "CA-QC", "BR", "JP", "AU", "unknown"}
    wanted |= {f"US-{state}" for state in ("CA", "NY", "TX", "MA", "FL", "WA", "CO")}

    assert wanted <= set(truth["by_jurisdiction"])
    assert sum(truth["by_jurisdiction"].values()) == truth["people"]


def test_five_locales(rows):
    """The languages are en, de, fr, es and pt."""
    assert {row[LANGUAGE].partition("-")[0] for row in rows} == {"en", "de", "fr", "es", "pt", ""}


def test_categories_fit_the_roster(rows, truth):
    """What truth.json says of the accounts can be counted in the file."""
    ids = truth["member_ids"]
    kind = "Account kind (custom user field)"
    born = "Date of birth (custom user field)"

    assert truth["members"] == len(rows) == 1200
    assert ids["bots"] == [row["id"] for row in rows if row[kind] == "bot"]
    assert ids["deleted"] == [row["id"] for row in rows if row[kind] == "deleted"]
    assert ids["staged"] == [row["id"] for row in rows if row["staged"] == "true"]
    assert ids["suspended"] == [row["id"] for row in rows if row["suspended_at"]]
    assert ids["no address"] == [row["id"] for row in rows if not row["email"]]
    assert ids["opted out"] == [row["id"] for row in rows if row["Newsletter (custom user field)"] == "opted out"]
    assert ids["minors"] == [row["id"] for row in rows if row[born] and date.fromisoformat(row[born]).year >= 2009]
    assert ids["not on the chat"] == [row["id"] for row in rows if not row[CHAT_ID]]
    assert truth["people"] == 1200 - len(ids["bots"])
    assert all(len(numbers) == truth["categories"][name] for name, numbers in ids.items())


def test_nobody_is_a_borderline_minor(rows):
    """Nobody was born in 2008: who is a minor does not hang on a day."""
    born = [row["Date of birth (custom user field)"] for row in rows]

    assert not [day for day in born if "2008-01-01" <= day <= "2008-12-31"]


def test_shared_mailboxes(rows, truth):
    """12 mailboxes are shared by two accounts spelt alike, 8 more with the domain in capitals in one of them."""
    exact = Counter(row["email"] for row in rows if row["email"])
    folded = Counter(f"{local}@{domain.lower()}" for local, _, domain in (e.rpartition("@") for e in exact))

    assert sum(count == 2 for count in exact.values()) == 12
    assert sum(count == 2 for count in folded.values()) == 8
    assert truth["reachable_people"] - truth["mailboxes"] == 20


def test_bad_addresses_cannot_exist(rows, truth):
    """Each bad address breaks the plain form of an address; no other address does."""
    plain = re.compile(
        r"(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
        r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
    )
    bad = [row["id"] for row in rows if row["email"] and not plain.fullmatch(row["email"])]

    assert bad == truth["member_ids"]["bad address"]


@pytest.mark.parametrize(
    "hostile",
    ["{{7*7}}", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\r\nBcc: ", "-name-", "%recipient%", "${jndi:"],
)
def test_hostile_names(rows, hostile):
    """The hostile display names are there, unescaped, as a platform would store them."""
    assert any(hostile in row["name"] for row in rows)


def test_names_in_emoji_and_from_right_to_left(rows):
    """Names with emoji, in Arabic, in Hebrew, and one of 300 characters are there."""
    names = [row["name"] for row in rows]

    assert any("🌊" in name for name in names)
    assert any(re.search("[\u0600-\u06ff]", name) for name in names)
    assert any(re.search("[\u0590-\u05ff]", name) for name in names)
    assert max(map(len, names)) >= 300


def test_every_value_of_a_member_is_unique_and_recognisable(rows):
    """Names, user names, addresses, places and sites carry a token; a token belongs to one value of one column."""
    owners = {}
    for row in rows:
        for column in ("name", "username", "email", "secondary_emails", "location", "website"):
            if row[column]:
                tokens = set(TOKEN.findall(row[column]))
                assert len(tokens) == 1, (column, row["id"])
                # Twins share a mailbox, and so its token; only the domain's case may differ.
                owners.setdefault(tokens.pop(), set()).add((column, row[column].lower()))

    assert [token for token, values in owners.items() if len(values) > 1] == []


def test_values_without_letters_are_unique(rows):
    """No two members share an IP address, a phone number or a chat id; each has ten characters or more."""
    for column in ("ip_address", PHONE, CHAT_ID):
        values = [row[column] for row in rows if row[column]]
        assert len(set(values)) == len(values) > 300
        assert min(map(len, values)) >= 10


def test_roster_numbers_and_addresses_are_in_reserved_ranges(rows):
    """IP addresses lie in the ranges for benchmarks and documentation; phone numbers are valid for their country."""
    reserved = (ipaddress.ip_network("198.18.0.0/15"), ipaddress.ip_network("2001:db8::/32"))
    for row in rows:
        if row["ip_address"]:
            assert any(ipaddress.ip_address(row["ip_address"]) in network for network in reserved)
        if row[PHONE]:
            assert phonenumbers.is_valid_number(phonenumbers.parse(row[PHONE], row[COUNTRY][:2] or None))


def test_the_committed_files_stay_small():
    """The sample stays below 25 MB: everybody who clones carries it."""
    assert sum(len(content) for content in _files(Path(HERE)).values()) < 25_000_000
