"""Numbering follow-ups: one number for one slot, however often its run is started or replayed."""

from datetime import date, timedelta

from breach.errors import Conflict, StoreBusy
from breach.store import CaseStore, get_record
from schemas.base import canonical_json
from schemas.notice import UpdateClaim

TRIES = 50


def claim_update(store: CaseStore, slot: str, wanted: int, on: date) -> UpdateClaim:
    """The update that belongs to a slot (a scheduled day, or a run started by a person), claimed once.

    wanted: 0 for the next free number. Raises Conflict when another slot holds the number that was asked for.
    """
    for _ in range(TRIES):
        claims = claimed_updates(store)
        for claim in claims:
            if claim.slot == slot:
                return claim
        number = wanted or max((claim.number for claim in claims), default=0) + 1
        if any(claim.number == number for claim in claims):
            raise Conflict(
                f"Update {number} was started before.",
                "Nothing was written or sent.",
                "Start it with number 0 for the next one, or continue the run that began it.",
            )
        claim = UpdateClaim(number=number, slot=slot, claimed_on=on)
        try:
            store.put_new(f"updates/{number:03d}/claim.json", canonical_json(claim))
        except Conflict:
            continue
        return claim
    raise StoreBusy("Updates are being claimed by somebody else without pause.", "Nothing was written or sent.")


def claimed_updates(store: CaseStore) -> list[UpdateClaim]:
    """All claims so far, by number."""
    keys = (key for key in store.keys("updates/") if key.endswith("/claim.json"))
    return [get_record(store, key, UpdateClaim) for key in keys]


def next_promised(promised_on: date, claimed_on: date, every_days: int, promised: int) -> date | None:
    """The next day of the rhythm after an update was begun; None after the last one.

    promised_on: when the rhythm was put on the calendar; its first day is every_days later. An update that a person
    starts between two of its days moves none of them.
    """
    days = (promised_on + timedelta(days=every_days * n) for n in range(1, promised + 1))
    return next((day for day in days if day > claimed_on), None)
