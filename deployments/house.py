"""Server and workers together: brought up, drained, taken down."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from deployments import bootstrap
from deployments.applied import refuse_leaving_cases
from deployments.automations import install_automations
from deployments.home import Home
from deployments.processes import Child, end_flow_process, start_server, start_worker

DRAIN_SECONDS = 60
"""A chunk of 1,000 notices takes seconds; a chapter of the sample less than ten."""

Say = Callable[[str], None]


@dataclass(slots=True)
class House:
    """A running server with its workers."""

    home: Home
    port: int
    children: list[Child] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where the UI is."""
        return f"http://127.0.0.1:{self.port}"

    def fallen(self) -> list[str]:
        """Names of children that have ended by themselves."""
        return [child.name for child in self.children if not child.alive()]

    def drain(self, say: Say, seconds: float = DRAIN_SECONDS) -> list[str]:
        """Pause the pools and wait for what runs; returns the names of the runs that had to be ended."""
        with get_client(sync_client=True) as client:
            for pool in bootstrap.POOLS:
                client.update_work_pool(pool, WorkPoolUpdate(is_paused=True))
            until = time.monotonic() + seconds
            while (left := _working(client.read_flow_runs)) and time.monotonic() < until:
                say(f"{len(left)} runs are still working; waiting up to {until - time.monotonic():.0f} s")
                time.sleep(2)
            _end(client, left, "Ended while shutting down.")
        return [run.name for run in left]

    def stop(self) -> None:
        """Stop the workers, then the server."""
        for child in reversed(self.children):
            child.stop()


def _end(client: SyncPrefectClient, runs: list[FlowRun], why: str) -> None:
    """End the processes first, then say so: a run marked as crashed whose process goes on is the worst of both."""
    for run in runs:
        end_flow_process(str(run.id), run.infrastructure_pid)
        client.set_flow_run_state(run.id, Crashed(message=why), force=True)


def bury_the_dead() -> int:
    """Mark what a killed house left as running; Prefect would wait for it for ever. Returns how many runs.

    Called while no worker runs and the home is locked: nothing of it can be at work but a process that lost its house.
    """
    with get_client(sync_client=True) as client:
        left = _working(client.read_flow_runs)
        _end(client, left, "Its house had ended. Start the case again: it continues.")
    return len(left)


def _working(read: Callable[..., list[FlowRun]]) -> list[FlowRun]:
    busy = FlowRunFilter(
        state=FlowRunFilterState(
            type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
        )
    )
    return read(flow_run_filter=busy)


@contextmanager
def running_house(home: Home, say: Say, port: int) -> Iterator[House]:
    """A house that is up for the length of a block: server, pools, blocks, deployments, workers.

    This process must have been given home.environment(port) before Prefect was imported: it is a client, too.
    Raises BadInput before anything is started when walls.toml would leave open cases behind.
    """
    house = House(home, port)
    lock = home.lock()
    try:
        refuse_leaving_cases(home)
        say(f"starting the Prefect server on port {port}")
        house.children.append(start_server(home, port))
        if dead := bury_the_dead():
            say(f"{dead} runs had lost their house; start their cases again, they continue")
        say("making pools, starting the workers")
        bootstrap.make_pools()
        with get_client(sync_client=True) as client:
            install_automations(client)
        for pool in bootstrap.POOLS:
            house.children.append(start_worker(home, port, pool))
        say("deploying prefect.yaml, registering blocks")
        with bootstrap.deploying_all(home, home.environment(port)):
            bootstrap.register_blocks(home)
        yield house
    finally:
        house.stop()
        lock.close()
