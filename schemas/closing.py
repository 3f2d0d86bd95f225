"""How a case ended (closed.json)."""

from enum import StrEnum

from pydantic import Field

from schemas.base import CaseId, Record, StaffId
from schemas.incident import Line


class Ending(StrEnum):
    """Why there is nothing more to do."""

    DONE = "everybody was told or named"
    NOT_A_BREACH = "not a breach"


class Closing(Record):
    """Written once; no chapter runs afterwards."""

    case_id: CaseId
    ending: Ending
    by: StaffId
    reason: Line
    facts_revision: int = Field(ge=1)
