"""Where every report stands, most urgent first, and what to do next."""

from collections.abc import Sequence
from datetime import UTC, datetime

from breach.law.filings.draft import INITIAL, lacks_reasons
from breach.law.filings.kept import basis_of, filed_of, read_filing
from breach.law.filings.mark import GATE
from breach.law.words import plain, say_time
from breach.ledger.rows import Approval
from breach.store import CaseStore
from schemas.filing import (
    Filed,
    Filing,
    FilingDraft,
    FilingKind,
    FilingManifest,
    FilingRow,
    FilingState,
)

LAST = datetime.max.replace(tzinfo=UTC)
SET_OUT = "file-report"


def filing_rows(
    store: CaseStore, case_id: str, manifest: FilingManifest, decisions: Sequence[Approval]
) -> tuple[FilingRow, ...]:
    """One row a report: what is overdue or due next first, what is filed and unchanged last."""
    approved = {one.basis_hash for one in decisions if one.gate == GATE and one.decision == "approve"}
    rows = [_row(store, draft, basis_of(case_id, manifest, draft) in approved) for draft in manifest.drafts]
    return tuple(sorted(rows, key=lambda row: (row.state is FilingState.FILED, _limit(row), row.filing)))


def most_urgent(rows: Sequence[FilingRow]) -> FilingRow | None:
    """The first that is not filed; None when every one is."""
    return next((row for row in rows if row.state is not FilingState.FILED), None)


def filings_table(rows: Sequence[FilingRow], draft_texts: dict[str, Filing]) -> list[dict[str, str]]:
    """The rows as cells that are safe to show as Markdown. draft_texts: report -> its record."""
    return [{name: plain(text) for name, text in _cells(row, draft_texts[row.filing]).items()} for row in rows]


def _row(store: CaseStore, draft: FilingDraft, is_approved: bool) -> FilingRow:
    filing = read_filing(store, draft.record_key, draft.record)
    filed = filed_of(store, draft.filing)
    state = _state(draft, filed, is_approved)
    first = filing.kind in INITIAL
    return FilingRow(
        filing=draft.filing,
        rule_id=filing.rule_id,
        authority=filing.authority_name,
        kind=filing.kind,
        state=state,
        due_at=filing.due_at if first else None,
        assume_by=filing.assume_by if first else next((item.by for item in filing.to_follow), None),
        late=filing.late,
        unknown=draft.unknown,
        next_step=_next_step(filing, state, filed, draft.unknown),
    )


def _state(draft: FilingDraft, filed: Sequence[Filed], is_approved: bool) -> FilingState:
    """A follow-up without news is no draft of anything: the report stands as filed."""
    nothing_new = bool(filed) and (not draft.changed or draft.text == filed[-1].text)
    withdrawn = bool(filed) and filed[-1].kind is FilingKind.WITHDRAWAL
    if nothing_new or withdrawn:
        return FilingState.FILED
    return FilingState.APPROVED if is_approved else FilingState.DRAFT


def _next_step(filing: Filing, state: FilingState, filed: Sequence[Filed], unknown: int) -> str:
    if state is FilingState.APPROVED:
        return "Hand in exactly this text, keep the receipt, then mark-filed"
    if state is FilingState.FILED:
        if filed[-1].kind is FilingKind.WITHDRAWAL:
            return "Nothing: it was withdrawn"
        still = f"Find out the {unknown} fields that are unknown; a follow-up is drafted when one is known"
        return still if unknown else "Nothing: it is complete as filed"
    if lacks_reasons(filing):
        return f"It is late: state the reasons for the delay with {SET_OUT}, and have it approved"
    if filing.authority is None and filing.choices:
        return f"Choose the authority with {SET_OUT}: {', '.join(one.code for one in filing.choices)}"
    return (
        f"Have it approved with {SET_OUT}; what is unknown may follow"
        if unknown
        else f"Have it approved with {SET_OUT}"
    )


def _limit(row: FilingRow) -> datetime:
    return row.due_at or row.assume_by or LAST


def _cells(row: FilingRow, filing: Filing) -> dict[str, str]:
    limit = row.due_at or row.assume_by
    legal = "" if row.due_at else "our own date: "
    place = filing.authority
    where = (place.form or place.website or "") if place else ""
    seen = f" ({place.seen.value})" if place and where else ""
    return {
        "report": row.filing,
        "to": row.authority,
        "kind": row.kind.value,
        "state": f"{row.state.value}{', LATE' if row.late and row.state is not FilingState.FILED else ''}",
        "by when": f"{legal}{say_time(limit)}" if limit else filing.due_rule,
        "unknown fields": str(row.unknown),
        "next step": row.next_step,
        "where": f"{where}{seen}",
        "languages": place.languages if place else "",
    }
