"""What a person reads above the form of a report's gate: whom it goes to, by when, what is unknown, the exact text."""

from breach.chronology import chain
from breach.law.filings.catalog import form_for
from breach.law.filings.gate import newest_draft
from breach.law.filings.kept import read_filing, read_text
from breach.law.words import plain, say_time
from schemas.filing import Filing, FilingKind
from tasks.desk import Desk
from tasks.filing_artifacts import fenced

SHOWN = 12_000
"""Characters of the text above the form; the whole of it is the artifact 'filing-texts'."""


def filing_question(desk: Desk, message: str, basis: str) -> str:
    """Counts, dates, warnings, digests and the text. No member is in any of it."""
    draft = newest_draft(desk.store, desk.ref.case_id, message)
    filing = read_filing(desk.store, draft.record_key, draft.record)
    text = read_text(desk.store, draft)
    number, head = chain.head(desk.store)
    warnings = "\n".join(f"- {warning}" for warning in _warnings(filing, draft.unknown)) or "- none"
    more = "" if len(text) <= SHOWN else "\n\nThe text is longer; read all of it in the artifact 'filing-texts'."
    return f"""## {desk.ref.mode.upper()} · {desk.ref.case_id} · gate 'filing' · {filing.filing}
**Is this report true, and may it be handed in?** Approving sends nothing: a person hands in exactly this text.

| | |
|---|---|
| to | {plain(filing.authority_name)} |
| kind | {filing.kind.value} |
| by when | {_when(filing)} |
| facts | revision {filing.facts_revision}; people counted at revision {filing.counts_revision} |
| form | {_form(filing)} |
| text | `{draft.text}` |
| approves exactly | `{basis}` |
| chronology head | {number}:`{head}` |

Warnings:
{warnings}

{fenced(text[:SHOWN])}{more}

Answer with your enrolled name and a fresh code. *revise* ends this run. *not a breach* files nothing; a report that was
filed is taken back with 'Withdraw' on file-report.
"""


def _form(filing: Filing) -> str:
    form = form_for(filing.rule_id)
    return plain(f"by {form.source}, as of {form.as_of}") if form else "not held any more"


def _when(filing: Filing) -> str:
    limit = filing.due_at or filing.assume_by
    kind = "" if filing.due_at else " (a working date, not a legal deadline)"
    return f"{say_time(limit)}{kind}" if limit else plain(filing.due_rule)


def _warnings(filing: Filing, unknown: int) -> list[str]:
    found = []
    if filing.late:
        found.append("it is late")
    if filing.authority is None:
        found.append("the authority is still to be chosen" if filing.choices else "the authority's address is not held")
    if unknown:
        found.append(f"{unknown} fields are unknown and say so")
    if filing.counts_revision < filing.facts_revision:
        found.append("people were counted before the newest facts; start the case again to count anew")
    form = form_for(filing.rule_id)
    if filing.kind is FilingKind.WITHDRAWAL and form:
        found.append(f"it takes back a filed report ({plain(form.withdrawal)})")
    if filing.held_back:
        found.append(f"{len(filing.held_back)} known fields are held back: only the legal minimum is sent now")
    return found
