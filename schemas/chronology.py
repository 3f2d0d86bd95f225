"""One entry of the append-only record of a case."""

from enum import StrEnum

from pydantic import Field

from schemas.base import CaseId, Digest, Record, ZonedTime

GENESIS = "0" * 64
"""What the first entry names as the digest of the one before."""


class EntryKind(StrEnum):
    """What kind of thing happened."""

    OPENED = "case opened"
    FACTS = "facts recorded"
    CHAPTER = "chapter done"
    CONTAINMENT = "containment action"
    EVIDENCE = "evidence taken"
    PROBED = "looked at from outside"
    GATE_ASKED = "gate asked"
    GATE_ANSWERED = "gate answered"
    GATE_REFUSED = "answer refused"
    APPROVAL_VOID = "approval void"
    HANDED_OVER = "handed over to the sender"
    WAVE = "wave"
    HALT = "sending halted"
    LIFTED = "halt lifted"
    SCHEDULED = "update scheduled"
    ALERT = "alert"
    DOSSIER = "dossier exported"
    CLOSED = "case closed"
    SENT_BY_HAND = "sent by hand"
    FILING = "report to an authority"
    DUTIES_CHANGED = "duties changed"
    CONCLUSION = "conclusion on the risk"
    COUNSEL = "counsel"


class Entry(Record):
    """An entry; its own digest is over its canonical JSON."""

    n: int = Field(ge=1)
    case_id: CaseId
    at: ZonedTime
    kind: EntryKind
    text: str = Field(description="One sentence: ids and counts, never people.")
    actor: str = Field(description="A staff id, or the name of the flow.")
    run_id: str = Field(default="", description="Prefect's flow run id.")
    digests: dict[str, Digest] = Field(default_factory=dict, description="What this entry vouches for, by name.")
    counts: dict[str, int] = Field(default_factory=dict)
    once: str = Field(default="", description="Names what may be recorded only once; empty when it may repeat.")
    previous: Digest = Field(description="Digest of entry n-1, or 64 zeros.")


class Mark(Record):
    """Left before an entry that may be written only once: where to look for it when the step is run again."""

    once: str = Field(min_length=1)
    after: int = Field(ge=0, description="The entry, if it was ever written, has a higher number than this.")
