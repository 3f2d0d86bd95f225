"""What we ask of ourselves, as clocks beside the law and never dressed as law."""

from datetime import timedelta

from schemas.incident import Facts
from schemas.law import InternalTarget
from schemas.law_facts import RiskTest, TargetName

DECIDED_BY = {RiskTest.RISK_NOT_UNLIKELY, RiskTest.HIGH}


def targets_of(facts: Facts) -> tuple[InternalTarget, ...]:
    """The four targets, counted from awareness, with what is done of them as far as the facts say."""
    law, hours = facts.incident.law, facts.incident.law.targets
    told = {one.rule_id for one in law.told}

    def target(name: TargetName, words: str, within: int | None, *, done: bool = False) -> InternalTarget:
        due = facts.incident.aware_at + timedelta(hours=within) if within else None
        return InternalTarget(name=name, words=words, due_at=due, done=done or name.value in told)

    return (
        target(TargetName.LEAD_TOLD, "the lead is told", hours.lead_told_hours),
        target(TargetName.SEVERITY, "a person has judged the severity", hours.severity_hours, done=bool(law.severity)),
        target(
            TargetName.DECISION,
            "it is decided whom to notify",
            hours.decision_hours,
            done=any(one.test in DECIDED_BY for one in law.risks),
        ),
        target(TargetName.INQUIRY_DESK, "somebody can answer members' questions, before anything is sent", None),
    )
