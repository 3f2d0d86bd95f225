"""What a gate asks, and whether an answer counts: proven person, fresh code, exactly this content."""

from datetime import datetime
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from breach.ledger.approvals import Refusal
from breach.ledger.rows import Approval
from schemas.chronology import EntryKind
from schemas.gate import Decision, Gate, GateAnswer, Question, Verdict
from schemas.incident import CaseRef
from tasks import artifacts
from tasks.chapter import step
from tasks.conclusion_question import conclusion_basis, conclusion_text
from tasks.desk import Desk, let_go, open_acting
from tasks.question import question_text


@step("pose-question")
def pose_question(ref: CaseRef, message: str, gate: Gate) -> Question:
    """The question for exactly the current content, or the decision that stands for it."""
    desk = open_acting(ref, closed_too=gate is Gate.FILING)
    basis = _basis(desk, message, gate)
    stands = desk.ledger.approvals.find_decision(ref.case_id, gate.value, basis)
    n = desk.ledger.approvals.attempts(ref.case_id, gate.value, basis)
    question = Question(
        case_id=ref.case_id,
        message=message,
        gate=gate,
        basis=basis,
        n=n,
        text="" if stands else _text(desk, message, gate, basis),
        decision=_decision(stands) if stands else None,
    )
    if stands is None:
        _ask(desk, question)
        let_go(desk)
    return question


@step("record-answer")
def record_answer(ref: CaseRef, question: Question, answer: GateAnswer | None) -> None:
    """Turn an answer into a decision, or write down why it was refused; the gate then asks again."""
    desk = open_acting(ref, closed_too=question.gate is Gate.FILING)
    at = _resumed_at()
    proven = desk.root.registry().proven_step(answer.approver, answer.code, at) if answer else None
    why = _why_not(desk, question, answer, proven)
    if why is None and answer is not None and proven is not None:
        taken = desk.ledger.approvals.record_decision(
            gate=question.gate.value,
            case_id=ref.case_id,
            basis_hash=question.basis,
            approver=answer.approver,
            code_step=proven,
            decision=answer.decision.value,
            reason=answer.reason,
            decided_at=at,
            run_id=desk.run_id,
            n=question.n + 1,
        )
        if not isinstance(taken, Refusal):
            _note_decision(desk, question, taken)
            return
        why = taken.reason.value
    _refuse(desk, question, why or "there was no answer", at)


def _basis(desk: Desk, message: str, gate: Gate) -> str:
    """What an answer at this gate binds to, as the case is now."""
    return conclusion_basis(desk, message) if gate is Gate.RISK else desk.basis(message)


def _text(desk: Desk, message: str, gate: Gate, basis: str) -> str:
    if gate is Gate.RISK:
        return conclusion_text(desk, message, basis)
    return question_text(desk, message, gate, basis)


def _why_not(desk: Desk, question: Question, answer: GateAnswer | None, proven: int | None) -> str | None:
    """Why an answer cannot count, before the ledger looks at its code; None when it can."""
    if answer is None:
        return "the gate expired, or the run was woken without an answer"
    if proven is None:
        return "the name and code prove nobody who is enrolled for this mode"
    if _basis(desk, question.message, question.gate) != question.basis:
        return "the case has changed since the question was asked"
    return None


def _refuse(desk: Desk, question: Question, why: str, at: datetime) -> None:
    desk.ledger.approvals.record_attempt(
        desk.ref.case_id,
        question.gate.value,
        question.basis,
        question.n + 1,
        outcome=why,
        at=at,
        run_id=desk.run_id,
    )
    desk.note(
        EntryKind.GATE_REFUSED,
        f"Gate '{question.gate}' of {question.message}: an answer was not taken, because {why}. It asks again.",
        once=f"refused:{question.key}",
    )
    get_run_logger().warning("gate %s: an answer was not taken, because %s; it asks again", question.gate, why)


def _note_decision(desk: Desk, question: Question, taken: Approval) -> None:
    desk.note(
        EntryKind.GATE_ANSWERED,
        f"Gate '{question.gate}' of {question.message}: {taken.decision}. {taken.reason}",
        actor=taken.approver,
        digests={"basis": question.basis},
        once=f"decided:{question.gate}:{question.basis}",
    )
    artifacts.show_waiting(desk, None)
    get_run_logger().info("gate %s: %s by %s", question.gate, taken.decision, taken.approver)


def _ask(desk: Desk, question: Question) -> None:
    """Write down that the gate asks, show it, and tell the people on duty once."""
    sentence = f"Gate '{question.gate}' of {question.message} waits: open the run in the UI, ⋮ → Resume."
    desk.note(
        EntryKind.GATE_ASKED,
        f"Gate '{question.gate}' of {question.message} asks (answer {question.n + 1}).",
        digests={"basis": question.basis},
        once=f"asked:{question.key}",
    )
    artifacts.show_waiting(desk, f"{sentence}\n\n[Open the run]({flow_run.ui_url})")
    # The run is part of the name: a case that is started again after its gate has expired is told again.
    alert = f"{question.key}-{desk.run_id[:8]}"
    if desk.ledger.alerts.first_time(desk.ref.case_id, alert, desk.now()):
        desk.root.alerts().tell(desk.ref.case_id, question.key, f"{sentence} {flow_run.ui_url or ''}", desk.now())


def _resumed_at() -> datetime:
    """The server's time of the newest Resuming state: when the person pressed the button.

    Raises RuntimeError when this run was never resumed: then there is no answer to judge.
    """
    with get_client(sync_client=True) as client:
        states = client.read_flow_run_states(UUID(str(flow_run.id)))
    resumed = [state.timestamp for state in states if state.name == "Resuming"]
    asked = [state.timestamp for state in states if state.is_paused()]
    return max(resumed or asked)


def _decision(row: Approval) -> Decision:
    return Decision(
        gate=Gate(row.gate),
        basis=row.basis_hash,
        verdict=Verdict(row.decision),
        approver=row.approver,
        reason=row.reason,
    )
