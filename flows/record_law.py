"""What becomes known about law: one small form each, for a volunteer at three in the morning.

Each writes a new revision of the facts, decides the duties again at once, and shows what that changed.
"""

from prefect import flow

from schemas.law_form import EventForm
from schemas.law_forms import ContractForm, ElementForm, HoldForm, OwnerForm, RiskForm, ToldForm
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.law import recompute_duties
from tasks.law_record import add_fact_of_law
from tasks.safety import pii_safe


@flow(name="record-event", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_event(event: EventForm) -> Receipt | None:
    """Record when something happened from which a legal clock can start: detected, told, determined.

    Args:
        event: What, when, and who decided that it had.
    """
    return recompute_duties(add_fact_of_law(event))


@flow(name="record-risk", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_risk(risk: RiskForm) -> Receipt | None:
    """Answer one law's own risk test in a sentence. Articles 33 and 34 GDPR are concluded with conclude-risk.

    Args:
        risk: Which test, whether it is met, and why.
    """
    return recompute_duties(add_fact_of_law(risk))


@flow(name="record-element", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_element(element: ElementForm) -> Receipt | None:
    """Say what leaked that the exports cannot show: passwords, numbers, records of health.

    Args:
        element: What, of whom, and how it lay there.
    """
    return recompute_duties(add_fact_of_law(element))


@flow(name="record-told", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_told(told: ToldForm) -> Receipt | None:
    """Say that a notice was given under a rule, or a target met. Too late asks for the reason of the delay.

    Args:
        told: Which rule, and when.
    """
    return recompute_duties(add_fact_of_law(told))


@flow(name="record-hold", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_hold(hold: HoldForm) -> Receipt | None:
    """Record that law enforcement asks for silence, or that this has ended.

    Args:
        hold: Who asked, since when, until when.
    """
    return recompute_duties(add_fact_of_law(hold))


@flow(name="record-contract", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_contract(contract: ContractForm) -> Receipt | None:
    """Record a contract or a policy that promises notice; it becomes a rule with a clock.

    Args:
        contract: To whom, in which clause, within how many hours.
    """
    return recompute_duties(add_fact_of_law(contract))


@flow(name="record-owner", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def record_owner(owner: OwnerForm) -> Receipt | None:
    """Say who sees to a duty; its alerts go to that person.

    Args:
        owner: Which duty, and who.
    """
    return recompute_duties(add_fact_of_law(owner))
