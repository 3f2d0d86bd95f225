"""Halting and waiting from the command line when something of the house is gone, or walls.toml has changed."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from pydantic import SecretStr
from typer.testing import CliRunner

from breach.chronology import chain
from breach.folder_store import FolderStore
from breach.ledger import open_ledger
from breach.store import put_record
from deployments.applied import Place, write_applied
from deployments.cli import app
from deployments.home import Home, open_home
from deployments.walls import FILE, Bucket, write_walls
from schemas.chronology import EntryKind
from schemas.incident import Case, Mode

NOW = datetime(2026, 11, 9, 3, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


@pytest.fixture
def dead() -> Bucket:
    """A bucket on a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Bucket(
        bucket="cases-gone", endpoint=f"http://127.0.0.1:{port}", access_key="k", secret_key=SecretStr("secret")
    )


def run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home.root)])


def opened(home: Home, mode: Mode, case: str) -> FolderStore:
    store = FolderStore(home.cases(mode) / case)
    put_record(store, "case.json", Case(case_id=case, mode=mode, opened_at=NOW, opened_by_run="r"))
    chain.append(store, case, EntryKind.GATE_ASKED, "Gate 'content' asks.", at=NOW, actor="t", run_id="r")
    return store


def halted(url: str, case: str) -> bool:
    return open_ledger(url).halts.halted(case)


def applied(home: Home, live: str) -> None:
    """As a start leaves it behind whose live runs keep their ledger at this address."""
    places = {mode: Place(ledger=SecretStr(home.ledger_url(mode)), folder=str(home.cases(mode))) for mode in Mode}
    places[Mode.LIVE] = places[Mode.LIVE].model_copy(update={"ledger": SecretStr(live), "ledger_stated": True})
    write_applied(home.root, places)


@pytest.mark.parametrize("gone", list(Mode))
def test_a_dead_bucket_keeps_no_case_from_being_stopped(home: Home, dead: Bucket, gone: Mode) -> None:
    """Its own mode is halted in the ledger, the other one with its chronology as well; and it is said so."""
    names = {Mode.LIVE: "harbor-01", Mode.REHEARSAL: "rehearsal-harbor-01"}
    other = Mode.LIVE if gone is Mode.REHEARSAL else Mode.REHEARSAL
    store = opened(home, other, names[other])
    write_walls(home.root, gone, store=dead)

    result = run(home, "halt", "harbor-01", "ines", "a wrong sentence")

    assert result.exit_code == 0, result.output
    assert halted(home.ledger_url(gone), names[gone])
    assert halted(home.ledger_url(other), names[other])
    assert f"Stopped in the ledger: {names[gone]} ({gone}); its chronology could not be written: " in result.output
    assert f"Stopped: {names[other]} ({other}), entry 2" in result.output
    assert chain.read(store)[-1].kind is EntryKind.HALT


def test_a_bucket_that_cannot_be_used_as_stated_stops_no_halt(home: Home, dead: Bucket) -> None:
    """Nor does a case whose record is broken."""
    write_walls(home.root, Mode.LIVE, store=dead.model_copy(update={"bucket": "NOT A BUCKET"}))
    broken = home.cases(Mode.REHEARSAL) / "rehearsal-harbor-01" / "case.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")

    assert run(home, "halt", "harbor-01", "ines").exit_code == 0
    assert halted(home.ledger_url(Mode.LIVE), "harbor-01")
    assert halted(home.ledger_url(Mode.REHEARSAL), "rehearsal-harbor-01")


def test_an_unknown_case_is_not_stopped_and_a_later_one_begins_free(home: Home) -> None:
    """Said so, with 1; the row that was written first is lifted again."""
    result = run(home, "halt", "harbor-01", "ines")

    assert result.exit_code == 1
    assert "NOTHING WAS STOPPED: there is no case called harbor-01" in result.output
    assert not halted(home.ledger_url(Mode.LIVE), "harbor-01")


def test_a_dead_ledger_stops_nothing_and_hides_nothing(home: Home, tmp_path: Path) -> None:
    """The live one is gone: the rehearsal is stopped, the live case is named as not stopped, and it ends with 1."""
    opened(home, Mode.LIVE, "harbor-01")
    opened(home, Mode.REHEARSAL, "rehearsal-harbor-01")
    (tmp_path / "file").write_text("")
    write_walls(home.root, Mode.LIVE, f"sqlite:///{tmp_path}/file/ledger.db")

    result = run(home, "halt", "harbor-01", "ines")

    assert result.exit_code == 1
    assert "NOT STOPPED: harbor-01 (live)" in result.output
    assert "Stopped: rehearsal-harbor-01 (rehearsal)" in result.output
    assert halted(home.ledger_url(Mode.REHEARSAL), "rehearsal-harbor-01")


def test_waiting_shows_what_can_be_seen(home: Home, dead: Bucket) -> None:
    """One dead store gets a line, the other mode's gates are shown, and it ends with 1."""
    opened(home, Mode.REHEARSAL, "rehearsal-harbor-01")
    write_walls(home.root, Mode.LIVE, store=dead)

    result = run(home, "waiting")

    assert result.exit_code == 1
    assert "live  COULD NOT BE LOOKED AT: S3 could not be reached" in result.output
    assert "rehearsal  rehearsal-harbor-01  since 2026-11-09 03:00 UTC" in result.output
    assert "Nothing waits" not in result.output


def test_a_halt_reaches_the_ledger_of_the_runs_whatever_walls_toml_says_now(home: Home, tmp_path: Path) -> None:
    """Halted where the last start pointed the runs to, and where the file points to now; and said so."""
    opened(home, Mode.LIVE, "harbor-01")
    theirs, now = (f"sqlite:///{tmp_path}/{name}.db" for name in ("theirs", "now"))
    applied(home, theirs)
    write_walls(home.root, Mode.LIVE, now)

    result = run(home, "halt", "harbor-01", "ines")

    assert result.exit_code == 0, result.output
    assert halted(theirs, "harbor-01")
    assert halted(now, "harbor-01")
    assert "it was halted in both" in result.output


def test_a_halt_needs_no_readable_walls_toml(home: Home, tmp_path: Path) -> None:
    """A file broken in the midst of a case: the ledger of the last start is enough."""
    opened(home, Mode.LIVE, "harbor-01")
    theirs = f"sqlite:///{tmp_path}/theirs.db"
    applied(home, theirs)
    (home.root / FILE).write_text("[live")
    (home.root / FILE).chmod(0o600)

    result = run(home, "halt", "harbor-01", "ines")

    assert result.exit_code == 0, result.output
    assert halted(theirs, "harbor-01")
    assert "its form" in result.output
