"""A second assessment beside the first: who came, who went, which files; and the picture and examples of it."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from breach.errors import Tampered
from breach.evidence import preserve_evidence
from breach.exposure.assess import find_exposures
from breach.exposure.changes import compare_exposures
from breach.exposure.picture import MOST_PLACES, SHADES, draw_heatmap
from breach.exposure.roster import load_roster
from breach.exposure.words import describe_changes
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import Certainty, DataType, ExposureSummary, TypeCount
from schemas.incident import Answer, IncidentFacts
from schemas.receipt import Receipt
from tests.breach.exposure.test_assess import ANN, BOB, DURING, MEMBERS

MakeWork = Callable[[IncidentFacts], Work]
Write = Callable[..., Path]
KEY = b"k" * 32
SVG = "{http://www.w3.org/2000/svg}"


def assessed(work: Work, revision: str, roster: Path, chats: list[Path]) -> Receipt:
    at = Work(work.store, work.case, work.facts, revision)
    preserve_evidence(at, [roster, *chats], "mara", [one.name for one in (roster, *chats)])
    return find_exposures(at, load_roster(at, roster), chats, KEY, 1)


def test_a_newer_export_is_compared_with_the_one_before(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """First Ann posts. Then Ann's post holds a card, Bob posts, Ann moves, a file is new, the chat is another one."""
    work = work_for(incident.model_copy(update={"profiles_exposed": Answer.NO}))
    same = write_chat([("8", ANN, DURING, "same")], name="same.json")
    chat = write_chat([("1", ANN, DURING, "a")], name="chat.json")
    before = assessed(work, "a" * 12, write_users(MEMBERS), [chat, same])
    moved = [{**MEMBERS[0], "Country": "IT"}, *MEMBERS[1:]]
    chat = write_chat([("1", ANN, DURING, "card 4111 1111 1111 1111")], name="chat.json")
    new = write_chat([("2", BOB, DURING, "b")], name="new.json")
    after = assessed(work, "b" * 12, write_users(moved), [chat, same, new])
    changes = compare_exposures(work.store, before, after)
    assert (changes.before, changes.affected_before, changes.affected_after) == ("a" * 12, 1, 2)
    assert (changes.newly_affected, changes.no_longer_affected, changes.moved) == (1, 0, 1)
    assert (changes.types_added, changes.types_removed) == ({DataType.PAYMENT_CARD: 1}, {})
    assert (len(changes.files_added), len(changes.files_removed), changes.files_same) == (1, 0, 1)
    assert len(changes.files_changed) == 2  # the roster and the chat, by their names
    said = describe_changes(changes)
    assert "1 are newly affected, 0 are no longer." in said
    assert "1 files are new; 2 files came in another version; 1 files are the same." in said
    back = compare_exposures(work.store, after, before)
    assert (back.newly_affected, back.no_longer_affected) == (0, 1)
    assert back.types_removed == {DataType.PAYMENT_CARD: 1}


