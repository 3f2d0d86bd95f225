"""This run among Prefect's: its tags, and children started by key."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.runtime import flow_run
from pydantic import BaseModel

from breach.errors import CaseRefused, Conflict
from breach.ledger import Child as ChildRow
from schemas.incident import CaseRef
from tasks.desk import Desk

ATTEMPTS = 20
"""A stage that has failed twenty times needs a person, not another start."""


def tags_of(ref: CaseRef) -> list[str]:
    """How every run of a case is found: by its name and its mode."""
    return [f"case:{ref.case_id}", ref.mode.value]


def tag_run(ref: CaseRef) -> None:
    """Tag this run, and name it after its case. Started by a person, it has neither yet."""
    run_id = flow_run.id
    if run_id is None:
        return
    with get_client(sync_client=True) as client:
        client.update_flow_run(
            UUID(str(run_id)),
            tags=sorted({*flow_run.tags, *tags_of(ref)}),
            name=f"{ref.case_id}-{flow_run.flow_name}-{str(run_id)[:8]}",
        )


@dataclass(frozen=True, slots=True)
class Child:
    """A flow with a lifetime of its own: what to start, and the stage and basis that name it among the case's."""

    deployment: str
    stage: str
    basis: str
    parameters: dict[str, BaseModel]
    at: datetime | None = None
    unfinished: bool = False
    """True: a run that ended well has not done all of it, so it does not count as done."""


def start_child(desk: Desk, child: Child) -> str:
    """Start a flow once: a run found under its key is not started again.

    A key that leads to a failed run is counted up. Returns the run's id. Nobody waits for it.
    Raises CaseRefused after twenty failed attempts.
    """
    case_id, stage, hash12 = desk.ref.case_id, child.stage, child.basis[:12]
    values = {name: value.model_dump(mode="json") for name, value in child.parameters.items()}
    latest = desk.ledger.children.latest(case_id, stage, hash12)
    first = latest.attempt if latest else 1
    for attempt in range(first, first + ATTEMPTS):
        row = ChildRow(case_id, stage, hash12, attempt, "")
        run = cast(
            FlowRun,
            run_deployment(
                child.deployment,
                parameters=values,
                timeout=0,
                scheduled_time=child.at,
                idempotency_key=row.key,
                tags=tags_of(desk.ref),
                as_subflow=False,
            ),
        )
        # A run that was deleted in the UI leaves its key free: the new run answers it, the ledger keeps the first id.
        with suppress(Conflict):
            desk.ledger.children.record_child(replace(row, run_id=str(run.id)), desk.now())
        if not _must_be_repeated(run, unfinished=child.unfinished):
            return str(run.id)
    raise CaseRefused(
        f"{child.deployment} has failed {ATTEMPTS} times for this case.",
        "What was sent stays sent; nothing more is started by itself.",
        "Read the last failed run of it, mend the cause, and start it by hand.",
    )


def _must_be_repeated(run: FlowRun, *, unfinished: bool) -> bool:
    state = run.state
    if state is None:
        return False
    return state.is_failed() or state.is_crashed() or state.is_cancelled() or (unfinished and state.is_completed())
