"""Freeze the list, write the notices."""

from contextlib import suppress

import pyarrow as pa

from breach.current import case_key, current_of
from breach.digest import digest_record
from breach.errors import CaseRefused, Conflict
from breach.notices.draft import draft_notices as draft
from breach.recipients.build import build_recipients as build
from breach.steps import Work
from breach.store import get_record
from schemas.containment import ContainmentResult
from schemas.expectations import RECIPIENT_SUITE, Validation
from schemas.incident import CaseRef, Mode
from schemas.notice import Measure, Sender
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.containment import is_lifted
from tasks.desk import Desk, open_acting
from tasks.quality import data_docs, validate_table


def validate_recipients(work: Work, table: pa.Table) -> Validation:
    """The list against its suite; the validator's own page about it is kept beside the result."""
    validation, page = validate_table(table, RECIPIENT_SUITE)
    # The page names the moment it was made, so a run that comes after a kill keeps the first one.
    with suppress(Conflict):
        work.store.put_new(data_docs(f"recipients/{work.revision}"), page)
    return validation


@step("build-recipients")
def build_recipients(ref: CaseRef, roster: Receipt, exposures: Receipt) -> Receipt:
    """One notice an address; who cannot be reached so is named with a reason; nobody vanishes."""
    desk = open_acting(ref)
    key = case_key(desk.store)
    receipt = do_chapter(
        desk,
        Chapter.RECIPIENTS,
        lambda work: build(work, roster, exposures, key, validate_recipients),
        upstream={"roster": roster, "exposures": exposures},
    )
    artifacts.show_recipients(desk, receipt)
    return receipt


@step("draft-notices")
def draft_notices(ref: CaseRef, recipients: Receipt, duties: Receipt) -> Receipt:
    """One content a variant, and each member's own values beside it."""
    desk = open_acting(ref)
    sender = sender_of(desk)
    measures = _proven(desk)
    receipt = do_chapter(
        desk,
        Chapter.NOTICES,
        lambda work: draft(work, recipients, sender, measures),
        upstream={"recipients": recipients, "duties": duties},
        extra={"sender": digest_record(sender), "measures": " ".join(measures)},
    )
    artifacts.show_notices(desk, receipt)
    return receipt


def sender_of(desk: Desk) -> Sender:
    """Who the notices are from. Raises CaseRefused while a live case would write in the sample's name."""
    mailer = desk.root.mailer()
    if desk.ref.mode is Mode.LIVE and mailer.is_sample:
        raise CaseRefused(
            "The mailer of live cases still has the sample's sender and contact.",
            "Nothing was written or sent; the case is kept.",
            f"Edit the block {desk.root.mailer_block} in the UI, then start the case again.",
        )
    return mailer.sender()


def _proven(desk: Desk) -> list[Measure]:
    """What the case's own record proves to be done. The notices claim nothing else."""
    receipts = current_of(desk.store).receipts
    proven: list[Measure] = []
    contained = receipts.get(Chapter.CONTAIN.value)
    if contained is not None and not is_lifted(desk):
        result = get_record(desk.store, contained.key, ContainmentResult)
        if result.verified and not result.not_verified:
            proven.append(Measure.AREAS_CLOSED)
    if Chapter.PRESERVE.value in receipts:
        proven.append(Measure.EVIDENCE_KEPT)
    return proven
