"""Stopping the line, and seeing who waits, from the command line: whatever server or bucket is gone.

The ledger is read before every chunk, so a halt is in force once its row is there; the store is asked afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from breach.chronology import chain
from breach.current import case_of
from breach.digest import digest_record
from breach.errors import BreachError
from breach.ledger import Ledger, open_ledger
from breach.store import CaseStore
from deployments.applied import Place, known_places, other_ledgers, other_stores
from deployments.home import Home
from schemas.chronology import EntryKind
from schemas.forms import HaltForm
from schemas.incident import CaseRef, Mode

Say = Callable[[str], None]
GATES = {EntryKind.GATE_ASKED, EntryKind.GATE_ANSWERED, EntryKind.HANDED_OVER, EntryKind.CLOSED}


@dataclass(slots=True)
class Stop:
    """One case of one mode that is being stopped."""

    ref: CaseRef
    places: list[Place]
    unread: list[BreachError]
    """Why it is not known where all its places are."""
    failures: list[BreachError] = field(default_factory=list)
    """Why a ledger could not be told."""
    ledgers: list[Ledger] = field(default_factory=list)
    ours: list[Ledger] = field(default_factory=list)
    """Those in which the case was not halted before."""
    told: bool = False
    """Whether the ledger that its runs read has the halt."""


def halt_case(home: Home, form: HaltForm, now: datetime, say: Say) -> tuple[int, int]:
    """Halt a case in every mode its name may mean; returns how many were stopped, and how many could not be.

    Every ledger is written before any store is asked. A case counts as existing when its store says so or cannot be
    asked; for one that its store does not know the row is lifted again, so that no later case begins halted.
    """
    stops = [_written(home, ref, form, now) for ref in CaseRef.every(form.case_id)]
    found = [_told(stop, form, now, say) for stop in stops]
    return found.count(True), found.count(False)


def show_waiting(home: Home, say: Say) -> tuple[int, int]:
    """Name the gates that wait for a person; returns how many, and in how many modes nobody could look."""
    waiting = dark = 0
    for mode in Mode:
        try:
            waiting += _waiting_in(home, mode, say)
        except (BreachError, ValidationError) as error:
            dark += 1
            say(f"{mode}  COULD NOT BE LOOKED AT: {_reason(error)}")
    return waiting, dark


def _waiting_in(home: Home, mode: Mode, say: Say) -> int:
    places, problems = known_places(home, mode)
    seen: set[str] = set()
    found = 0
    for stores in other_stores(places):
        for case in set(stores.cases()) - seen:
            seen.add(case)
            asked = [entry for entry in chain.read(stores.open(case)) if entry.kind in GATES]
            if asked and asked[-1].kind is EntryKind.GATE_ASKED:
                found += 1
                say(f"{mode}  {case}  since {asked[-1].at:%Y-%m-%d %H:%M} UTC  {asked[-1].text}")
    if problems:
        raise problems[0]
    return found


def _written(home: Home, ref: CaseRef, form: HaltForm, now: datetime) -> Stop:
    """The halt in every ledger the runs may read; the first is the one they read since the last start."""
    places, problems = known_places(home, ref.mode)
    stop = Stop(ref, places, problems)
    for number, address in enumerate(other_ledgers(places)):
        try:
            ledger = open_ledger(address)
            fresh = not ledger.halts.halted(ref.case_id)
            ledger.halts.halt(ref.case_id, form.by, form.reason, now)
        except BreachError as error:
            stop.failures.append(error)
            continue
        stop.ledgers.append(ledger)
        stop.ours += [ledger] if fresh else []
        stop.told = stop.told or number == 0
    return stop


def _told(stop: Stop, form: HaltForm, now: datetime, say: Say) -> bool | None:
    """Say what became of it; True when stopped, False when it could not be, None when there is no such case."""
    case, store, why = f"{stop.ref.case_id} ({stop.ref.mode})", None, ""
    try:
        store = _store_of(stop)
    except (BreachError, ValidationError) as error:
        why = _reason(error)
    if store is None and not why:
        for ledger in stop.ours:
            ledger.halts.lift(stop.ref.case_id, form.by, "There is no such case.", now)
        return None
    for failure in (*stop.unread, *stop.failures):
        say(f"{case}: {failure}")
    if not stop.told:
        say(f"NOT STOPPED: {case}; the ledger that its runs read has no halt.")
        return False
    say(_stopped(stop, store, why, form, now))
    if len(stop.ledgers) > 1:
        say("walls.toml names another ledger than the runs use since the last 'breach up': it was halted in both.")
    return True


def _stopped(stop: Stop, store: CaseStore | None, why: str, form: HaltForm, now: datetime) -> str:
    """Write the chronology where the store can be reached; the sentence for a case that is stopped."""
    case = f"{stop.ref.case_id} ({stop.ref.mode})"
    if store:
        try:
            entry = _chronicled(store, stop, form, now)
        except BreachError as error:
            why = _reason(error)
        else:
            return f"Stopped: {case}, entry {entry} of its chronology. Lift it with lift-halt."
    return f"Stopped in the ledger: {case}; its chronology could not be written: {why}"


def _store_of(stop: Stop) -> CaseStore | None:
    """The store that holds the case; None when none does. Raises BreachError when one that might cannot be asked."""
    unknown: BreachError | None = None
    try:
        for stores in other_stores(stop.places):
            try:
                store = stores.open(stop.ref.case_id)
                if case_of(store):
                    return store
            except BreachError as error:
                unknown = unknown or error
    except BreachError as error:  # a bucket that cannot be used as it is stated
        unknown = unknown or error
    if unknown := unknown or next(iter(stop.unread), None):
        raise unknown
    return None


def _chronicled(store: CaseStore, stop: Stop, form: HaltForm, now: datetime) -> int:
    case_id = stop.ref.case_id
    entry = chain.append(store, case_id, EntryKind.HALT, f"Sending halted: {form.reason}", at=now, actor=form.by)
    for ledger in stop.ledgers:
        ledger.heads.record_head(case_id, entry.n, digest_record(entry), now)
    return entry.n


def _reason(error: BreachError | ValidationError) -> str:
    return str(error) if isinstance(error, BreachError) else "case.json cannot be read."
