"""What bad input gets: refused at the door, or a sentence that says what is wrong, what is kept and what to do next."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Completed, Running

from blocks import PlatformImitation
from breach.errors import BreachError
from examples.platform.server import make_server
from flows.breach_response import breach_response
from flows.halt_sending import halt_sending, lift_halt
from flows.watch import watch
from schemas.chronology import EntryKind
from schemas.forms import HaltForm, RespondForm
from tasks.safety import SafeError

pytestmark = [pytest.mark.server, pytest.mark.timeout(1500)]


def run_here(form: dict) -> BreachError:
    """Run the flow in this process until it stops; returns the error it stops with."""
    with pytest.raises((BreachError, SafeError)) as caught:
        breach_response(RespondForm.model_validate(form))
    return caught.value


@pytest.mark.parametrize(
    ("card", "values"),
    [
        ("case_id", "UPPER CASE"),
        ("mode", "practice"),
        ("happened", {"in_one_line": "write to someone@mail.example about it"}),
        ("happened", {"no_such_field": 1}),
        ("sending", {"chunk_size": 1001}),
    ],
)
def test_a_form_of_the_wrong_shape_is_refused_by_the_server(site, card, values):
    """Nothing is stored and no run is created."""
    with pytest.raises(PrefectHTTPStatusError, match="409"):
        site.start(incident=site.form("rehearsal-shape", **{card: values}))
    assert site.store("rehearsal-shape").get("case.json") is None


def test_a_time_without_zone_fails_before_the_run_starts_and_names_the_field(site):
    """No case was opened."""
    run = site.start(incident=site.form("rehearsal-naive", when={"aware_at": "2026-11-08T07:30:00"}))
    site.wait_for(lambda: site.run(run).state.is_final())
    state = site.run(run).state
    assert state.name == "Failed"
    assert "aware_at" in state.message
    assert site.store("rehearsal-naive").get("case.json") is None


@pytest.mark.parametrize("field", ["aware_at", "leak_until"])
def test_a_time_in_the_future_opens_no_case(site, field):
    """The field is named."""
    error = run_here(site.form("rehearsal-future", when={field: "2999-01-01T00:00:00+00:00"}))
    assert field in error.happened
    assert "No case was opened" in error.state
    assert site.store("rehearsal-future").get("case.json") is None


@pytest.mark.parametrize("name", ["../secrets/api-password", "/etc/hostname", "small/../../secrets/encryption-key"])
def test_a_path_outside_the_inbox_is_refused(site, name):
    """It is not opened, and neither is a case."""
    error = run_here(site.form("rehearsal-outside", reach={"roster_export": name}))
    assert "outside the inbox" in error.happened
    assert site.store("rehearsal-outside").get("case.json") is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "not in the inbox"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "format"),
        ("only the header", "no members"),
    ],
    ids=["missing", "an image", "empty"],
)
def test_an_export_that_cannot_be_used_is_said_and_the_case_is_kept(site, content, says):
    """Missing, of an unknown format, or empty: the case stays open, nothing is sent."""
    case = f"rehearsal-export-{says.replace(' ', '-')}"
    if content == "only the header":
        content = (site.home.inbox / "small" / "members.csv").read_bytes().partition(b"\n")[0] + b"\n"
    if content is not None:
        (site.home.inbox / "bad.csv").write_bytes(content)
    error = run_here(site.form(case, reach={"roster_export": "bad.csv" if content is not None else "absent.csv"}))
    assert says in str(error)
    assert error.state
    assert error.next_step
    assert site.store(case).get("case.json") is not None
    assert site.outbox(case) == []


@pytest.fixture
def imitation(tmp_path) -> Iterator[str]:
    """The platform's imitation, and the block that points to it."""
    server = make_server(0, tmp_path / "state.json", "key")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    PlatformImitation(address=server.address, api_key="key").save("tests", overwrite=True)
    yield "platform-imitation/tests"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_area_that_does_not_exist_is_named(site, imitation):
    """With the areas that do; nothing was closed."""
    reach = {"areas": ["night-wotch"], "platform_connection": imitation}
    error = run_here(site.form("rehearsal-area", reach=reach))
    assert "night-wotch" in str(error)
    assert "night-watch" in str(error)


