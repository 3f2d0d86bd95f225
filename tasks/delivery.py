"""Plan the waves, register the approved plan, send one wave."""

from datetime import UTC, datetime, timedelta

from prefect import get_run_logger

from breach.basis import pointer
from breach.current import case_key, current_of
from breach.digest import digest_bytes, digest_record
from breach.errors import NotApproved
from breach.ledger import WaveKey
from breach.mail import Letter
from breach.notices.render import letter_for, sample_values
from breach.sending.books import count_books, read_told
from breach.sending.plan import Seed, plan_waves
from breach.sending.sender import SendSettings, WaveResult, send_wave, settle_wave
from breach.store import get_record, put_record
from schemas.chronology import EntryKind
from schemas.incident import CaseRef
from schemas.notice import NoticeManifest
from schemas.orders import SendOrder, WaveOrder
from schemas.receipt import Chapter, Receipt
from schemas.sending import SendPlan
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting, open_desk, refuse_closed, still_acts

WAVE_LEASE = timedelta(minutes=2)
"""A sender that has been silent this long has lost its wave; renewed before every chunk, of at most 1,000."""


@step("plan-sending")
def plan_sending(ref: CaseRef, recipients: Receipt, notices: Receipt) -> Receipt:
    """Cut the frozen list into waves and chunks; whoever was told this message before is left out."""
    desk = open_acting(ref)
    manifest = get_record(desk.store, notices.key, NoticeManifest)
    key = case_key(desk.store)
    stands = _plan_in_force(desk, manifest.message)
    if stands is not None:
        return stands
    _settle_what_was_left(desk, manifest.message)
    mailer = desk.root.mailer()
    seeds = [Seed(f"staff-{n}", address, mailer.sender_name) for n, address in enumerate(mailer.staff_seeds, start=1)]
    told = read_told(desk.store, desk.ledger, ref.case_id, manifest.message)
    return do_chapter(
        desk,
        Chapter.WAVES,
        lambda work: plan_waves(
            work,
            recipients,
            notices,
            seeds,
            told,
            case_key=key,
            sample=lambda variant: sample_values(desk.store, manifest, variant),
        ),
        upstream={"recipients": recipients, "notices": notices},
        extra={"told_as_of": str(told.as_of), "seeds": digest_bytes("\n".join(mailer.staff_seeds).encode())},
        name=pointer("waves", manifest.message),
    )


@step("register-plan")
def register_plan(order: SendOrder) -> Receipt:
    """Put the approved plan into the ledger. Raises NotApproved unless both gates approved exactly this."""
    desk = open_desk(order.case)
    refuse_closed(desk)
    _must_be_approved(desk, order)
    receipt = current_of(desk.store).receipts[pointer("waves", order.message)]
    plan = get_record(desk.store, receipt.key, SendPlan)
    desk.ledger.messages.plan_message(
        order.case_id, order.message, order.basis, plan, plan_key=receipt.key, now=desk.now()
    )
    return receipt


@step("send-this-wave")
def send_this_wave(order: WaveOrder) -> Receipt:
    """Send what is left of one wave. Safe to run again: the ledger knows what was claimed and what was taken."""
    desk = open_desk(order.case)
    logger = get_run_logger()
    manifest = get_record(
        desk.store, current_of(desk.store).receipts[pointer("notices", order.message)].key, NoticeManifest
    )

    def letters(variant: str) -> Letter:
        return letter_for(desk.store, manifest, variant)

    wave = WaveKey(order.case_id, order.message, order.basis, order.wave)
    _take_over_from_the_dead(desk, wave)
    result = send_wave(
        desk.store,
        desk.ledger,
        desk.root.mailer().mailer(order.case_id),
        letters,
        wave,
        holder=desk.run_id,
        clock=lambda: datetime.now(UTC),
        basis_check=lambda: desk.basis(order.message),
        settings=SendSettings(lease=WAVE_LEASE),
    )
    logger.info("wave %s of %s: %s", order.wave, order.message, result)
    return _wave_receipt(desk, order, result)


def _take_over_from_the_dead(desk: Desk, wave: WaveKey) -> None:
    """End the lease of a sender whose run has ended. Should it still breathe, its epoch is old: it claims nothing."""
    row = desk.ledger.waves.row(wave)
    mine = row.holder == desk.run_id
    if row.expires_at is not None and row.expires_at > desk.now() and not mine and not still_acts(row.holder):
        desk.ledger.waves.release_wave(wave, row.epoch, desk.now())


def _settle_what_was_left(desk: Desk, message: str) -> None:
    """What an ended sender left open is settled by evidence before another plan is made: it must know who was told.

    Raises Superseded while that sender still works.
    """
    mailer = desk.root.mailer().mailer(desk.ref.case_id)
    for wave in desk.ledger.messages.unsettled(desk.ref.case_id, message):
        _take_over_from_the_dead(desk, wave)
        settle_wave(desk.store, desk.ledger, mailer, wave, holder=desk.run_id, clock=lambda: datetime.now(UTC))


def _wave_receipt(desk: Desk, order: WaveOrder, result: WaveResult) -> Receipt:
    """Write the wave down and show the books."""
    receipts = current_of(desk.store).receipts
    books = count_books(
        desk.store,
        desk.ledger,
        order.case_id,
        order.message,
        receipts[pointer("recipients", order.message)],
        now=desk.now(),
    )
    counts = {"accepted": result.accepted, "rejected": result.rejected, "in_doubt": result.in_doubt}
    desk.note(
        EntryKind.WAVE,
        f"Wave {order.wave} of {order.message} is done: {result.accepted} accepted, {result.rejected} rejected.",
        counts=counts,
        digests={"basis": order.basis},
        once=f"wave:{order.message}:{order.basis[:12]}:{order.wave}",
    )
    artifacts.show_books(desk, order.message, books)
    waves = receipts[pointer("waves", order.message)]
    digest = put_record(
        desk.store, f"waves/{waves.revision}/books/{order.wave:02d}-{digest_record(books)[:12]}.json", books
    )
    return Receipt(
        case_id=order.case_id,
        chapter=Chapter.WAVES,
        revision=waves.revision,
        key=f"waves/{waves.revision}/books/{order.wave:02d}-{digest_record(books)[:12]}.json",
        digest=digest,
        counts=counts,
    )


def _plan_in_force(desk: Desk, message: str) -> Receipt | None:
    """The plan that is being sent, when it still is for exactly the current content: it is not made anew.

    People told by it would change a new plan, and with it the basis: every second run would void its own approval.
    """
    try:
        basis = desk.basis(message)
    except NotApproved:  # no plan yet
        return None
    in_force = desk.ledger.messages.current_basis(desk.ref.case_id, message) == basis
    return current_of(desk.store).receipts[pointer("waves", message)] if in_force else None


def _must_be_approved(desk: Desk, order: SendOrder) -> None:
    if desk.basis(order.message) != order.basis or not desk.ledger.approvals.approved(order.case_id, order.basis):
        raise NotApproved(
            f"{order.message} of {order.case_id} is not approved in its present form.",
            "Nothing was sent.",
            "Start breach-response for this case again (security-update for an update); its gates ask again.",
        )
