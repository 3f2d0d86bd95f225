"""What is only seen together: parts of files, marks of areas, lists of ids, names of members, any number of workers."""

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from breach.exposure.assess import find_exposures
from breach.exposure.id_list import IdList
from breach.exposure.part_scan import plan_parts
from breach.exposure.readers import csv_blocks, json_stream, json_table, parts
from breach.exposure.roster import load_roster
from breach.exposure.scan import ScanJob
from breach.exposure.scope import IdLists, Scope
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import Certainty, DataType, ExposureSummary
from schemas.incident import IncidentFacts, Narrowing, SensitiveArea
from tests.breach.exposure.samples import SLACK, zipped
from tests.breach.exposure.test_assess import ANN, BOB, BOT, DURING, MEMBERS, STRANGER, members_of
from tests.breach.exposure.test_parts import as_csv, as_lines

MakeWork = Callable[[IncidentFacts], Work]
Write = Callable[..., Path]
KEY = b"k" * 32
COUNT = 900
PEOPLE = [*MEMBERS, {"id": "5", "username": "wintermute77", "Chat id": "100000000000000005", "Country": "US"}]
AUTHORS = (ANN, BOB, BOT, STRANGER)
TEXTS = (
    "ask wintermute77",
    "x@mail.example",
    "hello",
    "4111 1111 1111 1111 é",
    "l\u200bo@mail.example",
    "+49 30 23125 001",
)


def message(n: int) -> dict[str, str]:
    """Every third is direct; of the others every second stands in the support group, the rest elsewhere."""
    area = ("Support Group", "night-watch")[n % 2]
    return {
        "id": str(10**17 + n),
        "author_id": AUTHORS[n % 4],
        "timestamp": DURING,
        "channel": area,
        "is_dm": "true" if n % 3 == 0 else "false",
        "content": f"{TEXTS[n % 6]} #{n}",
    }


LISTED = [n for n in range(COUNT) if n % 5 != 1]
"""The messages on the provider's list."""


def facts_with(incident: IncidentFacts) -> IncidentFacts:
    return incident.model_copy(
        update={
            "areas": (),
            "sensitive_areas": (SensitiveArea(area="Support Group", category=DataType.HEALTH),),
            "narrowing": Narrowing(message_ids="ids.txt", member_ids="members.txt"),
        }
    )


def written(form: str, path: Path) -> Path:
    told = [message(n) for n in range(COUNT)]
    if form == "csv":
        path.write_bytes(as_csv(told))
    elif form == "lines":
        path.write_bytes(as_lines(told))
    else:
        pq.write_table(pa.Table.from_pylist(told), path, row_group_size=100)
    return path


