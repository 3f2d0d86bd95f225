"""The shape of a rule file. Closed: a key, an anchor or an element that is not known here fails at load."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from breach.errors import LawUnknown
from breach.law.deadline import LATER, Asap, Node
from breach.law.deadline_parser import parse_deadline
from breach.law.elements import LAW_ELEMENTS
from breach.law.expression import Expression, parse_expression
from breach.law.graph import anchors_in, uses_business_days
from breach.law.vocabulary import (
    Confidence,
    Encryption,
    Happening,
    Holder,
    Link,
    Question,
    RecipientKind,
    RuleStatus,
    Scope,
)
from schemas.base import Record
from schemas.incident import CountryCode
from schemas.law_facts import Anchor, RiskTest, Sector

RuleId = Annotated[str, Field(pattern=r"^[A-Z]{2}[A-Z0-9-]{2,40}$")]
Place = Annotated[str, Field(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,4})?$")]
"""A jurisdiction code, or the name of a group in places.yaml."""
Sentence = Annotated[str, Field(min_length=3, max_length=1200)]
ELEMENTS = frozenset(LAW_ELEMENTS)


def _deadline_reads(text: str) -> str:
    try:
        parse_deadline(text)
    except LawUnknown as error:
        raise ValueError(error.happened) from None
    return text


def _data_reads(text: str) -> str:
    try:
        parse_expression(text, ELEMENTS)
    except LawUnknown as error:
        raise ValueError(error.happened) from None
    return text


DeadlineText = Annotated[str, Field(max_length=300), AfterValidator(_deadline_reads)]
DataText = Annotated[str, Field(max_length=700), AfterValidator(_data_reads)]


class Counsel(Record):
    """Why a lawyer must answer. The rule's deadline is then what to work by, not a legal deadline."""

    why: Sentence
    law_says: str = Field(default="", description="The law's own words, when they differ from what to work by.")


class Reach(Record):
    """Whom a law protects: by where the organisation is, by where people live, or by a contract."""

    place: Place
    by: tuple[Link, ...] = Field(min_length=1, max_length=2)
    unless_established_in: Place | None = None
    each_state: bool = Field(default=False, description="One duty for each jurisdiction of the group.")
    doubt: str = Field(default="", description="What the facts leave open about the reach; taken as yes.")


class Count(Record):
    """How many people it takes, and what makes the number needless."""

    op: Literal[">", ">=", "<"]
    number: int = Field(ge=1)
    scope: Scope
    or_attack: bool = Field(default=False, description="Any number when somebody broke in.")
    or_data: DataText | None = Field(default=None, description="Any number when these data leaked.")
    or_else: str = Field(default="", description="Any number when this is so; only a person can say.")


class Data(Record):
    """Which data trigger the rule. What may trigger it, for want of a closer look, is kept apart from what does."""

    certain: DataText | None = None
    possible: DataText | None = None
    note: str = Field(default="", description="Why 'possible' is only possible, in a sentence.")
    encryption: Encryption = Encryption.CONSIDERED

    @model_validator(mode="after")
    def _says_something(self) -> "Data":
        if self.certain is None and self.possible is None:
            raise ValueError("data needs 'certain' or 'possible'")
        if self.possible is not None and not self.note:
            raise ValueError("'possible' needs a note that says what is not known")
        return self

    def certainly(self) -> Expression | None:
        """The parsed certain expression."""
        return parse_expression(self.certain, ELEMENTS) if self.certain else None

    def possibly(self) -> Expression | None:
        """The parsed possible expression."""
        return parse_expression(self.possible, ELEMENTS) if self.possible else None


class Trigger(Record):
    """What must be so for the rule to bite."""

    event: Happening
    risk: RiskTest
    unless: str = Field(default="", description="The finding that takes the duty away, and what it costs.")
    words: str = Field(default="", description="The trigger as a person would say it.")
    data: Data | Literal["definition"] | None = Field(
        default=None, description="Left out when the rule follows another one; or the place's own definition."
    )
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
    same_as: RuleId | None = Field(default=None, description="The rule whose act fulfils this one, too.")
    instead_of: RuleId | None = Field(default=None, description="The rule it stands in for when that cannot be done.")
    deadline: DeadlineText
    calendar: CountryCode | None = Field(default=None, description="Whose business days; needed to count them.")
    counsel: Counsel | None = None
    counsel_if: str = Field(default="", description="When to ask counsel although the clock is clear.")
    gate: Gate | None = None
    sector: Sector | None = Field(default=None, description="Only this line of business has the duty.")
    content: tuple[Sentence, ...] = Field(default=(), description="What must be in it.")
    content_bans: tuple[Sentence, ...] = Field(default=(), description="What must not be in it.")
    exemptions: str = ""
    notes: str = ""
    in_force: InForce | None = None
    status: RuleStatus = RuleStatus.IN_FORCE
    retention_months: int | None = Field(default=None, ge=1, le=240, description="How long proof is kept.")
    source: Sentence
    confidence: Confidence
    as_of: date

    @property
    def clock(self) -> Node:
        """The deadline, read."""
        return parse_deadline(self.deadline)

    @model_validator(mode="after")
    def _fits_together(self) -> "Rule":
        for problem in _misfits(self):
            raise ValueError(problem)
        return self


def _misfits(rule: Rule) -> Iterator[str]:
    if (rule.follows is None) == (rule.trigger.data is None):
        yield "a rule names its data, or follows a rule that does, not both"
    if rule.follows is None and any(anchor in LATER for anchor in anchors_in(rule.clock)):
        yield "a clock that starts with another duty's act needs 'follows'"
    if Anchor.RISK_ASSESSED_HIGH in anchors_in(rule.clock) and not isinstance(rule.clock, Asap):
        yield "risk_assessed_high starts no counted clock; use asap(risk_assessed_high)"
    if uses_business_days(rule.clock) and rule.calendar is None:
        yield "business days need a calendar"
    if rule.in_force is None and rule.status is RuleStatus.IN_FORCE and rule.counsel is None:
        yield "a rule in force says since when, or asks counsel"
    if set(rule.recipient_name.replace("{place}", "")) & set("{}"):
        yield "recipient_name may hold {place} and no other brackets"


class Answers(Record):
    """What the definition comes to for four usual leaks, in the words of the table it was taken from."""

    email_username_password: str
    email_username_strong_hash: str
    email_username_messages: str
    real_name_email_password: str


class Definition(Record):
    """Which data one law calls personal. Rules of the same file point at it with `data: definition`."""

    law: Sentence
    citation: Sentence
    model: Sentence
    place: Place
    data: Data
    name_required: str
    credentials: str
    other_elements: str = ""
    without_name: str
    encryption: str
    paper: str
    answers: Answers
    note: str = ""
    source: Sentence
    confidence: Confidence
    as_of: date


class RuleFile(Record):
    """One file of the pack: one jurisdiction."""

    definitions: tuple[Definition, ...] = ()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _holds_something(self) -> "RuleFile":
        if not self.rules and not self.definitions:
            raise ValueError("a file holds rules or definitions")
        if not self.definitions and any(rule.trigger.data == "definition" for rule in self.rules):
            raise ValueError("a rule points at a definition, and the file holds none")
        return self


class Group(Record):
    """A set of jurisdictions that share law."""

    members: tuple[CountryCode, ...] = Field(min_length=1)
    source: Sentence


class Places(Record):
    """Groups of jurisdictions (rules/places.yaml)."""

    groups: dict[str, Group]
