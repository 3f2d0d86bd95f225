"""Which revision of each chapter is current (current.json)."""

from pydantic import Field

from schemas.base import Record
from schemas.receipt import Receipt


class Current(Record):
    """Pointers; changed only by comparing."""

    receipts: dict[str, Receipt] = Field(
        default_factory=dict, description="By chapter, or chapter@message for updates."
    )
