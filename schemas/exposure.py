"""What leaked: findings, and for each member the set of data types. Never the values."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Digest, Record, Revision, only_keys


class DataType(StrEnum):
    """One kind of personal data, in words a member knows. What each is and means: breach/exposure/taxonomy.yaml."""

    NAME = "name"
    USERNAME = "username"
    EMAIL = "email address"
    PHONE = "phone number"
    POSTAL_ADDRESS = "postal address"
    DATE_OF_BIRTH = "date of birth"
    AGE = "age"
    GENDER = "gender"
    PHOTO = "photo"
    SSN = "social security number"
    DRIVERS_LICENSE = "driver's licence number"
    PASSPORT = "passport number"
    TAX_ID = "taxpayer number"
    NATIONAL_ID = "national identity number"
    HEALTH_INSURANCE = "health insurance number"
    PASSWORD = "readable password"  # noqa: S105 (the words for one, not one)
    WEAK_PASSWORD_HASH = "password, weakly hashed"  # noqa: S105 (the words for one, not one)
    PASSWORD_HASH = "password, strongly hashed"  # noqa: S105 (the words for one, not one)
    RECOVERY_ANSWER = "recovery question or answer"
    ACCESS_TOKEN = "access token or key"  # noqa: S105 (the words for one, not one)
    SESSION = "login session"
    IP_ADDRESS = "IP address"
    DEVICE = "device details"
    MAC_ADDRESS = "network card address"
    LOCATION = "location"
    PRECISE_LOCATION = "precise location"
    PAYMENT_CARD = "payment card number"
    PAYMENT_CARD_CODE = "payment card security code"
    IBAN = "bank account number"
    BANK_ACCOUNT = "other account number"
    PURCHASES = "purchases"
    CRYPTO_WALLET = "crypto wallet address"
    HEALTH = "health"
    BELIEF = "religion or belief"
    POLITICS = "political views"
    SEXUALITY = "sex life or orientation"
    ETHNICITY = "ethnic origin"
    UNION = "trade union membership"
    BIOMETRIC = "biometric data"
    GENETIC = "genetic data"
    PROFILE_DETAILS = "profile details"
    CLOSED_AREA_POSTS = "posts in a closed area"
    PRIVATE_MESSAGES = "private messages"
    MODERATION_NOTES = "moderation notes"


SPECIAL_CATEGORIES = frozenset(
    {
        DataType.HEALTH,
        DataType.BELIEF,
        DataType.POLITICS,
        DataType.SEXUALITY,
        DataType.ETHNICITY,
        DataType.UNION,
        DataType.BIOMETRIC,
        DataType.GENETIC,
    }
)
"""Article 9(1) GDPR. Found by column names and by the areas that the facts declare; never guessed from free text."""


class Certainty(StrEnum):
    """How sure a count is."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    DECLARED = "declared"
    """Everybody who wrote in an area that the facts declare to be about it; nobody read what they wrote."""
    UNKNOWN = "unknown"


class CountryEvidence(StrEnum):
    """Why a member is counted to a jurisdiction, strongest first."""

    ADDRESS = "address field"
    PHONE = "phone country code"
    BILLING = "billing country"
    IP = "IP address"
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


class FindingExample(Record):
    """One value that was found, as far as it may be shown."""

    type: DataType
    file: Digest = Field(description="The file it stands in.")
    masked: str = Field(max_length=40, description="What is left of it; never enough to know it.")
    validator: str = Field(description="By what it was known to be one.")
    confidence: float = Field(ge=0, le=1)


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
    by_evidence: dict[CountryEvidence, int] = Field(
        default_factory=dict, description="Affected people by the evidence of their country, 'no evidence' among them."
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
    parts_not_read: int = Field(
        default=0, ge=0, description="Attachments and other parts of all files that were counted, not read."
    )
    most_sensitive: tuple[FindingExample, ...] = Field(default=(), description="Five examples, the worst first.")
    coverage: tuple[FileCoverage, ...]
    scope_note: str = Field(description="What the scope was taken to be, unknowns said aloud.")


class ExposureChanges(Record):
    """What an assessment says otherwise than the one before it (exposure/<rev>/changes.json). Counts, and digests."""

    before: Revision = Field(description="The assessment it is compared with.")
    affected_before: int = Field(ge=0)
    affected_after: int = Field(ge=0)
    newly_affected: int = Field(ge=0, description="Accounts that were not affected before.")
    no_longer_affected: int = Field(ge=0)
    moved: int = Field(ge=0, description="Accounts counted to another jurisdiction than before.")
    types_added: dict[DataType, int] = Field(description="Of accounts affected both times: who lost this type as well.")
    types_removed: dict[DataType, int]
    files_added: tuple[Digest, ...]
    files_removed: tuple[Digest, ...]
    files_changed: dict[Digest, Digest] = Field(description="Digest before -> digest now, by the name in the inbox.")
    files_same: int = Field(ge=0)


class ScanReport(Record):
    """What `breach scan` says of files outside of a case: counts and coverage, no value and no name."""

    coverage: tuple[FileCoverage, ...]
    members: int = Field(ge=0, description="Rows of the member lists among the files, bots included.")
    messages: int = Field(ge=0, description="Messages of all files; one that stands in two files counts twice.")
    findings: dict[DataType, int] = Field(description="Values found in messages, by data type.")
    complete: bool = Field(description="Every file was read fully.")


class FileReport(Record):
    """What `breach scan` found in one file; of a file that is unchanged it is taken from the index."""

    digest: Digest
    coverage: tuple[FileCoverage, ...]
    members: int = Field(ge=0)
    messages: int = Field(ge=0)
    findings: dict[DataType, int]


class ScanIndex(Record):
    """What `breach scan --since` keeps beside the operator: files by digest, and which version a tag stands for."""

    code: str = Field(description="What read the files; another reader reads them again.")
    files: dict[Digest, FileReport]
    versions: dict[Digest, Digest] = Field(
        default_factory=dict, description="SHA-256 of an object's name and its ETag -> digest of its bytes."
    )
