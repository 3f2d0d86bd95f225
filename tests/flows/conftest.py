"""A real Prefect server with real workers, started once, on loopback; small invented communities; people with codes."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_CLIENT_CSRF_SUPPORT_ENABLED,
    PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
    temporary_settings,
)

from blocks import OutboxMailer
from breach.approvers import STEP_SECONDS, Registry
from breach.chronology import chain
from breach.folder_store import FolderStore
from breach.ledger import Ledger, open_ledger
from deployments.home import CODE, Home, free_port, open_home
from deployments.house import House, running_house
from examples.harbor.generate import generate
from schemas.chronology import Entry
from schemas.incident import Mode

PATIENCE = 240.0
"""Seconds for a run to get anywhere; a process start took up to 25 s on two busy cores."""
PEOPLE = ("mara", "tomas", "ines", "pavel")


@dataclass
class Site:
    """The running house, seen from a test."""

    home: Home
    house: House
    _used: dict[str, int] = field(default_factory=dict)

    def form(self, case_id: str, /, **changes: Any) -> dict[str, Any]:
        """The sample's form for a small community, with cards changed: happened={'ongoing': …}."""
        form: dict[str, Any] = sample_form()
        form["case_id"] = case_id
        form["separate"] = True
        form["reach"] |= {
            "roster_export": "small/members.csv",
            "content_exports": ["small/chat/night-watch.json"],
            "platform_connection": "manual-checklist/default",
        }
        for card, values in changes.items():
            form[card] = form[card] | values if isinstance(values, dict) else values
        return form

    def start(self, deployment: str = "breach-response/respond", **parameters: Any) -> UUID:
        """Start a deployment; returns the run's id."""
        run: Any = run_deployment(deployment, parameters=parameters, timeout=0, as_subflow=False)
        return UUID(str(run.id))

    def run(self, run_id: UUID) -> FlowRun:
        """The run as the server knows it now."""
        with get_client(sync_client=True) as client:
            return client.read_flow_run(run_id)

    def wait(self, run_id: UUID, *names: str) -> FlowRun:
        """Wait until the run is in one of these states; a run that ends otherwise fails the test at once."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            run = self.run(run_id)
            assert run.state is not None
            if run.state.name in names:
                return run
            assert not run.state.is_final(), f"{run.state.name}: {run.state.message}"
            time.sleep(0.2)
        pytest.fail(f"run is {run.state.name} after {PATIENCE:.0f} s, not {names}")

    def wait_for(self, what: Callable[[], bool]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if what():
                return
            time.sleep(0.2)
        pytest.fail(f"not so after {PATIENCE:.0f} s")

    def code(self, person: str, mode: Mode = Mode.REHEARSAL) -> str:
        """A code of this person that was not used yet; waits for the next step when it must."""
        key = f"{person}-{mode}"
        while (step := int(time.time()) // STEP_SECONDS) <= self._used.get(key, 0):
            time.sleep(0.2)
        self._used[key] = step
        return pyotp.TOTP(Registry(self.home.approvers(mode)).read()[person].seed).at(step * STEP_SECONDS)

    def answer(self, run_id: UUID, person: str, decision: str = "approve", code: str | None = None, **more: str) -> Any:
        """Resume a suspended run with an answer; returns the server's own verdict on it."""
        values = {
            "decision": decision,
            "approver": person,
            "code": code or self.code(person),
            "reason": "as the test says",
        } | more
        time.sleep(1.5)  # the process that suspended is still ending
        with get_client(sync_client=True) as client:
            verdict = client.resume_flow_run(run_id, run_input=values)
            print("ANSWER", datetime.now(UTC).time(), person, verdict.status)
            return verdict

    def question(self, run_id: UUID) -> str:
        """The key of the question at which a run waits."""
        run = self.wait(run_id, "Suspended")
        assert run.state is not None
        keyset = run.state.state_details.run_input_keyset
        assert keyset is not None
        return keyset["schema"]

    def asked_anew(self, run_id: UUID, before: str) -> str:
        """Wait for another question than the one before."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            state = self.run(run_id).state
            assert state is not None
            schema = (state.state_details.run_input_keyset or {}).get("schema", "")
            if state.name == "Suspended" and schema not in {"", before}:
                print("ASKED", datetime.now(UTC).time(), before, "->", schema, state.timestamp.time())
                return schema
            assert not state.is_final(), f"{state.name}: {state.message}"
            time.sleep(0.2)
        pytest.fail(f"no new question after {PATIENCE:.0f} s; the run is {state.name}")

    def ledger(self, mode: Mode = Mode.REHEARSAL) -> Ledger:
        """The ledger of a mode."""
        return open_ledger(self.home.ledger_url(mode))

    def store(self, case_id: str, mode: Mode = Mode.REHEARSAL) -> FolderStore:
        """A case's store."""
        return FolderStore(self.home.cases(mode) / case_id)

    def entries(self, case_id: str, mode: Mode = Mode.REHEARSAL) -> tuple[Entry, ...]:
        """The chronology of a case."""
        return chain.read(self.store(case_id, mode))

    def outbox(self, case_id: str, mode: Mode = Mode.REHEARSAL) -> list[str]:
        """Tokens of all files in a case's outbox, one for each file."""
        root = self.home.mode(mode) / "outbox" / case_id
        return sorted(path.name.split(".")[0] for part in ("new", "cur") for path in (root / part).glob("*"))


