"""Filed: a person handed in exactly an approved text, and has the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from breach.errors import BadInput, CaseRefused, Conflict, NotApproved
from breach.law.filings.draft import given_reasons, lacks_reasons
from breach.law.filings.kept import FILED, drafts_of, filed_of, read_filing
from breach.ledger.rows import Approval
from breach.store import CaseStore, put_record
from schemas.filing import Filed, Filing, FilingDraft
from schemas.incident import Facts

GATE = "filing"
"""The gate's name in the ledger."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a person says of the filing, and the proof's digest."""

    filing: str
    filed_at: datetime
    reference: str
    by: str
    proof: str
    proof_name: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A draft, and the decision for exactly its text."""

    basis: str
    draft: FilingDraft
    facts_revision: int
    decision: Approval


def newest_approved(store: CaseStore, case_id: str, filing: str, decisions: Sequence[Approval]) -> Approved | None:
    """The draft of a report that was approved last; None when none ever was."""
    drafts = drafts_of(store, case_id, filing)
    ours = [one for one in decisions if one.gate == GATE and one.decision == "approve" and one.basis_hash in drafts]
    if not ours:
        return None
    last = max(ours, key=lambda one: one.decided_at)
    manifest, draft = drafts[last.basis_hash]
    return Approved(last.basis_hash, draft, manifest.facts_revision, last)


def filed_before(store: CaseStore, said: HandedIn) -> Filed | None:
    """The record of exactly this statement, when it was made before: saying it twice changes nothing."""
    wanted = (said.filed_at, said.reference, said.by, said.proof)
    return next(
        (one for one in filed_of(store, said.filing) if (one.filed_at, one.reference, one.by, one.proof) == wanted),
        None,
    )


def check_filed(
    store: CaseStore, approved: Approved | None, said: HandedIn, facts: Sequence[Facts], now: datetime
) -> Filing:
    """The draft that was filed. facts: every revision, oldest first.

    Raises NotApproved when no text was approved at that time, or the facts had changed since; BadInput for a time in
    the future, or a late report without its reasons; CaseRefused when this text was filed before.
    """
    if said.filed_at > now:
        raise BadInput("A report cannot have been handed in in the future.", UNMARKED, "Correct the time or its zone.")
    if approved is None:
        raise NotApproved(
            f"No text of {said.filing} was ever approved.", UNMARKED, f"{ASK} and file exactly that text."
        )
    # The form knows minutes: who files in the minute of the approval has filed after it.
    if said.filed_at < approved.decision.decided_at.replace(second=0, microsecond=0):
        raise NotApproved(
            f"The text of {said.filing} was approved after the time at which it is said to be handed in.",
            UNMARKED,
            "Correct the time; what went out unapproved is written into the chronology, and a follow-up is filed.",
        )
    newer = [one for one in facts if one.revision > approved.facts_revision and one.recorded_at <= said.filed_at]
    if newer:
        raise NotApproved(
            f"{said.filing} was approved for facts revision {approved.facts_revision}, and revision "
            f"{newer[-1].revision} was on record when it was handed in: that approval was void.",
            UNMARKED,
            f"{ASK} and file the text as it is now, as a correction.",
        )
    filing = read_filing(store, approved.draft.record_key, approved.draft.record)
    limit = filing.due_at or filing.assume_by
    overdue = filing.model_copy(update={"late": filing.late or (limit is not None and said.filed_at > limit)})
    if lacks_reasons(overdue):
        raise BadInput(
            f"{said.filing} was handed in after its time, and its text gives no reasons for the delay.",
            UNMARKED,
            f"{ASK} with an answer 'reasons for the delay', and send that text, too.",
        )
    if any(one.text == approved.draft.text for one in filed_of(store, said.filing)):
        raise CaseRefused(
            f"The approved text of {said.filing} was marked as filed before, with other particulars.",
            "What was recorded first stands.",
            f"If there is something new to report, {ASK[0].lower()}{ASK[1:]}: it writes a follow-up.",
        )
    return filing


UNMARKED = "It was not marked as filed; nothing else was changed."
ASK = "Have the present text approved with file-report"


def write_filed(
    store: CaseStore, approved: Approved, filing: Filing, said: HandedIn, custody: str
) -> tuple[str, Filed]:
    """The record of the filing; key and record. Raises Conflict when another filing took this number."""
    number = len(filed_of(store, said.filing)) + 1
    record = Filed(
        filing=said.filing,
        n=number,
        rule_id=filing.rule_id,
        kind=filing.kind,
        record_key=approved.draft.record_key,
        text=approved.draft.text,
        basis=approved.basis,
        approved_by=approved.decision.approver,
        approved_at=approved.decision.decided_at,
        filed_at=said.filed_at,
        reference=said.reference,
        by=said.by,
        proof=said.proof,
        proof_name=said.proof_name,
        custody=custody,
        late_reason=given_reasons(filing),
    )
    key = f"{FILED}{said.filing}/{number:04d}.json"
    try:
        put_record(store, key, record)
    except Conflict:
        raise Conflict(
            f"{said.filing} was marked as filed by somebody else at the same moment.", UNMARKED, "Look at 'filings'."
        ) from None
    return key, record
