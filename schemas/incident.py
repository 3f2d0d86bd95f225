"""What happened, to whom it may have happened, and who is in charge: the facts of a case."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.base import BlockRef, CaseId, Record, StaffId, ZonedTime
from schemas.exposure import SPECIAL_CATEGORIES, DataType
from schemas.law_facts import LawFacts

REHEARSAL_PREFIX = "rehearsal-"
NO_AT = r"^[^@]*$"
Line = Annotated[str, Field(pattern=r"^[^@\r\n]*$", max_length=300)]
"""One line of free text. No @: it is stored in the run history, where no address may go."""
Text = Annotated[str, Field(pattern=NO_AT, max_length=4000)]
"""Free text of several lines, without @ for the same reason."""
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""ISO 3166-1 alpha-2, or 3166-2 where law differs within a country (US-CA, CA-QC)."""


class Mode(StrEnum):
    """Fixed when the case opens. Same flow, same code; another root, ledger and approvers."""

    REHEARSAL = "rehearsal"
    LIVE = "live"


class Cause(StrEnum):
    """Triage: whose fault, as far as we know."""

    PLATFORM = "the platform caused it"
    MEMBER = "somebody among us caused it"
    UNKNOWN = "not yet known"


class Certainty(StrEnum):
    """A suspicion takes the same way and can be closed at the first gate without becoming a breach."""

    CONFIRMED = "confirmed: data was exposed"
    SUSPICION = "a suspicion, not yet confirmed"


class Ongoing(StrEnum):
    """Whether data is still reachable."""

    YES = "still going on"
    NO = "it has stopped"
    UNKNOWN = "not known"


class LearnedHow(StrEnum):
    """How the people in charge came to know."""

    PROVIDER = "the provider told us"
    MEMBER = "a member told us"
    OURSELVES = "we saw it ourselves"
    OUTSIDER = "a researcher, journalist or stranger told us"
    OTHER = "in another way"


class Role(StrEnum):
    """The community's role under data protection law."""

    CONTROLLER = "controller: we decide why and how the data is used"
    PROCESSOR = "processor: we hold it on behalf of somebody else"
    JOINT = "joint controller: we decide together with others"


class Answer(StrEnum):
    """A yes or no that may be unknown."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"


class Locale(StrEnum):
    """A language in which notices are written."""

    EN = "en"
    DE = "de"


class Organisation(Record):
    """Facts about the people in charge that law asks for."""

    name: Line = Field(min_length=2, description="As members know it.")
    established_in: CountryCode = Field(description="Where the organisation is established, such as DE or US-CA.")
    role: Role = Field(description="Controller, processor or joint controller.")
    turnover_over_aud_3m: Answer = Field(
        description="Annual turnover above 3 million Australian dollars (s6D Privacy Act)."
    )
    time_zone: Line = Field(default="UTC", description="IANA name, such as Europe/Berlin; local deadlines end by it.")


class OwnWords(Record):
    """Sentences of the people in charge, in one language; shown only to members who read that language."""

    locale: Locale = Field(description="The language of these sentences.")
    what_happened: Text = Field(default="", description="Two sentences; the dates and areas are added by the template.")
    what_we_have_done: Text = Field(default="", description="What the community has done.")
    what_the_platform_is_doing: Text = Field(default="", description="What the provider told us it is doing.")


class SensitiveArea(Record):
    """An area whose name tells something about everybody who writes in it, such as a support group."""

    area: Line = Field(min_length=1, description="Slug of the area.")
    category: DataType = Field(description="What it is about: a special category of article 9 GDPR.")

    @model_validator(mode="after")
    def _is_special(self) -> "SensitiveArea":
        if self.category not in SPECIAL_CATEGORIES:
            raise ValueError("an area is declared to be about a special category, such as health or belief")
        return self


class SendingPlan(Record):
    """How the approved notices go out."""

    canary_size: int = Field(default=25, ge=1, le=1000, description="How many members are told first.")
    chunk_size: int = Field(default=500, ge=1, le=1000, description="Recipients in one request; 1,000 at most.")
    observe_minutes: int = Field(default=30, ge=0, le=1440, description="Minutes to look before the next wave.")
    update_after_days: int = Field(default=7, ge=1, le=60, description="Days until the first promised update.")
    updates: int = Field(default=4, ge=1, le=26, description="How many updates are promised, one every so many days.")


class Narrowing(Record):
    """Which records the leak reached, beyond areas and time; what nobody has said counts as reached.

    A list of ids limits records of its own kind only: ids of messages limit messages, ids of members limit profiles.
    """

    posts: Answer = Field(default=Answer.YES, description="Whether posts in the areas were readable.")
    direct_messages: Answer = Field(default=Answer.UNKNOWN, description="Whether direct messages were readable.")
    attachments: Answer = Field(default=Answer.UNKNOWN, description="Whether uploaded files were readable.")
    message_ids: Line = Field(default="", description="File of message ids in the inbox; empty: no such list.")
    member_ids: Line = Field(default="", description="File of ids of members whose records were reached.")
    attachment_ids: Line = Field(default="", description="File of attachment ids in the inbox.")

    @property
    def lists(self) -> tuple[str, ...]:
        """The files of ids that are named: of messages, members, attachments, in this order."""
        return tuple(name for name in (self.message_ids, self.member_ids, self.attachment_ids) if name)


Acceptance = Annotated[str, Field(pattern=r"^$|^[0-9a-f]{12}: [^@\r\n]{10,}$", max_length=300)]
"""The first 12 digits of a file's digest and a reason: it holds for that very file and for no later one."""


