"""What one flow tells another: which approved message, which wave."""

from pydantic import Field

from schemas.base import CaseId, Digest
from schemas.forms import Form
from schemas.incident import CaseRef, Mode


class SendOrder(Form):
    """One approved message. The sender refuses without an approval for exactly this basis."""

    case_id: CaseId = Field(title="Case", description="Filled in by the flow that hands over.")
    mode: Mode = Field(title="Mode", description="Where the case lives.")
    message: str = Field(title="Message", description="'notice' or 'update-001'.", pattern=r"^[a-z0-9-]+$")
    basis: Digest = Field(title="Basis", description="Digest of what was approved.")

    @property
    def case(self) -> CaseRef:
        """The case it belongs to."""
        return CaseRef(case_id=self.case_id, mode=self.mode)


class WaveOrder(SendOrder):
    """One wave of it."""

    wave: int = Field(title="Wave", description="0 is the staff's.", ge=0, le=99)
