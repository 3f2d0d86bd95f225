"""The two who play approvers: each at their own gate, a fresh code each time, and never in a live case."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from prefect.client.schemas.objects import FlowRun, State, StateDetails, StateType
from prefect.input.run_input import keyset_from_base_key

from breach.approvers import Registry
from examples.approvers import play
from schemas.gate import Gate, GateAnswer, Question

CODE = Path(__file__).resolve().parents[2]
OF_A_MESSAGE = (Gate.CONTENT, Gate.SENDING)
AT = datetime(2026, 11, 8, 9, 0, 5, tzinfo=UTC)


class Clock(datetime):
    """A clock that stands where a test puts it."""

    at = AT

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.at.astimezone(tz)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Three people; the first two by name play."""
    found = Registry(tmp_path / "approvers-rehearsal.json")
    for name in ("tomas", "mara"):
        found.enrol(name, AT)
    return found


@pytest.fixture
def resumed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What was sent to Prefect; the clock stands still."""
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(play, "resume_flow_run", lambda _id, run_input: sent.append(run_input))
    monkeypatch.setattr(play, "datetime", Clock)
    monkeypatch.setattr(pyotp.TOTP, "now", lambda authenticator: authenticator.at(Clock.at))
    monkeypatch.setattr(Clock, "at", AT)
    return sent


def suspended(gate: Gate | None, *, since: float = 10, message: str = "notice") -> FlowRun:
    """A run that waits at a gate, as the server describes it."""
    details = StateDetails()
    if gate is not None:
        key = Question(case_id="rehearsal-x", message=message, gate=gate, basis="a" * 64, n=0, text="").key
        details = StateDetails(run_input_keyset=keyset_from_base_key(key))
    state: State[Any] = State(
        type=StateType.PAUSED, name="Suspended", timestamp=Clock.at - timedelta(seconds=since), state_details=details
    )
    return FlowRun(id=uuid4(), flow_id=uuid4(), name="r", state=state)


@pytest.mark.parametrize("gate", OF_A_MESSAGE)
@pytest.mark.parametrize("message", ["notice", "update-001"])
def test_the_gate_is_read_from_the_key(gate: Gate, message: str) -> None:
    """Whichever message it is about, the gate's name in the suspension's key tells which one waits."""
    assert play.gate_of(suspended(gate, message=message)) == gate.value


def test_a_run_that_waits_for_something_else_is_left_alone(registry: Registry, resumed: list[dict[str, str]]) -> None:
    """No key, no answer."""
    assert play.gate_of(suspended(None)) == ""
    assert play.gate_of(suspended(Gate.FILING, message="filing-us-ca-ag")) == ""
    assert play.answer(registry, suspended(None), set()) == ""
    assert resumed == []


def test_nobody_plays_a_conclusion_on_the_risk() -> None:
    """What a risk comes to is somebody's own sentence, also in a rehearsal."""
    assert play.gate_of(suspended(Gate.RISK, message="risk-0123456789ab")) == ""


def test_each_gate_has_its_person_and_the_code_proves_them(registry: Registry, resumed: list[dict[str, str]]) -> None:
    """Two gates, two people, in the order of their names; what they send is a full answer that the registry proves."""
    used: set[tuple[str, int]] = set()
    lines = [play.answer(registry, suspended(gate), used) for gate in OF_A_MESSAGE]

    assert lines == ["mara approved at the gate 'content'", "tomas approved at the gate 'sending'"]
    for sent, person in zip(resumed, ("mara", "tomas"), strict=True):
        answer = GateAnswer.model_validate(sent)
        assert (answer.approver, answer.decision.value) == (person, "approve")
        assert registry.proven_step(person, answer.code, AT) is not None


def test_nobody_uses_a_code_twice(registry: Registry, resumed: list[dict[str, str]]) -> None:
    """Within one time step a person answers once and then waits for the next code, as people must."""
    used: set[tuple[str, int]] = set()
    assert play.answer(registry, suspended(Gate.CONTENT), used)
    assert play.answer(registry, suspended(Gate.CONTENT), used) == ""

    Clock.at = AT + timedelta(seconds=30)

    assert play.answer(registry, suspended(Gate.CONTENT), used)
    assert len({sent["code"] for sent in resumed}) == len(resumed) == 2


def test_nobody_answers_before_reading(registry: Registry, resumed: list[dict[str, str]]) -> None:
    """A question asked a moment ago is left for later: its run's process may not have ended yet."""
    assert play.answer(registry, suspended(Gate.CONTENT, since=0.5), set()) == ""
    assert resumed == []


def test_one_person_alone_answers_nothing(tmp_path: Path, resumed: list[dict[str, str]]) -> None:
    """Two gates need two people."""
    alone = Registry(tmp_path / "approvers-rehearsal.json")
    alone.enrol("mara", AT)

    assert play.answer(alone, suspended(Gate.CONTENT), set()) == ""
    assert resumed == []


def test_a_form_that_is_not_there_yet_is_asked_again(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the server is not ready for the answer, the code is not used up."""

    def refuse(_id: object, run_input: object) -> None:
        raise RuntimeError("no schema yet")

    used: set[tuple[str, int]] = set()
    with monkeypatch.context() as patch:
        patch.setattr(play, "resume_flow_run", refuse)
        patch.setattr(play, "datetime", Clock)
        assert play.answer(registry, suspended(Gate.CONTENT), used) == ""

    assert used == set()


def test_it_refuses_a_live_registry(tmp_path: Path) -> None:
    """Started with the approvers of live cases it ends at once, saying why."""
    done = subprocess.run(
        [sys.executable, "-m", "examples.approvers.play", str(tmp_path / "approvers-live.json")],
        cwd=CODE,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0
    assert "rehearsals only" in done.stderr
