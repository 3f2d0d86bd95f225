"""Scope beyond areas and time: kinds of records and lists of ids; what nobody said counts."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.exposure.assess import find_exposures
from breach.exposure.id_list import IdList
from breach.exposure.roster import load_roster
from breach.exposure.scope import IdLists, scope_of
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import Certainty, DataType, ExposureSummary
from schemas.incident import Answer, IncidentFacts, Narrowing
from tests.breach.exposure.samples import SLACK, zipped
from tests.breach.exposure.test_assess import ANN, BOB, DURING, MEMBERS, members_of

MakeWork = Callable[[IncidentFacts], Work]
Write = Callable[..., Path]
KEY = b"k" * 32


def narrowed(incident: IncidentFacts, profiles: Answer = Answer.NO, **given: object) -> IncidentFacts:
    return incident.model_copy(update={"profiles_exposed": profiles, "narrowing": Narrowing.model_validate(given)})


def assessed(work: Work, roster: Path, sources: list[Path], lists: IdLists | None = None) -> ExposureSummary:
    receipt = find_exposures(work, load_roster(work, roster), sources, KEY, 1, lists=lists)
    return get_record(work.store, receipt.key, ExposureSummary)


DIRECT_SAID = {
    Answer.YES: "Direct messages were reachable",
    Answer.UNKNOWN: "Whether direct messages were reachable is not known",
    Answer.NO: "Direct messages were not reachable",
}


def test_direct_messages_count_unless_somebody_said_no(
    work_for: MakeWork, write_users: Write, tmp_path: Path, incident: IncidentFacts
) -> None:
    """The Slack sample has three messages with a time in the area, and one in a conversation of two."""
    export = tmp_path / "slack.zip"
    export.write_bytes(zipped(SLACK))
    for direct, messages in ((Answer.YES, 4), (Answer.UNKNOWN, 4), (Answer.NO, 3)):
        summary = assessed(work_for(narrowed(incident, direct_messages=direct)), write_users(MEMBERS), [export])
        assert summary.messages_in_scope == messages
        assert DIRECT_SAID[direct] in summary.scope_note


def test_no_post_counts_when_posts_were_not_reachable(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Said no, none is counted; said unknown, all are, and the count is called unknown."""
    chat = write_chat([("1", ANN, DURING, "a")])
    none = assessed(work_for(narrowed(incident, posts=Answer.NO)), write_users(MEMBERS), [chat])
    assert (none.messages_in_scope, none.affected) == (0, 0)
    maybe = assessed(work_for(narrowed(incident, posts=Answer.UNKNOWN)), write_users(MEMBERS), [chat])
    assert maybe.by_type[DataType.CLOSED_AREA_POSTS].certainty is Certainty.UNKNOWN
    assert maybe.messages_in_scope == 1


def test_a_list_of_message_ids_limits_messages_alone(
    work_for: MakeWork, write_users: Write, write_chat: Write, tmp_path: Path, incident: IncidentFacts
) -> None:
    """Of three messages the two on the list count; a third id on it is in no export and is said; profiles stay."""
    listed = tmp_path / "ids.txt"
    listed.write_text("\ufeff1\r\n\r\n3\n99\n", encoding="utf-8")
    chat = write_chat([("1", ANN, DURING, "a"), ("2", ANN, DURING, "b"), ("3", BOB, DURING, "c")])
    work = work_for(narrowed(incident, Answer.YES, message_ids="ids.txt"))
    summary = assessed(work, write_users(MEMBERS), [chat], IdLists(messages=IdList(listed)))
    assert summary.messages_in_scope == 2
    assert "names 3; 1 of them stand in no export" in summary.scope_note
    assert summary.by_type[DataType.CLOSED_AREA_POSTS].certainty is Certainty.APPROXIMATE
    assert summary.affected == 4


def test_a_list_of_member_ids_limits_member_records_alone(
    work_for: MakeWork, write_users: Write, write_chat: Write, tmp_path: Path, incident: IncidentFacts
) -> None:
    """By the roster's id or the platform's; who is not on it counts by posts only; ids of nobody are counted aloud."""
    listed = tmp_path / "members.txt"
    listed.write_text(f"4\n{ANN}\n77\n")
    work = work_for(narrowed(incident, Answer.YES, member_ids="members.txt"))
    lists = IdLists(members=IdList(listed))
    summary = assessed(work, write_users(MEMBERS), [write_chat([("1", BOB, DURING, "b")])], lists)
    found = members_of(work)
    assert set(found) == {"1", "2", "4"}
    assert found["2"] == {"posts in a closed area": 1}
    assert found["4"] == {"username": 1, "location": 1}
    assert "names 3; 2 members of the roster stand on it, and 1 ids are of nobody in it." in summary.scope_note


