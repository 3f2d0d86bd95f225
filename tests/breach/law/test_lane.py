"""Contracts kept as files, counsel's lane, and a rule pack that changes in mid-case."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from breach.errors import BadInput, LawUnknown
from breach.folder_store import FolderStore
from breach.law.alarms import running_clocks
from breach.law.catalog import load_catalog
from breach.law.chapter import both_ends, decide_duties, refuse_other_pack
from breach.law.contracts import read_contracts, with_contracts, without_files
from breach.law.counsel import ask_counsel, keep_answer, open_questions, read_counsel
from breach.law.decide import decide
from breach.law.ics import duties_calendar
from breach.law.recorded import add_law_fact
from breach.steps import Work
from breach.store import get_record, put_record
from schemas.base import canonical_json
from schemas.counsel import CounselStatus
from schemas.exposure import ExposureSummary
from schemas.incident import CaseRef, Facts, Mode
from schemas.law import Duty, DutyChanges, DutyList
from schemas.law_facts import Contract, LawFacts, Told
from schemas.law_forms import ToldForm
from schemas.receipt import Chapter, Receipt

AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)
Make = Callable[..., Facts]
Exposure = Callable[..., ExposureSummary]
GOOD = """contracts:
  - kind: CT-CONTROLLER-CUSTOMER
    recipient: Lighthouse guild
    clause: clause 7
    clock: 48h
  - {kind: CT-INSURER, recipient: the insurer, clause: part B, clock: none}
"""


def test_promises_are_read_from_files_and_become_clocks(tmp_path: Path, facts_of: Make, exposure_of: Exposure) -> None:
    """A clause of 48 hours ends 48 hours after awareness; one without a number sets no clock and says so."""
    (tmp_path / "partners.yaml").write_text(GOOD)
    facts = with_contracts(facts_of(), tmp_path)

    assert [(one.rule_id, one.hours, one.file) for one in facts.incident.law.contracts] == [
        ("CT-CONTROLLER-CUSTOMER", 48, "partners.yaml"),
        ("CT-INSURER", None, "partners.yaml"),
    ]
    duties = {one.rule_id: one for one in decide(facts, exposure_of({"DE": 2}), load_catalog()).duties}
    assert duties["CT-CONTROLLER-CUSTOMER"].due_at == AWARE + timedelta(hours=48)
    assert "Lighthouse guild: clause 7" in duties["CT-CONTROLLER-CUSTOMER"].reason
    assert duties["CT-INSURER"].by is None


def test_a_folder_that_changes_later_changes_no_case(tmp_path: Path, facts_of: Make) -> None:
    """What was frozen stays; the form that opened the case still states the same facts."""
    (tmp_path / "partners.yaml").write_text(GOOD)
    stated = facts_of(law=LawFacts(contracts=(Contract(rule_id="CT-PCI", recipient="the bank", clause="one"),)))

    assert without_files(with_contracts(stated, tmp_path).incident) == stated.incident
    assert read_contracts(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        (GOOD.replace("48h", "two days"), 5, "clock"),
        (GOOD.replace("CT-CONTROLLER-CUSTOMER", "CT-PIZZA"), 2, "kind"),
        (GOOD.replace("    clause: clause 7\n", ""), 2, "clause"),
        (GOOD.replace("    recipient: Light", "    penalty: 5\n    recipient: Light"), 3, "penalty"),
        (GOOD.replace("    clause: clause 7\n", "    clause: clause 7\n    clause: clause 8\n"), 2, "twice"),
        ("contracts: [", 2, "expected"),
        ("contracts: []\n", 1, "contracts"),
        ("", 1, "the file"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, named: str) -> None:
    """The operator opens the file at that line; no case is opened without the promise."""
    (tmp_path / "partners.yaml").write_text(text)
    with pytest.raises(BadInput, match=rf"contracts/partners\.yaml, line {line}\b") as refused:
        read_contracts(tmp_path)
    assert named in refused.value.happened
    assert "No case was opened" in refused.value.state


def test_counsel_is_asked_once_and_answers_in_steps(tmp_path: Path) -> None:
    """Numbers rise; the same question again is the same one; the state is that of the last step."""
    store = FolderStore(tmp_path)
    first = ask_counsel(store, "EU-GDPR-34-1", "Is a hash protected?", "mara", AWARE)
    assert ask_counsel(store, "EU-GDPR-34-1", "Is a hash protected?", "tomas", AWARE + timedelta(hours=1)) == first
    assert ask_counsel(store, "", "May we wait for the police?", "mara", AWARE).question.number == 2
    assert open_questions(store) == {"EU-GDPR-34-1": "question 1: asked"}

    step = {"source": "by mail", "recorded_by": "mara", "recorded_at": AWARE}
    keep_answer(store, 1, CounselStatus.WORKING, note=None, **step)
    keep_answer(store, 1, CounselStatus.ANSWERED, note=b"privileged words", **step)

    assert open_questions(store) == {"EU-GDPR-34-1": "question 1: answered"}
    assert [one.status for one in read_counsel(store)] == [CounselStatus.ANSWERED, CounselStatus.ASKED]


def test_advice_is_in_no_record_that_is_shown(tmp_path: Path) -> None:
    """Only its digest: what the dossier takes of counsel's lane does not hold the words."""
    store = FolderStore(tmp_path)
    ask_counsel(store, "", "May we wait for the police?", "mara", AWARE)
    keep_answer(
        store, 1, CounselStatus.ANSWERED, source="by mail", recorded_by="mara", recorded_at=AWARE, note=b"zq9advice"
    )

    assert not any(b"zq9advice" in canonical_json(one) for one in read_counsel(store))
    (key,) = store.keys("law/counsel/privileged/")
    held = store.get(key)
    assert held is not None
    assert held.data == b"zq9advice"


