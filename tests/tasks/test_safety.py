"""The wrapper under every task and flow: our own sentences pass alone, everybody else's text stays behind."""

import inspect
import logging
import traceback
from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect.client.schemas.objects import TaskRun
from prefect.exceptions import Abort, Pause
from prefect.states import Failed
from prefect.tasks import Task
from pydantic import TypeAdapter

from breach import errors
from breach.errors import BreachError, Conflict, MailerBusy, StoreBusy, Terminal, Transient
from tasks.safety import RETRIES, RETRY_DELAYS, SafeError, is_transient, pii_safe

EMAILS = st.emails()
PHONES = st.from_regex(r"\+[1-9][0-9]{9,13}", fullmatch=True)
ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
PERSONAL = st.one_of(EMAILS, PHONES, ADDRESSES)
OURS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BreachError)]


def raising(error: BaseException) -> Callable[[], None]:
    @pii_safe
    def work() -> None:
        raise error

    return work


def everything_printed(error: BaseException) -> str:
    """All that Prefect could store of an exception: text, arguments, chain, traceback with its lines of code."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.args) + repr(vars(error))


@given(
    PERSONAL, st.sampled_from([ValueError, KeyError, OSError, RuntimeError, UnicodeError, AssertionError, Exception])
)
def test_a_stranger_s_text_stays_behind(value: str, kind: type[Exception]) -> None:
    """Whatever stands in an error that we did not write, what comes out holds none of it."""
    with pytest.raises(SafeError) as told:
        raising(kind(f"no such member: {value}"))()

    assert value not in everything_printed(told.value)
    assert told.value.__cause__ is None
    assert told.value.__context__ is None
    assert kind.__name__ in str(told.value)


@given(PERSONAL)
def test_a_chain_of_errors_stays_behind(value: str) -> None:
    """A member quoted three causes deep, or in a group, is as absent as one quoted at the top."""

    @pii_safe
    def work() -> None:
        try:
            try:
                TypeAdapter(bytes).validate_python([value])
            except ValueError as error:
                raise KeyError(value) from error
        except KeyError as error:
            raise ExceptionGroup(value, [error, ValueError(value)]) from error

    with pytest.raises(SafeError) as told:
        work()

    assert value not in everything_printed(told.value)


@given(PERSONAL)
def test_our_own_error_comes_without_what_caused_it(value: str) -> None:
    """Our sentences pass; the foreign error they were raised from, or while handling, does not."""

    @pii_safe
    def work(explicit: bool) -> None:
        try:
            float(f"zq {value}")
        except ValueError as error:
            refusal = Conflict("Two things claim one name.", "Nothing was written.", "Choose another.")
            if explicit:
                raise refusal from error
            raise refusal  # noqa: B904  (that is the point)

    for explicit in (True, False):
        with pytest.raises(Conflict) as told:
            work(explicit)
        assert str(told.value) == "Two things claim one name. Nothing was written. Choose another."
        assert told.value.__cause__ is None
        assert told.value.__context__ is None
        assert value not in everything_printed(told.value)


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_passes_as_itself(kind: type[BreachError]) -> None:
    """Its type decides about another try, its three sentences are what the operator reads."""
    error = kind("It happened.", "It is so.", "Do this.")

    with pytest.raises(kind) as told:
        raising(error)()

    assert told.value is error
    assert (told.value.happened, told.value.state, told.value.next_step) == ("It happened.", "It is so.", "Do this.")


def test_what_was_made_safe_stays_as_it_is() -> None:
    """A flow around a task does not wrap the task's line a second time."""
    with pytest.raises(SafeError) as inner:
        raising(ValueError("x"))()
    with pytest.raises(SafeError) as outer:
        raising(inner.value)()

    assert outer.value is inner.value


@pytest.mark.parametrize("signal", [Pause("paused"), Abort("aborted"), KeyboardInterrupt(), SystemExit(3)], ids=repr)
def test_signals_pass(signal: BaseException) -> None:
    """Suspension and interruption are no errors: the gate could not wait otherwise."""
    with pytest.raises(type(signal)) as told:
        raising(signal)()

    assert told.value is signal


def test_the_line_says_where_and_what_to_do() -> None:
    """Function, type, file and line, the state of things and the next step: enough to report."""
    with pytest.raises(SafeError) as told:
        raising(ValueError("x"))()

    text = str(told.value)
    assert text.startswith("work failed with ValueError at test_safety.py:")
    assert "What was written before is kept" in text
    assert "Start the case again under the same name" in text


def test_a_working_function_is_unchanged() -> None:
    """Arguments, result, name, docstring and signature are the function's own: Prefect reads its form from them."""

    def work(case: str, n: int = 1) -> str:
        """Repeat."""
        return case * n

    safe = pii_safe(work)

    assert safe("ab", n=2) == "abab"
    assert (safe.__name__, safe.__doc__) == ("work", "Repeat.")
    assert inspect.signature(safe) == inspect.signature(work)


def test_a_logged_error_is_the_safe_one(caplog: pytest.LogCaptureFixture) -> None:
    """Logging what came out, with its traceback, quotes nobody."""
    member = "@".join(["ann", "mail.example"])  # not as one piece: a traceback shows the lines of this file
    try:
        raising(ValueError(member))()
    except SafeError:
        logging.getLogger("x").exception("it failed")

    assert "SafeError" in caplog.text
    assert member not in caplog.text


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (StoreBusy("x"), True),
        (MailerBusy("x"), True),
        (Transient("x"), True),
        (Conflict("busy, try again"), False),
        (Terminal("x"), False),
        (SafeError("timeout"), False),
        (TimeoutError("x"), False),
    ],
    ids=repr,
)
def test_only_what_may_pass_by_itself_is_tried_again(error: Exception, again: bool) -> None:
    """Retried by type, never by what the text says."""
    task: Task[..., None] = Task(fn=lambda: None, name="t")
    run = TaskRun(flow_run_id=uuid4(), task_key="t", dynamic_key="0")

    assert is_transient(task, run, Failed(data=error)) is again


def test_each_try_has_its_pause() -> None:
    """Three more tries, each after a longer pause, all within a minute."""
    assert len(RETRY_DELAYS) == RETRIES
    assert sorted(RETRY_DELAYS) == RETRY_DELAYS
    assert sum(RETRY_DELAYS) <= 60
