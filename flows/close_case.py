"""The end of a case: only when the books balance and nobody is pending."""

from prefect import flow

from schemas.forms import CloseForm
from schemas.incident import CaseRef
from tasks.alerts import alert_failure
from tasks.handover import close
from tasks.safety import pii_safe


@flow(name="close-case", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def close_case(closing: CloseForm) -> CaseRef:
    """Close the case. Refused while anybody is pending.

    Args:
        closing: Which case, who closes it, and why now.
    """
    return close(closing)
