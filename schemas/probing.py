"""What a stranger gets for addresses that were open: one round of looks, with evidence."""

from enum import StrEnum

from pydantic import Field

from schemas.base import CaseId, Digest, Record, ZonedTime


class Standing(StrEnum):
    """Whether a stranger still gets what leaked."""

    ONGOING = "ongoing"
    FIXED = "fixed"
    UNKNOWN = "unknown"


class Look(Record):
    """One anonymous request."""

    url: str = Field(description="As the form names it; stays in the case store.")
    at: ZonedTime
    status: int = Field(ge=0, description="HTTP status; 0: no answer.")
    standing: Standing
    reason: str = Field(description="Why it is taken to be so; never what stood there.")
    size: int = Field(ge=0, description="Bytes of the body, as far as it was read.")
    digest: Digest | None = Field(description="SHA-256 of these bytes, kept below evidence/; None: there were none.")
    cut: bool = Field(default=False, description="The body went on; the rest was not read.")


class ProbeRound(Record):
    """All addresses once (probes/NNNN.json)."""

    case_id: CaseId
    n: int = Field(ge=1)
    by: str = Field(description="A staff id.")
    looks: tuple[Look, ...] = Field(min_length=1)

    @property
    def standing(self) -> Standing:
        """Ongoing when one address is; fixed only when every one is; otherwise nobody knows."""
        found = {look.standing for look in self.looks}
        if Standing.ONGOING in found:
            return Standing.ONGOING
        return Standing.FIXED if found == {Standing.FIXED} else Standing.UNKNOWN
