"""Stop the line, and let it go on. Written to the ledger at once; no lease, no queue."""

from schemas.chronology import EntryKind
from schemas.forms import HaltForm
from schemas.incident import CaseRef
from tasks.chapter import step
from tasks.desk import open_desk
from tasks.opening import reference
from tasks.runs import tag_run


@step("halt")
def halt(form: HaltForm) -> CaseRef:
    """No chunk is claimed from now on."""
    ref = reference(form.case_id, form.mode)
    desk = open_desk(ref)
    desk.ledger.halts.halt(ref.case_id, form.by, form.reason, desk.now())
    desk.case()
    desk.note(EntryKind.HALT, f"Sending halted: {form.reason}", actor=form.by)
    tag_run(ref)
    return ref


@step("lift-halt")
def lift(form: HaltForm) -> CaseRef:
    """Chunks may be claimed again; the waves go on when send-wave is started."""
    ref = reference(form.case_id, form.mode)
    desk = open_desk(ref)
    desk.case()
    desk.ledger.halts.lift(ref.case_id, form.by, form.reason, desk.now())
    desk.note(EntryKind.LIFTED, f"The halt was lifted: {form.reason}", actor=form.by)
    tag_run(ref)
    return ref
