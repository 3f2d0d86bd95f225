"""What is written to members: variants, their exact bytes by digest, and the manifest a gate approves."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record
from schemas.incident import Line, Locale, Text
from schemas.recipients import Residence


class Purpose(StrEnum):
    """Which message it is."""

    NOTICE = "notice"
    UPDATE = "update"


class Variant(Record):
    """One content: locale x residence rules x purpose."""

    name: str = Field(pattern=r"^[a-z0-9-]+$", description="Such as notice-en-us-ca; also the folder's name.")
    locale: Locale
    residence: Residence
    purpose: Purpose
    subject_digest: Digest
    html_digest: Digest
    text_digest: Digest
    recipients: int = Field(ge=0)


class NoticeManifest(Record):
    """All variants of one message, and the digests a gate binds to (notices/<rev>/manifest.json)."""

    message: str = Field(pattern=r"^[a-z0-9-]+$", description="'notice' or 'update-001'.")
    variants: tuple[Variant, ...]
    personal_key: str = Field(description="Parquet of substitution values by token, relative to the case.")
    personal_digest: Digest
    warnings: tuple[str, ...] = Field(default=(), description="What a reader at the gate should know, no person named.")


class Sender(Record):
    """Who writes to the members, and where an answer is read."""

    name: Line = Field(min_length=2, description="The organisation, as members know it.")
    contact: str = Field(
        pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$",
        description="An address where a person reads; the only address that may stand in a notice.",
    )
    replies_are_read: bool = Field(description="True: a person reads replies to the notice itself.")
    phone: str = Field(default="", pattern=r"^[0-9+() /.-]*$", description="A telephone number, if there is one.")
    postal: Line = Field(default="", description="A postal address in one line, if there is one.")


class Measure(StrEnum):
    """What we have done, as far as the case's own record proves it; notices claim nothing else."""

    AREAS_CLOSED = "areas closed"
    EVIDENCE_KEPT = "evidence kept"
    PROVIDER_ASKED = "provider asked in writing"


class UpdateWords(Record):
    """What an update says, in one language."""

    locale: Locale
    what_is_new: Text = Field(min_length=1, description="What is known now that was not known before.")
    what_to_do: Text = Field(default="", description="What members should do about it; empty when nothing new.")


class UpdateText(Record):
    """One follow-up: its number, its words, and when the next one is due. No words at all: nothing new to tell."""

    number: int = Field(ge=1, le=999)
    written_on: date = Field(description="Date of the message, as shown to the reader.")
    words: tuple[UpdateWords, ...] = Field(default=())
    next_update_on: date | None = Field(default=None, description="None: no further update is promised.")


class SampleValues(Record):
    """Values for an invented person, by tag: for previews and staff seeds (notices/<rev>/<variant>/sample.json)."""

    values: dict[str, str]


class Severity(StrEnum):
    """What an unmet rule of content does."""

    ERROR = "error"
    WARNING = "warning"


class LintFinding(Record):
    """One rule applied to one variant."""

    rule: str = Field(description="Its id, such as CA-02.")
    variant: str
    met: bool
    severity: Severity
    says: str = Field(description="What the rule asks for, in a sentence.")


class LintReport(Record):
    """Everything that was checked (notices/<rev>/lint.json)."""

    findings: tuple[LintFinding, ...]


class UpdateClaim(Record):
    """One number for one slot (updates/NNN/claim.json)."""

    number: int = Field(ge=1, le=999)
    slot: str = Field(description="'scheduled-<day>' or the id of the run a person started.")
    claimed_on: date
