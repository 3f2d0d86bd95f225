"""The conclusion under Article 33 or 34 GDPR: written by a person, confirmed by a proven one, kept in full."""

from pydantic import Field

from schemas.base import CaseId, Digest, Record, Revision, StaffId, ZonedTime
from schemas.incident import Line, Text
from schemas.law_facts import Words
from schemas.severity import Level


class Conclusion(Record):
    """What is to be concluded, as stated on the form: facts, effects and remedial action, Article 33(5)."""

    case_id: CaseId
    about: str = Field(description="Which article's test, in the form's words.")
    met: bool = Field(description="False: not to notify.")
    facts: Text
    effects: Text
    measures: Text
    sentence: Words
    counsel_agreed: bool
    stated_by: StaffId
    source: Line


class ConclusionBasis(Record):
    """What the gate binds to. The risk findings themselves are left out: they are what this decides."""

    conclusion: Digest
    facts: Digest = Field(description="Of the incident as it stands, without its risk findings.")
    exposures: Digest
    rule_pack: Digest


class Concluded(Record):
    """A conclusion with who confirmed it, and what it was drawn from (law/<rev>/conclusions/<digest>.json)."""

    conclusion: Conclusion
    basis: Digest
    approver: StaffId
    reason: Line = Field(description="What the person said at the gate.")
    decided_at: ZonedTime
    facts_revision: int = Field(ge=1)
    duties: Revision = Field(description="The duties that were held when it was drawn.")
    exposures: Digest
    level: Level = Field(description="Severity of the case at that moment; it informs and decides nothing.")
    severity: Digest
