"""Prefect on a database of its own, and what marks a silent run: as settings and records, without a server."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.events.schemas.automations import Automation, AutomationCore

from breach.errors import BadInput
from deployments import processes
from deployments.automations import NAME, crash_automation, install_automations
from deployments.home import Home, open_home
from deployments.walls import FILE, read_walls

URL = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
DATABASE = "postgresql+asyncpg://breach:s3cret@db.example/prefect"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "home")


def state(home: Home, text: str) -> None:
    path = home.root / FILE
    path.write_text(text)
    path.chmod(0o600)


# --- Prefect's database


def test_only_the_server_is_told_the_database(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers and runs ask the server; whatever the shell says of a database is nobody's."""
    older = "PREFECT_API_DATABASE_CONNECTION_URL"
    for name in (URL, older, older.lower()):
        monkeypatch.setenv(name, "postgresql+asyncpg://somebody/elses")
    assert not {URL, older, older.lower()} & set(home.server_environment(4200))

    state(home, f'[prefect]\ndatabase = "{DATABASE}"\n')

    assert home.server_environment(4200)[URL] == DATABASE
    assert URL not in home.environment(4200)
    assert home.server_environment(4200).items() >= home.environment(4200).items()


def test_no_file_is_laid_for_a_server_with_a_database(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The empty SQLite file that starts a new home quickly would lie there and mislead."""
    laid: list[Path] = []
    monkeypatch.setattr(processes, "START_SECONDS", 0)
    monkeypatch.setattr(processes, "start", lambda *_: _Ended(home))
    monkeypatch.setattr(processes, "_lay_database", lambda home, _port: laid.append(home.database))

    with pytest.raises(BadInput, match="did not start"):
        processes.start_server(home, 4200)
    assert laid == [home.database]

    state(home, f'[prefect]\ndatabase = "{DATABASE}"\n')
    with pytest.raises(BadInput, match="did not start"):
        processes.start_server(home, 4200)
    assert laid == [home.database]


class _Ended:
    """A server that has ended already."""

    def __init__(self, home: Home) -> None:
        self.log = home.root / "logs" / "server.log"

    def alive(self) -> bool:
        return False

    def stop(self) -> None:
        """It has."""


@pytest.mark.parametrize(
    "address", ["postgresql://u:s3cret@h/prefect", "sqlite+aiosqlite:///x", "s3cret", "postgresql+asyncpg://u:s3cret@h"]
)
def test_a_database_that_prefect_could_not_use_is_refused(home: Home, address: str) -> None:
    """Another driver, no name, no address: named by its place, and the password is not quoted."""
    state(home, f'[prefect]\ndatabase = "{address}"\n')

    with pytest.raises(BadInput, match=r"prefect\.database") as refused:
        read_walls(home.root)

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "same", ["postgresql://other:pw@db.example:5432/prefect", "postgresql+psycopg://db.example/prefect"]
)
def test_prefect_and_a_ledger_never_share_a_database(home: Home, same: str) -> None:
    """Both keep the number of their tables in `alembic_version`: whoever comes second finds a stranger's."""
    state(home, f'[prefect]\ndatabase = "{DATABASE}"\n[live]\nledger = "{same}"\n')
    with pytest.raises(BadInput, match="a database of its own"):
        read_walls(home.root)

    state(home, f'[prefect]\ndatabase = "{DATABASE}"\n[live]\nledger = "{same.replace("/prefect", "/ledger")}"\n')
    assert read_walls(home.root).live.ledger


# --- the automation


def test_a_silent_run_is_marked_and_nothing_else_is_done() -> None:
    """Proactive, for each run, armed by a heartbeat, disarmed by any event of the run, suspension among them."""
    said = crash_automation().model_dump(mode="json")

    trigger = said["trigger"]
    assert trigger["posture"] == "Proactive"
    assert trigger["after"] == ["prefect.flow-run.heartbeat"]
    assert trigger["for_each"] == ["prefect.resource.id"]
    assert trigger["match"] == {"prefect.resource.id": "prefect.flow-run.*"}
    assert trigger["expect"] == ["prefect.flow-run.*"]
    assert trigger["threshold"] == 1
    actions = [(one["type"], one["state"], one["force"]) for one in said["actions"]]
    assert actions == [("change-flow-run-state", "CRASHED", False)]


def test_it_waits_for_more_than_one_heartbeat(home: Home) -> None:
    """At least three of what workers are told to send: one that is late is not dead."""
    every = timedelta(seconds=int(home.environment(4200)["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]))

    assert every >= timedelta(seconds=30), "the shortest that Prefect sends"
    assert cast(Any, crash_automation().trigger).within >= 3 * every


class Desk:
    """What a server keeps of automations: each gets an id and comes back as it was."""

    def __init__(self) -> None:
        self.held: dict[UUID, Automation] = {}
        self.writes = 0

    def read_automations_by_name(self, name: str) -> list[Automation]:
        return [one for one in self.held.values() if one.name.startswith(name)]

    def create_automation(self, automation: AutomationCore) -> UUID:
        self.writes += 1
        made = Automation.model_validate({"id": uuid4(), **automation.model_dump(mode="json")})
        self.held[made.id] = made
        return made.id

    def update_automation(self, held: UUID, automation: AutomationCore) -> None:
        self.writes += 1
        self.held[held] = Automation.model_validate({"id": held, **automation.model_dump(mode="json")})

    def delete_automation(self, held: UUID) -> None:
        del self.held[held]


def test_every_start_leaves_one_automation_as_it_should_be() -> None:
    """Two starts make one; a second one, and what a person switched off, are put right; others' are left alone."""
    desk = Desk()
    client = cast(SyncPrefectClient, desk)
    desk.create_automation(crash_automation().model_copy(update={"name": f"{NAME} of somebody else"}))
    desk.writes = 0
    install_automations(client)
    install_automations(client)
    assert desk.writes == 1

    desk.create_automation(crash_automation())
    for held in list(desk.held):
        if desk.held[held].name == NAME:
            desk.update_automation(held, crash_automation().model_copy(update={"enabled": False}))
    install_automations(client)

    assert sorted(one.name for one in desk.held.values()) == [NAME, f"{NAME} of somebody else"]
    assert all(one.enabled for one in desk.held.values())
