"""From one flow to the next: hand over to the sender, start the next wave, end the case."""

from prefect import get_run_logger

from breach.basis import FIRST, pointer
from breach.current import current_of, facts_of
from breach.digest import digest_record
from breach.errors import CaseRefused, Conflict
from breach.ledger import WaveKey
from breach.sending.books import count_books
from breach.store import get_record, put_record
from schemas.chronology import EntryKind
from schemas.closing import Closing, Ending
from schemas.forms import CaseForm, CloseForm
from schemas.gate import Decision, Verdict
from schemas.incident import CaseRef
from schemas.orders import SendOrder, WaveOrder
from schemas.receipt import Receipt
from schemas.sending import SendPlan
from tasks.chapter import step
from tasks.desk import CLOSED, Desk, let_go, open_acting, open_desk
from tasks.opening import reference
from tasks.probe_schedule import end_probes
from tasks.runs import Child, start_child, tag_run
from tasks.updates import end_updates, schedule_updates


@step("hand-over")
def hand_over(ref: CaseRef, message: str, decision: Decision) -> CaseRef:
    """Approved: start the sender. To be revised: keep the case. Not a breach: close it, recorded all the same."""
    desk = open_acting(ref)
    if decision.verdict is Verdict.APPROVE:
        order = SendOrder(case_id=ref.case_id, mode=ref.mode, message=message, basis=decision.basis)
        start_child(desk, Child("notify-members/notify-members", f"notify-{message}", decision.basis, {"order": order}))
        _go_on(desk, order)
        desk.note(
            EntryKind.HANDED_OVER,
            f"{message} was handed over to the sender.",
            digests={"basis": decision.basis},
            once=f"handed:{message}:{decision.basis}",
        )
    elif decision.verdict is Verdict.NOT_A_BREACH and not desk.ledger.messages.of_case(ref.case_id):
        _end(desk, Ending.NOT_A_BREACH, decision.approver, decision.reason)
    else:
        _tell_to_revise(desk, message, decision)
    let_go(desk)
    return ref


@step("start-first-wave")
def start_first_wave(order: SendOrder) -> None:
    """Start wave 0."""
    desk = open_desk(order.case)
    if _plan(desk, order).waves:
        _start_wave(desk, WaveOrder(**order.model_dump(), wave=0))
    else:  # everybody was told before, or nobody can be: what follows the last wave follows at once
        _finish(desk, order)


@step("start-next")
def start_next(order: WaveOrder, sent: Receipt) -> None:  # noqa: ARG001  (it must have been sent first)
    """Start the wave after this one at its time; after the last, promise updates and write the dossier."""
    desk = open_desk(order.case)
    if desk.ledger.waves.row(_key(order, order.wave)).closed_at is None:
        raise CaseRefused(
            f"Wave {order.wave} of {order.message} is not done: what became of some of its chunks is not known.",
            "No further wave was started; the notices in doubt are counted as pending.",
            "Settle them with what the mail provider can prove, then start the case again.",
        )
    if order.wave + 1 < len(_plan(desk, order).waves):
        _start_wave(desk, order.model_copy(update={"wave": order.wave + 1}))
    else:
        _finish(desk, order)


