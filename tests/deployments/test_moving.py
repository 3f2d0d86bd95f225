"""Moving a mode to another place: the blocks follow walls.toml both ways, and no open case is left behind."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prefect.testing.utilities import prefect_test_harness
from pydantic import SecretStr

from blocks import LedgerAddress
from blocks.case_root import load_root
from breach.errors import BadInput
from breach.folder_store import FolderStore
from breach.store import put_record
from deployments import bootstrap, house
from deployments.applied import APPLIED, Place, read_applied, refuse_leaving_cases, write_applied
from deployments.bootstrap import Written, is_as_written, register_blocks, timetable
from deployments.home import Home, open_home
from deployments.walls import FILE, Bucket, write_walls
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
    return Bucket(bucket="cases-gone", endpoint=f"http://127.0.0.1:{port}", access_key="k", secret_key=SecretStr("s"))


def opened(folder: Path, case: str, name: str = "r") -> FolderStore:
    store = FolderStore(folder / case)
    put_record(store, "case.json", Case(case_id=case, mode=Mode.LIVE, opened_at=NOW, opened_by_run=name))
    return store


def applied(home: Home, **live: object) -> None:
    """As a start leaves it behind; of live, what is given is elsewhere."""
    places = {mode: Place(ledger=SecretStr(home.ledger_url(mode)), folder=str(home.cases(mode))) for mode in Mode}
    places[Mode.LIVE] = places[Mode.LIVE].model_copy(update=live)
    write_applied(home.root, places)


# --- open cases


@pytest.mark.parametrize("started", [True, False])
def test_an_open_case_is_not_left_behind(home: Home, dead: Bucket, started: bool, tmp_path: Path) -> None:
    """Neither by another ledger nor by another store; a closed one may be, and the number is said."""
    if started:
        applied(home)
    store = opened(home.cases(Mode.LIVE), "harbor-01")
    write_walls(home.root, Mode.LIVE, f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(BadInput, match="1 open cases would stay behind: harbor-01"):
        refuse_leaving_cases(home)

    store.put_new("closed.json", b"{}")
    refuse_leaving_cases(home)


def test_the_same_place_by_another_password_is_no_move(home: Home) -> None:
    """Keys and passwords are changed while cases are open."""
    opened(home.cases(Mode.LIVE), "harbor-01")
    applied(home, ledger=SecretStr("postgresql://breach:old@db.example/live"), ledger_stated=True)
    write_walls(home.root, Mode.LIVE, "postgresql+psycopg://breach:new@DB.example:5432/live?sslmode=require")
    refuse_leaving_cases(home)


def test_a_case_that_lies_at_the_new_place_is_not_left_behind(home: Home, tmp_path: Path) -> None:
    """The very case, not one of the same name."""
    old = tmp_path / "old"
    opened(old, "harbor-01")
    opened(home.cases(Mode.LIVE), "harbor-01", "another run")
    there = Place(ledger=SecretStr(home.ledger_url(Mode.LIVE)), folder=str(old), store=None)
    moved = there.model_copy(update={"folder": str(home.cases(Mode.LIVE))})
    from deployments.applied import _has_it

    assert not _has_it("harbor-01", there, moved)
    assert _has_it("harbor-01", there, there)


def test_a_place_that_cannot_be_looked_at_is_not_left(home: Home, dead: Bucket) -> None:
    """The old bucket is gone: nobody knows what is open in it, so nothing is started."""
    applied(home, store=dead)
    with pytest.raises(BadInput, match="could not be seen whether a case is open") as refused:
        refuse_leaving_cases(home)
    assert "Nothing was started." in str(refused.value)


def test_a_house_that_would_leave_a_case_starts_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Refused before the server is started, and the lock is free again."""
    opened(home.cases(Mode.LIVE), "harbor-01")
    write_walls(home.root, Mode.LIVE, f"sqlite:///{tmp_path}/new.db")
    monkeypatch.setattr(house, "start_server", lambda *_: pytest.fail("a server was started"))
    with pytest.raises(BadInput, match="stay behind"), house.running_house(home, lambda _: None, 4200):
        pass
    home.lock().close()


