"""A person's own values over the computed ones: the latest for each factor counts, with its sentence."""

from collections.abc import Iterable
from decimal import Decimal

from breach.law.severity import (
    ADJUSTMENTS,
    Circumstance,
    Happened,
    Identification,
    SeverityInput,
)
from schemas.law_facts import SeverityJudgement
from schemas.severity import Level, SeverityChoice

PARTS = {
    "CONFIDENTIALITY": Circumstance.CONFIDENTIALITY,
    "INTEGRITY": Circumstance.INTEGRITY,
    "AVAILABILITY": Circumstance.AVAILABILITY,
    "MALICE": Circumstance.MALICE,
}
VALUES = {
    SeverityChoice.CONFIDENTIALITY_KNOWN: "0.25",
    SeverityChoice.CONFIDENTIALITY_PUBLIC: "0.50",
    SeverityChoice.INTEGRITY_RECOVERABLE: "0.25",
    SeverityChoice.INTEGRITY_LOST: "0.50",
    SeverityChoice.AVAILABILITY_EFFORT: "0.25",
    SeverityChoice.AVAILABILITY_LOST: "0.50",
    SeverityChoice.MALICE_INTENT: "0.50",
}
"""What is not here is 0: the mildest line of its part."""
MOVES = {
    SeverityChoice.DATA_AS_IT_IS: 0,
    SeverityChoice.DATA_WORSE_BY_1: 1,
    SeverityChoice.DATA_WORSE_BY_2: 2,
    SeverityChoice.DATA_WORSE_BY_3: 3,
    SeverityChoice.DATA_BETTER_BY_1: -1,
    SeverityChoice.DATA_BETTER_BY_2: -2,
    SeverityChoice.DATA_BETTER_BY_3: -3,
}
LEVELS = {SeverityChoice[f"LEVEL_{level.name}"]: level for level in Level}


def factor_of(choice: SeverityChoice) -> str:
    """What a choice speaks of: the data, identification, a circumstance, or the level."""
    part = choice.name.partition("_")[0]
    return PARTS[part].value if part in PARTS else part.lower()


def judge_over(given: SeverityInput, judgements: Iterable[SeverityJudgement]) -> SeverityInput:
    """The input with what persons said in place of what was derived."""
    latest = {factor_of(one.choice): one for one in judgements}
    changed: dict[str, object] = {}
    around = {one.part: one for one in given.circumstances}
    for factor, one in latest.items():
        reason = f"{one.decided_by}: {one.sentence}"
        if factor == "data":
            changed["data"] = _moved(given, MOVES[one.choice], reason)
        elif factor == "identification":
            changed["identification"] = Identification[one.choice.name.partition("_")[2]]
            changed["identification_reason"] = reason
        elif factor != "level":
            part = Circumstance(factor)
            value = Decimal(VALUES.get(one.choice, "0.00"))
            around[part] = Happened(part=part, value=value, reason=reason)
    return given.model_copy(update={**changed, "circumstances": tuple(around.values())})


def _moved(given: SeverityInput, move: int, reason: str) -> tuple[object, ...]:
    """The worst class of data with this adjustment, or with the nearest one that the method knows for it."""
    worst = max(given.data, key=lambda hit: hit.score)
    known = min(ADJUSTMENTS[worst.kind], key=lambda one: (abs(one - move), -one))
    said = reason if known == move else f"{reason} (the method knows {known:+d} at most for this class)"
    others = tuple(hit for hit in given.data if hit.kind is not worst.kind)
    return (worst.model_copy(update={"adjustment": known, "reason": said[:600]}), *others)


def judged_level(computed: Level, judgements: Iterable[SeverityJudgement]) -> tuple[Level, tuple[str, ...]]:
    """The level of the case, and everything persons said. A lower level counts only with counsel's agreement."""
    order = tuple(Level).index
    level = computed
    said: list[str] = []
    for one in judgements:
        agreed = ", counsel agreed" if one.counsel_agreed else ""
        said.append(f"{one.decided_by} judged {one.choice.value}{agreed}: {one.sentence}")
        if one.choice in LEVELS:
            wanted = LEVELS[one.choice]
            level = wanted if one.counsel_agreed else max(wanted, computed, key=order)
    return level, tuple(said)
