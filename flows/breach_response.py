"""The whole case as a table of contents, up to handing over to the sender.

Every resume and every retry runs this body again from its first line: chapters find their step record and
return it, gates find their decision, children are found by key.
"""

from prefect import flow

from flows.gates import ask_both
from schemas.forms import RespondForm
from schemas.incident import CaseRef
from tasks.alerts import alert_failure
from tasks.assessment import find_exposures, load_roster, preserve_evidence
from tasks.containment import contain_areas
from tasks.delivery import plan_sending
from tasks.handover import hand_over
from tasks.law import decide_duties, judge_severity
from tasks.notices import build_recipients, draft_notices
from tasks.opening import open_case, write_papers
from tasks.safety import pii_safe


@flow(name="breach-response", persist_result=True, on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def breach_response(incident: RespondForm) -> CaseRef:
    """Contain, assess, decide, write and have approved what members must be told; then hand over to the sender.

    Put the export files into the inbox first. Two people answer the gates. In a rehearsal nothing leaves this
    machine.

    Args:
        incident: What happened, as far as you know now. An existing case is continued.
    """
    case = open_case(incident)
    write_papers(case)
    contain_areas(case)
    evidence = preserve_evidence(case)
    roster = load_roster(case, evidence)
    exposures = find_exposures(case, evidence, roster)
    judge_severity(case, exposures)
    duties = decide_duties(case, exposures)
    recipients = build_recipients(case, roster, exposures)
    notices = draft_notices(case, recipients, duties)
    plan_sending(case, recipients, notices)
    decision = ask_both(case, "notice")
    return hand_over(case, "notice", decision)
