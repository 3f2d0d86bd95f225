"""The gate's key can always be resumed, and its answer is never half given."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.gate import Gate, GateAnswer, Question

GIVEN = {"decision": "approve", "approver": "mara", "code": "123456", "reason": "read it"}


def question(message: str, gate: Gate = Gate.CONTENT, basis: str = "a" * 64, n: int = 0) -> Question:
    return Question(case_id="harbor-2026", message=message, gate=gate, basis=basis, n=n, text="")


@given(
    st.one_of(st.text(max_size=30), st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)),
    st.sampled_from(Gate),
    st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    st.integers(min_value=0, max_value=10**6),
)
def test_a_key_can_be_resumed_or_does_not_exist(message: str, gate: Gate, basis: str, n: int) -> None:
    """Prefect resumes only keys of a-z, 0-9 and -: any message either gives one or is refused."""
    try:
        key = question(message, gate, basis, n).key
    except ValidationError:
        assert not re.fullmatch(r"[a-z0-9-]+", message)
        return
    assert re.fullmatch(r"[a-z0-9-]+", key)


def test_each_question_has_a_key_of_its_own() -> None:
    """Another message, gate, content or number of answers is another key: an old answer is never a new one."""
    keys = {
        question(message, gate, basis, n).key
        for message in ("notice", "update-001", "update-002")
        for gate in Gate
        for basis in ("a" * 64, "b" * 64)
        for n in (0, 1, 10)
    }

    assert len(keys) == 3 * len(Gate) * 2 * 3
    assert question("notice").key == "gate-notice-content-aaaaaaaaaaaa-0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decision", "Approve"),
        ("decision", "yes"),
        ("decision", ""),
        ("decision", True),
        ("code", "12345"),
        ("code", "1234567"),
        ("code", "12 456"),
        ("code", "１２３４５６"),  # full-width digits
        ("code", "123456\n"),
        ("code", 123456),
        ("approver", "Mara"),
        ("approver", "mara@mail.example"),
        ("approver", "m"),
        ("reason", ""),
        ("reason", "ok"),
        ("reason", "see ann@mail.example"),
    ],
)
def test_an_answer_that_is_not_quite_one_is_none(name: str, value: object) -> None:
    """What does not fit exactly is refused, without repeating it."""
    with pytest.raises(ValidationError, match=name) as refused:
        GateAnswer.model_validate(GIVEN | {name: value})

    assert "mail.example" not in str(refused.value)


@given(st.sets(st.sampled_from(sorted(GIVEN)), max_size=3))
def test_an_answer_with_a_gap_is_none(kept: set[str]) -> None:
    """No proper part of the answer is an answer; the empty one least of all."""
    with pytest.raises(ValidationError):
        GateAnswer.model_validate({key: GIVEN[key] for key in kept})
