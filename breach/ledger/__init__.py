"""The ledger: leases, approvals, waves, chunks and halts in one SQL database, read and written in short transactions.

It is the truth about who acts and what was sent; the conductor of the runs is asked for neither.
"""

from breach.ledger.approvals import Refusal, RefusalReason
from breach.ledger.open import Ledger, open_ledger
from breach.ledger.rows import Approval, Attempt, Child, ChunkRow, Halt, WaveKey, WaveRow
from breach.ledger.transitions import Completion, Resolution

__all__ = [
    "Approval",
    "Attempt",
    "Child",
    "ChunkRow",
    "Completion",
    "Halt",
    "Ledger",
    "Refusal",
    "RefusalReason",
    "Resolution",
    "WaveKey",
    "WaveRow",
    "open_ledger",
]
