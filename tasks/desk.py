"""One case on the desk: its store, its ledger, and the right to act on it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run

from blocks.case_root import CaseRoot, load_root
from blocks.case_store import CaseStores
from blocks.ledger import LedgerAddress
from breach.basis import current_basis_digest
from breach.chronology import chain
from breach.chronology.kept import refuse_strangers
from breach.current import case_of
from breach.digest import digest_record
from breach.errors import CaseRefused, Superseded
from breach.law.filings.gate import filing_basis, is_filing
from breach.ledger import Ledger
from breach.store import CaseStore
from schemas.chronology import Entry, EntryKind
from schemas.incident import Case, CaseRef, Mode

CLOSED = "closed.json"
LEASE = timedelta(minutes=15)
"""Renewed by every chapter; longer than the longest chapter on the largest sample that was measured."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A case, opened for one task."""

    root: CaseRoot
    store: CaseStore
    ledger: Ledger
    ref: CaseRef
    run_id: str

    def now(self) -> datetime:
        """The moment; the domain gets it as an argument."""
        return datetime.now(UTC)

    def case(self) -> Case:
        """The case as opened. Raises CaseRefused when there is none."""
        held = case_of(self.store)
        if held is None:
            raise CaseRefused(
                f"There is no case {self.ref.case_id} in {self.ref.mode} mode.",
                "Nothing was changed.",
                "Check the name and the mode, or open it with breach-response.",
            )
        return held

    def note(
        self,
        kind: EntryKind,
        text: str,
        *,
        once: str = "",
        actor: str = "",
        digests: dict[str, str] | None = None,
        counts: dict[str, int] | None = None,
    ) -> Entry:
        """Write one entry into the chronology and its head into the ledger."""
        at = self.now()
        entry = chain.append(
            self.store,
            self.ref.case_id,
            kind,
            text,
            at=at,
            actor=actor or (flow_run.flow_name or "command line"),
            run_id=self.run_id,
            digests=digests,
            counts=counts,
            once=once,
        )
        self.ledger.heads.record_head(self.ref.case_id, entry.n, digest_record(entry), at)
        return entry

    def basis(self, message: str) -> str:
        """Digest of what an approval of this message, or of this report, binds to, as the case is now."""
        if is_filing(message):
            return filing_basis(self.store, self.ref.case_id, message)
        return current_basis_digest(self.store, self.ref.case_id, message, self.root.mailer().digest)

    def entries(self) -> tuple[Entry, ...]:
        """The chronology so far."""
        return chain.read(self.store)


def open_desk(ref: CaseRef) -> Desk:
    """Open the store and the ledger of the case's mode. Raises Conflict when they are not of one case."""
    run_id = str(flow_run.id or "command-line")
    walls = _walls if flow_run.id else _walls.__wrapped__
    root, cases, ledger = walls(ref.mode, run_id)
    desk = Desk(root, cases.open(ref.case_id), ledger.open(), ref, run_id)
    refuse_strangers(desk.store, desk.ledger, ref.case_id)
    return desk


@cache
def _walls(mode: Mode, _run_id: str) -> tuple[CaseRoot, CaseStores, LedgerAddress]:
    """The blocks of a mode, read once in a run: reading them anew for each task was 50 of a run's 75 requests.

    The mailer is not among them: its settings bind an approval, so they are read when they are asked for.
    """
    root = load_root(mode)
    return root, root.store(), root.ledger_address()


def open_acting(ref: CaseRef, *, closed_too: bool = False) -> Desk:
    """The same, holding the case's lease. Raises Superseded when another run acts on the case now.

    closed_too: what may still be done when the case is closed, such as opening areas again.
    """
    desk = open_desk(ref)
    try:
        desk.ledger.leases.take_case(ref.case_id, desk.run_id, desk.now(), LEASE)
    except Superseded:
        holder = desk.ledger.leases.holder(ref.case_id, desk.now())
        if holder is None or still_acts(holder):
            raise
        desk.ledger.leases.seize_case(ref.case_id, desk.run_id, holder, now=desk.now(), ttl=LEASE)
    if not closed_too:
        try:
            refuse_closed(desk)
        except CaseRefused:
            let_go(desk)
            raise
    return desk


def refuse_closed(desk: Desk) -> None:
    """Raises CaseRefused for a case that is closed."""
    if desk.store.get(CLOSED) is not None:
        raise CaseRefused(
            f"The case {desk.ref.case_id} is closed.",
            "Nothing was changed; its facts stand as they were when it was closed.",
            "Open a new case if there is a new incident.",
        )


def let_go(desk: Desk) -> None:
    """Give the lease back, so that another run of the case may act."""
    desk.ledger.leases.release_case(desk.ref.case_id, desk.run_id, desk.now())


def still_acts(holder: str) -> bool:
    """Whether the run that holds the lease may still be working. A finished or suspended one is not."""
    try:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(UUID(holder)).state
    except (ValueError, ObjectNotFound):
        return False
    return state is None or not (state.is_final() or state.is_paused() or state.is_scheduled())
