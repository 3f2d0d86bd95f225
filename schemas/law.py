"""Duties: what law or a promise asks for, by when, and why. Rules are data; see breach/law/rules."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record, Revision, ZonedTime
from schemas.law_facts import TargetName


class DutyStatus(StrEnum):
    """What a rule came to in this case."""

    DUE = "due"
    MAY_BECOME_DUE = "may become due"
    DOES_NOT_APPLY = "does not apply"
    ASK_COUNSEL = "ask counsel"
    VOLUNTARY = "voluntary"
    PROPOSED = "proposed"


class ChangeKind(StrEnum):
    """How a duty changed; in the order in which people must read it."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "deadline moved"
    STATE = "state changed"
    DONE = "done"


class Duty(Record):
    """One rule, applied: the result, with the facts that decided it."""

    rule_id: str
    regime: str = Field(description="Name of the law or promise.")
    jurisdiction: str
    citation: str = Field(description="Where it stands, article or section.")
    recipient: str = Field(description="Who must be told: authority, individual, internal_record, controller…")
    recipient_name: str
    status: DutyStatus
    due_at: ZonedTime | None = Field(default=None, description="A legal deadline. None: no fixed hour in the law.")
    assume_by: ZonedTime | None = Field(
        default=None, description="A working date until counsel answers; not a legal deadline."
    )
    own_target: ZonedTime | None = Field(
        default=None, description="Our own date where the law says 'as soon as possible'. Never a legal deadline."
    )
    started_at: ZonedTime | None = Field(
        default=None, description="The event from which that time counts. None: awareness, or no stretch of time."
    )
    due_rule: str = Field(default="", description="The rule's own words: 72 hours from awareness, as soon as possible…")
    people: int | None = Field(default=None, description="Affected members it concerns; None when not counted.")
    reason: str = Field(description="Why it came to this, in a sentence.")
    source: str = Field(default="", description="What was read to write the rule, and how sure that is.")
    order: tuple[str, ...] = Field(default=(), description="What must come before, with or after it.")
    content: tuple[str, ...] = Field(default=(), description="What the law wants in it.")
    content_bans: tuple[str, ...] = Field(default=(), description="What the law does not want in it.")
    decided_on: tuple[str, ...] = Field(default=(), description="The facts that decided it.")
    track: str = Field(default="", description="Whose duty it is: controller, joint controller, processor.")
    conservative: bool = Field(default=False, description="The clock starts at an earlier event than the law names.")
    done_at: ZonedTime | None = Field(default=None, description="When a notice was given under it, as recorded.")
    late_reason: str = Field(default="", description="Why it was given late, as recorded.")
    contract: str = Field(default="", description="Recipient and clause of the contract that asks; empty: a law does.")
    platform_clock: ZonedTime | None = Field(
        default=None, description="Where the clock would end if the platform's awareness counted as ours."
    )

    @property
    def by(self) -> datetime | None:
        """The legal deadline, or the working date; None when there is neither."""
        return self.due_at or self.assume_by

    @property
    def look_by(self) -> datetime | None:
        """The same, or our own date where the law names none: when somebody must look at it."""
        return self.by or self.own_target


class InternalTarget(Record):
    """What we ask of ourselves; shown apart, never as law."""

    name: TargetName
    words: str
    due_at: ZonedTime | None = Field(default=None, description="None: before an act of ours, not by an hour.")
    done: bool = False


class Contradiction(Record):
    """Two facts that cannot both be so; both stand until a person corrects one."""

    facts: str = Field(description="Which, in a sentence that names them.")
    next_step: str


class DutyList(Record):
    """All duties decided at one revision (law/<rev>/duties.json)."""

    rule_pack: Digest = Field(description="Hash over the rule files.")
    rule_pack_version: str = Field(default="", description="The latest day on which one of the rules was checked.")
    decided_at: ZonedTime
    aware_at: ZonedTime
    platform_aware_at: ZonedTime | None
    duties: tuple[Duty, ...] = Field(min_length=1, description="Never empty: an empty list is not an answer.")
    targets: tuple[InternalTarget, ...] = Field(default=(), description="Our own, beside the law.")
    challenges: tuple[str, ...] = Field(default=(), description="Awareness set later than something on record.")
    contradictions: tuple[Contradiction, ...] = ()


class Change(Record):
    """What became of one duty from one revision to the next."""

    rule_id: str
    jurisdiction: str
    regime: str
    recipient_name: str
    what: ChangeKind
    before: str = Field(description="State and date before; empty when it was not there.")
    after: str
    why: str = Field(description="The reason of the newer answer, or why there is none any more.")


class DutyChanges(Record):
    """The difference between two lists of duties (law/<rev>/changes.json)."""

    before: Revision = Field(description="The revision of the duties before.")
    after: Revision
    facts_revision: int = Field(ge=1, description="The facts that made the difference.")
    changes: tuple[Change, ...] = Field(description="Empty: the facts changed, the duties did not.")
