"""Promise 2 through the real worker: the sender is killed in the middle, and a new run of the case goes on."""

import os
import signal
import time
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId, FlowRunFilterTags
from prefect.states import Scheduled

from breach.current import current_of
from breach.parquet import read_parquet
from breach.sending.books import count_books
from examples.harbor.generate import generate
from schemas.chronology import EntryKind

pytestmark = [pytest.mark.server, pytest.mark.timeout(1500)]
CASE = "rehearsal-killed"


def test_a_killed_sender_leaves_nobody_out_and_tells_nobody_twice(site):
    """SIGKILL while files appear in the outbox; a new run of the case; everybody exactly once; an update follows."""
    generate(site.home.inbox / "middle", members=600, messages=200)
    reach = {"roster_export": "middle/members.csv", "content_exports": ["middle/chat/night-watch.json"]}
    form = site.form(CASE, reach=reach, sending={"chunk_size": 20, "canary_size": 20, "observe_minutes": 0})
    run = site.start(incident=form)
    question = site.question(run)
    site.answer(run, "ines")
    site.asked_anew(run, question)
    site.answer(run, "pavel")
    site.wait(run, "Completed")

    killed = _kill_a_sender_in_the_middle(site)
    assert 0 < len(site.outbox(CASE)) < 500
    site.wait_for(lambda: site.run(killed).state.is_final())
    assert not any(entry.kind is EntryKind.DOSSIER for entry in site.entries(CASE))

    site.wait(site.start(incident=form), "Completed")
    site.wait_for(lambda: any(entry.kind is EntryKind.DOSSIER for entry in site.entries(CASE)))
    told = _everybody_once(site)
    _the_update_reaches_exactly_them(site, told)


def _kill_a_sender_in_the_middle(site):
    """Wait until the last wave writes files, then end its process without a word."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if len(site.outbox(CASE)) > 40:
            for run_id, pid in _flow_processes(site):
                os.kill(pid, signal.SIGKILL)
                return run_id
        time.sleep(0.005)
    pytest.fail("the sender was never seen at work")


def _flow_processes(site):
    """Run id and process id of every send-wave process below our workers."""
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[f"case:{CASE}"])))
    ids = {str(run.id): run.id for run in runs if run.state.is_running()}
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = entry.read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        for text, run_id in ids.items():
            if f"PREFECT__FLOW_RUN_ID={text}".encode() in environment:
                found.append((run_id, int(entry.parent.name)))
    return found


def _everybody_once(site):
    """One file for each recipient and each seed; the books balance with nobody pending."""
    store = site.store(CASE)
    receipts = current_of(store).receipts
    table = store.path(receipts["recipients"].key.replace("manifest.json", "recipients.parquet"))
    tokens = set(read_parquet(table.read_bytes()).column("token").to_pylist())
    outbox = site.outbox(CASE)
    assert len(outbox) == len(set(outbox))
    assert tokens <= set(outbox)
    books = count_books(store, site.ledger(), CASE, "notice", receipts["recipients"], now=site.entries(CASE)[-1].at)
    assert books.balance
    assert (books.pending, books.in_doubt) == (0, 0)
    return tokens


def _the_update_reaches_exactly_them(site, told):
    """The follow-up is on the case's schedule; its first day, brought forward, goes to exactly as many as were told."""
    slots = _scheduled_days(site)
    began = next(entry.at for entry in site.entries(CASE) if entry.kind is EntryKind.SCHEDULED)
    days = [(run.expected_start_time - began).total_seconds() / 86_400 for run in slots[:3]]
    assert [round(day, 3) for day in days] == [7, 14, 21]

    before = set(site.outbox(CASE))
    run = slots[0].id
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run, Scheduled(), force=True)
    question = site.question(run)
    site.answer(run, "ines")
    site.asked_anew(run, question)
    site.answer(run, "pavel")
    site.wait(run, "Completed")
    dossiers = lambda: [e for e in site.entries(CASE) if e.kind is EntryKind.DOSSIER]  # noqa: E731
    site.wait_for(lambda: len(dossiers()) == 2)
    store = site.store(CASE)
    receipts = current_of(store).receipts
    table = store.path(receipts["recipients@update-001"].key.replace("manifest.json", "recipients.parquet"))
    new_tokens = set(read_parquet(table.read_bytes()).column("token").to_pylist())
    assert len(new_tokens) == len(told)
    assert new_tokens.isdisjoint(told)
    assert new_tokens <= set(site.outbox(CASE)) - before


def _scheduled_days(site):
    """The runs that Prefect's own scheduler has made from the case's schedule, the nearest first."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("security-update/security-update")
        mine = [schedule for schedule in deployment.schedules if schedule.slug == f"{CASE}-1"]
        assert len(mine) == 1
        assert "COUNT=4" in mine[0].schedule.rrule
        wanted = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment.id]))
        runs = []

        def made() -> bool:
            made_by_itself = [run for run in client.read_flow_runs(flow_run_filter=wanted) if run.auto_scheduled]
            runs[:] = [run for run in made_by_itself if run.parameters["update"]["case_id"] == CASE]
            return len(runs) >= 3

        site.wait_for(made)
    return sorted(runs, key=lambda run: run.expected_start_time)
