"""The gates against a real server and worker: what must never let a notice out, and then what does."""

import subprocess
import sys

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.states import Scheduled

from breach.current import current_of
from breach.errors import BreachError
from breach.parquet import read_parquet
from breach.sending.books import count_books
from breach.store import get_record
from flows.close_case import close_case
from flows.record_fact import record_fact, tick_paper
from schemas.chronology import EntryKind
from schemas.forms import CloseForm, FactForm, TickForm
from schemas.incident import Mode
from schemas.recipients import ListManifest
from tasks.safety import SafeError

pytestmark = [pytest.mark.server, pytest.mark.timeout(1500)]
CASE = "rehearsal-gates"


def test_nothing_goes_out_until_two_proven_people_approve_exactly_what_is_there(site):
    """Empty, wrong, replayed and outdated answers, a state changed by hand and a retry send nothing; two people do."""
    run = site.start(incident=site.form(CASE))
    first = site.question(run)
    ledger = site.ledger()

    _an_empty_answer_is_refused_by_the_server(site, run)
    second = _a_wrong_code_asks_again(site, run, first)
    third = _an_approval_of_outdated_facts_is_void(site, run, second)
    fourth = _a_state_changed_by_hand_asks_again(site, run, third)
    sending = _the_first_person_cannot_be_the_second_too(site, run, fourth)
    _a_retry_goes_on_and_sends_nothing(site, run, sending)
    assert site.outbox(CASE) == []
    assert ledger.messages.of_case(CASE) == ()

    site.answer(run, "tomas")
    site.wait(run, "Completed")
    site.wait_for(lambda: any(entry.kind is EntryKind.DOSSIER for entry in site.entries(CASE)))
    _everybody_is_told_once(site)
    _the_dossier_verifies_until_a_byte_changes(site)
    _starting_the_case_again_tells_nobody_again(site)
    _a_balanced_case_closes_once(site)


def _an_empty_answer_is_refused_by_the_server(site, run):
    with get_client(sync_client=True) as client:
        answer = client.resume_flow_run(run, run_input={})
    assert answer.status.value == "REJECT"
    assert site.run(run).state.name == "Suspended"


def _a_wrong_code_asks_again(site, run, question):
    site.answer(run, "mara", code="000000")
    asked = site.asked_anew(run, question)
    refused = site.ledger().approvals.refused_attempts(CASE)
    assert [attempt.outcome for attempt in refused] == ["the name and code prove nobody who is enrolled for this mode"]
    assert asked.rsplit("-", 2)[0] == question.rsplit("-", 2)[0]  # the same content, the next number
    return asked


def _an_approval_of_outdated_facts_is_void(site, run, question):
    fact = {
        "case_id": CASE,
        "mode": "rehearsal",
        "fact": "data was reachable until",
        "value": "2026-11-08T07:00+00:00",
        "recorded_by": "ines",
        "source": "second letter of the provider",
    }
    site.wait(site.start("record-fact/record-fact", fact=fact), "Completed")
    site.answer(run, "mara")
    asked = site.asked_anew(run, question)
    assert asked.split("-")[-3] != question.split("-")[-3]  # another basis
    assert site.ledger().approvals.decisions(CASE) == ()
    return asked


def _a_state_changed_by_hand_asks_again(site, run, question):
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run, Scheduled(), force=True)
    asked = site.asked_anew(run, question)
    assert site.ledger().approvals.decisions(CASE) == ()
    return asked


def _the_first_person_cannot_be_the_second_too(site, run, question):
    code = site.code("mara")
    site.answer(run, "mara", code=code)
    sending = site.asked_anew(run, question)
    assert "-sending-" in sending
    site.answer(run, "mara", code=code)  # replayed
    replayed = site.asked_anew(run, sending)
    site.answer(run, "mara")  # fresh, but the same person
    same = site.asked_anew(run, replayed)
    refused = site.ledger().approvals.refused_attempts(CASE)
    assert [attempt.outcome for attempt in refused if attempt.gate == "sending"] == [
        "this code was used before",
        "this person decided at another gate of this basis",
    ], [(entry.at, entry.text) for entry in site.entries(CASE)]
    return same


def _a_retry_goes_on_and_sends_nothing(site, run, question):
    """What the UI's Retry does: scheduled again by force. The decision of the first gate stands in the ledger."""
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run, Scheduled(name="AwaitingRetry"), force=True)
    asked = site.asked_anew(run, question)
    assert "-sending-" in asked
    assert [(row.gate, row.approver) for row in site.ledger().approvals.decisions(CASE)] == [("content", "mara")]


