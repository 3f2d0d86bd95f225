"""The member list in the UI: what its columns were taken for, and whether it keeps its contract. No cell of it."""

from prefect.artifacts import create_table_artifact

from breach.exposure.mapping import shown_headers
from breach.exposure.roster import RosterRecord
from breach.store import get_record
from schemas.receipt import Receipt
from tasks.desk import Desk
from tasks.quality import data_docs


def show_roster(desk: Desk, receipt: Receipt) -> None:
    """What each column of the member list was taken for, and whether the list keeps its contract."""
    folder = receipt.key.rpartition("/")[0]
    record = get_record(desk.store, f"{folder}/roster.json", RosterRecord)
    create_table_artifact(
        key=f"{desk.ref.case_id}-columns",
        table=[
            {
                "column": header,
                "used as": column.role.value,
                "holds": column.type.value if column.type else "not personal",
                "confidence": column.confidence,
                "why": column.reason,
            }
            for header, column in zip(shown_headers(record.columns), record.columns, strict=True)
        ],
        description=f"{receipt.counts['members']} members; {record.recognised}. {_contract(record)} "
        f"Wrong? Start revise-mapping. The validator's own page is in the case: {desk.ref.case_id}/{data_docs(folder)}",
    )


def _contract(record: RosterRecord) -> str:
    if record.contract is None:
        return "Its contract was not checked."
    if record.contract.passed:
        return f"It keeps all {record.contract.expectations} expectations of its contract."
    broken = ", ".join(f"{one.name}: {one.rows} rows" for one in record.contract.failed)
    return f"It breaks its contract ({broken}) and is believed by a recorded fact."
