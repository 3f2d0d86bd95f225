"""The exposure chapter: scope, merge, summary; the same whatever the order, the partition or the number of workers."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.errors import BadInput, Tampered
from breach.exposure.assess import find_exposures
from breach.exposure.roster import load_roster
from breach.exposure.scope import Scope, scope_of, slug_of
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import Certainty, DataType, ExposureSummary
from schemas.incident import Answer, IncidentFacts, Ongoing
from schemas.receipt import Receipt
from tests.breach.exposure.samples import SLACK, ZULIP, tarred, zipped

MakeWork = Callable[[IncidentFacts], Work]
Write = Callable[..., Path]
KEY = b"k" * 32
BEFORE, DURING, END, AFTER = (
    f"2026-{when}+00:00" for when in ("01-01T00:00:00", "10-25T00:00:00", "11-08T06:00:00", "11-08T06:00:00.001")
)
ANN, BOB, BOT, STRANGER = "100000000000000001", "100000000000000002", "100000000000000003", "100000000000000009"
MEMBERS = [
    {"id": "1", "username": "ann", "email": "Ann@Mail.example", "Chat id": ANN, "Country": "FR"},
    {"id": "2", "username": "bob", "Phone": "030 23125 001", "Chat id": BOB, "Country": "DE"},
    {"id": "3", "username": "botty", "Chat id": BOT, "Account kind": "bot"},
    {"id": "4", "username": "quiet", "Country": "DE"},
]


def rows_of(work: Work, key: str) -> list[dict[str, object]]:
    held = work.store.get(key)
    assert held is not None
    rows: list[dict[str, object]] = read_parquet(held.data).to_pylist()
    return rows


def members_of(work: Work) -> dict[str, dict[str, int]]:
    """By member id, then by type: the count."""
    rows = rows_of(work, f"exposure/{work.revision}/members.parquet")
    return {str(row["member_id"]): dict(zip(row["types"], row["counts"], strict=True)) for row in rows}  # type: ignore[call-overload]


def summary_of(work: Work, receipt: Receipt) -> ExposureSummary:
    return get_record(work.store, receipt.key, ExposureSummary)


def without_profiles(incident: IncidentFacts) -> IncidentFacts:
    return incident.model_copy(update={"profiles_exposed": Answer.NO})


def test_messages_count_when_they_could_be_read_during_the_leak(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """An old message counts, one of the last moment counts, one written after it does not."""
    work = work_for(without_profiles(incident))
    chat = write_chat([("1", ANN, BEFORE, "a"), ("2", ANN, DURING, "b"), ("3", BOB, END, "c"), ("4", BOB, AFTER, "d")])
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat], KEY, 1)
    assert members_of(work) == {"1": {"posts in a closed area": 2}, "2": {"posts in a closed area": 1}}
    assert receipt.counts == {"affected": 2, "findings": 0, "messages_in_scope": 3, "files": 1}


def test_values_belong_to_the_author_and_to_the_member_whose_own_they_are(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Bob writes Ann's address in another spelling; a stranger writes Bob's number in international form."""
    work = work_for(without_profiles(incident))
    chat = write_chat(
        [
            ("1", BOB, DURING, "ask 🌊 ann@mail.EXAMPLE"),
            ("2", STRANGER, DURING, "ring +49 (30) 23125001"),
            ("3", BOT, DURING, "card 4111 1111 1111 1111"),
        ]
    )
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat], KEY, 1)
    assert members_of(work) == {
        "1": {"email address": 1},
        "2": {"email address": 1, "phone number": 1, "posts in a closed area": 1},
        "3": {"payment card number": 1, "posts in a closed area": 1},
    }
    summary = summary_of(work, receipt)
    assert (summary.affected, summary.bots, summary.findings, summary.authors_unmatched) == (3, 1, 3, 1)
    email = summary.by_type[DataType.EMAIL]
    assert (email.persons, email.records, email.certainty) == (2, 1, Certainty.APPROXIMATE)
    assert DataType.PAYMENT_CARD not in summary.by_type
    assert summary.by_jurisdiction == {"DE": 1, "FR": 1}
    assert summary.matrix["FR"] == {DataType.EMAIL: 1}


