"""The dossier is made of what it is given: the same bytes every time, with nobody's data, said aloud."""

import csv
import io
import json
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from breach.dossier.build import build_dossier, next_number
from breach.dossier.promises import list_promises
from breach.dossier.records import write_outcomes
from breach.dossier.verify import verify_folder
from breach.errors import BadInput, Conflict
from breach.exposure.picture import draw_heatmap
from breach.folder_store import FolderStore
from schemas.chronology import Entry
from schemas.dossier import DossierSources, LogRecord, OutcomeRow
from schemas.exposure import DataType, FindingExample
from schemas.incident import Answer, Case, Mode
from schemas.recipients import Books

HOSTILE = "{{7*7}}<script>alert(1)</script>\"' onload=x =cmd|'/C calc'!A0 \u202eabc 🦀 {% raw %}"


def page_of(store: FolderStore, number: int = 1) -> str:
    return (store.root / f"dossier/{number:04d}/index.html").read_text(encoding="utf-8")


def build(store: FolderStore, case: Case, sources: DossierSources, as_of: datetime) -> str:
    build_dossier(store, case, sources, as_of, 1)
    return page_of(store)


class Reader(HTMLParser):
    """Collects tags, attributes and text; complains about tags that are not closed in order."""

    VOID = ("meta", "br", "wbr", "link", "img", "input", "hr", "rect", "line", "circle")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_same_arguments_write_the_same_bytes(
    tmp_path: Path, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    first = build_dossier(FolderStore(tmp_path / "a"), case, sources, as_of, 1)
    second = build_dossier(FolderStore(tmp_path / "b"), case, sources, as_of, 1)

    assert first == second
    for path in (tmp_path / "a").rglob("*.*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


@pytest.mark.parametrize("writes", [0, 1, 12, 23])
def test_a_kill_in_the_middle_and_a_second_run_end_in_the_same_dossier(
    store: FolderStore,
    case: Case,
    sources: DossierSources,
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
) -> None:
    put_new, done = FolderStore.put_new, 0

    def killed(self: FolderStore, key: str, data: bytes) -> str:
        nonlocal done
        if done == writes:
            (self.root / ".writing").mkdir(parents=True, exist_ok=True)
            (self.root / ".writing" / "half").write_bytes(data[: len(data) // 2])
            raise KeyboardInterrupt
        done += 1
        return put_new(self, key, data)

    with monkeypatch.context() as patched:
        patched.setattr(FolderStore, "put_new", killed)
        with pytest.raises(KeyboardInterrupt):
            build_dossier(store, case, sources, case.opened_at, 1)
    receipt = build_dossier(store, case, sources, case.opened_at, 1)

    assert verify_folder(store.root / "dossier/0001", None, receipt.digest) == []


def test_the_receipt_counts_and_names_the_manifest(store: FolderStore, dossier: Path) -> None:
    manifest = json.loads((dossier / "manifest.json").read_bytes())

    assert len(manifest["files"]) == 28
    assert manifest["chronology"]["n"] == 28
    assert (manifest["number"], manifest["mode"]) == (1, "rehearsal")
    assert next_number(store) == 2


def test_the_picture_of_the_exposure_is_in_the_dossier(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    """It is sealed and linked like every other file, and holds the numbers of the assessment."""
    assert sources.exposure is not None
    drawn = draw_heatmap(sources.exposure).decode()
    example = FindingExample(
        type=DataType.PAYMENT_CARD, file="a" * 64, masked="4…1", validator="Luhn, issuer range", confidence=0.99
    )
    exposure = sources.exposure.model_copy(update={"most_sensitive": (example,)})
    receipt = build_dossier(store, case, sources.model_copy(update={"heatmap": drawn, "exposure": exposure}), as_of, 1)
    folder = store.root / "dossier" / "0001"
    assert (folder / "exposure" / "heatmap.svg").read_text(encoding="utf-8") == drawn
    assert verify_folder(folder, None, receipt.digest) == []
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="exposure/heatmap.svg"' in page
    assert "<td>4…1</td><td>Luhn, issuer range</td>" in page
    (folder / "exposure" / "heatmap.svg").write_text(drawn.replace("people", "person"), encoding="utf-8")
    assert verify_folder(folder, None, receipt.digest) != []


def test_a_number_that_was_begun_is_not_given_again_nor_overwritten(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    assert next_number(store) == 1
    store.put_new("dossier/0007/index.html", b"half")

    assert next_number(store) == 8
    with pytest.raises(Conflict):
        build_dossier(store, case, sources, as_of, 7)


def test_a_time_without_a_zone_is_refused_before_anything_is_written(
    store: FolderStore, case: Case, sources: DossierSources
) -> None:
    with pytest.raises(BadInput, match="no zone"):
        build_dossier(store, case, sources, datetime(2026, 11, 9), 1)  # noqa: DTZ001 - that is the fault
    assert store.keys("dossier/") == []


def test_the_page_loads_nothing_runs_nothing_and_is_well_formed(dossier: Path) -> None:
    page = (dossier / "index.html").read_text(encoding="utf-8")
    reader = Reader(page)

    names = {tag for tag, _ in reader.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base", "video", "audio"})
    assert "<script" not in page
    assert re.findall(r"https?:|url\(|@import|javascript:", page) == []
    assert not [name for _, attrs in reader.tags for name in attrs if name.startswith("on") or name == "src"]
    assert reader.stack == []


def test_every_link_leads_into_the_page_or_to_a_file_of_the_dossier(dossier: Path) -> None:
    reader = Reader((dossier / "index.html").read_text(encoding="utf-8"))
    anchors = {attrs["id"] for _, attrs in reader.tags if "id" in attrs}

    for target in [attrs["href"] or "" for tag, attrs in reader.tags if tag == "a"]:
        assert target[1:] in anchors if target.startswith("#") else (dossier / target).is_file()


def test_the_page_can_be_read_without_eyes(dossier: Path) -> None:
    reader = Reader((dossier / "index.html").read_text(encoding="utf-8"))

    assert ("html", {"lang": "en"}) in reader.tags
    assert all("scope" in attrs for tag, attrs in reader.tags if tag == "th")
    assert all(attrs.get("role") == "img" for tag, attrs in reader.tags if tag == "svg")
    assert all(attrs.get("aria-label") or attrs.get("aria-labelledby") for tag, attrs in reader.tags if tag == "svg")
    assert sum(tag == "h1" for tag, _ in reader.tags) == 1


def test_hostile_strings_are_shown_as_they_are_and_do_nothing(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    facts = sources.facts[-1]
    incident = facts.incident.model_copy(update={"what_happened": HOSTILE, "platform": HOSTILE, "areas": (HOSTILE,)})
    entry = sources.chronology[0].model_copy(update={"text": HOSTILE, "actor": HOSTILE})
    text = sources.messages[0].texts[0].model_copy(update={"subject": HOSTILE, "text": HOSTILE})
    message = sources.messages[0].model_copy(update={"texts": (text,)})
    hostile = sources.model_copy(
        update={
            "facts": (facts.model_copy(update={"incident": incident, "source": HOSTILE}),),
            "chronology": (entry,),
            "messages": (message,),
            "custody": (sources.custody[0].model_copy(update={"name": HOSTILE}),),
            "runs": (sources.runs[0].model_copy(update={"name": HOSTILE, "flow": HOSTILE, "deployment": HOSTILE}),),
            "papers": (sources.papers[0].model_copy(update={"title": HOSTILE, "body": HOSTILE}),),
            "unknowns": (HOSTILE,),
        }
    )
    page = build(store, case, hostile, as_of)
    reader = Reader(page)

    assert "<script" not in page
    assert reader.text.count(HOSTILE) >= 12
    assert not [attrs for _, attrs in reader.tags if "onload" in attrs]
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page)[0]


def test_outcomes_cannot_become_formulas(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    rows = [
        OutcomeRow(token="a" * 26, message="notice", wave=start + "x", state="delivered")
        for start in ("=", "+", "-", "@", "\t", "\r", "\n")
    ]
    build(store, case, sources.model_copy(update={"outcomes": tuple(rows[:1])}), as_of)
    text = (store.root / "dossier/0001/outcomes.csv").read_bytes().decode()

    assert text == "message,token,wave,state,members\r\nnotice," + "a" * 26 + ",'=x,delivered,1\r\n"
    for row in rows:
        cells = list(csv.reader(io.StringIO(write_outcomes([row]).decode(), newline="")))[1]
        assert cells[2] == "'" + row.wave


def test_what_looks_like_an_address_in_the_run_history_is_removed_and_the_removal_said(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    lines = (
        "to jörg.müller@exämple.org failed",
        r"C:\nx@a.example",
        "<jane+tag@mail.example.co.uk>",
        "pip install x@1",
    )
    logs = tuple(LogRecord(at=as_of, level="INFO", message=line) for line in lines)
    run = sources.runs[0].model_copy(update={"logs": logs, "name": "send-a@b.example"})
    page = build(store, case, sources.model_copy(update={"runs": (run,)}), as_of)
    history = json.loads((store.root / "dossier/0001/history/0001.json").read_bytes())

    assert [line["message"] for line in history["logs"]] == [
        "to «address removed» failed", "C:«address removed»", "<«address removed»>", "pip install x@1",
    ]  # fmt: skip
    assert history["name"] == "«address removed»"
    assert "4 strings that looked like an e-mail address" in page


def test_a_rehearsal_says_so_in_large_letters_and_a_live_case_does_not(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    build_dossier(store, case, sources, as_of, 1)
    build_dossier(store, case.model_copy(update={"mode": Mode.LIVE}), sources, as_of, 2)

    assert "<strong>REHEARSAL</strong>" in page_of(store)
    assert "<title>REHEARSAL: " in page_of(store)
    assert "<strong>REHEARSAL</strong>" not in page_of(store, 2)


def test_the_balance_is_spelled_out_with_its_numbers(dossier: Path) -> None:
    text = " ".join(Reader((dossier / "index.html").read_text(encoding="utf-8")).text.split())

    assert "1,000 affected = 930 notified, 112 presumed + 44 unreachable + 20 excluded + 6 pending, 6 in doubt" in text


def test_books_that_do_not_balance_are_said_not_to(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    books = Books(affected=10, notified=8, unreachable=1, excluded=0, pending=0)
    message = sources.messages[0].model_copy(update={"books": books})
    page = build(store, case, sources.model_copy(update={"messages": (message,)}), as_of)

    assert "Do not balance" in page
    assert verify_folder(store.root / "dossier/0001") == [
        "books of 'notice' do not balance: 10 affected, but 8 + 1 + 0 + 0"
    ]


@pytest.mark.parametrize(("change", "kept"), [("none", True), ("one missing", None), ("one twice", False)])
def test_nobody_skipped_and_nobody_told_twice_is_judged_from_the_outcomes(
    case: Case, sources: DossierSources, change: str, kept: bool | None
) -> None:
    rows = sources.outcomes
    rows = {"none": rows, "one missing": rows[:-1], "one twice": (*rows, rows[-1])}[change]
    promises = list_promises(case, sources.model_copy(update={"outcomes": rows}), 0, 0)

    assert promises[1].kept is kept


def test_one_person_at_both_gates_breaks_the_promise_about_gates(case: Case, sources: DossierSources) -> None:
    alone = tuple(entry.model_copy(update={"approver": "mara"}) for entry in sources.approvals)

    assert list_promises(case, sources, 0, 0)[4].kept is True
    assert list_promises(case, sources.model_copy(update={"approvals": alone}), 0, 0)[4].kept is False


def test_a_due_time_stands_in_local_time_and_in_utc(dossier: Path) -> None:
    # 72 hours after 8 November 08:30 UTC; Berlin is one hour ahead in November.
    page = (dossier / "index.html").read_text(encoding="utf-8")

    assert 'Wed 11 Nov 2026, 09:30 CET <span class="utc">(2026-11-11 08:30 UTC)</span>' in page


def test_a_broken_chronology_is_still_written_and_shown_as_broken(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    entries = (*sources.chronology[:4], *sources.chronology[5:])
    page = build(store, case, sources.model_copy(update={"chronology": entries}), as_of)

    assert "Was changed" in page
    assert any("entry 5" in problem for problem in verify_folder(store.root / "dossier/0001"))


def test_a_case_of_which_hardly_anything_is_known_says_so(
    store: FolderStore, case: Case, sources: DossierSources, as_of: datetime
) -> None:
    facts = sources.facts[0]
    organisation = facts.incident.organisation.model_copy(update={"time_zone": "Nowhere/At-all"})
    incident = facts.incident.model_copy(
        update={"areas": (), "span_known": False, "profiles_exposed": Answer.UNKNOWN, "organisation": organisation}
    )
    bare = DossierSources(facts=(facts.model_copy(update={"incident": incident}),))
    page = build(store, case, bare, as_of)

    for sentence in (
        "The time span is not known", "The areas reached are not known", "local times are shown in UTC",
        "When the platform itself became aware is not known", "Whether member records were reachable is not known",
        "No assessment of the exposure",
        "No duties were decided", "No message to members", "No evidence was taken", "No containment action",
        "No run history", "There is no chronology",
    ):  # fmt: skip
        assert sentence in page
    assert verify_folder(store.root / "dossier/0001") == []


def test_a_chronology_of_5000_entries_makes_a_page_below_2_mb_within_seconds(
    store: FolderStore,
    case: Case,
    sources: DossierSources,
    as_of: datetime,
    long_chain: Callable[[int], tuple[Entry, ...]],
) -> None:
    long = sources.model_copy(update={"chronology": long_chain(5000)})
    began = time.perf_counter()
    page = build(store, case, long, as_of + timedelta(days=1))

    assert time.perf_counter() - began < 10
    assert len(page.encode()) < 2_000_000
    assert "4,000 entries between these are left out of the page, not out of the record." in page
    assert verify_folder(store.root / "dossier/0001") == []
    assert len(json.loads((store.root / "dossier/0001/records/chronology.json").read_bytes())) == 5000
