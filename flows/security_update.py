"""A follow-up to exactly the people told before, on the case's schedule or started by a person."""

from prefect import flow

from flows.gates import ask_both
from schemas.forms import UpdateForm
from schemas.incident import CaseRef
from tasks.alerts import alert_failure
from tasks.delivery import plan_sending
from tasks.handover import hand_over
from tasks.safety import pii_safe
from tasks.updates import draft_update, list_people_told, name_update


@flow(name="security-update", persist_result=True, on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def security_update(update: UpdateForm) -> CaseRef:
    """Write to exactly the people told before. Two people answer its gates, as for the first notice.

    Args:
        update: Which case, and what is new. Without news it truthfully says that there is nothing new.
    """
    case, message = name_update(update)
    recipients = list_people_told(case, message)
    notices = draft_update(case, message, update, recipients)
    plan_sending(case, recipients, notices)
    decision = ask_both(case, message)
    return hand_over(case, message, decision)