class RosterFacts(Record):
    """What people say of the member list."""

    expected: int = Field(default=0, ge=0, description="How many members there should be; 0: nobody has said.")
    columns: tuple[Line, ...] = Field(default=(), description="Corrections, each 'header = what it holds'.")
    accepted: Acceptance = Field(
        default="",
        description="Why a list that fails its contract is believed: '<12 digits of its digest>: reason'.",
    )


class IncidentFacts(Record):
    """All that is known of the incident at one revision."""

    what_happened: Line = Field(min_length=10, description="One line, for the record.")
    platform: Line = Field(min_length=2, description="The software the community lives on.")
    provider: Line = Field(min_length=2, description="The company behind it.")
    learned_how: LearnedHow
    aware_at: ZonedTime = Field(description="When the people in charge became aware.")
    platform_aware_at: ZonedTime | None = Field(default=None, description="When the platform itself knew, if known.")
    cause: Cause
    certainty: Certainty
    ongoing: Ongoing
    areas: tuple[Line, ...] = Field(
        default=(), description="Slugs of the areas reached. Empty: unknown, so everything."
    )
    sensitive_areas: tuple[SensitiveArea, ...] = Field(
        default=(), description="Areas that tell something about everybody who wrote there. Empty: none declared."
    )
    span_known: bool = Field(description="False: the time span is unknown, so everything is in scope.")
    leak_from: ZonedTime
    leak_until: ZonedTime
    profiles_exposed: Answer = Field(
        description="Whether member records (the export file) were reachable; unknown counts as yes."
    )
    roster_export: Line = Field(min_length=1, description="Member list, relative to the inbox.")
    content_exports: tuple[Line, ...] = Field(default=(), description="Message exports, relative to the inbox.")
    organisation: Organisation
    promises: tuple[Line, ...] = Field(default=(), description="Contract or policy promises about incidents.")
    lead: StaffId = Field(description="Who leads.")
    own_words: tuple[OwnWords, ...] = Field(default=())
    platform_connection: BlockRef = Field(description="The block that closes areas, or the manual checklist.")
    sending: SendingPlan = SendingPlan()
    narrowing: Narrowing = Narrowing()
    roster: RosterFacts = RosterFacts()
    law: LawFacts = Field(default=LawFacts(), description="What law asks beyond this form; all of it optional.")

    @model_validator(mode="after")
    def _span_is_ordered(self) -> "IncidentFacts":
        if self.span_known and self.leak_until < self.leak_from:
            raise ValueError("leak_until lies before leak_from; correct the time span on the form")
        return self


class Facts(Record):
    """One revision of the facts, with who said so and when."""

    revision: int = Field(ge=1)
    recorded_at: ZonedTime
    recorded_by: StaffId
    source: Line = Field(description="Where this knowledge comes from.")
    incident: IncidentFacts


class Case(Record):
    """What is fixed when a case opens (case.json)."""

    case_id: CaseId
    mode: Mode
    opened_at: ZonedTime
    opened_by_run: str = Field(description="Prefect's id of the run that opened the case, or 'command line'.")


class CaseRef(Record):
    """How tasks name a case to each other."""

    case_id: CaseId
    mode: Mode

    @classmethod
    def named(cls, case_id: str, mode: Mode) -> "CaseRef":
        """The case a form means: a rehearsal's name begins with its prefix, typed or not.

        Raises ValueError when a live case would carry a rehearsal's name.
        """
        marked = case_id.startswith(REHEARSAL_PREFIX)
        if mode is Mode.LIVE and marked:
            raise ValueError(f"a live case must not be called {REHEARSAL_PREFIX}…; choose another name")
        return cls(case_id=case_id if marked or mode is Mode.LIVE else REHEARSAL_PREFIX + case_id, mode=mode)

    @classmethod
    def every(cls, case_id: str) -> "tuple[CaseRef, ...]":
        """Every case a name may mean when no mode is said: the live one, and its rehearsal."""
        if case_id.startswith(REHEARSAL_PREFIX):
            return (cls(case_id=case_id, mode=Mode.REHEARSAL),)
        live = cls(case_id=case_id, mode=Mode.LIVE)
        try:
            return live, cls.named(case_id, Mode.REHEARSAL)
        except ValueError:  # too long with the prefix: no rehearsal can have this name
            return (live,)
