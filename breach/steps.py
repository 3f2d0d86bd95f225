"""Step records: what makes a second run continue instead of beginning again."""

from collections.abc import Callable
from dataclasses import dataclass

from breach.digest import digest_record
from breach.errors import Conflict
from breach.store import CaseStore, put_record
from schemas.incident import Case, Facts
from schemas.receipt import Receipt, StepInputs, StepRecord


@dataclass(frozen=True, slots=True)
class Work:
    """What a chapter is given: the case, the facts of this revision, and the folder name to freeze its output under.

    There is no clock in it: a chapter that is run again must write the same bytes. Times in frozen output
    come from the facts.
    """

    store: CaseStore
    case: Case
    facts: Facts
    revision: str


def step_digest(inputs: StepInputs) -> str:
    """Names a step by everything its result depends on."""
    return digest_record(inputs)


def find_step(store: CaseStore, inputs: StepInputs) -> Receipt | None:
    """The receipt of a step that is done, or None."""
    held = store.get(f"steps/{inputs.chapter}/{step_digest(inputs)}.json")
    return StepRecord.model_validate_json(held.data).receipt if held else None


def run_step(work_at: Callable[[str], Work], inputs: StepInputs, chapter: Callable[[Work], Receipt]) -> Receipt:
    """Return the step's receipt; do the work first when no record says it is done.

    work_at makes the chapter's Work for a revision. The chapter must be repeatable: same inputs, same bytes.
    """
    digest = step_digest(inputs)
    work = work_at(digest[:12])
    done = find_step(work.store, inputs)
    if done is not None:
        return done
    receipt = chapter(work)
    if receipt.revision != work.revision or receipt.chapter != inputs.chapter:
        raise Conflict(f"Chapter {inputs.chapter} returned a receipt of another step.", "It was not recorded.")
    put_record(work.store, f"steps/{inputs.chapter}/{digest}.json", StepRecord(inputs=inputs, receipt=receipt))
    return receipt
