"""Rounds of looks from outside: kept with their evidence, and compared with the one before."""

from breach.digest import digest_bytes
from breach.errors import Conflict, StoreBusy
from breach.store import CaseStore, get_record, put_same
from schemas.base import canonical_json
from schemas.probing import Look, ProbeRound, Standing

PROBES = "probes/"
TRIES = 100


def rounds_of(store: CaseStore) -> tuple[ProbeRound, ...]:
    """Every round, oldest first."""
    return tuple(get_record(store, key, ProbeRound) for key in store.keys(PROBES))


def were_open(rounds: tuple[ProbeRound, ...]) -> frozenset[str]:
    """Addresses that some round has found open."""
    return frozenset(look.url for one in rounds for look in one.looks if look.standing is Standing.ONGOING)


def keep_round(
    store: CaseStore, case_id: str, by: str, looks: tuple[Look, ...], bodies: tuple[bytes, ...]
) -> ProbeRound:
    """Keeps the bodies as evidence and the round under the next free number. Raises StoreBusy after 100 lost races."""
    for body in bodies:
        if body:
            put_same(store, f"evidence/{digest_bytes(body)}", body)
    first = len(store.keys(PROBES)) + 1
    for n in range(first, first + TRIES):
        found = ProbeRound(case_id=case_id, n=n, by=by, looks=looks)
        try:
            store.put_new(f"{PROBES}{n:04d}.json", canonical_json(found))
        except Conflict:
            continue
        return found
    raise StoreBusy("The probes moved on while a round was to be written.", "The evidence is kept.")


def changes_between(before: ProbeRound | None, now: ProbeRound) -> list[str]:
    """Which addresses stand otherwise than before, by their number on the form; of a first round, those not fixed."""
    known = {look.url: look.standing for look in before.looks} if before else {}
    return [
        f"address {number} is {look.standing.value}"
        + (f", it was {known[look.url].value}" if look.url in known else "")
        for number, look in enumerate(now.looks, start=1)
        if known.get(look.url, Standing.FIXED if before is None else None) is not look.standing
    ]
