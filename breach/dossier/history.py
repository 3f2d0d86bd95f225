"""The run history: exported runs, in a steady order, without anything that looks like an address."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schemas.dossier import RunRecord

ADDRESS = re.compile(r"[^\s@<>\"'(),;:\[\]]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""Generous on purpose: it is the last line, behind receipts that hold no rows and a log filter."""
REMOVED = "«address removed»"


@dataclass(frozen=True, slots=True)
class History:
    """Runs by the name of their file, and how many strings were taken out."""

    runs: dict[str, RunRecord]
    removed: int


def began(run: RunRecord) -> datetime | None:
    """When the first state was set."""
    return min((state.at for state in run.states), default=None)


def ended(run: RunRecord) -> datetime | None:
    """When the last state was set."""
    return max((state.at for state in run.states), default=None)


def last_state(run: RunRecord) -> str:
    """Name of the last state."""
    return max(run.states, key=lambda state: state.at).name if run.states else "no state"


def attempts(run: RunRecord) -> int:
    """How often it went to work: more than once after a retry or a resumption."""
    return sum(state.name.lower() in {"running", "retrying"} for state in run.states)


def clean_history(runs: tuple[RunRecord, ...]) -> History:
    """Sort runs by their beginning, number them, and remove what looks like an address from all their free text."""
    removed = 0

    def hide(_: re.Match[str]) -> str:
        nonlocal removed
        removed += 1
        return REMOVED

    def clean(run: RunRecord) -> RunRecord:
        # The record is walked as a whole, so that a field added later is cleaned as well.
        return RunRecord.model_validate(_mapped(run.model_dump(mode="json"), lambda text: ADDRESS.sub(hide, text)))

    ordered = sorted(runs, key=lambda run: (str(began(run) or ""), run.run_id))
    named = {f"history/{n:04d}.json": clean(run) for n, run in enumerate(ordered, start=1)}
    return History(named, removed)


def _mapped(value: object, clean: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _mapped(item, clean) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, clean) for item in value]
    return value
