"""Members named in what others wrote."""

import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.exposure.assess import find_exposures
from breach.exposure.detect import Naming, detect_in
from breach.exposure.kinds.registry import Profile
from breach.exposure.member_names import names_of
from breach.exposure.mentions import Mentions
from breach.exposure.roster import load_roster
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import DataType, ExposureSummary
from schemas.incident import Answer, IncidentFacts

ROSTER = [
    ("1", "harborcat_7", "Ann Seaworth"),
    ("2", "über_lotse", "Zoë Müller"),
    ("3", "bob", "Bob"),
    ("4", "admin", ""),
    ("5", "twin-name", "Kim Lee"),
    ("6", "other.twin", "Kim Lee"),
]
NAMED = names_of(ROSTER)
MENTIONS = Mentions(NAMED)


def named_in(text: str, author: str = "9") -> list[tuple[str, str, DataType]]:
    """(member, the piece of text, type) of each."""
    hits = detect_in(
        pa.array([text], pa.large_string()), lambda _: None, Profile.FULL, Naming(MENTIONS, lambda _: author)
    )
    return [(value.person, text[value.start : value.end], value.type) for _, value in hits if value.person]


def test_names_are_found_in_any_case_and_alone() -> None:
    """With an @ or without, at the ends of sentences, with letters of other alphabets beside them."""
    for written in (
        "harborcat_7",
        "@HarborCat_7",
        "(harborcat_7)",
        "é harborcat_7.",
        "🌊harborcat_7🌊",
        "**harborcat_7**",
    ):
        assert [one[0] for one in named_in(f"ask {written} about it")] == ["1"], written
    assert named_in("Über_Lotse and ZOË MÜLLER said so") == [
        ("2", "Über_Lotse", DataType.USERNAME),
        ("2", "ZOË MÜLLER", DataType.NAME),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "harborcat_77",
        "xharborcat_7",
        "éharborcat_7",
        "harborcat_7.example",
        "harborcat_7@mail.example",
        "mail@harborcat_7.example",
        "https://x.example/harborcat_7",
        "<:harborcat_7:41771983429993937>",
        "a/harborcat_7",
        "bob admin Kim Lee",
        "Ann",
    ],
)
def test_a_piece_of_something_else_is_no_name(text: str) -> None:
    """Of a word, an address, a link, an emoji; names too short, too common or of two members are not looked for."""
    assert named_in(text) == []


def test_what_is_not_looked_for_is_counted() -> None:
    """Two spellings of Bob are one and too short, admin is a word, two are called Kim Lee."""
    assert set(zip(NAMED.members, NAMED.texts, strict=True)) == {
        ("1", "harborcat_7"),
        ("1", "Ann Seaworth"),
        ("2", "über_lotse"),
        ("2", "Zoë Müller"),
        ("5", "twin-name"),
        ("6", "other.twin"),
    }
    assert NAMED.skipped == 4


def test_of_too_many_names_usernames_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The automaton has an end; what lies beyond it is counted, too."""
    monkeypatch.setattr("breach.exposure.member_names.MOST_NAMES", 5)
    few = names_of(ROSTER)
    assert set(few.texts) == {"harborcat_7", "über_lotse", "twin-name", "other.twin", "Ann Seaworth"}
    assert few.skipped == 5


def test_ones_own_name_does_not_count() -> None:
    """A signature says nothing of others."""
    assert named_in("yours, harborcat_7", author="1") == []


@given(
    st.lists(st.sampled_from(["harborcat_7", "twin-name", "x", " ", ",", " @", "é", ". ", "\u200b"]), max_size=8).map(
        "".join
    )
)
def test_every_word_that_is_a_name_is_found(text: str) -> None:
    """Against the words of a message, taken apart by spaces and commas alone."""
    plain = text.replace("\u200b", "")
    words = [word.lstrip("@").rstrip(".") for part in plain.split(",") for word in part.split()]
    expected = [word for word in words if word in {"harborcat_7", "twin-name"}]
    assert [piece.replace("\u200b", "") for _, piece, _ in named_in(text)] == expected


def test_a_text_full_of_names_takes_linear_time() -> None:
    """A megabyte of nothing else."""
    before = time.process_time()
    assert len(named_in("harborcat_7 " * 80_000)) == 80_000
    assert time.process_time() - before < 20


def test_a_name_belongs_to_who_is_named(
    work_for: Callable[[IncidentFacts], Work],
    write_users: Callable[..., Path],
    write_chat: Callable[..., Path],
    incident: IncidentFacts,
) -> None:
    """Not to who wrote it; and what was not looked for is said."""
    work = work_for(incident.model_copy(update={"profiles_exposed": Answer.NO}))
    members = [
        {"id": "1", "username": "harborcat_7", "Chat id": "100000000000000001"},
        {"id": "2", "username": "bob", "Chat id": "100000000000000002"},
    ]
    chat = write_chat([("1", "100000000000000002", "2026-10-25T00:00:00+00:00", "ask harborcat_7, says bob")])
    receipt = find_exposures(work, load_roster(work, write_users(members)), [chat], b"k" * 32, 1)
    held = work.store.get(f"exposure/{work.revision}/members.parquet")
    assert held is not None
    found = {row["member_id"]: row["types"] for row in read_parquet(held.data).to_pylist()}
    assert found == {"1": ["username"], "2": ["posts in a closed area"]}
    note = get_record(work.store, receipt.key, ExposureSummary).scope_note
    assert "1 usernames and display names of members were not looked for" in note
