"""What closing and lifting both write down, and the rule that both keep: a rehearsal touches nothing real."""

from datetime import datetime

from pydantic import BaseModel

from breach.errors import BadInput, Conflict
from breach.platforms.platform import Platform
from breach.steps import Work
from breach.store import CaseStore, get_record, put_record
from schemas.base import canonical_json
from schemas.containment import Action, Intent
from schemas.incident import Mode


def folder(work: Work) -> str:
    """Where this revision's containment is kept."""
    return f"containment/{work.revision}"


def hands_off(work: Work, platform: Platform) -> bool:
    """Whether this case must not change anything on this platform: a rehearsal on anything but the imitation."""
    return work.case.mode is Mode.REHEARSAL and not platform.is_imitation


def require_zone(at: datetime) -> None:
    """Raises BadInput for a time without a zone."""
    if at.utcoffset() is None:
        raise BadInput(
            "The time of an action has no zone.", "Nothing was changed.", "Give it with a zone, such as UTC."
        )


def write_once(store: CaseStore, key: str, record: BaseModel) -> None:
    """Write a record that holds a time; the one that another run wrote first stands."""
    try:
        store.put_new(key, canonical_json(record))
    except Conflict:
        return


def intend(work: Work, action: Action, before: str, after: str) -> None:
    """What stood there is what restoring puts back. A change by others after a kill makes a further intent."""
    known = _intent_keys(work.store, work.revision, action.n)
    intent = Intent(action=action.n, before=before, after=after)
    if known and get_record(work.store, known[-1], Intent) == intent:
        return
    put_record(work.store, f"{folder(work)}/intents/{action.n:03d}/{len(known):02d}.json", intent)


def last_intent(store: CaseStore, revision: str, n: int) -> Intent | None:
    """What was last replaced by an action, or None when it never changed anything."""
    known = _intent_keys(store, revision, n)
    return get_record(store, known[-1], Intent) if known else None


def _intent_keys(store: CaseStore, revision: str, n: int) -> list[str]:
    return store.keys(f"containment/{revision}/intents/{n:03d}/")
