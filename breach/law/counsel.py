"""Counsel's lane: questions and their state may be shown; the advice is privileged and lies apart."""

from breach.digest import digest_bytes
from breach.errors import BadInput
from breach.store import CaseStore, get_record, put_record, put_same
from schemas.base import StaffId, ZonedTime
from schemas.counsel import CounselAnswer, CounselQuestion, CounselRecord, CounselStatus

AREA = "law/counsel"
PRIVILEGED = f"{AREA}/privileged"
LARGEST = 5 * 1024 * 1024
"""Bytes of a note: an opinion with its annexes, not an archive."""


def ask_counsel(store: CaseStore, rule_id: str, question: str, asked_by: StaffId, asked_at: ZonedTime) -> CounselRecord:
    """Keep a question; one that stands with the same words about the same rule is not asked twice."""
    held = read_counsel(store)
    for one in held:
        if (one.question.rule_id or "", one.question.question) == (rule_id, question):
            return one
    number = len(held) + 1
    asked = CounselQuestion(
        number=number, rule_id=rule_id or None, question=question, asked_by=asked_by, asked_at=asked_at
    )
    put_record(store, f"{AREA}/{number:04d}.json", asked)
    return CounselRecord(question=asked)


def keep_answer(
    store: CaseStore,
    number: int,
    status: CounselStatus,
    *,
    source: str,
    recorded_by: StaffId,
    recorded_at: ZonedTime,
    note: bytes | None,
) -> CounselRecord:
    """Keep what became of a question, and the privileged note apart from it.

    Raises BadInput for a number that was not asked, or a note that is too large.
    """
    held = {one.question.number: one for one in read_counsel(store)}
    if number not in held:
        raise BadInput(
            f"There is no question {number} for counsel in this case.",
            "Nothing was recorded.",
            f"{len(held)} questions were asked; the artifact of the questions shows their numbers.",
        )
    if note is not None and len(note) > LARGEST:
        raise BadInput("The note is larger than 5 MiB.", "Nothing was recorded.", "Keep it elsewhere and say where.")
    n = len(held[number].answers) + 1
    digest = put_same(store, f"{PRIVILEGED}/{digest_bytes(note)}", note) if note is not None else None
    answer = CounselAnswer(
        number=number, status=status, source=source, recorded_by=recorded_by, recorded_at=recorded_at, note=digest
    )
    put_record(store, f"{AREA}/{number:04d}-answers/{n:04d}.json", answer)
    return CounselRecord(question=held[number].question, answers=(*held[number].answers, answer))


def read_counsel(store: CaseStore) -> tuple[CounselRecord, ...]:
    """Every question with its steps, in order. No note is read."""
    keys = store.keys(f"{AREA}/")
    asked = [key for key in keys if key.count("/") == 2 and key.endswith(".json")]
    return tuple(
        CounselRecord(
            question=get_record(store, key, CounselQuestion),
            answers=tuple(
                get_record(store, step, CounselAnswer)
                for step in keys
                if step.startswith(f"{key.removesuffix('.json')}-answers/")
            ),
        )
        for key in asked
    )


def open_questions(store: CaseStore) -> dict[str, str]:
    """Rule id -> numbers and states of the questions about it."""
    said: dict[str, list[str]] = {}
    for one in read_counsel(store):
        if one.question.rule_id:
            said.setdefault(one.question.rule_id, []).append(f"question {one.question.number}: {one.status.value}")
    return {rule: "; ".join(states) for rule, states in said.items()}
