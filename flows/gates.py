"""The places where a human decides. Called only in the body of a top-level flow: Prefect suspends nothing else.

The decision is a ledger row bound to a hash; this file only waits for it. A wrong, empty or outdated answer
counts up the number in the key, and the gate asks again.
"""

from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from pydantic import ValidationError

from schemas.gate import Decision, Gate, GateAnswer, Question, Verdict
from schemas.incident import CaseRef
from tasks.gatekeeping import pose_question, record_answer


class GateForm(GateAnswer, RunInput):
    """The answer as Prefect's form."""


GATE_HOURS = 72
"""A gate that nobody answers for three days fails its run; starting the case again asks again."""


def ask_both(case: CaseRef, message: str) -> Decision:
    """Two gates in sequence, two different people; anything but an approval ends it at once."""
    content = ask(case, message, Gate.CONTENT)
    return ask(case, message, Gate.SENDING) if content.verdict is Verdict.APPROVE else content


def ask(case: CaseRef, message: str, gate: Gate) -> Decision:
    """Suspend until this gate has a decision for exactly the current content of the case."""
    while True:
        question = pose_question(case, message, gate)
        if question.decision is not None:
            return question.decision
        record_answer(case, question, _answer_to(question))


def _answer_to(question: Question) -> GateAnswer | None:
    """The person's answer; None when the run was woken without a usable one (expired, changed by hand)."""
    form = GateForm.with_initial_data(description=question.text)
    try:
        typed = suspend_flow_run(wait_for_input=form, key=question.key, timeout=GATE_HOURS * 3600)
        return GateAnswer.model_validate(typed.model_dump())
    except ValidationError:
        return None
