"""The chain: one object per entry, each with the digest of the one before. Nothing is ever replaced."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from breach.digest import digest_bytes, digest_record
from breach.errors import Conflict, StoreBusy, Tampered
from breach.store import CaseStore
from schemas.base import Digest, canonical_json
from schemas.chronology import GENESIS, Entry, EntryKind, Mark

AREA = "chronology/"
DIGITS = 8
ATTEMPTS = 500
"""Each lost race means that another writer got one entry further; 500 in a row mean that something is wrong."""


def append(
    store: CaseStore,
    case_id: str,
    kind: EntryKind,
    text: str,
    *,
    at: datetime,
    actor: str,
    run_id: str = "",
    digests: Mapping[str, Digest] | None = None,
    counts: Mapping[str, int] | None = None,
    once: str = "",
) -> Entry:
    """Write the next entry and return it; with `once`, return the entry that already bears this marker instead.

    Writers at the same time queue up behind each other; they never fork the chain. An append goes on behind the
    highest number even when an entry in the middle is gone: the emergency is recorded, and verify names the gap.
    Raises StoreBusy when the store does not answer, or after 500 lost races; Tampered when the last entry
    cannot be read.
    """
    n, digest = head(store)
    if once:
        after = _mark(store, once, n)
        found = _find(store, once, range(after + 1, n + 1))
        if found is not None:
            return found
    for _ in range(ATTEMPTS):
        entry = Entry(
            n=n + 1,
            case_id=case_id,
            at=at,
            kind=kind,
            text=text,
            actor=actor,
            run_id=run_id,
            digests=dict(digests or {}),
            counts=dict(counts or {}),
            once=once,
            previous=digest,
        )
        if _put(store, entry):
            return entry
        other = _entry(store, entry.n)
        if once and other.once == once:
            return other
        n, digest = other.n, digest_record(other)
    raise StoreBusy(
        f"The chronology moved on {ATTEMPTS} times while one entry was to be written.",
        "That entry was not written; all others are kept.",
        "Run the step again.",
    )


def read(store: CaseStore) -> tuple[Entry, ...]:
    """All entries in order. Raises Tampered when one is not readable in its canonical form."""
    return tuple(_entry(store, n) for n in _numbers(store))


def head(store: CaseStore) -> tuple[int, Digest]:
    """Number and digest of the last entry: (0, 64 zeros) before the first."""
    numbers = _numbers(store)
    if not numbers:
        return 0, GENESIS
    return numbers[-1], digest_record(_entry(store, numbers[-1]))


def verify(entries: Sequence[Entry], expected: tuple[int, Digest] | None = None) -> None:
    """Check number, case and digest of every entry against the one before.

    expected: a head kept elsewhere (number, digest). Without it, entries cut off at the end are not noticed.
    Raises Tampered naming the first entry that does not fit.
    """
    previous = GENESIS
    seen = {0: GENESIS}
    for n, entry in enumerate(entries, start=1):
        if entry.n != n:
            raise _broken(n, f"stands as number {entry.n}; one is missing or out of place")
        if entry.case_id != entries[0].case_id:
            raise _broken(n, "belongs to another case")
        if entry.previous != previous:
            raise _broken(n, f"does not follow from entry {n - 1}; one of the two was changed")
        previous = seen[n] = digest_record(entry)
    if expected is not None and seen.get(expected[0]) != expected[1]:
        raise _broken(expected[0], "is missing or does not have the digest that was kept elsewhere")


def _numbers(store: CaseStore) -> list[int]:
    """Numbers of all entries, ascending: a listing of names, no object is read."""
    names = (key.removeprefix(AREA).removesuffix(".json") for key in store.keys(AREA))
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def _key(n: int) -> str:
    return f"{AREA}{n:0{DIGITS}d}.json"


def _entry(store: CaseStore, n: int) -> Entry:
    held = store.get(_key(n))
    if held is None:
        raise _broken(n, "is missing")
    try:
        entry = Entry.model_validate_json(held.data)
    except ValidationError:
        raise _broken(n, "cannot be read") from None
    if entry.n != n or digest_bytes(held.data) != digest_record(entry):
        raise _broken(n, "is not in the form it was written in")
    return entry


def _put(store: CaseStore, entry: Entry) -> bool:
    """True when this entry is in the chain. A lost answer is settled by looking, not by guessing."""
    data = canonical_json(entry)
    try:
        store.put_new(_key(entry.n), data)
    except Conflict:
        return False
    except StoreBusy:
        held = store.get(_key(entry.n))
        if held is None:
            raise
        return held.data == data
    return True


def _mark(store: CaseStore, once: str, n: int) -> int:
    """Where the search for `once` begins. The first to ask leaves the mark; everybody after reads it.

    The mark comes before the entry, so that a kill between the two costs a search and never an entry.
    """
    key = f"marks/{digest_bytes(once.encode())}.json"
    try:
        store.put_new(key, canonical_json(Mark(once=once, after=n)))
    except Conflict:
        held = store.get(key)
        return Mark.model_validate_json(held.data).after if held else 0
    return n


def _find(store: CaseStore, once: str, numbers: Iterable[int]) -> Entry | None:
    for n in numbers:
        if store.get(_key(n)) is not None and (entry := _entry(store, n)).once == once:
            return entry
    return None


def _broken(n: int, how: str) -> Tampered:
    return Tampered(
        f"The chronology does not hold: entry {n} {how}.",
        "Nothing was changed by this check.",
        "Compare with the heads shown at gates and alerts, and with the last dossier, to see since when.",
    )