def sample_form() -> dict[str, Any]:
    """The prefilled form of the sample, as prefect.yaml has it."""
    import yaml

    timetable = yaml.safe_load((CODE / "prefect.yaml").read_text())
    deployment = next(one for one in timetable["deployments"] if one["name"] == "rehearse-sample")
    form: dict[str, Any] = deployment["parameters"]["incident"]
    return form


@contextmanager
def home_at(root: Path, environment: dict[str, str] | None = None) -> Iterator[tuple[Home, int]]:
    """A home with exports and enrolled people, and its port; this process is its client, whether or not it runs."""
    home = open_home(root)
    generate(home.inbox / "small", members=60, messages=300)
    for mode in Mode:
        registry = Registry(home.approvers(mode))
        for number, person in enumerate(PEOPLE):
            now = datetime.now(UTC)
            signer = None
            if number > 1:
                first = registry.read()["mara"]
                signer = ("mara", pyotp.TOTP(first.seed).at(int(now.timestamp())))
            registry.enrol(person, now, signer)
    port = free_port(0)
    before = dict(os.environ)
    os.environ.update(home.environment(port) | (environment or {}))
    try:
        with temporary_settings(
            {
                PREFECT_API_URL: f"http://127.0.0.1:{port}/api",
                PREFECT_API_AUTH_STRING: home.login,
                PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: True,
                PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            }
        ):
            yield home, port
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def site_at(root: Path, environment: dict[str, str] | None = None) -> Iterator[Site]:
    """A house in its own home, with this process as its client."""
    with home_at(root, environment) as (home, port), running_house(home, lambda _line: None, port) as house:
        _name_a_live_sender(home)
        yield Site(home, house)


def _name_a_live_sender(home: Home) -> None:
    """A live case refuses to write in the sample's name; `.internal` is nobody's either."""
    domain = "harbor-watch.internal"
    OutboxMailer(
        folder=str(home.mode(Mode.LIVE) / "outbox"),
        sender_name="Harbor Watch",
        sender_address=f"security@{domain}",
        contact=f"security@{domain}",
    ).save(Mode.LIVE.value, overwrite=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The house that most tests share; each test has a case of its own."""
    with site_at(tmp_path_factory.mktemp("home") / "breach") as running:
        yield running


@pytest.fixture(scope="session")
def site_maker() -> Callable[..., Any]:
    """For a test that needs a house of its own."""
    return site_at


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Home, int]]:
    """For a test that starts and stops houses by itself."""
    with home_at(tmp_path / "home") as made:
        yield made


@pytest.fixture
def site_of() -> type[Site]:
    """A site for a house that the test has started."""
    return Site
