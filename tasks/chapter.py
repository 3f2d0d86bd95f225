"""How every chapter is run: under the case's lease, behind its step record, into the chronology."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from breach.current import facts_of, set_current
from breach.digest import digest_record
from breach.steps import Work, run_step
from schemas.chronology import EntryKind
from schemas.receipt import Chapter, Receipt, StepInputs
from tasks.desk import Desk
from tasks.safety import RETRIES, RETRY_DELAYS, is_transient, pii_safe

F = TypeVar("F", bound=Callable[..., Any])

CODE = "4"
"""Raised when a chapter would now compute another result from the same inputs: its steps are then done again."""


def step(name: str) -> Callable[[F], F]:
    """A Prefect task as we run them: retried by type, never answered from Prefect's cache, silent about people."""

    def dress(function: F) -> F:
        as_task = task(
            name=name,
            retries=RETRIES,
            retry_delay_seconds=RETRY_DELAYS,
            retry_condition_fn=is_transient,
            cache_policy=NO_CACHE,
            persist_result=False,
        )
        return cast(F, as_task(pii_safe(function)))  # called like the function it wraps

    return dress


def do_chapter(
    desk: Desk,
    chapter: Chapter,
    work: Callable[[Work], Receipt],
    *,
    upstream: dict[str, Receipt] | None = None,
    extra: dict[str, str] | None = None,
    rule_pack: str = "",
    name: str = "",
) -> Receipt:
    """Run one chapter or return its receipt from an earlier run; move the case's pointer to it; write it down.

    name: how current.json calls it; the chapter's own name unless one case has several (updates).
    """
    case, facts = desk.case(), facts_of(desk.store)
    inputs = StepInputs(
        chapter=chapter,
        facts_revision=facts.revision,
        upstream={key: digest_record(receipt) for key, receipt in (upstream or {}).items()},
        code=CODE,
        rule_pack=rule_pack,
        extra=extra or {},
    )
    receipt = run_step(lambda revision: Work(desk.store, case, facts, revision), inputs, work)
    pointer = name or chapter.value
    set_current(desk.store, pointer, receipt)
    counts = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in receipt.counts.items())
    desk.note(
        EntryKind.CHAPTER,
        f"{pointer}: {counts or 'done'} (facts revision {facts.revision}).",
        once=f"{pointer}:{receipt.revision}",
        digests={"receipt": digest_record(receipt), "output": receipt.digest},
        counts=receipt.counts,
    )
    get_run_logger().info("%s is done: %s", pointer, counts or "nothing to count")
    return receipt
