"""The invented community: the same bytes for the same seed, and a truth that really stands in the messages."""

import csv
import itertools
import json
import re
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest

from benchmarks.corpus.checks import base58check, github_check, iban_of, keccak_256, luhn_digit, raised, segwit
from benchmarks.corpus.exports import FORMS, Clock, channel_of
from benchmarks.corpus.generate import Plan, corpus_at, generate, size_of
from benchmarks.corpus.members import Members
from benchmarks.corpus.messages import PLANTS, Chatter, Message

RESERVED = re.compile(r"(^|\.)example\.(com|net|org)$")


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return list(itertools.islice(Chatter(7, Members(7, 500)), 60_000))


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path):
    """Two corpora of one plan have one digest; another seed gives another."""
    first = generate(Plan("json", 300_000), tmp_path / "a")
    second = generate(Plan("json", 300_000), tmp_path / "b")
    other = generate(Plan("json", 300_000, seed=1), tmp_path / "c")

    assert first.digest == second.digest != other.digest


def test_the_bytes_are_those_of_every_machine(tmp_path: Path):
    """The digest of a small corpus is the one that was published; VERSION is counted up when it changes."""
    made = generate(Plan("ndjson", 100_000, seed=20_261_122), tmp_path / "a")

    assert made.digest == (Path(__file__).parent / "corpus.sha256").read_text().strip()


@pytest.mark.parametrize("form", FORMS)
def test_a_corpus_has_the_size_that_was_asked_for(form: str, tmp_path: Path):
    """Export files hold the bytes of the plan and at most one message and the ends of eight files more."""
    made = generate(Plan(form, 500_000), tmp_path / "a")

    assert 500_000 <= sum(path.stat().st_size for path in made.exports) <= 505_000
    assert made.file_bytes == sum(path.stat().st_size for path in made.exports)


def test_messages_may_be_counted_instead(tmp_path: Path):
    """A plan of 2,000 messages of 300 members has exactly those."""
    made = generate(Plan("json", 0, messages=2_000, members=300), tmp_path / "a")

    found = [json.loads(path.read_text(encoding="utf-8")) for path in made.exports]
    assert sum(len(one["messages"]) for one in found) == sum(one["messageCount"] for one in found) == 2_000
    assert len(made.roster.read_text(encoding="utf-8").splitlines()) == 301


def _read_json(path: Path) -> dict[str, tuple[str, str]]:
    return {one["id"]: (one["content"], one["author"]["id"]) for one in json.loads(path.read_text("utf-8"))["messages"]}


def _read_csv(path: Path) -> dict[str, tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {f"{row['AuthorID']}/{row['Date']}": (row["Content"], row["AuthorID"]) for row in csv.DictReader(file)}


def _read_ndjson(path: Path) -> dict[str, tuple[str, str]]:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {one["id"]: (one["content"], one["author_id"]) for one in lines}


@pytest.mark.parametrize(("form", "read"), [("json", _read_json), ("csv", _read_csv), ("ndjson", _read_ndjson)])
def test_the_truth_stands_where_it_says(form: str, read, tmp_path: Path):
    """Read by the standard library, each row's file holds its record, by its author, with the value at its place."""
    made = generate(Plan(form, 2_000_000), tmp_path / "a")
    held = {path.name: read(path) for path in made.exports}

    with made.truth.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == made.planted > 50
    for row in rows:
        text, author = held[row["file"]][row["record"]]
        written = text[int(row["start"]) : int(row["end"])]
        assert author == row["author"]
        if row["form"] == "plain":
            assert written.lower() == row["canonical"].lower()
    roster = {row["discord id"] for row in csv.DictReader(made.roster.open(encoding="utf-8", newline=""))}
    assert {row["author"] for row in rows} <= roster


FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}


