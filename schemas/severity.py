"""The severity as it is kept, and what a person may say of it. The method itself is breach/law/severity.py."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from schemas.base import Digest, Record


class Level(StrEnum):
    """What the number means for a person. Borders: SE < 2, 2 <= SE < 3, 3 <= SE < 4, SE >= 4."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very high"


class Factor(Record):
    """One factor as it went into the sum, and what else could have been chosen."""

    name: str
    lowest: Decimal
    highest: Decimal
    reason: str
    alternatives: tuple[str, ...]


class SeverityRecord(Record):
    """The severity of a case at one revision (law/<rev>/severity.json)."""

    method: str
    exposures: Digest = Field(description="Digest of the exposure summary it was judged on.")
    factors: tuple[Factor, ...]
    lowest: Decimal
    highest: Decimal
    level_if_lowest: Level
    computed: Level = Field(description="By the formula, what is not known counted as the worse.")
    level: Level = Field(description="Of the case: as computed, or as a named person judged.")
    flags: tuple[str, ...] = Field(description="Said beside the number; they do not change it.")
    judged: tuple[str, ...] = Field(default=(), description="Who judged what, in a sentence each.")


class SeverityChoice(StrEnum):
    """A factor's value, or the level; the words are those of ENISA's method."""

    DATA_AS_IT_IS = "the data: as its class is, no worse and no better"
    DATA_WORSE_BY_1 = "the data: worse by 1, such as a profile of everyday life can be made"
    DATA_WORSE_BY_2 = "the data: worse by 2, such as health, belief or orientation can be inferred"
    DATA_WORSE_BY_3 = "the data: worse by 3, critical for somebody's safety (minors, vulnerable, undercover)"
    DATA_BETTER_BY_1 = "the data: better by 1, no substantial insight"
    DATA_BETTER_BY_2 = "the data: better by 2, only general assumptions"
    DATA_BETTER_BY_3 = "the data: better by 3, no insight, or public before"
    IDENTIFICATION_NEGLIGIBLE = "recognising people: negligible"
    IDENTIFICATION_LIMITED = "recognising people: limited"
    IDENTIFICATION_SIGNIFICANT = "recognising people: significant"
    IDENTIFICATION_MAXIMUM = "recognising people: maximum"
    CONFIDENTIALITY_NONE = "confidentiality: exposed to a risk, no sign that anyone got it"
    CONFIDENTIALITY_KNOWN = "confidentiality: disclosed to a number of known recipients"
    CONFIDENTIALITY_PUBLIC = "confidentiality: disclosed to an unknown number, or in public"
    INTEGRITY_NONE = "integrity: not altered, or altered without misuse and restored"
    INTEGRITY_RECOVERABLE = "integrity: altered and possibly used, recovery possible"
    INTEGRITY_LOST = "integrity: altered and possibly used, cannot be recovered"
    AVAILABILITY_NONE = "availability: recovered without difficulty"
    AVAILABILITY_EFFORT = "availability: unavailable for a time, recovery takes effort"
    AVAILABILITY_LOST = "availability: gone, cannot be recovered"
    MALICE_NONE = "intent: error or fault"
    MALICE_INTENT = "intent: attack, theft, insider or sale"
    LEVEL_LOW = "the level: low"
    LEVEL_MEDIUM = "the level: medium"
    LEVEL_HIGH = "the level: high"
    LEVEL_VERY_HIGH = "the level: very high"