def test_an_answer_to_nothing_is_refused(tmp_path: Path) -> None:
    """A number that was not asked, and a note that is no note."""
    store = FolderStore(tmp_path)
    step = {"source": "by mail", "recorded_by": "mara", "recorded_at": AWARE}
    with pytest.raises(BadInput, match="no question 1"):
        keep_answer(store, 1, CounselStatus.ANSWERED, note=None, **step)
    ask_counsel(store, "", "May we wait for the police?", "mara", AWARE)
    with pytest.raises(BadInput, match="5 MiB"):
        keep_answer(store, 1, CounselStatus.ANSWERED, note=b"x" * (5 * 1024 * 1024 + 1), **step)


def test_another_rule_pack_stops_until_a_person_accepts_it(duties_of: Callable[..., DutyList], facts_of: Make) -> None:
    """Both packs are named, with what to do; the accepted one, by the first digits of its hash, goes on."""
    catalog = load_catalog()
    held = duties_of({"DE": 2}).model_copy(update={"rule_pack": "0" * 64, "rule_pack_version": "2025-01-01"})
    with pytest.raises(LawUnknown, match="changed in mid-case") as stopped:
        refuse_other_pack(held, facts_of(), catalog)
    assert "000000000000 (2025-01-01)" in stopped.value.happened
    assert catalog.pack_hash[:12] in stopped.value.next_step

    refuse_other_pack(held, facts_of(law=LawFacts(rule_pack=catalog.pack_hash[:12])), catalog)
    with pytest.raises(LawUnknown):
        refuse_other_pack(held, facts_of(law=LawFacts(rule_pack="f" * 12)), catalog)


def test_both_ends_are_shown(facts_of: Make, exposure_of: Exposure) -> None:
    """The provider knew ten hours before us: if that counted, Article 33 would end ten hours earlier."""
    facts = facts_of(platform_aware_at=AWARE - timedelta(hours=10))
    catalog, people = load_catalog(), exposure_of({"DE": 2})
    duties = both_ends(decide(facts, people, catalog), facts, people, catalog)
    (filing,) = [one for one in duties.duties if one.rule_id == "EU-GDPR-33-1"]

    assert filing.due_at == AWARE + timedelta(hours=72)
    assert filing.platform_clock == AWARE + timedelta(hours=62)
    assert filing.track == "controller"


