"""The chapter: draft every report the duties ask for, and freeze record and text of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from breach.digest import digest_record
from breach.law.filings.catalog import form_for
from breach.law.filings.draft import Before, Occasion, draft_filing
from breach.law.filings.kept import filed_of, read_filing, statements_of
from breach.law.filings.known import CaseView, filing_id
from breach.law.filings.text import render_filing
from breach.law.vocabulary import RecipientKind
from breach.steps import Work
from breach.store import CaseStore, put_record, put_same
from schemas.filing import Earlier, Filing, FilingDraft, FilingKind, FilingManifest, NotDrafted
from schemas.law import Duty, DutyList, DutyStatus
from schemas.receipt import Chapter, Receipt

OPEN = {DutyStatus.DUE, DutyStatus.ASK_COUNSEL, DutyStatus.MAY_BECOME_DUE}
"""Duties for which a draft lies ready; also where counsel must first say whether it is one."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """What the drafts are made from, beside the case itself."""

    view: CaseView
    duties: DutyList
    late: Mapping[str, bool]
    """Report -> whether it is past its time and not filed. Told from outside: the domain reads no clock."""


def draft_filings(work: Work, drafting: Drafting) -> Receipt:
    """Freeze law/filings/<rev>/<report>/filing.json and filing.txt, and manifest.json.

    Counts of the receipt: drafts, unknown (fields), not_drafted. Raises BadInput for an authority that cannot be it.
    """
    folder = f"law/filings/{work.revision}"
    drafts = tuple(_frozen(work, folder, filing) for filing in _filings(work.store, drafting))
    manifest = FilingManifest(
        facts_revision=work.facts.revision,
        rule_pack=drafting.duties.rule_pack,
        drafts=drafts,
        not_drafted=tuple(_without_form(drafting.duties)),
    )
    key = f"{folder}/manifest.json"
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.FILINGS,
        revision=work.revision,
        key=key,
        digest=put_record(work.store, key, manifest),
        counts={
            "drafts": len(drafts),
            "unknown": sum(draft.unknown for draft in drafts),
            "not_drafted": len(manifest.not_drafted),
        },
    )


def duties_to_file(duties: DutyList, store: CaseStore) -> Iterator[Duty]:
    """Duties towards an authority that have a form here, and are open or were filed before."""
    filed = {one.filing for one in filed_of(store)}
    for duty in duties.duties:
        has_form = duty.recipient == RecipientKind.AUTHORITY.value and form_for(duty.rule_id) is not None
        if has_form and (duty.status in OPEN or filing_id(duty) in filed):
            yield duty


def before_of(store: CaseStore, filing: str) -> Before | None:
    """The report filed last under this name."""
    filed = filed_of(store, filing)
    if not filed:
        return None
    last = filed[-1]
    earlier = Earlier(kind=last.kind, filed_at=last.filed_at, reference=last.reference, text=last.text)
    return Before(read_filing(store, last.record_key), earlier)


def _filings(store: CaseStore, drafting: Drafting) -> Iterator[Filing]:
    for duty in duties_to_file(drafting.duties, store):
        form, name = form_for(duty.rule_id), filing_id(duty)
        if form is not None:
            occasion = Occasion(
                duty=duty,
                form=form,
                duties=drafting.duties,
                statements=statements_of(store, name),
                before=before_of(store, name),
                late=drafting.late.get(name, False),
            )
            yield draft_filing(drafting.view, occasion)


def _frozen(work: Work, folder: str, filing: Filing) -> FilingDraft:
    place = f"{folder}/{filing.filing}"
    put_record(work.store, f"{place}/filing.json", filing)
    return FilingDraft(
        filing=filing.filing,
        record_key=f"{place}/filing.json",
        record=digest_record(filing),
        text_key=f"{place}/filing.txt",
        text=put_same(work.store, f"{place}/filing.txt", render_filing(filing).encode()),
        kind=filing.kind,
        changed=bool(filing.changes) or filing.kind is not FilingKind.FOLLOW_UP,
        unknown=sum(not field.lines for field in filing.fields),
    )


def _without_form(duties: DutyList) -> Iterator[NotDrafted]:
    for duty in duties.duties:
        due = duty.recipient == RecipientKind.AUTHORITY.value and duty.status is DutyStatus.DUE
        if due and form_for(duty.rule_id) is None:
            yield NotDrafted(
                rule_id=duty.rule_id,
                recipient_name=duty.recipient_name,
                reason="There is no form for this report here: write it by the duty's own list of contents.",
            )