def test_the_same_lists_in_two_processes(
    work_for: MakeWork, write_users: Write, write_chat: Write, tmp_path: Path, incident: IncidentFacts
) -> None:
    """Only the place of a list travels; each process reads it, and the numbers are the same."""
    listed = tmp_path / "ids.txt"
    listed.write_text("1\n4\n")
    chats = [
        write_chat([("1", ANN, DURING, "a"), ("2", ANN, DURING, "b")]),
        write_chat([("3", BOB, DURING, "a"), ("4", BOB, DURING, "b")], name="other.json"),
    ]
    work = work_for(narrowed(incident))
    roster = load_roster(work, write_users(MEMBERS))
    receipt = find_exposures(work, roster, chats, KEY, 2, lists=IdLists(messages=IdList(listed)))
    assert receipt.counts["messages_in_scope"] == 2


def test_attachments_are_counted_and_said(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Two messages with three attachments each: six that were not read, in the line of the file and in the sentence."""
    chat = write_chat([("1", ANN, DURING, "a"), ("2", ANN, DURING, "b")], parts=3)
    summary = assessed(work_for(narrowed(incident)), write_users(MEMBERS), [chat])
    assert summary.parts_not_read == 6
    assert "6 attachments and other parts were counted and not read" in summary.scope_note
    assert [line.not_scanned for line in summary.coverage] == [0, 6]


ANSWERS = st.sampled_from(Answer)
AREA_NAMES = st.lists(st.sampled_from(["night-watch", "Galley", "direct messages", "D1", ""]), max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS, ANSWERS, st.sets(st.sampled_from(["night-watch", "galley"])), AREA_NAMES)
def test_what_is_not_known_reaches_as_far_as_yes(
    incident: IncidentFacts, posts: Answer, direct: Answer, areas: set[str], names: list[str]
) -> None:
    """Unknown in the place of an answer never takes a message out of scope; unknown areas take none out either."""

    def reaches(posts: Answer, direct: Answer, areas: set[str]) -> bool:
        narrowing = Narrowing(posts=posts, direct_messages=direct)
        facts = incident.model_copy(update={"narrowing": narrowing, "areas": tuple(sorted(areas))})
        return scope_of(facts).reaches_area(*names)

    stated = reaches(posts, direct, areas)
    assert not stated or reaches(Answer.UNKNOWN, Answer.UNKNOWN, areas)
    assert not stated or reaches(posts, direct, set())
    assert reaches(Answer.UNKNOWN, Answer.UNKNOWN, areas) == reaches(Answer.YES, Answer.YES, areas)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"1,2\n", "more than one id"),
        (b"1\n1.50489E+18\n", "rounded by a spreadsheet"),
        (b"x" * 300, "more than one id"),
        (b"\xff\xfe1\x00\n\x00", "UTF-16"),
        (b"ok\n\xe9\n", "Line 2 of a list of ids is not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_of_ids_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    """By its line, never with what stands there."""
    path = tmp_path / "ids.txt"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=why) as refused:
        len(IdList(path))
    assert "1.50489" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_was_put_around_an_id_is_taken_off(tmp_path: Path) -> None:
    """Mentions, Telegram's prefix and a table's decimal point are how other programs write the same id."""
    path = tmp_path / "ids.txt"
    path.write_text("<@123456789012345678>\nuser4242\n17.0\n")
    ids = IdList(path)
    assert len(ids) == 3
    assert all(one in ids for one in ("123456789012345678", "4242", "17"))


@given(st.lists(st.integers(0, 10**19).map(str) | st.sampled_from(["M-1", "Fabc", "1.5", "007", "7"]), min_size=1))
def test_a_list_knows_its_ids_and_no_other(ids: list[str]) -> None:
    """With lines repeated, as a set would; ids with leading zeros are others than those without."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ids.txt"
        path.write_text("\r\n".join([*ids, "", *ids]))
        held = IdList(path)
        assert len(held) == len(set(ids))
        assert all(one in held for one in ids)
        assert not any(f"{one}1" in held for one in ids if f"{one}1" not in ids)


def test_a_long_list_of_ids_takes_little_memory(tmp_path: Path) -> None:
    """A million ids are 8 MB while they are looked up in, and below 40 MB while they are read."""
    path = tmp_path / "ids.txt"
    path.write_text("".join(f"{10**17 + n}\n" for n in range(1_000_000)))
    tracemalloc.start()
    try:
        assert len(IdList(path)) == 1_000_000
        now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < 10e6
    assert most < 40e6
