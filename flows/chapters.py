"""Chapters started alone: the same tasks as in the whole case, on what the case already holds."""

from prefect import flow

from schemas.forms import CaseForm
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.assessment import find_exposures, load_roster, preserve_evidence
from tasks.law import decide_duties, judge_severity
from tasks.notices import build_recipients, draft_notices
from tasks.opening import find_case, latest
from tasks.safety import pii_safe


@flow(name="preserve-evidence", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def preserve_evidence_alone(case: CaseForm) -> Receipt:
    """Take the named export files into the case, with digests and custody entries.

    Args:
        case: The case, already open.
    """
    return preserve_evidence(find_case(case))


@flow(name="load-roster", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def load_roster_alone(case: CaseForm) -> Receipt:
    """Read the member list of the case.

    Args:
        case: The case, its evidence already preserved.
    """
    found = find_case(case)
    return load_roster(found, latest(found, "preserve"))


@flow(name="find-exposures", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def find_exposures_alone(case: CaseForm) -> Receipt:
    """Find out who lost what.

    Args:
        case: The case, its roster already loaded.
    """
    found = find_case(case)
    return find_exposures(found, latest(found, "preserve"), latest(found, "roster"))


@flow(name="decide-duties", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def decide_duties_alone(case: CaseForm) -> Receipt:
    """Judge the severity, and decide which duties the exposure creates, and when each falls due.

    Args:
        case: The case, its exposures already found.
    """
    found = find_case(case)
    exposures = latest(found, "exposures")
    judge_severity(found, exposures)
    return decide_duties(found, exposures)


@flow(name="build-recipients", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def build_recipients_alone(case: CaseForm) -> Receipt:
    """Freeze the list of recipients; name everybody who cannot be reached so.

    Args:
        case: The case, its exposures already found.
    """
    found = find_case(case)
    return build_recipients(found, latest(found, "roster"), latest(found, "exposures"))


@flow(name="draft-notices", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def draft_notices_alone(case: CaseForm) -> Receipt:
    """Write the notices for the frozen list.

    Args:
        case: The case, its list already frozen.
    """
    found = find_case(case)
    return draft_notices(found, latest(found, "recipients"), latest(found, "duties"))
