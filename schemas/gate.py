"""A gate: one named human decides, bound to exact things."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from schemas.base import CaseId, Digest, Record, StaffId
from schemas.forms import Form
from schemas.incident import Line


class Gate(StrEnum):
    """The two gates of a message, which different people answer in this order, and the one of every other decision."""

    CONTENT = "content"
    SENDING = "sending"
    RISK = "risk"
    FILING = "filing"


class Verdict(StrEnum):
    """What a person at a gate may say. Values are what the form shows."""

    APPROVE = "approve"
    REVISE = "revise"
    NOT_A_BREACH = "not a breach"


class GateAnswer(Form):
    """What the form at a gate asks. No field has a default: an empty answer must never approve."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    decision: Verdict = Field(
        title="Decision",
        description="Approve exactly what is shown above, or say what else.",
        json_schema_extra={"position": 1},
    )
    approver: StaffId = Field(
        title="Who decides", description="Your short name as enrolled.", json_schema_extra={"position": 2}
    )
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] = Field(
        title="Code",
        description="Six digits from your authenticator, now. Each works once.",
        json_schema_extra={"position": 3},
    )
    reason: Line = Field(
        title="Why",
        description="One sentence, kept in the dossier. No @.",
        min_length=3,
        json_schema_extra={"position": 4},
    )


class Decision(Record):
    """A decision as the ledger holds it."""

    gate: Gate
    basis: Digest
    verdict: Verdict
    approver: StaffId
    reason: Line


class Question(Record):
    """What a gate asks next, or the decision it already has."""

    case_id: CaseId
    message: str = Field(
        pattern=r"^[a-z0-9-]+$", description="'notice', 'update-001', 'filing-eu-gdpr-33-1'; in the key."
    )
    gate: Gate
    basis: Digest
    n: int = Field(ge=0, description="How many answers to this question were refused before.")
    text: str = Field(description="Markdown above the form: digests, counts, a sample notice; nobody's data.")
    decision: Decision | None = None

    @property
    def key(self) -> str:
        """Prefect's name for this suspension: only a-z, 0-9 and -, or it could never be resumed."""
        return f"gate-{self.message}-{self.gate}-{self.basis[:12]}-{self.n}"
