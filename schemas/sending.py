"""Waves, chunks and what became of them."""

from enum import StrEnum

from pydantic import Field

from schemas.base import CaseId, Digest, Record


class WaveName(StrEnum):
    """The stages of sending, in order."""

    SEEDS = "seeds"
    CANARY = "canary"
    REST = "rest"


class ChunkState(StrEnum):
    """planned -> claimed -> requested -> accepted | rejected | in doubt | cancelled."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_DOUBT = "in doubt"
    CANCELLED = "cancelled"


class ChunkPlan(Record):
    """At most 1,000 recipients of one variant in one request."""

    n: int = Field(ge=0, description="Number within the message, over all waves.")
    variant: str
    key: str = Field(description="Parquet of addressees, relative to the case.")
    digest: Digest
    recipients: int = Field(ge=1, le=1000)
    members: int = Field(ge=0, description="Members these notices tell; 0 for staff seeds.")


class WavePlan(Record):
    """One wave."""

    n: int = Field(ge=0)
    name: WaveName
    chunks: tuple[ChunkPlan, ...]


class SendPlan(Record):
    """Everything one message will send, frozen (waves/<rev>/plan.json)."""

    case_id: CaseId
    message: str
    waves: tuple[WavePlan, ...]
    observe_minutes: int = Field(ge=0)
    chunk_size: int = Field(ge=1, le=1000)
    told_as_of: int = Field(
        default=0, ge=0, description="The ledger's count of changes to this message when the people told were read."
    )


class ApprovalBasis(Record):
    """What an approval binds to. Rebuilt from the current case after each gate and before each claim."""

    case_id: CaseId
    message: str
    facts_revision: int
    variants: Digest = Field(description="Over the notice manifest.")
    recipients: Digest = Field(description="Over the frozen list.")
    rule_pack: Digest
    plan: Digest = Field(description="Over the send plan.")
    mailer: Digest = Field(description="Over who it is from and where the mailer puts it.")