def test_a_finding_says_where_and_never_what(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Place in characters, a mask of two characters, a hash that another case's key would make another."""
    text = "🌊🌊 ann@mail.example"
    hashes = []
    for key in (KEY, b"x" * 32):
        work = work_for(incident)
        find_exposures(
            work, load_roster(work, write_users(MEMBERS)), [write_chat([("7", ANN, DURING, text)])], key, workers=1
        )
        [finding] = rows_of(work, f"exposure/{work.revision}/findings/00000.parquet")
        assert (finding["record"], finding["member_id"], finding["author_id"]) == ("7", "1", ANN)
        assert (finding["start"], finding["end"]) == (3, 3 + len("ann@mail.example"))
        assert finding["masked"] == "a…e"
        hashes.append(finding["value_hash"])
        written = b"".join(held.data for name in work.store.keys("exposure/") if (held := work.store.get(name)))
        assert b"ann@" not in written
    assert hashes[0] != hashes[1]


def test_profiles_count_for_everybody_when_reachable_or_unknown(
    work_for: MakeWork, write_users: Write, incident: IncidentFacts
) -> None:
    """Yes: exact. Not known: everybody as well, and said to be unknown. No, and no messages: nobody, said aloud."""
    expected = {Answer.YES: (4, Certainty.EXACT), Answer.UNKNOWN: (4, Certainty.UNKNOWN), Answer.NO: (0, None)}
    for answer, (affected, certainty) in expected.items():
        work = work_for(incident.model_copy(update={"profiles_exposed": answer}))
        receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [], KEY, 1)
        summary = summary_of(work, receipt)
        assert summary.affected == affected
        if certainty is not None:
            assert summary.by_type[DataType.USERNAME].certainty is certainty
            assert summary.by_type[DataType.USERNAME].persons == 3
        else:
            assert "nobody is affected" in summary.scope_note
        assert "No message export was given" in summary.scope_note


def test_unknown_scope_widens(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Without areas every area counts; without a span every date; a message without a readable date always."""
    chats = [
        write_chat([("1", ANN, AFTER, "a"), ("2", ANN, "yesterday", "b")]),
        write_chat([("3", ANN, DURING, "c")], channel="galley"),
    ]
    cases = {("night-watch",): {True: 1, False: 2}, (): {True: 2, False: 3}}
    for areas, by_span in cases.items():
        for span_known, expected in by_span.items():
            work = work_for(incident.model_copy(update={"areas": areas, "span_known": span_known}))
            receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), chats, KEY, 1)
            assert receipt.counts["messages_in_scope"] == expected


def test_an_area_that_no_export_covers_is_said(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Not an error, never silence; and the posts are then no exact count."""
    work = work_for(incident.model_copy(update={"areas": ("night-watch", "crew-room")}))
    chat = write_chat([("1", ANN, DURING, "a")])
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat], KEY, 1)
    summary = summary_of(work, receipt)
    assert "in no export given, so not counted: crew-room." in summary.scope_note
    assert summary.by_type[DataType.CLOSED_AREA_POSTS].certainty is Certainty.APPROXIMATE


