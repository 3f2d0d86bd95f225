"""What the ledger hands out: plain rows, frozen."""

from dataclasses import dataclass
from datetime import datetime

from schemas.sending import ChunkState


@dataclass(frozen=True, slots=True)
class WaveKey:
    """Names a wave: its message under one approved basis, and its number."""

    case_id: str
    message: str
    basis_hash: str
    n: int


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave as it stands, with its chunks counted by state."""

    key: WaveKey
    name: str
    holder: str
    epoch: int
    expires_at: datetime | None
    closed_at: datetime | None
    next_at: datetime | None
    """When the following wave may start: set at closing, counted from the last finished chunk."""
    recipients: int
    accepted: int
    rejected: int
    states: dict[ChunkState, int]


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk as it stands."""

    chunk_id: int
    wave: WaveKey
    wave_name: str
    n: int
    variant: str
    key: str
    digest: str
    recipients: int
    members: int
    state: ChunkState
    attempt_id: str
    """The newest attempt; empty before the first."""
    attempts: int
    requested_at: datetime | None
    finished_at: datetime | None
    accepted: int
    rejected: int
    proven: bool
    """True when acceptance itself is delivery: the file is written and synced."""
    note: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's decision at one gate, for exactly one basis."""

    gate: str
    case_id: str
    basis_hash: str
    approver: str
    code_step: int
    decision: str
    reason: str
    decided_at: datetime
    run_id: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer at a gate that did not become a decision."""

    gate: str
    basis_hash: str
    n: int
    outcome: str
    at: datetime
    run_id: str


@dataclass(frozen=True, slots=True)
class Halt:
    """The line was stopped; in force until lifted."""

    halted_by: str
    reason: str
    halted_at: datetime
    lifted_by: str | None
    lift_reason: str | None
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Child:
    """A run started for a case, under the key that makes starting it twice harmless."""

    case_id: str
    stage: str
    hash12: str
    attempt: int
    run_id: str

    @property
    def key(self) -> str:
        """`<case>-<stage>-<hash12>-<attempt>`."""
        return f"{self.case_id}-{self.stage}-{self.hash12}-{self.attempt}"
