"""What a gate about a report binds to: the newest draft's exact text, the facts revision, the rules."""

from breach.current import current_of
from breach.errors import NotApproved
from breach.law.filings.kept import GATE_PREFIX, POINTER, basis_of
from breach.store import CaseStore, get_record
from schemas.filing import FilingDraft, FilingManifest


def is_filing(message: str) -> bool:
    """Whether a gate's message is a report, and not a notice to members."""
    return message.startswith(GATE_PREFIX)


def newest_manifest(store: CaseStore, case_id: str) -> FilingManifest:
    """The newest drafts. Raises NotApproved when none was written."""
    receipt = current_of(store).receipts.get(POINTER)
    if receipt is None:
        raise NotApproved(f"No report of {case_id} was drafted.", "Nothing was approved.", "Start draft-filings first.")
    return get_record(store, receipt.key, FilingManifest)


def newest_draft(store: CaseStore, case_id: str, message: str) -> FilingDraft:
    """The newest draft of the report that a message names. Raises NotApproved when there is none any more."""
    name = message.removeprefix(GATE_PREFIX)
    found = next((draft for draft in newest_manifest(store, case_id).drafts if draft.filing == name), None)
    if found is None:
        raise NotApproved(
            f"{name} is among the newest drafts of {case_id} no more: its duty does not apply.",
            "Nothing was approved.",
            "Look at the artifact 'filings'.",
        )
    return found


def filing_basis(store: CaseStore, case_id: str, message: str) -> str:
    """Digest of what an approval of this report binds to now. Raises NotApproved when nothing was drafted."""
    return basis_of(case_id, newest_manifest(store, case_id), newest_draft(store, case_id, message))
