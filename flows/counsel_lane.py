"""Counsel's lane: what was asked, and how far counsel is. The advice itself stays out of the run history."""

from prefect import flow

from schemas.decision_forms import AnswerForm, QuestionForm
from schemas.incident import CaseRef
from tasks.alerts import alert_failure
from tasks.counsel import answer, ask
from tasks.safety import pii_safe


@flow(name="ask-counsel", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def ask_counsel(question: QuestionForm) -> CaseRef:
    """Put a question to counsel on record; it stands beside the duty it is about.

    Args:
        question: About which rule, and what.
    """
    return ask(question)


@flow(name="counsel-answer", on_failure=[alert_failure], on_crashed=[alert_failure])
@pii_safe
def counsel_answer(answered: AnswerForm) -> CaseRef:
    """Record how far counsel is. The note is a file in the inbox, kept apart and never in the dossier.

    Args:
        answered: Which question, its status, and the note's file name.
    """
    return answer(answered)
