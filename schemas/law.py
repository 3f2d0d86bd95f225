"""Duties: what law or a promise asks for, by when, and why. Rules are data; see breach/law/rules."""

from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record, ZonedTime


class DutyStatus(StrEnum):
    """What a rule came to in this case."""

    DUE = "due"
    MAY_BECOME_DUE = "may become due"
    DOES_NOT_APPLY = "does not apply"
    ASK_COUNSEL = "ask counsel"
    VOLUNTARY = "voluntary"
    PROPOSED = "proposed"


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
    due_rule: str = Field(default="", description="The rule's own words: 72 hours from awareness, as soon as possible…")
    people: int | None = Field(default=None, description="Affected members it concerns; None when not counted.")
    reason: str = Field(description="Why it came to this, in a sentence.")
    source: str = Field(default="", description="What was read to write the rule, and how sure that is.")
    order: tuple[str, ...] = Field(default=(), description="What must come before, with or after it.")
    content: tuple[str, ...] = Field(default=(), description="What the law wants in it.")
    content_bans: tuple[str, ...] = Field(default=(), description="What the law does not want in it.")
    decided_on: tuple[str, ...] = Field(default=(), description="The facts that decided it.")


class DutyList(Record):
    """All duties decided at one revision (law/<rev>/duties.json)."""

    rule_pack: Digest = Field(description="Hash over the rule files.")
    rule_pack_version: str = Field(default="", description="The latest day on which one of the rules was checked.")
    decided_at: ZonedTime
    aware_at: ZonedTime
    platform_aware_at: ZonedTime | None
    duties: tuple[Duty, ...] = Field(min_length=1, description="Never empty: an empty list is not an answer.")
