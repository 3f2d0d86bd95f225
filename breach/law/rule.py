"""The shape of a rule file. Closed: a key, an anchor or a data type that is not known here fails at load."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from breach.errors import LawUnknown
from breach.law.expression import Expression, parse_expression
from schemas.base import Record
from schemas.incident import CountryCode

RuleId = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9-]{2,40}$")]
Place = Annotated[str, Field(pattern=r"^[A-Z]{2,4}(-[A-Z0-9]{1,3})?$")]
"""A jurisdiction code, or the name of a group in places.yaml."""
Sentence = Annotated[str, Field(min_length=3, max_length=1200)]


class Anchor(StrEnum):
    """Events a clock can start from."""

    AWARE = "aware"
    SUSPICION = "suspicion"
    DISCOVERY = "discovery"
    RISK_ASSESSED_HIGH = "risk_assessed_high"
    AFTER_INDIVIDUAL_NOTICE = "after_individual_notice"
    WITH_INDIVIDUAL_NOTICE = "with_individual_notice"
    AFTER_AUTHORITY_STATEMENT = "after_authority_statement"


LATER = {Anchor.AFTER_INDIVIDUAL_NOTICE, Anchor.WITH_INDIVIDUAL_NOTICE, Anchor.AFTER_AUTHORITY_STATEMENT}
"""Anchors that are acts of our own under another rule: never computed from awareness, they have not happened yet."""


class Holder(StrEnum):
    """Whose duty it is. A joint controller is a controller."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


class RecipientKind(StrEnum):
    """Who must be told."""

    AUTHORITY = "authority"
    INDIVIDUAL = "individual"
    CONTROLLER = "controller"
    INTERNAL_RECORD = "internal_record"


class Event(StrEnum):
    """What must have happened to the data."""

    ANY_BREACH = "any breach"
    ACQUISITION = "acquisition"
    ACQUISITION_OR_USE = "acquisition or use"
    ACCESS_DISCLOSURE_LOSS = "access, disclosure or loss"


class RiskTest(StrEnum):
    """The risk a law asks about; each law has its own, one score never answers them all."""

    NONE = "none"
    RISK_NOT_UNLIKELY = "risk not unlikely"
    HIGH = "high risk"
    SUSPECTED_SERIOUS_HARM = "suspected serious harm"
    SERIOUS_HARM = "serious harm"
    SERIOUS_INJURY = "serious injury"
    RELEVANT_RISK = "relevant risk"
    IDENTITY_THEFT = "substantial risk of identity theft or fraud"


class Link(StrEnum):
    """What ties a case to a jurisdiction."""

    ESTABLISHMENT = "establishment"
    RESIDENTS = "residents"


class Confidence(StrEnum):
    """How sure the rule's main fact is."""

    PRIMARY = "verified-primary"
    SECONDARY = "verified-secondary"
    MEMORY = "memory"


class Question(StrEnum):
    """Facts of the organisation that can take it outside a law."""

    TURNOVER = "turnover_over_aud_3m"


class Deadline(Record):
    """From an anchor: so many hours, so many calendar days, or as soon as possible. Exactly one of the three."""

    anchor: Anchor
    hours: int | None = Field(default=None, ge=1, le=8784)
    calendar_days: int | None = Field(default=None, ge=1, le=366)
    asap: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> "Deadline":
        if [self.hours, self.calendar_days, self.asap].count(None) != 2:
            raise ValueError("a deadline has exactly one of: hours, calendar_days, asap: true")
        if self.anchor is Anchor.RISK_ASSESSED_HIGH and not self.asap:
            raise ValueError("risk_assessed_high starts no counted clock; use asap: true")
        return self


class Counsel(Record):
    """Why a lawyer must answer, and what to work by until then."""

    why: Sentence
    law_says: Sentence = Field(description="The law's own deadline, in words.")
    assume: Deadline


class Reach(Record):
    """Whom a law protects: by where the organisation is, by where people live, or by either."""

    place: Place
    by: tuple[Link, ...] = Field(min_length=1, max_length=2)
    unless_established_in: Place | None = None
    each_state: bool = Field(default=False, description="One duty for each jurisdiction of the group.")
    doubt: str = Field(default="", description="What the facts leave open about the reach; taken as yes.")


class Count(Record):
    """How many people it takes."""

    op: Literal[">", ">="]
    number: int = Field(ge=1)
    scope: Literal["residents"]


def _readable(text: str) -> str:
    try:
        parse_expression(text)
    except LawUnknown as error:
        raise ValueError(error.happened) from None
    return text


DataText = Annotated[str, Field(max_length=500), AfterValidator(_readable)]


class Data(Record):
    """Which data trigger the rule. What may trigger it, for want of a closer look, is kept apart from what does."""

    certain: DataText | None = Field(default=None, description="Exposed, this triggers the rule.")
    possible: DataText | None = Field(default=None, description="Exposed, this may: the note says what nobody knows.")
    note: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> "Data":
        if self.certain is None and self.possible is None:
            raise ValueError("a trigger names data that are certain, possible, or both")
        if (self.possible is None) == bool(self.note):
            raise ValueError("a note goes with possible data, and possible data with a note")
        return self

    def certainly(self) -> Expression | None:
        """The parsed certain expression."""
        return parse_expression(self.certain) if self.certain else None

    def possibly(self) -> Expression | None:
        """The parsed possible expression."""
        return parse_expression(self.possible) if self.possible else None


class Trigger(Record):
    """What must be so for the rule to bite."""

    event: Event
    risk: RiskTest
    data: Data | None = Field(default=None, description="Left out when the rule follows another one.")
    count: Count | None = None


class Gate(Record):
    """A question whose 'no' may take the organisation outside the law. Unknown counts as yes."""

    question: Question
    if_no: Sentence


class InForce(Record):
    """The dates on which the rule is law, both included."""

    since: date
    until: date | None = None


class Rule(Record):
    """One duty of one law."""

    id: RuleId
    regime: Sentence
    citation: Sentence
    duty_holder: tuple[Holder, ...] = Field(min_length=1)
    recipient: RecipientKind
    recipient_name: Sentence = Field(description="May hold {place}: the jurisdiction's name is put there.")
    reach: Reach
    trigger: Trigger
    follows: RuleId | None = Field(default=None, description="The rule that must be due first; its data count.")
    deadline: Deadline | None = None
    counsel: Counsel | None = None
    gate: Gate | None = None
    exemptions: str = ""
    in_force: InForce
    source: Sentence
    confidence: Confidence
    as_of: date

    @model_validator(mode="after")
    def _fits_together(self) -> "Rule":
        if (self.deadline is None) == (self.counsel is None):
            raise ValueError("a rule has a deadline, or a question for counsel, not both")
        if (self.follows is None) == (self.trigger.data is None):
            raise ValueError("a rule names its data, or follows a rule that does, not both")
        if self.deadline and self.deadline.anchor in LATER and self.follows is None:
            raise ValueError("a clock that starts with another duty's act needs 'follows'")
        if set(self.recipient_name.replace("{place}", "")) & set("{}"):
            raise ValueError("recipient_name may hold {place} and no other brackets")
        return self


class RuleFile(Record):
    """One file of the pack: one jurisdiction."""

    rules: tuple[Rule, ...] = Field(min_length=1)


class Group(Record):
    """A set of jurisdictions that share law."""

    members: tuple[CountryCode, ...] = Field(min_length=1)
    source: Sentence


class Places(Record):
    """Groups of jurisdictions (rules/places.yaml)."""

    groups: dict[str, Group]
