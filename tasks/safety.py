"""What keeps members out of the run history: every task and flow wears pii_safe under its decorator."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from breach.errors import BreachError, Transient

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
RETRY_DELAYS = [2.0, 10.0, 30.0]
"""Seconds. A platform or a locked ledger is usually back within a minute; after that a human should know."""


class SafeError(Exception):
    """Stands in for an error that was not written by us, whose text could quote a member."""


def pii_safe(function: Callable[P, R]) -> Callable[P, R]:
    """Let only errors through whose sentences we wrote, without what caused them.

    An exception's text reaches Prefect's database three times: state message, log and event.
    Prefect's own signals (suspension) are not Exceptions and pass.
    """

    @wraps(function)
    def safe(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (BreachError, SafeError) as error:
            error.__cause__ = error.__context__ = None
            raise error.with_traceback(None) from None
        except Exception as error:  # any other text could hold a member's data; the type cannot
            kind, place = type(error).__name__, _place(error)
        raise SafeError(
            f"{function.__name__} failed with {kind} at {place}. What was written before is kept; nothing was undone. "
            "Start the case again under the same name: it continues. If it fails again, report this line."
        )

    return safe


def is_transient(task: Task[..., object], task_run: TaskRun, state: State[object]) -> bool:  # noqa: ARG001
    """Retry by type, never by text. A plain function: this Prefect ignores other callables."""
    return isinstance(state.result(raise_on_failure=False), Transient)


def _place(error: Exception) -> str:
    """File and line of the innermost frame; frames hold code, not values."""
    trace = error.__traceback__
    place = "an unknown place"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
