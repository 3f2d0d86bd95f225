"""Reports to authorities: what a draft says, what became of it, and the answers that only a person can give."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import CaseId, Digest, Record, Revision, StaffId, ZonedTime
from schemas.exposure import Certainty
from schemas.incident import Line, Mode, Text
from schemas.law import DutyStatus
from schemas.law_facts import OneLine, PlaceCode

UNKNOWN = "[UNKNOWN — investigate]"
"""What stands in a report where nobody knows the answer. Never a blank, never a figure that nobody counted."""

FilingId = Annotated[str, Field(pattern=r"^[a-z]{2,3}-[a-z0-9-]{2,60}$")]
"""The rule's id in small letters, with the place behind it where one rule asks for several reports."""
FieldId = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,40}$")]
WebAddress = Annotated[str, Field(pattern=r"^https://[a-z0-9.-]+(/[A-Za-z0-9._~/?&=-]*)?$")]


class FilingKind(StrEnum):
    """Which of the four a report is."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete, the rest follows in phases"
    FOLLOW_UP = "follow-up"
    WITHDRAWAL = "withdrawal"


class Track(StrEnum):
    """How much is sent at once."""

    FULL = "everything the form asks"
    MINIMUM = "the legal minimum first, the rest afterwards"


class FilingState(StrEnum):
    """How far a report has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    FILED = "filed"


class AnswerName(StrEnum):
    """What a report asks and the case cannot know of itself. A person states it; until then it is unknown."""

    CONTACT = "contact person, with role and telephone"
    DPO = "data protection officer or representative"
    POSTAL = "postal address"
    REGISTRATION = "registration or company number"
    ORGANISATION_KIND = "kind and size of the organisation"
    BREACH_KIND = "confidentiality, integrity or availability"
    CAUSE = "what caused it"
    CONSEQUENCES = "likely consequences"
    RISK = "why there is a risk, and how serious it is"
    MEASURES_BEFORE = "protection that was in place before"
    MEASURES_TAKEN = "measures taken"
    MEASURES_PLANNED = "measures planned"
    TELLING = "how and when the people are told"
    DELAY = "reasons for the delay"
    POLICE = "law enforcement: told, or asked for silence"
    OFFER = "services offered to the people"
    SECURITY_PROGRAM = "written information security program"
    OTHER_STATES = "residents of other places, and other authorities told"
    RECOMMENDATIONS = "steps recommended to the people"
    SENSITIVE = "whether special categories, children's or vulnerable people's data are among them"


class Seen(StrEnum):
    """How an authority's address became known."""

    PAGE = "the authority's own page was read"
    NAMED = "named by another source"
    MEMORY = "not checked against a page"


class Authority(Record):
    """Whom a report goes to, and where."""

    code: PlaceCode = Field(description="DE-HH for an authority of a part of a country; NO, GB…")
    name: Line = Field(min_length=3)
    website: WebAddress | None = None
    form: WebAddress | None = Field(default=None, description="Its web form. None: not known; start at the website.")
    languages: Line = Field(default="", description="In which languages it takes a report, as far as known.")
    note: Line = ""
    seen: Seen
    checked_on: date | None = Field(default=None, description="When it was last looked up. None: never.")


class FilingField(Record):
    """One field of a report, filled in or unknown."""

    field: FieldId
    label: str
    cite: str = Field(description="Article or section, or the question of the authority's form.")
    minimum: bool = Field(description="The law itself names it.")
    lines: tuple[str, ...] = Field(description="Empty: nobody knows.")
    certainty: Certainty
    stated_by: str = Field(default="", description="Staff id of whoever stated it; empty: the case's own record.")


class ToFollow(Record):
    """One thing to send next."""

    field: FieldId
    label: str
    cite: str
    why: str
    by: ZonedTime | None = None
    by_words: str = Field(description="What kind of date it is; our own target is never dressed as the law's.")


class Change(Record):
    """What one field said in the report filed before, and says now."""

    field: FieldId
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Annex(Record):
    """A text that goes with the report."""

    title: str
    digest: Digest = Field(description="Over the text's bytes.")
    text: str


class Earlier(Record):
    """The report filed before this one."""

    kind: FilingKind
    filed_at: ZonedTime
    reference: Line
    text: Digest


