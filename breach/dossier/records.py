"""The machine-readable records: JSON for people with tools, CSV for people with spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable

from pydantic import BaseModel

from breach.dossier.history import History
from schemas.dossier import DossierSources, OutcomeRow
from schemas.incident import Case

COLUMNS = ("message", "token", "wave", "state", "members")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that begins so for a formula."""


def write_records(case: Case, sources: DossierSources, history: History) -> dict[str, bytes]:
    """File name -> bytes of every record; a file is there, if empty, also where there is nothing to say."""
    messages = sources.messages
    files: dict[str, object] = {
        "records/case.json": case,
        "records/facts.json": sources.facts,
        "records/receipts.json": dict(sources.receipts),
        "records/exposure.json": sources.exposure,
        "records/duties.json": sources.duties,
        "records/duty-changes.json": sources.changes,
        "records/severity.json": sources.severity,
        "records/conclusions.json": sources.conclusions,
        "records/counsel.json": sources.counsel,
        "records/lists.json": {message.message: message.recipients for message in messages},
        "records/notices.json": {message.message: message.notices for message in messages},
        "records/texts.json": {message.message: list(message.texts) for message in messages},
        "records/plans.json": {message.message: message.plan for message in messages},
        "records/books.json": {message.message: message.books for message in messages if message.books},
        "records/approvals.json": sources.approvals,
        "records/attempts.json": sources.attempts,
        "records/halts.json": sources.halts,
        "records/chronology.json": sources.chronology,
        "records/containment.json": sources.containment,
        "records/lifted.json": sources.lifted,
        "records/papers.json": sources.papers,
        "records/filings.json": sources.filings,
        "records/custody.json": sources.custody,
        **history.runs,
    }
    written = {name: write_json(content) for name, content in files.items()}
    clocks = {"clocks.txt": sources.clock_sheet, "alarms.ics": sources.alarms}
    beside = {**clocks, "exposure/heatmap.svg": sources.heatmap}
    given = {name: text.encode() for name, text in beside.items() if text}
    return {**written, **given, "outcomes.csv": write_outcomes(sources.outcomes)}


def write_json(content: object) -> bytes:
    """Sorted keys, one space of indentation, UTF-8: the same bytes for the same records, and legible."""
    return (json.dumps(_plain(content), sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def write_outcomes(rows: Iterable[OutcomeRow]) -> bytes:
    """One line a notice, sorted by message and token."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: (row.message, row.token, row.wave, row.state)):
        writer.writerow([_cell(row.message), row.token, _cell(row.wave), _cell(row.state), row.members])
    return text.getvalue().encode()


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _plain(content: object) -> object:
    if isinstance(content, BaseModel):
        return content.model_dump(mode="json")
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, (tuple, list)):
        return [_plain(value) for value in content]
    return content
