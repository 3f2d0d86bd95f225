"""Gather what the reports to authorities are drafted from: the case's own record, and nothing of any member."""

from datetime import datetime

from breach.basis import FIRST
from breach.current import current_of, facts_of
from breach.digest import digest_bytes, digest_record
from breach.errors import CaseRefused
from breach.law.clock import zone_of
from breach.law.filings.authorities import load_authorities
from breach.law.filings.catalog import load_forms
from breach.law.filings.kept import filed_of, read_filing
from breach.law.filings.known import CaseView
from breach.notices.render import preview
from breach.store import get_record
from schemas.chronology import EntryKind
from schemas.containment import ContainmentResult
from schemas.exposure import ExposureSummary
from schemas.filing import Annex
from schemas.incident import Locale, Mode
from schemas.law import DutyList
from schemas.notice import NoticeManifest, Sender
from schemas.receipt import Chapter, Receipt, StepRecord
from tasks.containment import is_lifted
from tasks.desk import Desk


def case_view(desk: Desk, duties: DutyList) -> CaseView:
    """The view of the case as it is now. Raises CaseRefused when the exposures were not found yet."""
    receipts, facts = current_of(desk.store).receipts, facts_of(desk.store)
    exposures = receipt_of(desk, Chapter.EXPOSURES)
    contained, notices = receipts.get(Chapter.CONTAIN.value), receipts.get(Chapter.NOTICES.value)
    evidence = receipts.get(Chapter.PRESERVE.value)
    written = get_record(desk.store, notices.key, NoticeManifest) if notices else None
    return CaseView(
        case_id=desk.ref.case_id,
        mode=desk.ref.mode,
        facts=facts,
        zone=zone_of(facts.incident.organisation),
        exposure=get_record(desk.store, exposures.key, ExposureSummary),
        counts_revision=_counted_at(desk, exposures),
        rule_pack=duties.rule_pack,
        sender=_sender(desk),
        contained=get_record(desk.store, contained.key, ContainmentResult) if contained else None,
        lifted=is_lifted(desk),
        evidence_files=evidence.counts.get("files", 0) if evidence else 0,
        samples=_samples(desk, written) if written else {},
        notices=sum(variant.recipients for variant in written.variants) if written else None,
        told_since=_told_since(desk),
        filed_with=_filed_with(desk),
    )


def receipt_of(desk: Desk, chapter: Chapter) -> Receipt:
    """The current receipt of a chapter. Raises CaseRefused when it was not done."""
    found = current_of(desk.store).receipts.get(chapter.value)
    if found is None:
        raise CaseRefused(
            f"The chapter '{chapter}' of {desk.ref.case_id} has not been done, so no report can be drafted.",
            "Nothing was changed.",
            "Start find-exposures, or the case itself, first. The brief for counsel helps until then.",
        )
    return found


def data_digest() -> str:
    """Digest of the forms and the authorities: a change of either is another draft."""
    every = [digest_record(form) for form in load_forms()] + [digest_record(one) for one in load_authorities().values()]
    return digest_bytes("\n".join(every).encode())


def _counted_at(desk: Desk, exposures: Receipt) -> int:
    """The facts revision at which the people were counted: it may be older than the newest facts."""
    steps = desk.store.keys(f"steps/{Chapter.EXPOSURES}/{exposures.revision}")
    return get_record(desk.store, steps[0], StepRecord).inputs.facts_revision if steps else 1


def _sender(desk: Desk) -> Sender | None:
    """None while a live case would name the sample's contact: then the contact is unknown, and no clock waits."""
    mailer = desk.root.mailer()
    return None if desk.ref.mode is Mode.LIVE and mailer.is_sample else mailer.sender()


def _samples(desk: Desk, written: NoticeManifest) -> dict[str, Annex]:
    """One notice for each residence, in English where it was written so."""
    found: dict[str, Annex] = {}
    for variant in sorted(written.variants, key=lambda one: (one.locale is not Locale.EN, one.name)):
        if variant.residence.value not in found:
            text = preview(desk.store, written, variant.name)
            found[variant.residence.value] = Annex(
                title=f"Sample of the notice to individuals ({variant.name}), with the values of an invented person",
                digest=digest_bytes(text.encode()),
                text=text,
            )
    return found


def _told_since(desk: Desk) -> datetime | None:
    handed = (
        entry.at
        for entry in desk.entries()
        if entry.kind is EntryKind.HANDED_OVER and entry.once.startswith(f"handed:{FIRST}:")
    )
    return next(handed, None)


def _filed_with(desk: Desk) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in filed_of(desk.store):
        name = read_filing(desk.store, one.record_key).authority_name
        told.setdefault(one.filing, f"{name}, on {one.filed_at:%Y-%m-%d}, reference {one.reference}")
    return told
