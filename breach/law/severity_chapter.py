"""The chapter of severity: what the case knows goes into the method, what persons judged goes over it."""

from breach.digest import digest_record
from breach.errors import BadInput
from breach.law.chapter import read_exposures
from breach.law.severity import (
    METHOD,
    Circumstance,
    Happened,
    SeverityInput,
    assess_severity,
)
from breach.law.severity_data import READABLE_LOGINS, ease_of, hits_of
from breach.law.severity_judged import factor_of, judge_over, judged_level
from breach.steps import Work
from breach.store import put_record
from schemas.exposure import ExposureSummary
from schemas.incident import IncidentFacts
from schemas.law_facts import Protection, SeverityJudgement
from schemas.receipt import Chapter, Receipt
from schemas.severity import Level, SeverityRecord

MACHINE = "nobody"
"""Who judged a factor that no person has judged yet."""
HIDDEN = {Protection.ENCRYPTED, Protection.HASHED}


def judge_severity(work: Work, exposures: Receipt) -> Receipt:
    """Read the exposure summary, judge, freeze law/<rev>/severity.json. Raises as `read_exposures` does."""
    record = severity_of(read_exposures(work, exposures), work.facts.incident)
    key = f"law/{work.revision}/severity.json"
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.SEVERITY,
        revision=work.revision,
        key=key,
        digest=put_record(work.store, key, record),
        counts={"factors": len(record.factors), "judged_by_persons": len(record.judged)},
    )


def severity_of(summary: ExposureSummary, incident: IncidentFacts) -> SeverityRecord:
    """The severity with every factor; what nobody knows runs from the mildest to the worst."""
    given = _given(summary, incident)
    judgements = incident.law.severity
    severity = assess_severity(judge_over(given, judgements))
    logins = _names(summary, incident) & READABLE_LOGINS
    floor = Level.HIGH if logins else Level.LOW
    level, said = judged_level(max(severity.level, floor, key=tuple(Level).index), judgements)
    flags = severity.flags
    if logins:
        flags = (*flags, "logins that can be used leaked: at least high for the people (our own rule, not ENISA's)")
    return SeverityRecord(
        method=METHOD,
        exposures=digest_record(summary),
        factors=severity.factors,
        lowest=severity.lowest,
        highest=severity.highest,
        level_if_lowest=severity.level_if_lowest,
        computed=severity.level,
        level=level,
        flags=flags,
        judged=said,
    )


def refuse_lowering(summary: ExposureSummary, incident: IncidentFacts, judgement: SeverityJudgement) -> None:
    """Raises BadInput when a judgement would lower the level without counsel.

    To say for the first time what nobody knew is knowledge, not lowering: a factor that stood open may be filled.
    """
    law = incident.law
    agreed = judgement.model_copy(update={"counsel_agreed": True})  # what it asks for, to see whether that is lower
    after = incident.model_copy(update={"law": law.model_copy(update={"severity": (*law.severity, agreed)})})
    before, then = severity_of(summary, incident), severity_of(summary, after)
    factor = factor_of(judgement.choice)
    open_ = any(one.name == factor and one.lowest != one.highest for one in before.factors)
    order = tuple(Level).index
    if order(then.level) < order(before.level) and not judgement.counsel_agreed and not open_:
        raise BadInput(
            f"This would lower the severity from {before.level} to {then.level}.",
            "Nothing was recorded.",
            "Ask counsel first; when they agree, say so on the form. Raising it needs nobody's leave.",
        )


def _given(summary: ExposureSummary, incident: IncidentFacts) -> SeverityInput:
    names = _names(summary, incident)
    ease, why = ease_of(names)
    attack = incident.law.attack
    malice = {None: None, True: "0.50", False: "0.00"}[attack]
    said = {None: "whether somebody broke in is not known", True: "somebody broke in", False: "nobody broke in"}[attack]
    return SeverityInput.model_validate(
        {
            "data": tuple(hits_of(sorted(names) or ["UNKNOWN"], summary.minors)),
            "identification": ease,
            "identification_reason": why,
            "circumstances": (Happened.model_validate({"part": Circumstance.MALICE, "value": malice, "reason": said}),),
            "people": summary.affected,
            "unintelligible": _hidden(summary, incident),
            "judged_by": MACHINE,
        }
    )


def _names(summary: ExposureSummary, incident: IncidentFacts) -> set[str]:
    counted = {kind.name for kind, count in summary.by_type.items() if count.persons}
    declared = {one.element.upper() for one in incident.law.elements if one.protection is not Protection.ENCRYPTED}
    return counted | declared


def _hidden(summary: ExposureSummary, incident: IncidentFacts) -> bool:
    """Only when nothing lay there readable: the method's flag speaks of all of it."""
    told = incident.law.elements
    return (
        not any(count.persons for count in summary.by_type.values())
        and bool(told)
        and {one.protection for one in told} <= HIDDEN
    )
