"""Answers the gates of rehearsals as two people would: reads that a run waits, opens an authenticator, resumes it.

Run as a process of its own, with the environment of the house: python -m examples.approvers.play APPROVERS_FILE
Flow code knows no difference between this and two people in the UI. It refuses a live approvers file.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateName, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun
from prefect.flow_runs import resume_flow_run

from breach.approvers import STEP_SECONDS, Registry

POLL_SECONDS = 0.5
READING_SECONDS = 1.0
"""Nobody answers faster than this; the run's process has ended by then."""
GATE_ORDER = ("content", "sending")


def waiting(client: SyncPrefectClient) -> list[FlowRun]:
    """Rehearsal runs that wait at a gate."""
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Suspended"])),
            tags=FlowRunFilterTags(all_=["rehearsal"]),
        )
    )


def gate_of(run: FlowRun) -> str:
    """Which gate a run waits at: its suspension key is gate-<message>-<gate>-<hash>-<n>."""
    keyset = run.state.state_details.run_input_keyset if run.state else None
    name = (keyset or {}).get("schema", "")
    return next((gate for gate in GATE_ORDER if f"-{gate}-" in name), "")


def answer(registry: Registry, run: FlowRun, used: set[tuple[str, int]]) -> str:
    """Answer one gate as the person whose turn it is; returns a line for the terminal, empty when not answered yet."""
    if run.state is None or (datetime.now(UTC) - run.state.timestamp).total_seconds() < READING_SECONDS:
        return ""
    gate = gate_of(run)
    people = sorted(registry.read())
    if not gate or len(people) < len(GATE_ORDER):
        return ""
    person = people[GATE_ORDER.index(gate)]
    step = int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    if (person, step) in used:  # each code works once: wait for the next one, as a person must
        return ""
    code = pyotp.TOTP(registry.read()[person].seed).at(step * STEP_SECONDS)
    try:
        resume_flow_run(
            run.id,
            run_input={
                "decision": "approve",
                "approver": person,
                "code": code,
                "reason": f"Rehearsal: {person} has read the sample and the counts.",
            },
        )
    except RuntimeError:  # the form's schema is saved a moment after the state: asked again
        return ""
    used.add((person, step))
    return f"{person} approved at the gate '{gate}'"


def main() -> None:
    """Watch until ended."""
    path = Path(sys.argv[1])
    if "rehearsal" not in path.name:
        sys.exit("This plays approvers of rehearsals only.")
    registry, used = Registry(path), set[tuple[str, int]]()
    while True:
        with get_client(sync_client=True) as client:
            for run in waiting(client):
                if line := answer(registry, run, used):
                    sys.stdout.write(line + "\n")
                    sys.stdout.flush()
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main()