@step("close-case")
def close(form: CloseForm) -> CaseRef:
    """Close the case; one that is closed gets what its end still lacks. Raises CaseRefused while anybody is pending."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_acting(ref, closed_too=True)
    if desk.store.get(CLOSED) is not None:  # killed between its end and its dossier, or asked for twice
        _after_the_end(desk, get_record(desk.store, CLOSED, Closing))
        let_go(desk)
        return ref
    receipts = current_of(desk.store).receipts
    for message in desk.ledger.messages.of_case(ref.case_id):
        listed = receipts[pointer("recipients", message)]
        books = count_books(desk.store, desk.ledger, ref.case_id, message, listed, now=desk.now())
        if books.pending or not books.balance:
            raise CaseRefused(
                f"{books.pending} members are pending in {message}; the case cannot be closed.",
                "It stays open.",
                "Start send-wave again for what is left, or resolve what is in doubt.",
            )
    if not desk.ledger.messages.of_case(ref.case_id):
        raise CaseRefused(
            "Nobody was told in this case, so it cannot be closed as done.",
            "It stays open.",
            "If it was no breach, say so at the first gate; that closes it.",
        )
    _end(desk, Ending.DONE, form.by, form.reason)
    let_go(desk)
    return ref


def _plan(desk: Desk, order: SendOrder) -> SendPlan:
    return get_record(desk.store, current_of(desk.store).receipts[pointer("waves", order.message)].key, SendPlan)


def _finish(desk: Desk, order: SendOrder) -> None:
    """After the last wave: the promised updates on the calendar, and the dossier."""
    told = any(
        desk.ledger.waves.row(key).accepted for key in desk.ledger.messages.waves_of(order.case_id, order.message)
    )
    if order.message == FIRST and told:
        schedule_updates(desk)
    form = CaseForm(case_id=order.case_id, mode=order.mode)
    start_child(desk, Child("export-dossier/export-dossier", f"dossier-{order.message}", order.basis, {"case": form}))


def _start_wave(desk: Desk, order: WaveOrder) -> None:
    """At once for the first; later ones when the time to look is over. A wave that is still open is not done."""
    at = desk.ledger.waves.row(_key(order, order.wave - 1)).next_at if order.wave else None
    still_open = desk.ledger.waves.row(_key(order, order.wave)).closed_at is None
    stage = f"{order.message}-wave-{order.wave}"
    start_child(desk, Child("send-wave/send-wave", stage, order.basis, {"order": order}, at, unfinished=still_open))


def _go_on(desk: Desk, order: SendOrder) -> None:
    """A case that is started again after its sender was killed: start the first wave that is still open.

    When all are closed, the last one: its run may have been killed before it put updates and dossier on their way.
    """
    if desk.ledger.messages.current_basis(order.case_id, order.message) != order.basis:
        return
    waves = desk.ledger.messages.waves_of(order.case_id, order.message)
    still_open = [key.n for key in waves if desk.ledger.waves.row(key).closed_at is None]
    for n in still_open[:1] or [key.n for key in waves[-1:]]:
        _start_wave(desk, WaveOrder(**order.model_dump(), wave=n))


def _key(order: SendOrder, wave: int) -> WaveKey:
    return WaveKey(order.case_id, order.message, order.basis, wave)


def _tell_to_revise(desk: Desk, message: str, decision: Decision) -> None:
    """Also when people have been told already: such a case is closed with close-case, never as no breach."""
    if decision.verdict is Verdict.NOT_A_BREACH:
        sentence = f"{message} was not sent; people have been told in this case, so only close-case can close it."
    elif message == FIRST:
        sentence = (
            f"{message} is to be revised: {decision.reason} Nothing of it was sent. Record what has changed with "
            "record-fact or revise-words, then start the case again."
        )
    else:
        sentence = f"{message} is to be revised: {decision.reason} It was not sent. Start security-update again."
    get_run_logger().warning("%s", sentence)
    desk.root.alerts().tell(desk.ref.case_id, f"revise-{decision.basis[:12]}", sentence, desk.now())


def _end(desk: Desk, ending: Ending, by: str, reason: str) -> None:
    """Write closed.json once; a case ends once."""
    facts = facts_of(desk.store)
    closing = Closing(case_id=desk.ref.case_id, ending=ending, by=by, reason=reason, facts_revision=facts.revision)
    try:
        put_record(desk.store, CLOSED, closing)
    except Conflict:  # another run has closed it: what it said stands
        closing = get_record(desk.store, CLOSED, Closing)
    _after_the_end(desk, closing)


def _after_the_end(desk: Desk, closing: Closing) -> None:
    """The entry in the chronology, no more updates, and the last dossier; once, however often it is asked for."""
    desk.note(EntryKind.CLOSED, f"Closed as '{closing.ending}': {closing.reason}", actor=closing.by, once="closed")
    end_updates(desk)
    end_probes(desk)
    form = CaseForm(case_id=desk.ref.case_id, mode=desk.ref.mode)
    start_child(desk, Child("export-dossier/export-dossier", "dossier-closed", digest_record(closing), {"case": form}))
