"""The exposure in the UI: the columns, who lost what, what was read, what changed. Counts and masks, nobody's data."""

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from breach.exposure.changes import CHANGES
from breach.exposure.picture import kinds_in_order, places_in_order
from breach.exposure.words import describe_changes
from breach.store import get_record
from schemas.exposure import ExposureChanges, ExposureSummary
from schemas.receipt import Receipt
from tasks.desk import Desk


def show_exposures(desk: Desk, receipt: Receipt) -> None:
    """Data type x jurisdiction, what was read and not read, the most sensitive findings, and what changed."""
    folder = receipt.key.rpartition("/")[0]
    summary = get_record(desk.store, receipt.key, ExposureSummary)
    _show_matrix(desk, summary, folder)
    _show_coverage(desk, summary)
    _show_findings(desk, summary)
    held = desk.store.get(f"{folder}/{CHANGES}")
    if held is not None:
        create_markdown_artifact(
            key=f"{desk.ref.case_id}-exposure-changes",
            markdown="\n".join(
                f"- {line}" for line in describe_changes(ExposureChanges.model_validate_json(held.data))
            ),
            description="What this assessment says otherwise than the one before it.",
        )


def _show_matrix(desk: Desk, summary: ExposureSummary, folder: str) -> None:
    places = places_in_order(summary)
    rows: list[dict[str, str | int]] = []
    for kind in kinds_in_order(summary):
        count = summary.by_type[kind]
        row: dict[str, str | int] = {"data": kind.value, "people": count.persons, "records": count.records}
        cells: dict[str, str | int] = {place: summary.matrix.get(place, {}).get(kind, 0) for place in places}
        rows.append(row | {"certainty": count.certainty.value} | cells)
    proven = ", ".join(f"{count} by {one.value}" for one, count in summary.by_evidence.items())
    create_table_artifact(
        key=f"{desk.ref.case_id}-exposures",
        table=rows,
        description=f"{summary.affected} accounts. {summary.scope_note} Countries: {proven or 'none known'}. "
        f"As a picture: {desk.root.store().place(desk.ref.case_id)}/{folder}/heatmap.svg",
    )


def _show_coverage(desk: Desk, summary: ExposureSummary) -> None:
    coverage = "\n".join(
        f"| {item.kind} | `{item.digest[:12]}` | {item.scanned} | {item.records} | {item.in_scope} "
        f"| {item.not_scanned} | {item.reason} | {item.recognised} |"
        for item in summary.coverage
    )
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-coverage",
        markdown=f"{summary.scope_note}\n\n| kind | digest | read | records | in scope | not scanned | why "
        f"| known by |\n|---|---|---|---|---|---|---|---|\n{coverage}",
        description="Every input file: read fully, partly or not, and why.",
    )


def _show_findings(desk: Desk, summary: ExposureSummary) -> None:
    create_table_artifact(
        key=f"{desk.ref.case_id}-findings",
        table=[
            {
                "data": one.type.value,
                "file": one.file[:12],
                "masked": one.masked,
                "known by": one.validator,
                "confidence": one.confidence,
            }
            for one in summary.most_sensitive
        ],
        description="The most sensitive values that were found in messages, as examples; masked.",
    )
