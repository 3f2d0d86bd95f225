"""Reports to authorities: drafted anew, one approved at a gate, handed in by a person, marked with its proof."""

from prefect import flow

from flows.gates import ask
from schemas.filing_forms import FiledForm, ReportForm
from schemas.forms import CaseForm
from schemas.gate import Gate
from schemas.incident import CaseRef
from schemas.receipt import Receipt
from tasks.alerts import alert_failure
from tasks.filed import mark
from tasks.filings import (
    decide_with_filed,
    draft_filings,
    open_report,
    refuse_without_reasons,
    settle_filing,
    state_answers,
)
from tasks.opening import find_case
from tasks.safety import pii_safe


@flow(name="file-report", persist_result=True, on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def file_report(report: ReportForm) -> CaseRef:
    """Draft a report to an authority from the case as it is now, and have exactly that text approved by one person.

    Nothing leaves this machine: hand the approved text in yourself, then start mark-filed.

    Args:
        report: Which report, how much at once, and what only a person can answer.
    """
    case = open_report(report)
    duties = decide_with_filed(case)
    message = state_answers(case, report, duties)
    draft_filings(case, duties)
    refuse_without_reasons(case, message)
    decision = ask(case, message, Gate.FILING)
    return settle_filing(case, message, decision)


@flow(name="mark-filed", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def mark_filed(filed: FiledForm) -> CaseRef:
    """Write down that an approved report was handed in, with its proof. The clocks that start at a report start now.

    Args:
        filed: Which report, when, under which reference, by whom, and the receipt's file name in the inbox.
    """
    case = mark(filed)
    duties = decide_with_filed(case)
    draft_filings(case, duties)
    return case


@flow(name="draft-filings", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def draft_filings_alone(case: CaseForm) -> Receipt:
    """Draft every report to an authority that the duties ask for, and show where each stands.

    Args:
        case: The case, its exposures already found.
    """
    found = find_case(case)
    return draft_filings(found, decide_with_filed(found))
