"""What travels between tasks: a key, counts and digests. Never rows."""

from enum import StrEnum

from pydantic import Field

from schemas.base import CaseId, Digest, Record, Revision


class Chapter(StrEnum):
    """A stage of the case that leaves a step record."""

    OPEN = "open"
    PAPERS = "papers"
    CONTAIN = "contain"
    PRESERVE = "preserve"
    ROSTER = "roster"
    EXPOSURES = "exposures"
    SEVERITY = "severity"
    DUTIES = "duties"
    FILINGS = "filings"
    RECIPIENTS = "recipients"
    NOTICES = "notices"
    WAVES = "waves"
    DOSSIER = "dossier"


class Receipt(Record):
    """What one chapter hands to the next."""

    case_id: CaseId = Field(description="The case this belongs to.")
    chapter: Chapter = Field(description="The chapter that wrote it.")
    revision: Revision = Field(description="Names the frozen output; changes when any input changes.")
    key: str = Field(description="The main object, relative to the case's folder in the store.")
    digest: Digest = Field(description="SHA-256 of the main object's bytes.")
    counts: dict[str, int] = Field(default_factory=dict, description="How many of what; never who.")


class StepInputs(Record):
    """Everything a chapter's result depends on; its digest names the step."""

    chapter: Chapter
    facts_revision: int = Field(ge=0, description="0 before the first facts are written.")
    upstream: dict[str, Digest] = Field(default_factory=dict, description="Digest of each receipt used, by name.")
    code: str = Field(
        description="Version of the code that computes this chapter; raised when its result would differ."
    )
    rule_pack: str = Field(default="", description="Hash of the rule pack, where law is involved.")
    extra: dict[str, str] = Field(
        default_factory=dict, description="Other inputs, such as digests of the export files."
    )


class StepRecord(Record):
    """Proof that a chapter is done; a second run returns its receipt."""

    inputs: StepInputs
    receipt: Receipt
