"""Close areas, and open them again: alone, or as chapters of a case."""

from prefect import flow

from schemas.forms import CaseForm
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.containment import contain_areas, restore_areas
from tasks.opening import find_case
from tasks.safety import pii_safe


@flow(name="contain", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def contain(case: CaseForm) -> Receipt:
    """Close the areas of an open case now, and check from outside that they are closed.

    Args:
        case: The case, already open.
    """
    return contain_areas(find_case(case), again=True)


@flow(name="lift-containment", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def lift_containment(case: CaseForm) -> Receipt:
    """Restore what still is as we set it; report what somebody else has changed since, and leave it alone.

    Args:
        case: The case whose areas may be opened again.
    """
    return restore_areas(find_case(case))