def expected() -> dict[str, dict[str, int]]:
    """Counted from `message` and the lists by hand: posts, private messages and messages in the support group."""
    member = {ANN: "1", BOB: "2", BOT: "3"}
    found: dict[str, dict[str, int]] = {}

    def add(who: str, kind: str) -> None:
        found.setdefault(who, {}).setdefault(kind, 0)
        found[who][kind] += 1

    for n in LISTED:
        one = message(n)
        if n % 6 == 0:
            add("5", "username")
        if (who := member.get(one["author_id"])) is None:
            if n % 6 == 5:
                add("2", "phone number")  # his own number, written by a stranger
            continue
        add(who, "private messages" if one["is_dm"] == "true" else "posts in a closed area")
        if one["channel"] == "Support Group":
            add(who, "health")
        kinds = {1: "email address", 3: "payment card number", 4: "email address"}
        if n % 6 in kinds:
            add(who, kinds[n % 6])
        if n % 6 == 5:
            add("2", "phone number")
    return found


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the size of parts; a row group of a Parquet file is one of its own."""
    monkeypatch.setattr(json_stream, "CHUNK", 3_000)
    monkeypatch.setattr(csv_blocks, "BLOCK", 3_000)
    monkeypatch.setattr(json_table, "PIECE", 3_000)

    def cut(size: int) -> None:
        monkeypatch.setattr(parts, "PART", size)
        monkeypatch.setattr("breach.exposure.part_scan.PART", min(size, 2_000))
        monkeypatch.setattr("breach.exposure.readers.parquet_table.groups_of", one_by_one)

    return cut


def one_by_one(count: int, _: int) -> list[parts.Part]:
    return [parts.Part(at, at + 1, at + 1 == count) for at in range(count)]


@pytest.mark.parametrize("form", ["csv", "lines", "parquet"])
def test_areas_direct_messages_lists_and_names_do_not_depend_on_parts_or_workers(
    form: str, work_for: MakeWork, write_users: Write, in_parts: Callable[[int], None], incident: IncidentFacts
) -> None:
    """In one piece, in many small parts by two processes: every object of the case the same, and as counted by hand."""
    users = write_users(PEOPLE)
    folder = users.parent
    path = written(form, folder / "export")
    (folder / "ids").write_text("".join(f"{10**17 + n}\n" for n in LISTED))
    (folder / "members").write_text("77\n")
    lists = IdLists(messages=IdList(folder / "ids"), members=IdList(folder / "members"))
    stores = []
    for workers, size in ((1, 9_000), (2, 9_000), (3, 20_000)):
        in_parts(size)
        assert len(plan_parts(ScanJob(path, Scope(frozenset(), None, profiles=True), KEY, folder))) > 2
        work = work_for(facts_with(incident))
        receipt = find_exposures(work, load_roster(work, users), [path], KEY, workers, lists=lists)
        assert members_of(work) == expected()
        assert receipt.counts["messages_in_scope"] == len(LISTED)
        stores.append({key: held.etag for key in work.store.keys("") if (held := work.store.get(key))})
    assert stores[0] == stores[1] == stores[2]


def listed(tmp_path: Path, *ids: str) -> IdLists:
    path = tmp_path / f"list of {'-'.join(ids)}"
    path.write_text("\n".join(ids))
    return IdLists(messages=IdList(path))


def summary_with(work: Work, users: Path, source: Path, lists: IdLists) -> ExposureSummary:
    receipt = find_exposures(work, load_roster(work, users), [source], KEY, 1, lists=lists)
    return get_record(work.store, receipt.key, ExposureSummary)


def test_a_list_knows_messages_by_the_platforms_own_id(
    work_for: MakeWork, write_users: Write, tmp_path: Path, incident: IncidentFacts
) -> None:
    """Slack names a message by its `ts`, Telegram by a number; neither says the conversation before it."""
    everywhere = incident.model_copy(update={"areas": (), "span_known": False})
    slack = tmp_path / "slack"
    slack.write_bytes(zipped(SLACK))
    one = summary_with(work_for(everywhere), write_users(MEMBERS), slack, listed(tmp_path, "1761386402.000000"))
    assert one.messages_in_scope == 1
    chat = {"type": "message", "date": "2026-10-25T00:00:00", "date_unixtime": "1792886400", "from_id": "user1"}
    messages = [{"id": n, "text": "hello", **chat} for n in (41, 42, 43)]
    telegram = tmp_path / "telegram"
    telegram.write_text(json.dumps({"name": "n", "type": "private_group", "id": 7, "messages": messages}))
    two = summary_with(work_for(everywhere), write_users(MEMBERS), telegram, listed(tmp_path, "41", "43"))
    assert two.messages_in_scope == 2


def test_messages_without_ids_stay_in_scope_when_a_list_names_others(
    work_for: MakeWork, write_users: Write, tmp_path: Path, incident: IncidentFacts
) -> None:
    """DiscordChatExporter's CSV and Mattermost's bulk export name no message: all count, and it is said."""
    everywhere = incident.model_copy(update={"areas": (), "span_known": False})
    chat = tmp_path / "chat.csv"
    chat.write_text(f'AuthorID,Author,Date,Content,Attachments,Reactions\n"{ANN}","ann","{DURING}","a","",""\n')
    bulk = tmp_path / "bulk"
    post = {"team": "t", "channel": "c", "user": "ann", "message": "a", "create_at": 1792886400000}
    lines = [{"type": "version", "version": 1}, {"type": "post", "post": post}]
    bulk.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for source in (chat, bulk):
        found = summary_with(work_for(everywhere), write_users(MEMBERS), source, listed(tmp_path, "1", "2"))
        assert found.messages_in_scope == 1
        assert "no id that a list could name" in found.coverage[1].reason
        assert "names 2; 2 of them stand in no export" in found.scope_note
    assert found.by_type.get(DataType.CLOSED_AREA_POSTS) is None or (
        found.by_type[DataType.CLOSED_AREA_POSTS].certainty is Certainty.APPROXIMATE
    )