def test_a_place_holds_its_value_in_every_form(messages: list[Message]):
    """What stands at a place comes to its canonical form when the way of writing is undone by hand."""
    seen: Counter[str] = Counter()
    for message in messages:
        for one in message.truth:
            written = message.text[one.start : one.end].replace("\u200b", "").translate(FULL_WIDTH)
            seen[f"{one.kind} {one.form}"] += 1
            if one.kind == "phone":
                number = phonenumbers.parse(written, message.author.country)
                assert phonenumbers.is_valid_number(number), written
                got = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            elif one.form == "spelled":
                got = re.sub(r"\s*[\[({]at[\])}]\s*", "@", written)
                got = re.sub(r"\s*[\[(]dot[\])]\s*|\sdot\s", ".", got)
            elif one.kind == "mac":
                got = written.replace("-", ":").lower()
            elif one.kind in {"card", "iban", "national id"}:
                got = re.sub(r"[ .-]", "", written).upper()
            else:
                got = written.lower() if one.kind == "email" or one.form == "ether" else written
            assert got == one.canonical, (one, written)
    assert set(seen) == {f"{plant.kind} {plant.form}" for plant in PLANTS}


def test_shares_are_what_the_page_says(messages: list[Message]):
    """2.6 % of the messages hold a value, a message has some 80 bytes on average, 5 % go beyond ASCII."""
    planted = sum(bool(message.truth) for message in messages) / len(messages)
    size = sum(len(message.text.encode()) for message in messages) / len(messages)
    beyond = sum(not message.text.isascii() for message in messages) / len(messages)

    assert 0.024 < planted < 0.028
    assert 70 < size < 90
    assert 0.045 < beyond < 0.07


def test_every_address_is_at_a_reserved_name(messages: list[Message]):
    """Each canonical address, and each member's, can be nobody's (RFC 2606)."""
    addresses = [one.canonical for message in messages for one in message.truth if one.kind == "email"]
    addresses += [member.email for member in Members(7, 500)]

    assert [one for one in addresses if not RESERVED.search(one.rpartition("@")[2])] == []


def test_members_are_told_apart():
    """Ids, handles and addresses of 5,000 members are each given once, and ids have 17 to 19 digits."""
    members = list(Members(7, 5_000))

    for values in zip(*((one.id, one.roster_id, one.handle, one.email) for one in members), strict=True):
        assert len(set(values)) == 5_000
    assert all(17 <= len(one.id) <= 19 for one in members)


def test_check_digits_are_those_of_published_examples():
    """Each rule gives what its own document gives as an example."""
    assert luhn_digit("7992739871") == "3"  # ISO/IEC 7812-1's usual example
    assert iban_of("DE", "370400440532013000") == "DE89370400440532013000"  # SWIFT's registry
    assert iban_of("GB", "WEST12345698765432") == "GB82WEST12345698765432"
    program = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
    assert segwit(program) == "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"  # BIP 173
    assert base58check(0, program) == "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"  # of the same key
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"  # the empty code
    checked = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"  # EIP-55
    assert raised(bytes.fromhex(checked[2:])) == checked
    assert github_check("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"  # from GitHub's announcement of the form


def test_the_clock_gives_times_that_the_ids_hold():
    """An id's upper bits are its message's milliseconds since 2015, and times are ISO 8601."""
    clock = Clock()

    assert clock.at(0)[1] == "2025-01-01T00:00:00.000+00:00"
    identity, moment = clock.at(10_000_000)  # 7,310,000 seconds: 84 days, 14 hours, 33 minutes and 20 seconds
    assert moment == "2025-03-26T14:33:20.000+00:00"
    assert (int(identity) >> 22) + 1_420_070_400_000 == 1_735_689_600_000 + 7_310_000_000


def test_every_draw_is_a_channel():
    """256 draws fall on eight channels."""
    assert {channel_of(draw) for draw in range(256)} == set(range(8))


def test_a_half_made_corpus_is_made_anew(tmp_path: Path):
    """A folder without a manifest was left by a run that was ended; one with it is taken as it is."""
    plan = Plan("ndjson", 50_000)
    (tmp_path / plan.name / "exports").mkdir(parents=True)
    (tmp_path / plan.name / "exports" / "general.ndjson").write_text("{")

    made = corpus_at(plan, tmp_path)
    assert corpus_at(plan, tmp_path) == made


@pytest.mark.parametrize(("text", "size"), [("20MB", 20_000_000), ("2 gb", 2_000_000_000), ("300KB", 300_000)])
def test_sizes_are_decimal(text: str, size: int):
    """MB and GB are powers of ten, as disks are sold."""
    assert size_of(text) == size


def test_what_is_no_size_is_refused():
    """A word is an error that shows how to write a size."""
    with pytest.raises(ValueError, match="write 20MB"):
        size_of("much")
