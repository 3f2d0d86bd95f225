"""Questions for counsel, and how far counsel has come. The advice itself is never in these records."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record, StaffId, ZonedTime
from schemas.law_facts import RuleId, Words


class CounselStatus(StrEnum):
    """How far counsel has come."""

    ASKED = "asked"
    WORKING = "counsel is working on it"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class CounselQuestion(Record):
    """One question (law/counsel/NNNN.json)."""

    number: int = Field(ge=1)
    rule_id: RuleId | None = Field(default=None, description="None: a question in general.")
    question: Words
    asked_by: StaffId
    asked_at: ZonedTime


class CounselAnswer(Record):
    """A step of counsel's work on a question (law/counsel/NNNN-answers/NNNN.json)."""

    number: int = Field(ge=1)
    status: CounselStatus
    source: Words
    recorded_by: StaffId
    recorded_at: ZonedTime
    note: Digest | None = Field(
        default=None, description="Digest of a privileged note kept beside it, if there is one."
    )


class CounselRecord(Record):
    """A question with all that became of it, as the dossier shows it: no advice, only that there is some."""

    question: CounselQuestion
    answers: tuple[CounselAnswer, ...] = ()

    @property
    def status(self) -> CounselStatus:
        """How far it is now."""
        return self.answers[-1].status if self.answers else CounselStatus.ASKED
