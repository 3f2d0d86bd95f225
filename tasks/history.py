"""The run history of a case, read through Prefect's API and kept as records of our own: Prefect's is a view."""

import time
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterTags,
    LogFilter,
    LogFilterFlowRunId,
    TaskRunFilter,
    TaskRunFilterFlowRunId,
)
from prefect.client.schemas.objects import Artifact, FlowRun, Log, State, TaskRun
from prefect.client.schemas.sorting import FlowRunSort, LogSort, TaskRunSort
from prefect.exceptions import ObjectNotFound

from schemas.dossier import ArtifactRecord, LogRecord, RunRecord, StateRecord, TaskRecord
from schemas.incident import CaseRef

PAGE = 200
"""The server's limit of rows in one answer."""
SETTLE_SECONDS = 20.0
"""The run that starts an export ends seconds later; nothing here waits longer than a minute."""


def settled_runs(ref: CaseRef, own_run: str, ours: Collection[str]) -> tuple[RunRecord, ...]:
    """Every run tagged with the case but this one, oldest first; those not settled are marked so.

    ours: our own addresses, which stand in every notice; they are named as such, so that no member's hides among them.
    """
    with get_client(sync_client=True) as client:
        deadline = time.monotonic() + SETTLE_SECONDS
        runs = _runs(client, ref, own_run)
        while any(_is_working(run) for run in runs) and time.monotonic() < deadline:
            time.sleep(1)
            runs = _runs(client, ref, own_run)
        names = {id_: _deployment(client, id_) for id_ in {run.deployment_id for run in runs} if id_}
        flows = {id_: client.read_flow(id_).name for id_ in {run.flow_id for run in runs}}
        return tuple(
            _named(
                _record(client, run, flows[run.flow_id], names.get(run.deployment_id, "") if run.deployment_id else ""),
                ours,
            )
            for run in runs
        )


def _runs(client: SyncPrefectClient, ref: CaseRef, own_run: str) -> list[FlowRun]:
    tagged = FlowRunFilter(tags=FlowRunFilterTags(all_=[f"case:{ref.case_id}"]))
    found: list[FlowRun] = []
    while page := client.read_flow_runs(
        flow_run_filter=tagged, sort=FlowRunSort.START_TIME_ASC, limit=PAGE, offset=len(found)
    ):
        found += page
    return [run for run in found if str(run.id) != own_run and run.state is not None and not run.state.is_scheduled()]


def _named(run: RunRecord, ours: Collection[str]) -> RunRecord:
    artifacts = []
    for artifact in run.artifacts:
        body = artifact.body
        for address in ours:
            body = body.replace(address, "(our own address)")
        artifacts.append(artifact.model_copy(update={"body": body}))
    return run.model_copy(update={"artifacts": tuple(artifacts)})


def _deployment(client: SyncPrefectClient, deployment_id: UUID) -> str:
    try:
        return client.read_deployment(deployment_id).name
    except ObjectNotFound:  # somebody has deleted it; its runs are still there
        return "(deleted)"


def _is_working(run: FlowRun) -> bool:
    return run.state is not None and (run.state.is_running() or run.state.is_pending())


def _record(client: SyncPrefectClient, run: FlowRun, flow: str, deployment: str) -> RunRecord:
    logs = _logs(client, run.id)
    tasks = _tasks(client, run.id)
    names = {task.id: task.name for task in tasks}
    return RunRecord(
        run_id=str(run.id),
        name=run.name,
        flow=flow,
        deployment=deployment,
        tags=tuple(sorted(run.tags)),
        settled=run.state is not None and (run.state.is_final() or run.state.is_paused()),
        states=_states(client.read_flow_run_states(run.id)),
        tasks=tuple(
            TaskRecord(task_run_id=str(task.id), name=task.name, states=_states([task.state] if task.state else []))
            for task in tasks
        ),
        logs=tuple(
            LogRecord(
                at=line.timestamp,
                level=_level(line.level),
                message=line.message,
                task=names.get(line.task_run_id, "") if line.task_run_id else "",
            )
            for line in logs
        ),
        artifacts=tuple(_artifact(found) for found in _artifacts(client, run.id)),
    )


def _states(states: list[State[Any]]) -> tuple[StateRecord, ...]:
    ordered = sorted(states, key=lambda state: state.timestamp)
    return tuple(
        StateRecord(at=state.timestamp, name=state.name or "", message=state.message or "") for state in ordered
    )


def _logs(client: SyncPrefectClient, run_id: UUID) -> list[Log]:
    wanted = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run_id]))
    found: list[Log] = []
    while page := client.read_logs(wanted, limit=PAGE, offset=len(found), sort=LogSort.TIMESTAMP_ASC):
        found += page
    return found


def _tasks(client: SyncPrefectClient, run_id: UUID) -> list[TaskRun]:
    wanted = TaskRunFilter(flow_run_id=TaskRunFilterFlowRunId(any_=[run_id]))
    found: list[TaskRun] = []
    while page := client.read_task_runs(
        task_run_filter=wanted, sort=TaskRunSort.EXPECTED_START_TIME_ASC, limit=PAGE, offset=len(found)
    ):
        found += page
    return found


def _artifacts(client: SyncPrefectClient, run_id: UUID) -> list[Artifact]:
    """The newest version of each artifact this run made."""
    found = client.read_artifacts(
        artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id])),
        flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])),
        limit=PAGE,
    )
    newest: dict[str, list[Artifact]] = defaultdict(list)
    for artifact in found:
        newest[artifact.key or str(artifact.id)].append(artifact)
    return [max(versions, key=lambda one: str(one.created)) for _, versions in sorted(newest.items())]


def _artifact(found: Artifact) -> ArtifactRecord:
    return ArtifactRecord(
        key=found.key or str(found.id),
        kind=found.type or "",
        body=str(found.data or ""),
        description=found.description or "",
        at=_made_at(found),
    )


def _level(number: int) -> str:
    return {10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical"}.get(number, str(number))


def _made_at(found: Artifact) -> datetime:
    """The server dates every artifact it stores. Raises RuntimeError for one it has not stored."""
    if found.created is None:
        raise RuntimeError("an artifact without a date came from the server")
    return found.created
