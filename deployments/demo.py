"""The whole way on the sample community, as a stranger would see it: one command, one summary, one verdict."""

import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from types import FrameType

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.deployments import run_deployment
from rich.console import Console
from rich.status import Status

from breach.approvers import Registry
from breach.chronology import chain
from breach.errors import BadInput
from deployments import bootstrap, summary
from deployments.grown import grown
from deployments.home import CODE, Home
from deployments.house import House, running_house
from deployments.processes import start
from deployments.sample_site import sample_platform
from deployments.walls import case_stores
from schemas.chronology import EntryKind
from schemas.incident import Mode

CASE = "rehearsal-harbor"
SAMPLE = "breach-response/rehearse-sample"
PATIENCE_SECONDS = 600
RUNS_EVERY = 10
"""Turns of half a second: the server shares two cores with the runs it would be asked about."""


def run_demo(home: Home, port: int) -> int:
    """Run the sample case from the form to the dossier; 0 only when the books balance and the dossier verifies."""
    console = Console()
    began = time.monotonic()
    console.print("[bold]breach-response[/]: a rehearsal with an invented community. Nothing leaves this machine.\n")
    with console.status("…") as status:

        def say(sentence: str) -> None:
            status.update(sentence)
            console.print(f"[dim]{time.monotonic() - began:5.0f} s[/]  {sentence}")

        with (
            ending_when_told(),
            grown(home, say),
            running_house(home, say, port) as house,
            _ending_runs(house, say),
            _people_and_platform(home, house, say),
        ):
            say(f"starting {SAMPLE}")
            run_deployment(SAMPLE, timeout=0, as_subflow=False)
            _follow(home, house, status, say)
            return summary.print_summary(console, home, CASE, time.monotonic() - began)


@contextmanager
def ending_when_told() -> Iterator[None]:
    """SIGTERM, or a terminal that goes away, leaves the block as Ctrl-C does: through everybody's `finally`.

    Said again while everything is being stopped, it changes nothing: what is left half-way would never be stopped.
    What the one who started it has ignored, as nohup does with SIGHUP, stays ignored.
    """
    told: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        if len(told) == 1:
            sys.exit(128 + number)

    heeded = [sign for sign in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(sign) is not signal.SIG_IGN]
    before = {sign: signal.signal(sign, leave) or signal.SIG_DFL for sign in heeded}
    try:
        yield
    finally:
        for sign, held in before.items():
            signal.signal(sign, held)


@contextmanager
def _ending_runs(house: House, say: "summary.Say") -> Iterator[None]:
    """Runs have sessions of their own, and would go on without their workers when the demonstration is broken off."""
    try:
        yield
    except (SystemExit, KeyboardInterrupt):
        if not house.fallen():
            house.drain(say, 0)
        raise


@contextmanager
def _people_and_platform(home: Home, house: House, say: "summary.Say") -> Iterator[None]:
    """The sample's surroundings: exports in the inbox, the platform's imitation, two people with authenticators."""
    shutil.copytree(CODE / "examples" / "harbor" / "data", home.inbox / "harbor", dirs_exist_ok=True)
    registry = Registry(home.approvers(Mode.REHEARSAL))
    for person in ("mara", "tomas"):
        registry.enrol(person, datetime.now(UTC))
    say("starting the platform's imitation and the two approvers")
    environment = {**home.environment(house.port), "PYTHONPATH": str(CODE)}
    people = start(home, "approvers", ["examples.approvers.play", str(home.approvers(Mode.REHEARSAL))], environment)
    try:
        with sample_platform(home, house.port) as address:
            bootstrap.connect_imitation(address, home.secret("imitation-key"))
            yield
    finally:
        people.stop(2)


def _follow(home: Home, house: House, status: Status, say: "summary.Say") -> None:
    """Print the chronology as it grows, until the dossier is there. Raises BadInput when a run fails or time is up."""
    store = case_stores(home, Mode.REHEARSAL).open(CASE)
    seen = 0
    until = time.monotonic() + PATIENCE_SECONDS
    for turn in count():
        if time.monotonic() > until:
            break
        entries = chain.read(store)
        for entry in entries[seen:]:
            say(f"[cyan]{entry.kind.value:>24}[/]  {entry.text}")
        seen = len(entries)
        if entries and entries[-1].kind is EntryKind.DOSSIER:
            return
        if turn % RUNS_EVERY == 0:
            _raise_for_failed_runs(home, house)
        status.update("working…")
        time.sleep(0.5)
    raise BadInput(f"The demonstration did not end within {PATIENCE_SECONDS} s.", "", f"Read {home.root / 'logs'}.")


def _raise_for_failed_runs(home: Home, house: House) -> None:
    if fallen := house.fallen():
        raise BadInput(f"{', '.join(fallen)} ended by itself.", "", f"Read {home.root / 'logs'}.")
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[f"case:{CASE}"])))
    for run in runs:
        if run.state and (run.state.is_failed() or run.state.is_crashed()):
            raise BadInput(
                f"Run {run.name} has ended as {run.state.name}: {run.state.message}", "", f"Read {home.root / 'logs'}."
            )