def _everybody_is_told_once(site):
    store = site.store(CASE)
    receipts = current_of(store).receipts
    listed = get_record(store, receipts["recipients"].key, ListManifest)
    tokens = site.outbox(CASE)
    assert len(tokens) == len(set(tokens))
    table = store.path(receipts["recipients"].key.replace("manifest.json", "recipients.parquet"))
    assert set(read_parquet(table.read_bytes()).column("token").to_pylist()) <= set(tokens)
    seeds = len(listed.by_variant)  # one sample of each variant for the one seed of the team
    assert len(tokens) == listed.recipients + seeds
    books = count_books(store, site.ledger(), CASE, "notice", receipts["recipients"], now=site.entries(CASE)[-1].at)
    assert books.balance
    assert (books.pending, books.notified) == (0, listed.members_covered)


def _the_dossier_verifies_until_a_byte_changes(site):
    head = site.ledger().heads.dossiers(CASE)[-1]
    folder = site.home.cases(Mode.REHEARSAL) / CASE / "dossier" / f"{head.n:04d}"
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), "--digest", head.digest]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    page = folder / "index.html"
    data = page.read_bytes()
    page.chmod(0o600)
    page.write_bytes(data.replace(b"REHEARSAL", b"REHEARSAM", 1))
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1
    page.write_bytes(data)


def _starting_the_case_again_tells_nobody_again(site):
    before = site.outbox(CASE)
    form = site.form(CASE)
    form["when"] = form["when"] | {"leak_until": "2026-11-08T07:00:00+00:00"}  # as known now
    site.wait(site.start(incident=form), "Completed")
    assert site.outbox(CASE) == before


def _a_balanced_case_closes_once(site):
    """Closed, its rhythm of updates is off; asked for again nothing changes; its facts are what they were."""
    end = {"case_id": CASE, "by": "mara", "reason": "everybody has been told"}
    close_case(CloseForm.model_validate(end))
    entries = site.entries(CASE)
    close_case(CloseForm.model_validate(end | {"reason": "asked for twice"}))
    assert [entry.text for entry in entries if entry.kind is EntryKind.CLOSED] == [
        "Closed as 'everybody was told or named': everybody has been told"
    ]
    assert [entry for entry in site.entries(CASE) if entry.kind is EntryKind.CLOSED] == [
        entry for entry in entries if entry.kind is EntryKind.CLOSED
    ]
    with get_client(sync_client=True) as client:
        schedules = client.read_deployment_by_name("security-update/security-update").schedules
    assert [schedule.active for schedule in schedules if schedule.slug == f"{CASE}-1"] == [False]
    fact = {
        "case_id": CASE,
        "fact": "areas reached, separated by commas",
        "value": "harbor",
        "recorded_by": "ines",
        "source": "a letter",
    }
    with pytest.raises((BreachError, SafeError), match="is closed"):
        record_fact(FactForm.model_validate(fact))
    paper = {"case_id": CASE, "paper": "letter to the provider", "by": "ines", "on": "2026-11-08T09:00:00+01:00"}
    for _ in range(2):  # a paper may still be ticked, once
        tick_paper(TickForm.model_validate(paper))
    ticked = [entry for entry in site.entries(CASE) if entry.kind is EntryKind.SENT_BY_HAND]
    assert [entry.text for entry in ticked] == ["letter to the provider: sent by hand on 2026-11-08T09:00+01:00."]


def test_a_rehearsals_approver_cannot_answer_a_live_gate(site):
    """The code of a rehearsal proves nobody in a live case; a suspicion that touched nobody ends as no breach."""
    case = "live-walls"
    nobody = {"areas": ["no-such-area"], "profiles_exposed": "no"}
    suspicion = {"certainty": "a suspicion, not yet confirmed"}
    run = site.start(incident=site.form(case, mode="live", reach=nobody, happened=suspicion))
    question = site.question(run)
    site.answer(run, "mara", code=site.code("mara", Mode.REHEARSAL))
    site.asked_anew(run, question)
    assert site.ledger(Mode.LIVE).approvals.decisions(case) == ()
    assert site.outbox(case, Mode.LIVE) == []
    site.answer(run, "mara", decision="not a breach", code=site.code("mara", Mode.LIVE))
    site.wait(run, "Completed")
    assert site.store(case, Mode.LIVE).get("closed.json") is not None
    assert site.entries(case, Mode.LIVE)[-1].kind in {EntryKind.CLOSED, EntryKind.DOSSIER}


def test_the_api_refuses_who_has_no_login(site):
    """POST without the login is 403 or 401, and nothing is created."""
    url = f"{site.house.address}/api/flow_runs/filter"
    assert httpx.post(url, json={}).status_code in {401, 403}
    assert httpx.post(url, json={}, auth=("breach", "wrong")).status_code in {401, 403}
