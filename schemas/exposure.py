"""What leaked: findings, and for each member the set of data types. Never the values."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Digest, Record, only_keys


class DataType(StrEnum):
    """One kind of personal data, in words a member knows."""

    NAME = "name"
    USERNAME = "username"
    EMAIL = "email address"
    PHONE = "phone number"
    DATE_OF_BIRTH = "date of birth"
    IP_ADDRESS = "IP address"
    LOCATION = "location"
    PAYMENT_CARD = "payment card number"
    BANK_ACCOUNT = "bank account number"
    SOCIAL_SECURITY = "social security number"
    PROFILE_DETAILS = "profile details"
    CLOSED_AREA_POSTS = "posts in a closed area"


class Certainty(StrEnum):
    """How sure a count is."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    UNKNOWN = "unknown"


class CountryEvidence(StrEnum):
    """Why a member is counted to a jurisdiction, strongest first."""

    ADDRESS = "address field"
    PHONE = "phone country code"
    LOCALE = "locale or time zone"
    EMAIL_DOMAIN = "country domain of the e-mail address"
    NONE = "no evidence"


UNKNOWN_JURISDICTION = "unknown"
"""Members without evidence of country; they fall to the safe side, never out of the list."""
BY_JURISDICTION = only_keys(rf"[A-Z]{{2}}(-[A-Z0-9]{{1,3}})?|{UNKNOWN_JURISDICTION}")
"""Keys are codes, never what somebody wrote into a country field."""


class TypeCount(Record):
    """How many persons and records of one data type."""

    persons: int = Field(ge=0)
    records: int = Field(ge=0)
    certainty: Certainty


class FileCoverage(Record):
    """What became of one input file. Named by digest and kind, never by path."""

    digest: Digest
    kind: str = Field(description="Recognised format, such as 'discourse user list'; 'not recognised' when none.")
    recognised: str = Field(default="", description="By what the format was recognised; empty when it was not.")
    scanned: str = Field(description="'fully', 'partly' or 'not'.")
    reason: str = Field(default="", description="Why not fully; empty when fully.")
    records: int = Field(ge=0)
    in_scope: int = Field(ge=0)
    not_scanned: int = Field(default=0, ge=0, description="Attachments and other parts that were counted, not read.")


class ExposureSummary(Record):
    """The assessment in numbers (exposure/<rev>/summary.json)."""

    members_in_roster: int = Field(ge=0)
    affected: int = Field(ge=0, description="Accounts with at least one exposed data type, bots among them.")
    bots: int = Field(ge=0, description="How many of the affected accounts are bots; the counts below leave them out.")
    by_type: dict[DataType, TypeCount]
    by_jurisdiction: Annotated[dict[str, int], BY_JURISDICTION] = Field(
        description="Affected people by jurisdiction code, 'unknown' among them."
    )
    matrix: Annotated[dict[str, dict[DataType, int]], BY_JURISDICTION] = Field(
        description="Jurisdiction -> data type -> persons."
    )
    minors: int = Field(ge=0, description="Affected members known to be under 18 at the time.")
    findings: int = Field(ge=0)
    messages_in_scope: int = Field(ge=0)
    authors_unmatched: int = Field(ge=0, description="Content authors in scope who are not in the roster.")
    authors_matched: int = Field(default=0, ge=0, description="Content authors in scope who are members.")
    messages_unmatched: int = Field(default=0, ge=0, description="Messages in scope of nobody in the roster.")
    members_without_platform_id: int = Field(
        default=0, ge=0, description="Members whose posts cannot be found: their platform id is blank."
    )
    platform_ids_shared: int = Field(default=0, ge=0, description="Platform ids that stand with several members.")
    coverage: tuple[FileCoverage, ...]
    scope_note: str = Field(description="What the scope was taken to be, unknowns said aloud.")


class ScanReport(Record):
    """What `breach scan` says of files outside of a case: counts and coverage, no value and no name."""

    coverage: tuple[FileCoverage, ...]
    members: int = Field(ge=0, description="Rows of the member lists among the files, bots included.")
    messages: int = Field(ge=0, description="Messages of all files; one that stands in two files counts twice.")
    findings: dict[DataType, int] = Field(description="Values found in messages, by data type.")
    complete: bool = Field(description="Every file was read fully.")