def test_coverage_names_what_was_not_read(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Attachments are counted; a cut-off export is partly read; the same file twice counts once."""
    chat = write_chat([("1", ANN, DURING, "a"), ("2", ANN, DURING, "b")], parts=2)
    copy = chat.with_name("copy.json")
    copy.write_bytes(chat.read_bytes())
    cut = chat.with_name("cut.json")
    cut.write_bytes(write_chat([("8", BOB, DURING, "c"), ("9", BOB, DURING, "d")], name="x.json").read_bytes()[:-400])
    work = work_for(incident)
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat, copy, cut], KEY, 1)
    summary = summary_of(work, receipt)
    by_records = {one.records: one for one in summary.coverage}
    assert len(summary.coverage) == 3
    assert (by_records[2].scanned, by_records[2].not_scanned) == ("partly", 4)
    assert "incomplete" in by_records[1].reason
    assert by_records[4].kind == "discourse user list"
    assert receipt.counts["files"] == 2


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from([ANN, BOB, BOT, STRANGER]),
        st.sampled_from([BEFORE, DURING, AFTER]),
        st.sampled_from(["hello", "ann@mail.example", "030 23125 001 or x@mail.example", "203.0.113.7"]),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=MESSAGES, data=st.data())
def test_order_and_partition_of_files_do_not_matter(  # noqa: PLR0917  # four of them are fixtures
    messages: list[tuple[str, str, str]],
    data: st.DataObject,
    work_for: MakeWork,
    write_users: Write,
    write_chat: Write,
    incident: IncidentFacts,
) -> None:
    """However messages are spread over files, and in whatever order these come: the same members, byte for byte."""
    numbered = [(str(n), *message) for n, message in enumerate(messages)]
    parts = [data.draw(st.integers(0, 2)) for _ in numbered]
    users = write_users(MEMBERS)
    results = []
    whole = [write_chat([(n, author, when, text) for n, author, when, text in numbered], name="whole.json")]
    split = [
        write_chat([one for one, at in zip(numbered, parts, strict=True) if at == part], name=f"part-{part}.json")
        for part in range(3)
    ]
    for sources in (whole, data.draw(st.permutations(split))):
        work = work_for(incident)
        receipt = find_exposures(work, load_roster(work, users), sources, KEY, workers=1)
        held = work.store.get(f"exposure/{work.revision}/members.parquet")
        assert held is not None
        summary = summary_of(work, receipt)
        numbers = (summary.by_type, summary.matrix, summary.findings, summary.messages_in_scope)
        results.append((held.data, summary.affected, summary.authors_unmatched, numbers))
    assert results[0] == results[1]


def test_workers_and_repetition_change_no_byte(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """One process or two, files in either order, run again over its own output: every object the same."""
    chats = [
        write_chat([(f"{n}{i}", ANN, DURING, "x@mail.example") for i in range(20)], name=f"{n}.json") for n in range(3)
    ]
    users = write_users(MEMBERS)
    told: list[tuple[int, int]] = []
    stores = []
    for workers, sources in ((1, chats), (2, chats[::-1])):
        work = work_for(incident)
        roster = load_roster(work, users)
        first = find_exposures(work, roster, sources, KEY, workers, on_progress=lambda *done: told.append(done))
        assert find_exposures(work, roster, sources, KEY, 1) == first
        stores.append({key: held.etag for key in work.store.keys("") if (held := work.store.get(key))})
    assert stores[0] == stores[1]
    assert told == [(1, 3), (2, 3), (3, 3)] * 2


def test_a_changed_roster_and_a_wrong_source_are_refused(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts, tmp_path: Path
) -> None:
    """A roster that is not what its receipt says, a user list as content, a file that is not there."""
    work = work_for(incident)
    users = write_users(MEMBERS)
    roster = load_roster(work, users)
    with pytest.raises(Tampered):
        find_exposures(work, roster.model_copy(update={"digest": "0" * 64}), [write_chat([])], KEY, 1)
    with pytest.raises(BadInput, match="not a message export"):
        find_exposures(work, roster, [users], KEY, 1)
    with pytest.raises(BadInput, match="does not exist"):
        find_exposures(work, roster, [tmp_path / "nowhere.json"], KEY, 1)
    assert work.store.keys("exposure/") == []


def test_an_unreadable_file_is_said_and_the_others_are_scanned(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Found out in another process or here: a line in the coverage without the file's name, and the rest counts."""
    broken = write_chat([("1", ANN, DURING, "a")], name="broken.json")
    broken.write_text(broken.read_text().replace('"guild": {', '"guild": {{'))
    strange = broken.with_name("strange.bin")
    strange.write_bytes(b"\x00\x01\x02")
    good = write_chat([("2", ANN, DURING, "b@mail.example")])
    for workers in (1, 2):
        work = work_for(incident)
        receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [broken, strange, good], KEY, workers)
        summary = summary_of(work, receipt)
        said = {one.kind: (one.scanned, one.reason) for one in summary.coverage[1:]}
        assert said["not recognised"] == ("not", "The format is not known: it looks like binary data, 3 bytes")
        assert {("not", "The head of the chat export cannot be read"), ("fully", "")} == {
            (one.scanned, one.reason) for one in summary.coverage[1:] if one.kind == "discord chat exporter json"
        }
        assert summary.messages_in_scope == 1
        assert "2 files could not be read at all" in summary.scope_note
        assert summary.by_type[DataType.CLOSED_AREA_POSTS].certainty is Certainty.APPROXIMATE


