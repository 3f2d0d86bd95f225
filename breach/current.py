"""Reading and moving the pointers of a case: its facts, its current receipts, its key."""

import secrets
from time import sleep

from breach.errors import Conflict, StoreBusy
from breach.store import CaseStore, get_record, put_record
from schemas.base import canonical_json
from schemas.current import Current
from schemas.incident import Case, Facts
from schemas.receipt import Receipt

CURRENT = "current.json"
TRIES = 20
"""Two runs of one case move pointers at most a few times a minute; 20 lost races mean something else is wrong."""
STEP_ASIDE_SECONDS = 0.005
"""Longer after each lost race, 1 s in all: on a slow disk whoever writes in a row wins 20 races without a pause."""


def case_of(store: CaseStore) -> Case | None:
    """The case as opened, or None when there is no case here."""
    held = store.get("case.json")
    return Case.model_validate_json(held.data) if held else None


def facts_of(store: CaseStore) -> Facts:
    """The latest revision of the facts. Raises Conflict when none was written."""
    keys = store.keys("facts/")
    return get_record(store, keys[-1] if keys else "facts/0001.json", Facts)


def all_facts(store: CaseStore) -> tuple[Facts, ...]:
    """Every revision, oldest first."""
    return tuple(get_record(store, key, Facts) for key in store.keys("facts/"))


def add_facts(store: CaseStore, facts: Facts) -> None:
    """Write the next revision. Raises Conflict when somebody else wrote this number with other facts."""
    put_record(store, f"facts/{facts.revision:04d}.json", facts)


def current_of(store: CaseStore) -> Current:
    """The pointers, empty before the first chapter."""
    held = store.get(CURRENT)
    return Current.model_validate_json(held.data) if held else Current()


def set_current(store: CaseStore, name: str, receipt: Receipt) -> None:
    """Point a chapter to this receipt. Raises StoreBusy after losing many races."""
    for lost in range(TRIES):
        sleep(lost * STEP_ASIDE_SECONDS)
        held = store.get(CURRENT)
        now = Current.model_validate_json(held.data) if held else Current()
        if now.receipts.get(name) == receipt:
            return
        fresh = canonical_json(Current(receipts={**now.receipts, name: receipt}))
        try:
            if held is None:
                store.put_new(CURRENT, fresh)
            else:
                store.put_if(CURRENT, fresh, held.etag)
        except Conflict:
            continue
        return
    raise StoreBusy("The case's pointers are being changed by somebody else without pause.", "Nothing was lost.")


def case_key(store: CaseStore) -> bytes:
    """The case's 32 secret bytes, drawn once: they name notices and hash findings. Erased with the members' data."""
    held = store.get("keys/case.key")
    if held is None:
        try:
            store.put_new("keys/case.key", secrets.token_bytes(32))
        except Conflict:
            held = None
        held = store.get("keys/case.key")
    if held is None:
        raise StoreBusy("The case's key was written and cannot be read back.", "Nothing was sent.")
    return held.data