# --- blocks


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


def test_blocks_follow_walls_toml_there_and_back(prefect: None, home: Home, dead: Bucket, tmp_path: Path) -> None:
    """Named: to the bucket and that ledger; named no more: back to the home; and what was applied is kept, 0600."""
    mode, there = Mode.REHEARSAL, f"sqlite:///{tmp_path}/there.db"
    at_home = home.ledger_url(mode)
    write_walls(home.root, mode, there, dead)
    register_blocks(home)
    assert load_root(mode).store_block == f"s3-case-store/{mode}"
    assert load_root(mode).ledger_address().url.get_secret_value() == there
    kept = read_applied(home.root)
    assert kept
    assert kept.of(mode).ledger.get_secret_value() == there
    assert kept.of(mode).store == dead
    assert (home.root / APPLIED).stat().st_mode & 0o777 == 0o600
    assert json.loads((home.root / APPLIED).read_text())["live"]["ledger"] == home.ledger_url(Mode.LIVE)

    (home.root / FILE).unlink()
    with pytest.MonkeyPatch.context() as patch:  # the bucket is empty, and there is none behind this address
        patch.setattr(bootstrap, "refuse_leaving_cases", lambda _: None)
        register_blocks(home)
    assert load_root(mode).store_block == f"folder-case-store/{mode}"
    assert load_root(mode).ledger_address().url.get_secret_value() == at_home

    LedgerAddress(url=SecretStr(there)).save(mode.value, overwrite=True)
    register_blocks(home)
    assert load_root(mode).ledger_address().url.get_secret_value() == there, "what a person changed is kept"
    again = read_applied(home.root)
    assert again
    assert again.of(mode).ledger.get_secret_value() == there, "and a halt must reach it"


# --- deployments

WATCH = Written(flow="watch", name="watch", pool="work", schedules=1)


def held(**other: Any) -> dict[Any, Any]:
    """What the server has of it, as it should be but for what is given."""
    active = SimpleNamespace(active=True)
    said = {"flow": "watch", "name": "watch", "work_pool_name": "work", "schedules": [active], **other}
    return {(said["flow"], said["name"]): cast(Any, SimpleNamespace(**said))}


def test_a_deployment_is_there_when_it_would_run() -> None:
    """Of its flow, in its pool, its schedule in force; one more schedule is a case's own."""
    active, off = SimpleNamespace(active=True), SimpleNamespace(active=False)
    assert is_as_written(WATCH, held())
    assert is_as_written(WATCH, held(schedules=[active, off, active]))
    wrongs: tuple[dict[str, Any], ...] = (
        {"flow": "other"},
        {"name": "other"},
        {"work_pool_name": None},
        {"work_pool_name": "control"},
        {"schedules": []},
        {"schedules": [off]},
    )
    for wrong in wrongs:
        assert not is_as_written(WATCH, held(**wrong)), wrong


def test_the_timetable_names_flows_as_the_server_does() -> None:
    """By the name in the decorator: the first form of prefect.yaml belongs to breach-response."""
    stated = timetable()
    assert Written(flow="breach-response", name="respond", pool="work", schedules=0) in stated
    assert Written(flow="halt-sending", name="halt-sending", pool="control", schedules=0) in stated
    assert WATCH in stated


def test_another_database_of_prefect_is_deployed_to_anew(home: Home) -> None:
    """The mark of the last deploy fits no longer."""
    environment = home.environment(4200)
    before = bootstrap._fingerprint(home, environment)
    (home.root / FILE).write_text('[prefect]\ndatabase = "postgresql+asyncpg://u:s3cret@db.example/prefect"\n')
    (home.root / FILE).chmod(0o600)

    assert bootstrap._fingerprint(home, environment) != before
