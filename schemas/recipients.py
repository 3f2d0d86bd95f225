"""Who will be told, who cannot be reached so, and the books that must balance."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.base import Digest, Record, only_keys

ANOTHER_LANGUAGE = "another"
"""Stands for whatever a language field holds that is no language: the cell itself may be about a person."""


class Residence(StrEnum):
    """Which residence rules shape a notice."""

    DEFAULT = "default"
    US_CA = "us-ca"
    US_MA = "us-ma"


class QuarantineReason(StrEnum):
    """Why a member cannot be reached by e-mail."""

    NO_ADDRESS = "no address in the roster"
    BAD_ADDRESS = "address cannot exist"
    UNSUPPORTED_ADDRESS = "address of a kind our mail cannot carry"
    FAILED_EXPECTATION = "row failed the recipient checks"


class ExclusionReason(StrEnum):
    """Why a member with exposed data is not told."""

    BOT = "not a person"


class Route(StrEnum):
    """How a member is told who cannot be told by e-mail; tried in this order."""

    PLATFORM_MESSAGE = "message on the platform"
    TELEPHONE = "telephone"
    LETTER = "letter by post, where an address is known"
    PUBLIC_NOTICE = "public notice"


class ListNotes(Record):
    """What a reader at the gate should know about the list; counts of people who are in it."""

    told_anyway: dict[str, int] = Field(
        default_factory=dict,
        description="Members told although suspended, staged, deleted or opted out: this is no newsletter.",
    )
    shared_addresses: int = Field(default=0, ge=0, description="Recipients who stand for more than one account.")
    alike_addresses: int = Field(
        default=0, ge=0, description="Addresses that differ only by plus-tag or dots; not merged, may be one person."
    )
    other_languages: Annotated[dict[str, int], only_keys(rf"[a-z]{{2,3}}|{ANOTHER_LANGUAGE}")] = Field(
        default_factory=dict,
        description="Recipients by language wished for that the notice is not written in; 'another': no known one.",
    )
    language_unknown: int = Field(default=0, ge=0, description="Recipients who named no language.")
    quebec: int = Field(default=0, ge=0, description="Recipients in Quebec, where law wants the notice in French.")


class ListManifest(Record):
    """The frozen recipient list in numbers (recipients/<rev>/manifest.json)."""

    affected: int = Field(ge=0, description="Members, not addresses.")
    recipients: int = Field(ge=0, description="Distinct addresses to write to: one notice each.")
    members_covered: int = Field(
        ge=0, description="Members those notices tell; more than recipients where accounts share an address."
    )
    quarantined: dict[QuarantineReason, int]
    excluded: dict[ExclusionReason, int]
    by_variant: dict[str, int]
    minors: int = Field(ge=0)
    list_digest: Digest = Field(description="Over recipients.parquet and quarantine.parquet.")
    validation_passed: bool
    expectations: int = Field(ge=1, description="How many expectations were checked.")
    notes: ListNotes = ListNotes()

    @model_validator(mode="after")
    def _nobody_vanishes(self) -> "ListManifest":
        told_or_named = self.members_covered + sum(self.quarantined.values()) + sum(self.excluded.values())
        if told_or_named != self.affected:
            raise ValueError(f"the list names {told_or_named} members of {self.affected}: somebody vanished")
        return self


class Books(Record):
    """Promise 1: affected = notified + unreachable + excluded + pending, in members."""

    affected: int = Field(ge=0)
    notified: int = Field(ge=0)
    presumed: int = Field(default=0, ge=0, description="Part of notified: accepted long ago without a bad sign.")
    unreachable: int = Field(ge=0)
    excluded: int = Field(ge=0)
    pending: int = Field(ge=0)
    in_doubt: int = Field(default=0, ge=0, description="Part of pending: asked for, answer unknown.")

    @property
    def balance(self) -> bool:
        """True when nobody is missing and nobody is counted twice."""
        return self.affected == self.notified + self.unreachable + self.excluded + self.pending
