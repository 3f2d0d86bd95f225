"""Stop the line, and let it go on. Written to the ledger at once; no lease, no queue."""

from breach.current import case_of
from breach.errors import CaseRefused
from schemas.chronology import EntryKind
from schemas.forms import HaltForm
from schemas.incident import CaseRef
from tasks.chapter import step
from tasks.desk import Desk, open_desk
from tasks.runs import tag_run


@step("halt")
def halt(form: HaltForm) -> tuple[CaseRef, ...]:
    """No chunk is claimed from now on."""
    desks = _cases_called(form.case_id)
    for desk in desks:
        desk.ledger.halts.halt(desk.ref.case_id, form.by, form.reason, desk.now())
    for desk in desks:
        desk.note(EntryKind.HALT, f"Sending halted: {form.reason}", actor=form.by)
        tag_run(desk.ref)
    return tuple(desk.ref for desk in desks)


@step("lift-halt")
def lift(form: HaltForm) -> tuple[CaseRef, ...]:
    """Chunks may be claimed again; the waves go on when the case or send-wave is started."""
    desks = _cases_called(form.case_id)
    for desk in desks:
        desk.ledger.halts.lift(desk.ref.case_id, form.by, form.reason, desk.now())
        desk.note(EntryKind.LIFTED, f"The halt was lifted: {form.reason}", actor=form.by)
        tag_run(desk.ref)
    return tuple(desk.ref for desk in desks)


def _cases_called(name: str) -> list[Desk]:
    """Every case a hurried person may mean: the live one and its rehearsal. Raises CaseRefused for none."""
    desks = [open_desk(ref) for ref in CaseRef.every(name)]
    found = [desk for desk in desks if case_of(desk.store) is not None]
    if not found:
        raise CaseRefused(
            f"There is no case called {name}, live or rehearsal.",
            "NOTHING WAS STOPPED.",
            "Check the name and try again.",
        )
    return found