def test_a_busy_platform_is_asked_again_and_the_retry_is_visible(site, imitation):
    """The imitation answers 503 once: the run goes on, and its history shows that it waited."""
    case = "rehearsal-busy"
    reach = {"areas": ["night-watch"], "platform_connection": imitation, "roster_export": "absent.csv"}
    run_here(site.form(case, reach=reach))
    done = [entry.text for entry in site.entries(case) if entry.kind is EntryKind.CHAPTER]
    assert any(re.match(r"contain: 2 planned, 2 applied.* 2 verified, 0 not verified", text) for text in done)
    with get_client(sync_client=True) as client:
        runs = client.read_task_runs(limit=200)
    assert max(run.run_count for run in runs if run.name.startswith("contain-areas")) == 2


def test_an_open_case_continues_with_the_same_form_and_refuses_other_facts(site):
    """Other facts belong into record-fact."""
    form = site.form("rehearsal-same", reach={"roster_export": "absent.csv"})
    assert "not in the inbox" in str(run_here(form))
    assert "not in the inbox" in str(run_here(form))  # continued, not refused
    other = form | {"happened": form["happened"] | {"provider": "Another Company"}}
    error = run_here(other)
    assert "other facts" in error.happened
    assert "record-fact" in error.next_step
    assert [entry.kind for entry in site.entries("rehearsal-same")].count(EntryKind.OPENED) == 1


def test_a_second_case_of_the_same_platform_and_dates_stops_with_a_question(site):
    """Unless a person says that it is another incident."""
    platform = {"platform": "Forum of the second case"}
    absent = {"roster_export": "absent.csv"}
    run_here(site.form("rehearsal-first-of-two", happened=platform, reach=absent))
    error = run_here(site.form("rehearsal-second-of-two", happened=platform, reach=absent, separate=False))
    assert "Is this the same incident?" in error.happened
    assert "rehearsal-first-of-two" in error.happened
    assert site.store("rehearsal-second-of-two").get("case.json") is None


def test_a_live_case_cannot_carry_a_rehearsals_name(site):
    """And a rehearsal gets its prefix by itself."""
    error = run_here(site.form("rehearsal-live", mode="live"))
    assert "cannot name a live case" in error.happened
    run_here(site.form("without-prefix", reach={"roster_export": "absent.csv"}))
    assert site.store("rehearsal-without-prefix").get("case.json") is not None


def test_a_second_run_of_a_case_that_acts_is_superseded(site):
    """While another run holds the case, this one ends and does nothing."""
    case = "rehearsal-superseded"
    form = site.form(case, reach={"roster_export": "absent.csv"})
    run_here(form)
    now = datetime.now(UTC)
    with get_client(sync_client=True) as client:  # a run that Prefect knows and no worker takes: it is "at work"
        working = client.create_flow_run(watch, state=Running()).id
    site.ledger().leases.take_case(case, str(working), now, timedelta(minutes=5))
    done = _chapters(site, case)
    error = run_here(form)
    assert "Another run acts" in error.happened
    assert _chapters(site, case) == done
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(working, Completed(), force=True)
    assert "not in the inbox" in str(run_here(form))  # the holder has ended: its lease is taken over at once


def _chapters(site, case: str) -> list[str]:
    return [entry.text for entry in site.entries(case) if entry.kind is EntryKind.CHAPTER]


def test_halting_needs_no_mode_and_says_when_nothing_was_stopped(site):
    """The name finds the live case and its rehearsal; a name of nothing is an error, never silence."""
    case = "rehearsal-halted"
    run_here(site.form(case, reach={"roster_export": "absent.csv"}))
    stop = {"case_id": "halted", "by": "ines", "reason": "a wrong sentence in the notice"}
    halt_sending(HaltForm.model_validate(stop))
    assert site.ledger().halts.halted(case)
    lift_halt(HaltForm.model_validate(stop | {"reason": "looked at it"}))
    assert not site.ledger().halts.halted(case)
    with pytest.raises(BreachError, match="NOTHING WAS STOPPED"):
        halt_sending(HaltForm.model_validate(stop | {"case_id": "no-such-case"}))


def test_the_watch_tells_once_a_day_that_a_clock_runs_out(site):
    """A case whose duties are overdue is told about once, however often the watch looks."""
    case = "rehearsal-watched"
    run = site.start(incident=site.form(case))
    site.question(run)
    watch()  # the scheduled one may have been here a moment ago
    alerts = site.home.root / "alerts"
    told = {path.name: path.read_text() for path in alerts.glob(f"{case}.*.txt")}
    assert any("OVER since" in text for text in told.values())
    assert any("A gate has been waiting" in text for text in told.values())
    watch()
    assert {path.name: path.read_text() for path in alerts.glob(f"{case}.*.txt")} == told
