"""The sample community, against what its generator says is true."""

import csv
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from breach.exposure.assess import find_exposures
from breach.exposure.roster import load_roster
from breach.parquet import read_parquet
from breach.steps import Work
from breach.store import get_record
from schemas.exposure import DataType, ExposureSummary
from schemas.incident import IncidentFacts

DATA = Path(__file__).parents[3] / "examples" / "harbor" / "data"
KEY = b"k" * 32


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def written() -> dict[str, datetime]:
    """By message id: when it was written, for the area of the leak."""
    chat = json.loads((DATA / "chat" / "night-watch.json").read_text(encoding="utf-8"))
    return {one["id"]: datetime.fromisoformat(one["timestamp"]) for one in chat["messages"]}


def assess(work: Work) -> tuple[ExposureSummary, set[tuple[str, str, int, int]]]:
    """The summary, and each finding by (message, type, start, end)."""
    chats = sorted((DATA / "chat").glob("*.json"))
    receipt = find_exposures(work, load_roster(work, DATA / "members.csv"), chats, KEY, workers=1)
    findings, named = set(), set()
    for key in work.store.keys(f"exposure/{work.revision}/findings/"):
        held = work.store.get(key)
        assert held is not None
        for row in read_parquet(held.data).to_pylist():
            if row["person"]:
                named.add((row["record"], row["start"], row["end"], row["person"]))
            else:
                findings.add((row["record"], row["type"], row["start"], row["end"]))
    assert named <= spelled()
    return get_record(work.store, receipt.key, ExposureSummary), findings


def spelled() -> set[tuple[str, int, int, str]]:
    """Where in a message a member's username stands as a word, and whose it is; by whoever it was written."""
    with (DATA / "members.csv").open(newline="", encoding="utf-8") as file:
        members = {row["username"].casefold(): row["id"] for row in csv.DictReader(file)}
    return {
        (one["id"], word.start(), word.end(), members[word[0].casefold()])
        for path in (DATA / "chat").glob("*.json")
        for one in json.loads(path.read_text(encoding="utf-8"))["messages"]
        for word in re.finditer(r"[\w.-]*\w", one["content"])
        if word[0].casefold() in members
    }


def marks(planted: list[dict[str, Any]]) -> set[tuple[str, str, int, int]]:
    return {(one["message_id"], one["type"], one["start"], one["end"]) for one in planted}


def test_everything_planted_is_found_and_nothing_else(
    truth: dict[str, Any], work_for: Callable[[IncidentFacts], Work], incident: IncidentFacts
) -> None:
    """With every area and date in scope: precision 1 and recall 1 over all planted values; decoys give nothing."""
    work = work_for(incident.model_copy(update={"areas": (), "span_known": False}))
    summary, findings = assess(work)
    assert findings == marks(truth["planted"])
    assert summary.messages_in_scope == truth["messages"]


def test_the_scope_of_the_leak(
    truth: dict[str, Any],
    written: dict[str, datetime],
    work_for: Callable[[IncidentFacts], Work],
    incident: IncidentFacts,
) -> None:
    """In the leaked area, up to the end of the leak: exactly the planted values of messages that existed then."""
    until = datetime.fromisoformat(truth["leak"]["until"])
    readable = {message for message, when in written.items() if when <= until}
    scoped = incident.model_copy(update={"areas": (truth["leak"]["area"],), "leak_until": until})
    summary, findings = assess(work_for(scoped))
    assert findings == marks([one for one in truth["planted"] if one["message_id"] in readable])
    assert summary.messages_in_scope == len(readable)
    assert summary.authors_unmatched == truth["channels"]["night-watch"]["authors_in_scope_not_in_roster"]


def test_the_roster_is_what_was_generated(
    truth: dict[str, Any], work_for: Callable[[IncidentFacts], Work], incident: IncidentFacts
) -> None:
    """Members, minors, bots, jurisdictions and filled columns, as the generator counted them."""
    work = work_for(incident)
    receipt = load_roster(work, DATA / "members.csv")
    assert receipt.counts["members"] == truth["members"]
    assert receipt.counts["minors"] == truth["categories"]["minors"]
    assert receipt.counts["bots"] == truth["categories"]["bots"]
    summary = get_record(work.store, find_exposures(work, receipt, [], KEY, 1).key, ExposureSummary)
    assert summary.by_jurisdiction == truth["by_jurisdiction"]
    with (DATA / "members.csv").open(newline="", encoding="utf-8") as file:
        people = [row for row in csv.DictReader(file) if row["Account kind (custom user field)"] != "bot"]
    addressed = sum(bool(row["email"] or row["secondary_emails"]) for row in people)
    assert summary.by_type[DataType.EMAIL].persons == addressed
    for name in ("name", "username", "phone number", "date of birth", "IP address"):
        assert summary.by_type[DataType(name)].persons == truth["people_with"][name]
