"""Promise 1 in numbers: affected = notified + unreachable + excluded + pending, counted one person at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from breach.errors import Tampered
from breach.ledger import ChunkRow, Ledger
from breach.sending.chunk_files import folder_of, read_table, texts
from breach.sending.plan import Told
from breach.store import CaseStore, get_record
from schemas.receipt import Receipt
from schemas.recipients import Books, ListManifest
from schemas.sending import ChunkState, WaveName


class Fate(StrEnum):
    """What became of one notice."""

    NOTIFIED = "notified"
    PRESUMED = "notified, presumed: accepted long ago without a bad sign"
    REFUSED = "unreachable: the mailer refused it"
    IN_DOUBT = "pending: asked for, the answer is unknown"
    ACCEPTED = "pending: accepted, not yet old enough to be presumed"
    PENDING = "pending"


NOTIFIED = frozenset({Fate.NOTIFIED, Fate.PRESUMED})
_STRENGTH = (Fate.NOTIFIED, Fate.PRESUMED, Fate.ACCEPTED, Fate.IN_DOUBT, Fate.REFUSED, Fate.PENDING)
"""When two plans say different things of one token, the first in this order is true: an acceptance cannot be undone."""


@dataclass(frozen=True, slots=True)
class TokenOutcome:
    """One notice and its fate; reason is the mailer's word for a refusal."""

    token: str
    fate: Fate
    wave: str
    at: datetime | None
    reason: str = ""


def count_books(
    store: CaseStore,
    ledger: Ledger,
    case_id: str,
    message: str,
    recipients: Receipt,
    *,
    now: datetime,
    presume_after_hours: int = 72,
) -> Books:
    """The books of a message over the frozen list, in members.

    Each column is counted by itself; none is what the others leave over. Raises Tampered when the list does not
    name as many members as its manifest.
    """
    manifest = get_record(store, recipients.key, ListManifest)
    listed = read_table(store, f"{folder_of(recipients)}/recipients.parquet")
    apart = texts(read_table(store, f"{folder_of(recipients)}/quarantine.parquet"), "kind")
    fates = _fates(store, ledger, case_id, message, now=now, hours=presume_after_hours)
    members = dict.fromkeys(Fate, 0)
    ids: set[str] = set()
    for token, member_ids in zip(texts(listed, "token"), listed.column("member_ids").to_pylist(), strict=True):
        found = fates.get(token)
        members[found.fate if found else Fate.PENDING] += len(member_ids or ())
        ids.update(member_ids or ())
    if len(ids) != sum(members.values()) or len(ids) + len(apart) != manifest.affected:
        raise Tampered(
            f"The list names {sum(members.values())} members and {len(apart)} others; "
            f"its manifest says {manifest.affected} affected.",
            "The books were not counted.",
            "Compare the list with its digest in the approval.",
        )
    notified = members[Fate.NOTIFIED] + members[Fate.PRESUMED]
    return Books(
        affected=manifest.affected,
        notified=notified,
        presumed=members[Fate.PRESUMED],
        unreachable=apart.count("quarantined") + members[Fate.REFUSED],
        excluded=apart.count("excluded"),
        pending=members[Fate.PENDING] + members[Fate.IN_DOUBT] + members[Fate.ACCEPTED],
        in_doubt=members[Fate.IN_DOUBT],
    )


def notified_tokens(
    store: CaseStore, ledger: Ledger, case_id: str, message: str, *, now: datetime, presume_after_hours: int = 72
) -> list[str]:
    """The people told before, by token, sorted: notified or presumed so. Staff seeds are not among them."""
    fates = _fates(store, ledger, case_id, message, now=now, hours=presume_after_hours)
    return sorted(token for token, found in fates.items() if found.fate in NOTIFIED)


def read_told(store: CaseStore, ledger: Ledger, case_id: str, message: str) -> Told:
    """Everybody whose notice any plan of this message has brought to the mailer: whom a new plan must leave out.

    The ledger's count of changes is read first: what happens in between makes the new plan stale, never double.
    """
    as_of = ledger.messages.changes(case_id, message)
    fates = _fates(store, ledger, case_id, message, now=None, hours=0)
    taken = NOTIFIED | {Fate.ACCEPTED}
    return Told(frozenset(token for token, found in fates.items() if found.fate in taken), as_of)


def outcomes_by_token(
    store: CaseStore, ledger: Ledger, case_id: str, message: str, *, now: datetime, presume_after_hours: int = 72
) -> list[TokenOutcome]:
    """Every notice of a message and its fate, by token; for the dossier. Staff seeds are not among them."""
    fates = _fates(store, ledger, case_id, message, now=now, hours=presume_after_hours)
    return [fates[token] for token in sorted(fates)]


def _fates(
    store: CaseStore,
    ledger: Ledger,
    case_id: str,
    message: str,
    *,
    now: datetime | None,
    hours: int,
) -> dict[str, TokenOutcome]:
    """The strongest word over all plans of a message; now None: nothing is presumed."""
    standing = ledger.doubts.standing(case_id, message)
    presumed_before = None if now is None else now - timedelta(hours=hours)
    fates: dict[str, TokenOutcome] = {}
    for chunk in standing.chunks:
        if chunk.wave_name == WaveName.SEEDS:
            continue
        exceptions = standing.exceptions.get(chunk.chunk_id, {})
        for token in texts(read_table(store, chunk.key, chunk.digest), "token"):
            state, reason = exceptions.get(token, (chunk.state, ""))
            fate = _fate(chunk, state, presumed_before)
            known = fates.get(token)
            if known is None or _STRENGTH.index(fate) < _STRENGTH.index(known.fate):
                fates[token] = TokenOutcome(token, fate, chunk.wave_name, chunk.finished_at, reason)
    return fates


def _fate(chunk: ChunkRow, state: ChunkState, presumed_before: datetime | None) -> Fate:
    if state is ChunkState.ACCEPTED:
        if chunk.proven:
            return Fate.NOTIFIED
        finished = chunk.finished_at
        old = presumed_before is not None and finished is not None and finished <= presumed_before
        return Fate.PRESUMED if old else Fate.ACCEPTED
    if state is ChunkState.REJECTED:
        return Fate.REFUSED
    if state in {ChunkState.REQUESTED, ChunkState.IN_DOUBT}:
        return Fate.IN_DOUBT
    return Fate.PENDING
