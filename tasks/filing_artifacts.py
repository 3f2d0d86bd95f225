"""The reports as people see them in the UI: a table with state and next step, and each text in full."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from breach.law.filings.kept import read_filing, read_text
from breach.law.filings.table import filing_rows, filings_table
from breach.law.words import plain, say_time
from breach.store import get_record
from schemas.filing import Filing, FilingManifest, ToFollow
from schemas.receipt import Receipt
from tasks.desk import Desk


def show_filings(desk: Desk, receipt: Receipt) -> None:
    """Every report: to whom, by when, how far, what next; then what to send and where. No member is in any of it."""
    manifest = get_record(desk.store, receipt.key, FilingManifest)
    records = {draft.filing: read_filing(desk.store, draft.record_key, draft.record) for draft in manifest.drafts}
    rows = filing_rows(desk.store, desk.ref.case_id, manifest, desk.ledger.approvals.decisions(desk.ref.case_id))
    create_table_artifact(
        key=f"{desk.ref.case_id}-filings",
        table=filings_table(rows, records),
        description="Reports to authorities, most urgent first. Nothing is sent by the house: a person hands them in.",
    )
    texts = (f"### {draft.filing}\n\n{fenced(read_text(desk.store, draft))}" for draft in manifest.drafts)
    follow = (f"### {filing.filing}: what to send next\n\n{_queue(filing)}" for filing in records.values())
    without = "\n".join(f"- {plain(one.recipient_name)}: {plain(one.reason)}" for one in manifest.not_drafted)
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-filing-texts",
        markdown="\n\n".join([*texts, *follow, without]).strip() or "No report to an authority is due.",
        description="Each report exactly as it would be handed in, and what follows by when.",
    )


def fenced(text: str) -> str:
    """A block that shows exactly the text, also when the text itself holds fences."""
    longest = max((len(run) for run in _runs(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _runs(text: str) -> list[str]:
    return [run for run in "".join(letter if letter == "`" else " " for letter in text).split() if run]


def _queue(filing: Filing) -> str:
    return "\n".join(map(_item, filing.to_follow)) or "- nothing: everything the form asks is in it"


def _item(item: ToFollow) -> str:
    by = say_time(item.by) if item.by else "as soon as it is known"
    return f"- {plain(item.label)} ({plain(item.cite)}), {item.why}: {by}, {plain(item.by_words)}"
