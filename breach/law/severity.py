"""ENISA's 2013 severity of a personal data breach: SE = DPC x EI + CB, with every factor, alternative and reason.

ENISA, "Recommendations for a methodology of the assessment of severity of personal data breaches", working document
v1.0, December 2013. The number informs a written reason; it decides no duty by itself, and each law keeps its own test.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from schemas.base import Record, StaffId
from schemas.law_facts import Words
from schemas.severity import Factor, Level

METHOD = "enisa-2013-1.0"
MANY = 100
"""More people than this raise a flag beside the number; the number stays."""
Reason = Annotated[str, Field(min_length=3, max_length=600)]


class DataClass(StrEnum):
    """What kind of data; the highest class that was hit counts, classes are never added."""

    SIMPLE = "simple"
    BEHAVIOURAL = "behavioural"
    FINANCIAL = "financial"
    SENSITIVE = "sensitive"


BASE = {DataClass.SIMPLE: 1, DataClass.BEHAVIOURAL: 2, DataClass.FINANCIAL: 3, DataClass.SENSITIVE: 4}
ADJUSTMENTS = {
    DataClass.SIMPLE: {
        0: "no aggravating context",
        1: "volume or controller let one build a profile or infer social or financial status",
        2: "one can infer health, sexual preference, political or religious belief",
        3: "the people's own situation makes the data critical for their safety (minors, vulnerable, undercover)",
    },
    DataClass.BEHAVIOURAL: {
        -1: "no substantial insight, or easily collected from public sources anyway",
        0: "as it is",
        1: "volume or controller allow a detailed profile of everyday life",
        2: "a profile based on sensitive data can be made",
    },
    DataClass.FINANCIAL: {
        -2: "no substantial insight, such as only being a customer of a bank",
        -1: "some financial information, no significant insight",
        0: "as it is",
        1: "full information that enables fraud, or a detailed profile",
    },
    DataClass.SENSITIVE: {
        -3: "no insight, or easily found in public",
        -2: "only general assumptions",
        -1: "no substantial insight, or only assumptions",
        0: "as it is",
    },
}
"""Data class: each adjustment the method knows, and when it applies."""


class Identification(StrEnum):
    """How easily a person is recognised from what leaked."""

    NEGLIGIBLE = "negligible"
    LIMITED = "limited"
    SIGNIFICANT = "significant"
    MAXIMUM = "maximum"


EASE = {
    Identification.NEGLIGIBLE: Decimal("0.25"),
    Identification.LIMITED: Decimal("0.50"),
    Identification.SIGNIFICANT: Decimal("0.75"),
    Identification.MAXIMUM: Decimal("1.00"),
}


class Circumstance(StrEnum):
    """The parts that add up to CB."""

    CONFIDENTIALITY = "loss of confidentiality"
    INTEGRITY = "loss of integrity"
    AVAILABILITY = "loss of availability"
    MALICE = "malicious intent"


NONE, QUARTER, HALF = Decimal("0.00"), Decimal("0.25"), Decimal("0.50")
CIRCUMSTANCES = {
    Circumstance.CONFIDENTIALITY: {
        NONE: "exposed to a risk, no sign that anyone got it",
        QUARTER: "disclosed to a number of known recipients",
        HALF: "disclosed to an unknown number, or in public",
    },
    Circumstance.INTEGRITY: {
        NONE: "not altered, or altered without misuse and restored",
        QUARTER: "altered and possibly used, recovery possible",
        HALF: "altered and possibly used, cannot be recovered",
    },
    Circumstance.AVAILABILITY: {
        NONE: "recovered without difficulty",
        QUARTER: "unavailable for a time, recovery takes effort",
        HALF: "gone, cannot be recovered",
    },
    Circumstance.MALICE: {NONE: "error or fault", HALF: "intentional: attack, theft, insider, sale"},
}
"""Part: each value the method knows, and when it applies."""


__all__ = ["Factor", "Level", "Severity", "SeverityInput", "assess_severity", "final_level", "level_of"]

LEVELS = ((Decimal(4), Level.VERY_HIGH), (Decimal(3), Level.HIGH), (Decimal(2), Level.MEDIUM))
ORDER = tuple(Level)


class DataHit(Record):
    """One class of data that leaked, with the context that moves its score."""

    kind: DataClass
    adjustment: int = 0
    reason: Reason

    @model_validator(mode="after")
    def _the_method_knows_it(self) -> "DataHit":
        if self.adjustment not in ADJUSTMENTS[self.kind]:
            raise ValueError("the method knows no such adjustment for this class of data")
        return self

    @property
    def score(self) -> int:
        """Base and adjustment, kept within 1 and 4."""
        return min(4, max(1, BASE[self.kind] + self.adjustment))


class Happened(Record):
    """One circumstance. Unknown (None) stands open between the mildest and the worst."""

    part: Circumstance
    value: Decimal | None
    reason: Reason

    @model_validator(mode="after")
    def _the_method_knows_it(self) -> "Happened":
        if self.value is not None and self.value not in CIRCUMSTANCES[self.part]:
            raise ValueError("the method knows no such value for this circumstance")
        return self


class SeverityInput(Record):
    """What a person has judged, factor by factor."""

    data: tuple[DataHit, ...] = Field(min_length=1)
    identification: Identification | None = Field(description="None: not known.")
    identification_reason: Reason
    circumstances: tuple[Happened, ...] = Field(default=(), description="A part left out is not known.")
    people: int = Field(ge=0)
    unintelligible: bool = Field(description="Strongly protected, the key not taken.")
    judged_by: StaffId


class Severity(Record):
    """The number as a range: the lowest and the highest completion of what is not known."""

    method: str = METHOD
    factors: tuple[Factor, ...]
    lowest: Decimal
    highest: Decimal
    level: Level = Field(description="Of the highest: what is not known counts as the worse.")
    level_if_lowest: Level
    flags: tuple[str, ...] = Field(description="Said beside the number; they do not change it.")
    judged_by: StaffId


class Override(Record):
    """A person's own level instead of the number's."""

    level: Level
    sentence: Words
    decided_by: StaffId
    counsel_agreed: bool = False


def assess_severity(given: SeverityInput) -> Severity:
    """Work the formula out. What is not known runs from the mildest to the worst value of the method."""
    data = max(given.data, key=lambda hit: hit.score)
    context = Factor(
        name="DPC, data processing context",
        lowest=Decimal(data.score),
        highest=Decimal(data.score),
        reason=f"{data.kind.value}: {data.reason}",
        alternatives=tuple(f"{move:+d}: {when}" for move, when in ADJUSTMENTS[data.kind].items()),
    )
    ease = _ease(given)
    around = [_circumstance(part, given) for part in Circumstance]
    lowest = context.lowest * ease.lowest + sum((one.lowest for one in around), NONE)
    highest = context.highest * ease.highest + sum((one.highest for one in around), NONE)
    return Severity(
        factors=(context, ease, *around),
        lowest=lowest,
        highest=highest,
        level=level_of(highest),
        level_if_lowest=level_of(lowest),
        flags=tuple(_flags(given)),
        judged_by=given.judged_by,
    )


def level_of(number: Decimal) -> Level:
    """The level of a number, each border belonging to the higher level."""
    return next((level for border, level in LEVELS if number >= border), Level.LOW)


def final_level(severity: Severity, override: Override | None) -> Level:
    """The number's level, or a named person's. Raises ValueError for a lower one without counsel."""
    if override is None:
        return severity.level
    down = ORDER.index(override.level) < ORDER.index(severity.level)
    if down and not override.counsel_agreed:
        raise ValueError("a level below the computed one needs counsel's agreement")
    return override.level


def _ease(given: SeverityInput) -> Factor:
    known = given.identification
    return Factor(
        name="EI, ease of identification",
        lowest=EASE[known] if known else EASE[Identification.NEGLIGIBLE],
        highest=EASE[known] if known else EASE[Identification.MAXIMUM],
        reason=given.identification_reason,
        alternatives=tuple(f"{value}: {name.value}" for name, value in EASE.items()),
    )


def _circumstance(part: Circumstance, given: SeverityInput) -> Factor:
    said = next((one for one in given.circumstances if one.part is part), None)
    values = CIRCUMSTANCES[part]
    known = said.value if said else None
    return Factor(
        name=part.value,
        lowest=min(values) if known is None else known,
        highest=max(values) if known is None else known,
        reason=said.reason if said else "nobody has said so yet",
        alternatives=tuple(f"{value}: {when}" for value, when in values.items()),
    )


def _flags(given: SeverityInput) -> list[str]:
    found = [f"more than {MANY} individuals"] if given.people > MANY else []
    return found + (["data unintelligible"] if given.unintelligible else [])
