"""Who must know: a run has failed, a gate waits, a clock runs out, a wave did not go on."""

from datetime import datetime, timedelta
from typing import Any

from prefect import get_run_logger
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from pydantic import ValidationError

from blocks.case_root import load_root
from breach.chronology import chain
from breach.current import case_of
from breach.errors import BreachError
from schemas.chronology import EntryKind
from schemas.incident import CaseRef, Mode
from tasks.chapter import step
from tasks.clocks import ring_clocks
from tasks.desk import Desk, open_desk

LATE_WAVE = timedelta(minutes=10)
"""A worker that polls every 2 s starts a wave within a minute; ten mean that none is running."""


def alert_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell the people on duty that a run has failed, and let its case go. A hook: it runs where the run ran."""
    ref = _case_in(flow_run.parameters)
    if ref is None:
        return
    desk = open_desk(ref)
    sentence = f"{flow.name} has ended as {state.name}: {state.message or 'no message'} Open the run {flow_run.id}."
    desk.root.alerts().tell(ref.case_id, f"run-{flow_run.id}", sentence, desk.now())
    desk.ledger.leases.release_case(ref.case_id, str(flow_run.id), desk.now())
    if case_of(desk.store) is not None:
        desk.note(EntryKind.ALERT, f"Run {flow_run.id} of {flow.name} has ended as {state.name}.", actor=flow.name)


@step("watch-cases")
def watch_cases() -> int:
    """Look at every open case of both modes; returns how many alerts were new."""
    told = 0
    for mode in Mode:
        cases = load_root(mode).store()
        for case_id in cases.cases():
            if cases.open(case_id).get("closed.json") is None:
                told += _watch_safely(CaseRef(case_id=case_id, mode=mode))
    get_run_logger().info("%s new alerts", told)
    return told


def _watch_safely(ref: CaseRef) -> int:
    """One damaged case must not blind the watch for all others; that it is damaged is an alert itself."""
    desk = open_desk(ref)
    try:
        return _watch(desk)
    except (BreachError, ValueError) as error:
        said = str(error) if isinstance(error, BreachError) else "a record of it cannot be read."
        desk.root.alerts().tell(ref.case_id, "damaged", f"The watch could not read this case: {said}", desk.now())
        return 1


def _watch(desk: Desk) -> int:
    now = desk.now()
    told = ring_clocks(desk, now)
    for key, sentence in [*_waiting_gates(desk), *_stuck_waves(desk, now)]:
        if desk.ledger.alerts.first_time(desk.ref.case_id, key, now):
            desk.root.alerts().tell(desk.ref.case_id, key, sentence, now)
            desk.note(EntryKind.ALERT, sentence, once=f"alert:{key}")
            told += 1
    return told


def _waiting_gates(desk: Desk) -> list[tuple[str, str]]:
    """The newest question that nobody has answered."""
    entries = [entry for entry in chain.read(desk.store) if entry.kind.value.startswith(("gate", "answer", "handed"))]
    if not entries or entries[-1].kind is not EntryKind.GATE_ASKED:
        return []
    return [
        (
            f"waiting-{entries[-1].n}-{desk.now():%Y-%m-%d}",
            f"A gate has been waiting since {entries[-1].at:%Y-%m-%d %H:%M} UTC.",
        )
    ]


def _stuck_waves(desk: Desk, now: datetime) -> list[tuple[str, str]]:
    """Waves whose time has come and that did not go on, and chunks in doubt."""
    found: list[tuple[str, str]] = []
    for message in desk.ledger.messages.of_case(desk.ref.case_id):
        rows = [desk.ledger.waves.row(key) for key in desk.ledger.messages.waves_of(desk.ref.case_id, message)]
        for before, row in zip([None, *rows], rows, strict=False):
            due = before.next_at if before else None
            if row.closed_at is None and due is not None and now - due > LATE_WAVE:
                found.append(
                    (f"late-{message}-{row.key.n}", f"Wave {row.key.n} of {message} has not gone on; start send-wave.")
                )
        for key in desk.ledger.messages.unsettled(desk.ref.case_id, message):
            expires = desk.ledger.waves.row(key).expires_at
            if expires is not None and expires < now:
                found.append(
                    (f"doubt-{message}-{key.n}", f"Wave {key.n} of {message} holds chunks in doubt; start send-wave.")
                )
    return found


def _case_in(parameters: dict[str, Any]) -> CaseRef | None:
    """The case a run's parameters name, whichever form they are; None for a run of no case."""
    for form in parameters.values():
        values = form if isinstance(form, dict) else getattr(form, "__dict__", {})
        try:
            return CaseRef.named(str(values["case_id"]), Mode(values.get("mode", Mode.REHEARSAL)))
        except (KeyError, ValueError, ValidationError, BreachError):
            continue
    return None
