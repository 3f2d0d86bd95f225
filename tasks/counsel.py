"""Counsel's lane: questions asked, answers come in; the advice itself goes from the inbox into a place of its own."""

from pathlib import Path

from prefect.artifacts import create_table_artifact

from breach.errors import BadInput
from breach.intake import inbox_path
from breach.law.catalog import load_catalog
from breach.law.counsel import LARGEST, ask_counsel, keep_answer, read_counsel
from breach.law.words import plain, say_time
from schemas.chronology import EntryKind
from schemas.decision_forms import AnswerForm, QuestionForm
from schemas.incident import CaseRef
from tasks.chapter import step
from tasks.desk import Desk
from tasks.law_record import desk_of


@step("ask-counsel")
def ask(form: QuestionForm) -> CaseRef:
    """Keep a question. Raises BadInput when it names a rule that is not held."""
    desk = desk_of(form)
    if form.rule and form.rule not in load_catalog().by_id:
        raise BadInput("The question names a rule that is not known.", "Nothing was recorded.", "See breach law list.")
    asked = ask_counsel(desk.store, form.rule, form.question, form.recorded_by, desk.now())
    n, about = asked.question.number, form.rule or "the case"
    desk.note(
        EntryKind.COUNSEL,
        f"Question {n} for counsel, about {about}: {form.question}",
        actor=form.recorded_by,
        once=f"counsel:{n}",
    )
    _show(desk)
    return desk.ref


@step("counsel-answer")
def answer(form: AnswerForm) -> CaseRef:
    """Keep how far counsel is. A privileged note is taken from the inbox; its words never enter the run history."""
    desk = desk_of(form)
    kept = keep_answer(
        desk.store,
        form.number,
        form.status,
        source=form.source,
        recorded_by=form.recorded_by,
        recorded_at=desk.now(),
        note=_note(desk, form.note_file) if form.note_file else None,
    )
    noted = " A privileged note is kept apart." if form.note_file else ""
    desk.note(
        EntryKind.COUNSEL,
        f"Question {form.number} for counsel: {form.status.value}.{noted}",
        actor=form.recorded_by,
        once=f"counsel:{form.number}:{len(kept.answers)}",
    )
    _show(desk)
    return desk.ref


def _note(desk: Desk, name: str) -> bytes:
    """Raises BadInput for a file that is not in the inbox, or too large."""
    path = inbox_path(Path(desk.root.inbox), name)
    if path.stat().st_size > LARGEST:
        raise BadInput("The note is larger than 5 MiB.", "Nothing was recorded.", "Keep it elsewhere and say where.")
    return path.read_bytes()


def _show(desk: Desk) -> None:
    """The questions and their state. Advice is not among them."""
    create_table_artifact(
        key=f"{desk.ref.case_id}-counsel",
        table=[
            {
                "number": one.question.number,
                "about": one.question.rule_id or "in general",
                "question": plain(one.question.question),
                "asked": f"{one.question.asked_by}, {say_time(one.question.asked_at)}",
                "status": one.status.value,
                "privileged note": "kept apart" if any(step.note for step in one.answers) else "",
            }
            for one in read_counsel(desk.store)
        ],
        description="Questions for counsel. Until an answer, work by the dates in the duties.",
    )
