"""The reports for the dossier: every text that was approved or filed, the newest draft, and the proofs by digest."""

from breach.current import current_of
from breach.law.filings.kept import POINTER, drafts_of, filed_of, read_filing, read_text
from breach.law.filings.mark import GATE
from breach.law.filings.table import filing_rows
from breach.ledger.rows import Approval
from breach.store import get_record
from schemas.filing import FilingManifest, FilingRow, FilingStory
from tasks.desk import Desk


def filing_stories(desk: Desk) -> tuple[FilingStory, ...]:
    """One story a report; none when nothing was drafted."""
    receipt = current_of(desk.store).receipts.get(POINTER)
    if receipt is None:
        return ()
    manifest = get_record(desk.store, receipt.key, FilingManifest)
    decisions = desk.ledger.approvals.decisions(desk.ref.case_id)
    rows = filing_rows(desk.store, desk.ref.case_id, manifest, decisions)
    return tuple(_story(desk, row, manifest, {one.basis_hash for one in decisions}) for row in rows)


def filing_of(desk: Desk, row: Approval) -> str:
    """The message of a report's decision, as its gate called it; empty when it is none of this case's drafts."""
    receipt = current_of(desk.store).receipts.get(POINTER)
    if row.gate != GATE or receipt is None:
        return ""
    names = {draft.filing for draft in get_record(desk.store, receipt.key, FilingManifest).drafts}
    names |= {one.filing for one in filed_of(desk.store)}
    found = (name for name in sorted(names) if row.basis_hash in drafts_of(desk.store, desk.ref.case_id, name))
    return next((f"filing-{name}" for name in found), "")


def is_superseded(desk: Desk, row: Approval) -> bool:
    """Whether a report's decision is for a text that is neither the newest draft nor filed."""
    if any(one.basis == row.basis_hash for one in filed_of(desk.store)):
        return False
    message = filing_of(desk, row)
    return not message or desk.basis(message) != row.basis_hash


def _story(desk: Desk, row: FilingRow, newest: FilingManifest, decided: set[str]) -> FilingStory:
    """Not every draft: those that somebody decided on, and the newest."""
    drafts = drafts_of(desk.store, desk.ref.case_id, row.filing)
    shown = {draft.text: draft for basis, (manifest, draft) in drafts.items() if basis in decided or manifest == newest}
    return FilingStory(
        row=row,
        drafts=tuple(read_filing(desk.store, draft.record_key, draft.record) for draft in shown.values()),
        texts={text: read_text(desk.store, draft) for text, draft in shown.items()},
        filed=filed_of(desk.store, row.filing),
    )