class Filing(Record):
    """One drafted report (law/filings/<rev>/<filing>/filing.json); the text beside it is made from exactly this."""

    case_id: CaseId
    mode: Mode
    filing: FilingId
    rule_id: str
    jurisdiction: str
    citation: str
    form: str = Field(description="Which of our forms it was written by.")
    title: str
    law: str
    authority: Authority | None = Field(default=None, description="None: still to be chosen.")
    authority_name: str
    choices: tuple[Authority, ...] = Field(default=(), description="Among which to choose, where several may be it.")
    kind: FilingKind
    track: Track
    facts_revision: int = Field(ge=1)
    facts_at: ZonedTime = Field(description="When that revision was recorded.")
    counts_revision: int = Field(ge=1, description="The facts revision at which the people were counted.")
    rule_pack: Digest
    duty_status: DutyStatus
    due_at: ZonedTime | None = None
    assume_by: ZonedTime | None = None
    due_rule: str = ""
    late: bool = Field(description="It was past its time when this was drafted.")
    reasons_asked: bool = Field(description="The law wants the reasons for the delay.")
    sections: tuple[tuple[str, tuple[FilingField, ...]], ...] = Field(description="In the form's order.")
    held_back: tuple[FilingField, ...] = Field(default=(), description="Known, and sent later.")
    to_follow: tuple[ToFollow, ...] = ()
    phases: str = Field(default="", description="Where the law allows to send the rest later.")
    changes: tuple[Change, ...] = ()
    earlier: Earlier | None = None
    withdrawal: Text = Field(default="", description="Why it was no breach after all.")
    annexes: tuple[Annex, ...] = ()

    @property
    def fields(self) -> tuple[FilingField, ...]:
        """Every field, in the form's order, also what is held back."""
        return (*(field for _, fields in self.sections for field in fields), *self.held_back)


class FilingDraft(Record):
    """One line of the manifest."""

    filing: FilingId
    record_key: str
    record: Digest
    text_key: str
    text: Digest
    kind: FilingKind
    changed: bool = Field(default=True, description="False: nothing has changed since it was filed.")
    unknown: int = Field(ge=0, description="Fields that nobody can fill in yet.")


class NotDrafted(Record):
    """A duty towards an authority for which there is no form here."""

    rule_id: str
    recipient_name: str
    reason: str


class FilingManifest(Record):
    """All drafts of one revision (law/filings/<rev>/manifest.json)."""

    facts_revision: int = Field(ge=1)
    rule_pack: Digest
    drafts: tuple[FilingDraft, ...]
    not_drafted: tuple[NotDrafted, ...] = ()


class FilingBasis(Record):
    """What the approval of a report binds to."""

    case_id: CaseId
    filing: FilingId
    facts_revision: int
    rule_pack: Digest
    text: Digest


class Statement(Record):
    """What a person has stated for one report (law/filings/stated/<filing>/NNNN.json). Later ones add and replace."""

    filing: FilingId
    n: int = Field(ge=1)
    run_id: str
    at: ZonedTime
    by: StaffId
    track: Track
    authority: PlaceCode | None = None
    withdrawal: Text = ""
    answers: dict[AnswerName, Text] = Field(default_factory=dict)


class Filed(Record):
    """A report that was handed in (law/filings/filed/<filing>/NNNN.json); written once."""

    filing: FilingId
    n: int = Field(ge=1)
    rule_id: str
    kind: FilingKind
    record_key: str = Field(description="The draft it was.")
    text: Digest
    basis: Digest
    approved_by: StaffId
    approved_at: ZonedTime
    filed_at: ZonedTime
    reference: Line
    by: StaffId
    proof: Digest = Field(description="SHA-256 of the receipt, also its name below evidence/.")
    proof_name: Line
    custody: Revision = Field(description="The step that took the proof into the case.")
    late_reason: OneLine = Field(
        default="", description="The reasons for the delay that the text gave, if it was late."
    )


class FilingRow(Record):
    """Where one report stands: for people and for the dossier."""

    filing: FilingId
    rule_id: str
    authority: str
    kind: FilingKind
    state: FilingState
    due_at: ZonedTime | None = None
    assume_by: ZonedTime | None = None
    late: bool = False
    unknown: int = Field(ge=0)
    next_step: str


class FilingStory(Record):
    """Everything of one report, for the dossier: each text that was drafted, approved or filed."""

    row: FilingRow
    drafts: tuple[Filing, ...]
    texts: dict[Digest, str] = Field(description="Text digest -> the text's bytes as words.")
    filed: tuple[Filed, ...] = ()