def test_a_message_in_two_exports_counts_once(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts
) -> None:
    """Its values and its post; that the exports overlap is said."""
    both = [("1", ANN, DURING, "x@mail.example"), ("2", ANN, DURING, "y@mail.example")]
    chats = [write_chat(both, name="a.json"), write_chat([*both, ("3", ANN, DURING, "c")], name="b.json")]
    work = work_for(without_profiles(incident))
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), chats, KEY, 1)
    assert members_of(work) == {"1": {"email address": 2, "posts in a closed area": 3}}
    summary = summary_of(work, receipt)
    assert (summary.findings, summary.messages_in_scope) == (2, 3)
    assert "2 messages stand in them again" in summary.scope_note


def test_scope_in_words(incident: IncidentFacts) -> None:
    """A thread is reached through the channel it hangs on; a slug is the name without its decoration."""
    scope = scope_of(incident)
    assert scope.reaches_area("lost anchor", "Night Watch")
    assert not scope.reaches_area("galley", "Private")
    assert scope.reaches_area()
    assert slug_of("🌙 Night_Watch!") == "night-watch"
    assert Scope(frozenset(), None, profiles=True).reaches_area("anything")


@pytest.mark.parametrize("ongoing", [Ongoing.YES, Ongoing.UNKNOWN])
def test_a_leak_that_may_go_on_has_no_end(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts, ongoing: Ongoing
) -> None:
    """An end is given, but nobody says that it has stopped: what was written after it counts, and that is said."""
    work = work_for(incident.model_copy(update={"ongoing": ongoing}))
    chat = write_chat([("1", ANN, DURING, "a"), ("2", ANN, AFTER, "b")])
    receipt = find_exposures(work, load_roster(work, write_users(MEMBERS)), [chat], KEY, 1)
    assert receipt.counts["messages_in_scope"] == 2
    assert "Nobody has said that it has stopped" in summary_of(work, receipt).scope_note
    assert json.loads(work.store.get(receipt.key).data)["affected"] == 4  # type: ignore[union-attr]


def test_archives_give_the_same_bytes_with_any_number_of_workers(
    work_for: MakeWork, write_users: Write, write_chat: Write, incident: IncidentFacts, tmp_path: Path
) -> None:
    """A workspace, a tar of a realm and a channel, in any order, here or in two processes."""
    (tmp_path / "slack").write_bytes(zipped(SLACK))
    (tmp_path / "zulip").write_bytes(tarred(ZULIP))
    sources = [tmp_path / "slack", tmp_path / "zulip", write_chat([("1", ANN, DURING, "x@mail.example")])]
    users = write_users(MEMBERS)
    stores = []
    for workers, order in ((1, sources), (2, sources[::-1]), (1, sources[::-1])):
        work = work_for(incident.model_copy(update={"areas": (), "span_known": False}))
        receipt = find_exposures(work, load_roster(work, users), order, KEY, workers)
        assert receipt.counts["messages_in_scope"] == 4 + 2 + 1
        stores.append({key: held.etag for key in work.store.keys("") if (held := work.store.get(key))})
    assert stores[0] == stores[1] == stores[2]