def test_nothing_has_changed_when_nothing_has(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """The same files again: zero everywhere."""
    work = work_for(incident)
    roster, chat = write_users(MEMBERS), write_chat([("1", ANN, DURING, "a")])
    before = assessed(work, "a" * 12, roster, [chat])
    changes = compare_exposures(work.store, before, assessed(work, "b" * 12, roster, [chat]))
    assert (changes.newly_affected, changes.no_longer_affected, changes.moved) == (0, 0, 0)
    assert not changes.types_added
    assert not changes.files_added
    assert not changes.files_changed
    assert changes.files_same == 2


def test_an_assessment_that_was_changed_is_not_compared(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Its digest does not fit its receipt any more."""
    work = work_for(incident)
    before = assessed(work, "a" * 12, write_users(MEMBERS), [write_chat([("1", ANN, DURING, "a")])])
    with pytest.raises(Tampered):
        compare_exposures(work.store, before.model_copy(update={"digest": "0" * 64}), before)


def test_the_examples_are_the_worst_and_masked(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """One of each type first, a card before an address; five in all, the same value once, none of it to be read."""
    values = ["4111 1111 1111 1111", "5555 5555 5555 4444", "4111-1111-1111-1111"]
    values += ["+493023125001", "+493023125002", "ann@mail.example", "bob@mail.example"]
    chat = write_chat([(str(n), ANN, DURING, f"see {value} ok") for n, value in enumerate(values)])
    work = work_for(incident)
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat], KEY, 1)
    summary = get_record(work.store, receipt.key, ExposureSummary)
    kinds = [one.type for one in summary.most_sensitive]
    assert kinds == [DataType.PAYMENT_CARD, DataType.PHONE, DataType.EMAIL, DataType.PAYMENT_CARD, DataType.PHONE]
    shown = summary.model_dump_json()
    assert not any(value in shown or value.replace(" ", "") in shown for value in values)


def summary_with(places: dict[str, int]) -> ExposureSummary:
    return ExposureSummary(
        members_in_roster=5000,
        affected=sum(places.values()),
        bots=0,
        by_type={DataType.EMAIL: TypeCount(persons=sum(places.values()), records=9, certainty=Certainty.EXACT)},
        by_jurisdiction=places,
        matrix={place: {DataType.EMAIL: count} for place, count in places.items()},
        minors=0,
        findings=0,
        messages_in_scope=0,
        authors_unmatched=0,
        coverage=(),
        scope_note="",
    )


def test_the_picture_says_every_number_in_words_too() -> None:
    """Title and description for who does not see it; the unknown place last; the same bytes again."""
    summary = summary_with({"unknown": 2000, "DE": 1000, "US-CA": 10})
    drawn = draw_heatmap(summary)
    assert drawn == draw_heatmap(summary)
    root = ET.fromstring(drawn)  # noqa: S314 (our own file)
    texts = [text for node in root if (text := node.text) and node.tag.endswith("text")]
    assert texts[1:4] == ["DE", "US-CA", "unknown"]
    assert texts[5:] == ["1,000", "10", "2,000"]
    description = next(node.text for node in root if node.tag.endswith("desc"))
    assert description == "3010 people. DE: email address 1000; US-CA: email address 10; unknown: email address 2000"


def test_many_places_are_summed_and_none_is_lost() -> None:
    """Thirty countries: the rest of them in one column, whose number is their sum."""
    codes = [f"{first}{second}" for first in "ABC" for second in "ABCDEFGHIJ"]
    drawn = draw_heatmap(summary_with({code: 100 - n for n, code in enumerate(codes)})).decode()
    assert f"others ({30 - MOST_PLACES + 1})" in drawn
    assert f">{sum(range(71, 82))}<" in drawn


def test_nobody_affected_is_a_picture_too() -> None:
    """It says so."""
    empty = summary_with({}).model_copy(update={"by_type": {}})
    assert "Nobody is affected." in draw_heatmap(empty).decode()


@pytest.mark.parametrize(("field", "ink"), SHADES)
def test_every_number_can_be_read_on_its_field(field: str, ink: str) -> None:
    """WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1, by the formula of relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(field), luminance(ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_number_of_ten_million_people_stays_in_its_field() -> None:
    """Every field is as wide as its number at 9 pixels a sign, and no field begins within another."""
    drawn = ET.fromstring(draw_heatmap(summary_with({"FR": 12_345_678, "DE": 9, "unknown": 3})))  # noqa: S314  # ours
    fields = [one for one in drawn.iter(f"{SVG}rect") if one.get("x")]
    told = [one.text or "" for one in drawn.iter(f"{SVG}text")]
    assert "12,345,678" in told
    lefts = sorted({int(one.attrib["x"]) for one in fields})
    wide = {int(one.attrib["width"]) for one in fields}
    assert {right - left for left, right in pairwise(lefts)} == wide
    assert min(wide) >= 9 * len("12,345,678")
