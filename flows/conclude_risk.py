"""The conclusion under Article 33 or 34 GDPR: a written sentence, confirmed at a gate by a proven person."""

from prefect import flow

from flows.gates import ask
from schemas.decision_forms import AdjustForm, ConcludeForm
from schemas.gate import Gate
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.conclusions import keep_conclusion, state_conclusion
from tasks.judging import adjust
from tasks.law import recompute_duties
from tasks.safety import pii_safe


@flow(name="conclude-risk", persist_result=True, on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def conclude_risk(conclusion: ConcludeForm) -> Receipt | None:
    """State what the risk comes to, and have it confirmed. Not to notify is recorded as fully as a notice.

    Args:
        conclusion: The facts, the effects, what was done, and the conclusion in one sentence.
    """
    case, message = state_conclusion(conclusion)
    decision = ask(case, message, Gate.RISK)
    return keep_conclusion(case, message, decision)


@flow(name="adjust-severity", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def adjust_severity(judgement: AdjustForm) -> Receipt | None:
    """Judge a factor of the severity, or its level, with a sentence. Lower only with counsel.

    Args:
        judgement: What you judge, and why.
    """
    return recompute_duties(adjust(judgement))
