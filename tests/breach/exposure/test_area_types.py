"""What an area alone says: private messages, and special categories by the areas that the facts declare."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from breach.exposure.assess import find_exposures
from breach.exposure.roster import load_roster
from breach.exposure.scope import scope_of
from breach.law.elements import Held
from breach.law.expression import Bounds
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import Certainty, DataType, ExposureSummary
from schemas.incident import Answer, IncidentFacts, SensitiveArea

MakeWork = Callable[[IncidentFacts], Work]
Write = Callable[..., Path]
KEY = b"k" * 32
DURING = "2026-10-25T00:00:00+00:00"
ANN, BOB, BOT = "100000000000000001", "100000000000000002", "100000000000000003"
MEMBERS = [
    {"id": "1", "username": "ann", "Chat id": ANN, "Country": "FR"},
    {"id": "2", "username": "bob", "Chat id": BOB, "Country": "DE"},
    {"id": "3", "username": "botty", "Chat id": BOT, "Account kind": "bot"},
]


def declared(incident: IncidentFacts, **areas: DataType) -> IncidentFacts:
    marks = tuple(SensitiveArea(area=name.replace("_", "-"), category=kind) for name, kind in areas.items())
    return incident.model_copy(update={"profiles_exposed": Answer.NO, "areas": (), "sensitive_areas": marks})


def members_of(work: Work) -> dict[str, dict[str, int]]:
    held = work.store.get(f"exposure/{work.revision}/members.parquet")
    assert held is not None
    rows = read_parquet(held.data).to_pylist()
    return {row["member_id"]: dict(zip(row["types"], row["counts"], strict=True)) for row in rows}


def test_whoever_wrote_in_a_declared_area_counts_with_what_it_is_about(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """By having written there, beside the posts themselves; nobody else, and nothing of what they wrote."""
    work = work_for(declared(incident, night_watch=DataType.HEALTH, vestry=DataType.BELIEF))
    chats = [
        write_chat([("1", ANN, DURING, "hi"), ("2", ANN, DURING, "me too")], channel="night-watch"),
        write_chat([("3", BOB, DURING, "I am ill and pray for my health")], channel="galley", name="galley.json"),
        write_chat([("1", ANN, DURING, "hi"), ("4", BOT, DURING, "beep")], channel="night-watch", name="again.json"),
    ]

    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), chats, KEY, 1)

    assert members_of(work) == {
        "1": {"health": 2, "posts in a closed area": 2},
        "2": {"posts in a closed area": 1},
        "3": {"health": 1, "posts in a closed area": 1},
    }
    summary = get_record(work.store, receipt.key, ExposureSummary)
    health = summary.by_type[DataType.HEALTH]
    assert (health.persons, health.records, health.certainty) == (1, 2, Certainty.DECLARED)
    assert DataType.BELIEF not in summary.by_type
    assert "night-watch (health), vestry (religion or belief)" in summary.scope_note
    assert "was not searched for health" in summary.scope_note


def test_without_a_declaration_nothing_is_guessed(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Free text is not read for special categories, and the note says so."""
    work = work_for(declared(incident))
    chat = write_chat([("1", ANN, DURING, "my diagnosis: depression; I am gay, jewish and in the union")])

    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat], KEY, 1)

    assert members_of(work) == {"1": {"posts in a closed area": 1}}
    note = get_record(work.store, receipt.key, ExposureSummary).scope_note
    assert "No area is declared" in note
    assert "was not searched for health" in note


def test_direct_messages_are_private_and_no_posts(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """A conversation that the export calls direct: its messages are private messages, counted as surely as posts."""
    work = work_for(declared(incident))
    direct = write_chat([("1", ANN, DURING, "psst"), ("2", BOB, DURING, "yes?")], channel="ann-bob", name="dm.json")
    text = direct.read_text()
    assert '"GuildTextChat"' in text
    direct.write_text(text.replace('"GuildTextChat"', '"DirectTextChat"'))
    posts = write_chat([("3", ANN, DURING, "hello all")])

    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [direct, posts], KEY, 2)

    assert members_of(work) == {
        "1": {"posts in a closed area": 1, "private messages": 1},
        "2": {"private messages": 1},
    }
    summary = get_record(work.store, receipt.key, ExposureSummary)
    assert summary.messages_in_scope == 3
    private = summary.by_type[DataType.PRIVATE_MESSAGES]
    assert (private.records, private.certainty) == (2, Certainty.APPROXIMATE)


def test_the_order_of_files_and_workers_changes_nothing(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """The same marks, the same bytes."""
    chats = [
        write_chat([("1", ANN, DURING, "a"), ("2", BOB, DURING, "b")], channel="night-watch", name="one.json"),
        write_chat([("3", BOB, DURING, "c")], channel="vestry", name="two.json"),
    ]
    made = []
    for order, workers in ((chats, 1), (chats[::-1], 2)):
        work = work_for(declared(incident, night_watch=DataType.HEALTH, vestry=DataType.BELIEF))
        find_exposures(work, load_roster(work, write_users(MEMBERS)), order, KEY, workers)
        held = work.store.get(f"exposure/{work.revision}/members.parquet")
        assert held is not None
        made.append(held.data)

    assert made[0] == made[1]


def test_an_area_is_known_by_any_of_its_names(incident: IncidentFacts) -> None:
    """By its category's name or its id as well; an area without a name is about nothing."""
    scope = scope_of(declared(incident, support_group=DataType.HEALTH))

    assert scope.declared_for("general", "Support Group") == (DataType.HEALTH,)
    assert scope.declared_for("general") == ()
    assert scope.declared_for("") == ()


def test_only_special_categories_can_be_declared() -> None:
    """An area is not about a phone number."""
    with pytest.raises(ValidationError, match="special category"):
        SensitiveArea(area="vestry", category=DataType.PHONE)


def test_law_counts_what_was_declared_and_private_messages_as_free_text() -> None:
    """Three people of a health area are medical and special data; two with private messages may hold anything."""
    held = Held(9, {DataType.HEALTH: 3, DataType.PRIVATE_MESSAGES: 2})

    assert held.readable("medical") == held.readable("special_category") == Bounds(3, 3)
    assert held.readable("closed_area_posts") == Bounds(2, 2)
    assert held.perhaps("biometric") == Bounds(0, 2)