def test_the_difference_is_kept_beside_the_new_duties(
    work_in: Callable[[Facts], Work], facts_of: Make, exposure_of: Exposure
) -> None:
    """law/<rev>/changes.json names both revisions; a second run keeps the first comparison; first duties have none."""
    first = work_in(facts_of(recorded_at=AWARE + timedelta(hours=1)))
    summary = exposure_of({"DE": 2})
    digest = put_record(first.store, key := "exposure/aaaaaaaaaaaa/summary.json", summary)
    exposures = Receipt(
        case_id=first.case.case_id, chapter=Chapter.EXPOSURES, revision="aaaaaaaaaaaa", key=key, digest=digest
    )
    before = decide_duties(first, exposures)
    assert first.store.get("law/0123456789ab/changes.json") is None

    told = LawFacts(told=(Told(rule_id="EU-GDPR-33-1", at=AWARE, source="filed"),))
    again = Work(first.store, first.case, facts_of(recorded_at=AWARE + timedelta(hours=2), law=told), "ba9876543210")
    after = decide_duties(again, exposures, before)
    decide_duties(again, exposures, before)

    changes = get_record(first.store, "law/ba9876543210/changes.json", DutyChanges)
    assert (changes.before, changes.after) == (before.revision, after.revision)
    assert [(one.rule_id, one.what.value) for one in changes.changes if one.rule_id == "EU-GDPR-33-1"] == [
        ("EU-GDPR-33-1", "done")
    ]
    for name in ("duties.ics", "alarms.ics", "clocks.txt"):
        assert first.store.get(f"law/ba9876543210/{name}") is not None


def test_two_customers_are_two_promises(tmp_path: Path, facts_of: Make, exposure_of: Exposure) -> None:
    """Told one, the other's clock runs on: each has its name, its alarm and its entry in the calendar."""
    (tmp_path / "a.yaml").write_text(
        "contracts:\n"
        "  - {kind: CT-CONTROLLER-CUSTOMER, recipient: Lighthouse guild, clause: clause 7, clock: 48h}\n"
        "  - {kind: CT-CONTROLLER-CUSTOMER, recipient: Pilots' club, clause: clause 2, clock: 48h}\n"
    )
    opened = with_contracts(facts_of(platform_aware_at=AWARE - timedelta(hours=9)), tmp_path)
    told = Told(rule_id="CT-CONTROLLER-CUSTOMER", at=AWARE, source="mail", recipient="Pilots' club")
    law = opened.incident.law.model_copy(update={"told": (told,)})
    facts = opened.model_copy(update={"incident": opened.incident.model_copy(update={"law": law})})

    def promises(of: Facts) -> dict[str, Duty]:
        found = decide(of, exposure_of({"DE": 2}), load_catalog()).duties
        return {one.recipient_name: one for one in found if one.rule_id == told.rule_id}

    assert {name: one.done_at for name, one in promises(facts).items()} == {
        "Lighthouse guild": None,
        "Pilots' club": AWARE,
    }
    both = decide(opened, exposure_of({"DE": 2}), load_catalog())
    clocks = [one for one in running_clocks(both, opened.incident) if one.rule_id == told.rule_id]
    assert len({one.key for one in clocks}) == 2
    assert [one for one in running_clocks(decide(facts, exposure_of({"DE": 2}), load_catalog()), facts.incident)
            if "Pilots" in one.words] == []  # fmt: skip
    names = re.findall(rb"UID:(\S+)", duties_calendar(CaseRef(case_id="harbor-1", mode=Mode.LIVE), both))
    assert len(names) == len(set(names)) > 1


def test_a_notice_under_one_of_several_contracts_says_under_which(facts_of: Make, exposure_of: Exposure) -> None:
    """One notice must not silence the clocks of all customers; a recipient or a place that nobody asks is refused."""
    said = {"rule_id": "CT-CONTROLLER-CUSTOMER", "clause": "clause 7", "hours": 48}
    contracts = tuple(Contract.model_validate({**said, "recipient": name}) for name in ("one Ltd", "two Ltd"))
    facts = facts_of(law=LawFacts(contracts=contracts))
    duties = decide(facts, exposure_of({"DE": 2}), load_catalog())

    def add(rule: str, **more: str) -> Facts:
        form = ToldForm(case_id="harbor-1", recorded_by="mara", source="mail", rule=rule, at=AWARE, **more)  # type: ignore[arg-type]
        return add_law_fact(facts, form, AWARE, load_catalog(), duties)

    with pytest.raises(BadInput, match="There are 2 contracts"):
        add("CT-CONTROLLER-CUSTOMER")
    with pytest.raises(BadInput, match="no notice to that recipient"):
        add("CT-CONTROLLER-CUSTOMER", recipient="three Ltd")
    with pytest.raises(BadInput, match="no notice to that recipient or place"):
        add("EU-GDPR-33-1", place="FR")
    (told,) = add("CT-CONTROLLER-CUSTOMER", recipient="two Ltd").incident.law.told
    assert told.recipient == "two Ltd"
