"""Gather what the dossier is made of, and write it."""

from prefect.artifacts import create_markdown_artifact

from breach.basis import pointer
from breach.current import all_facts, current_of
from breach.dossier.build import build_dossier, next_number
from breach.errors import NotApproved
from breach.exposure.picture import HEATMAP
from breach.law.counsel import read_counsel
from breach.law.filings.told import newest_duties
from breach.ledger.rows import Approval
from breach.notices.render import fill, letter_for, sample_values
from breach.papers.manifest import PaperName, PapersManifest
from breach.sending.books import count_books, outcomes_by_token
from breach.store import CaseStore, get_record
from breach.updates import claimed_updates
from schemas.chronology import EntryKind
from schemas.containment import ActionRecord, LiftRecord
from schemas.dossier import (
    ApprovalRecord,
    AttemptRecord,
    DossierSources,
    HaltRecord,
    MessageRecord,
    NoticeText,
    OutcomeRow,
    PaperRecord,
)
from schemas.evidence import Custody
from schemas.exposure import ExposureSummary
from schemas.gate import Gate, Verdict
from schemas.incident import CaseRef
from schemas.law import DutyChanges, DutyList
from schemas.notice import NoticeManifest
from schemas.receipt import Receipt
from schemas.recipients import ListManifest
from schemas.sending import SendPlan
from schemas.severity import SeverityRecord
from tasks.chapter import step
from tasks.conclusions import conclusions_of
from tasks.desk import Desk, open_desk
from tasks.filing_story import filing_of, filing_stories, is_superseded
from tasks.history import settled_runs

TICKED_AS = {
    PaperName.LETTER: "letter to the provider",
    PaperName.BRIEF: "brief for counsel",
    PaperName.CHECKLIST: "first-hour checklist",
}
"""How the form that ticks a paper off calls it."""


@step("write-dossier")
def write_dossier(ref: CaseRef) -> Receipt:
    """Write the next dossier of the case, keep its digest in the ledger, and say where it is."""
    desk = open_desk(ref)
    case = desk.case()
    mailer = desk.root.mailer()
    ours = {mailer.sender_address, mailer.contact, *mailer.staff_seeds}
    runs = settled_runs(ref, desk.run_id, ours)
    as_of = desk.now()
    number = next_number(desk.store)
    sources = _sources(desk).model_copy(update={"runs": runs})
    receipt = build_dossier(desk.store, case, sources, as_of, number)
    desk.ledger.heads.record_dossier(ref.case_id, number, receipt.digest, as_of)
    desk.note(
        EntryKind.DOSSIER,
        f"Dossier {number:04d}: {receipt.counts['files']} files, {len(runs)} runs, as of {as_of:%Y-%m-%d %H:%M} UTC.",
        digests={"dossier": receipt.digest},
        once=f"dossier:{number}",
    )
    _show(desk, receipt, number)
    return receipt


def _sources(desk: Desk) -> DossierSources:
    store, ledger, receipts = desk.store, desk.ledger, current_of(desk.store).receipts
    exposures, severity, duties = receipts.get("exposures"), receipts.get("severity"), newest_duties(store)
    messages = _messages(desk)
    return DossierSources(
        facts=all_facts(store),
        receipts=dict(receipts),
        exposure=get_record(store, exposures.key, ExposureSummary) if exposures else None,
        heatmap=_beside(store, exposures, HEATMAP),
        duties=get_record(store, duties.key, DutyList) if duties else None,
        changes=_changes(store),
        severity=get_record(store, severity.key, SeverityRecord) if severity else None,
        conclusions=conclusions_of(store),
        counsel=read_counsel(store),
        clock_sheet=_beside(store, duties, "clocks.txt"),
        alarms=_beside(store, duties, "alarms.ics"),
        messages=tuple(_message(desk, message) for message in messages),
        outcomes=tuple(row for message in messages for row in _outcomes(desk, message)),
        # A conclusion on the risk stands among the conclusions, with all that it was drawn from.
        approvals=tuple(
            _approval(desk, row) for row in ledger.approvals.decisions(desk.ref.case_id) if row.gate != Gate.RISK.value
        ),
        attempts=tuple(
            AttemptRecord(gate=row.gate, basis=row.basis_hash, n=row.n, outcome=row.outcome, at=row.at)
            for row in ledger.approvals.refused_attempts(desk.ref.case_id)
        ),
        halts=tuple(
            HaltRecord(
                at=row.halted_at,
                by=row.halted_by,
                reason=row.reason,
                lifted_at=row.lifted_at,
                lifted_by=row.lifted_by or "",
                lift_reason=row.lift_reason or "",
            )
            for row in ledger.halts.of_case(desk.ref.case_id)
        ),
        chronology=desk.entries(),
        containment=tuple(
            get_record(store, key, ActionRecord) for key in store.keys("containment/") if "/actions/" in key
        ),
        lifted=tuple(get_record(store, key, LiftRecord) for key in store.keys("containment/") if "/lifted/" in key),
        papers=_papers(desk),
        filings=filing_stories(desk),
        custody=tuple(get_record(store, key, Custody) for key in store.keys("custody/")),
    )


def _changes(store: CaseStore) -> tuple[DutyChanges, ...]:
    """What each revision changed, in the order of the facts."""
    keys = [key for key in store.keys("law/") if key.endswith("/changes.json")]
    return tuple(sorted((get_record(store, key, DutyChanges) for key in keys), key=lambda one: one.facts_revision))


def _beside(store: CaseStore, receipt: Receipt | None, name: str) -> str:
    """A text that was written beside what a receipt names; empty before there is any."""
    held = store.get(f"{receipt.key.rpartition('/')[0]}/{name}") if receipt else None
    return held.data.decode() if held else ""


def _messages(desk: Desk) -> list[str]:
    """The notice, and every update that was begun, planned in the ledger or not yet."""
    return ["notice", *(f"update-{claim.number:03d}" for claim in claimed_updates(desk.store))]


def _message(desk: Desk, message: str) -> MessageRecord:
    """Everything about one message, as far as it has come."""
    receipts = current_of(desk.store).receipts
    listed = receipts.get(pointer("recipients", message))
    drafted = receipts.get(pointer("notices", message))
    planned = receipts.get(pointer("waves", message))
    sent = message in desk.ledger.messages.of_case(desk.ref.case_id)
    books = (
        count_books(desk.store, desk.ledger, desk.ref.case_id, message, listed, now=desk.now())
        if listed and sent
        else None
    )
    return MessageRecord(
        message=message,
        recipients=get_record(desk.store, listed.key, ListManifest) if listed else None,
        notices=get_record(desk.store, drafted.key, NoticeManifest) if drafted else None,
        texts=_texts(desk.store, drafted) if drafted else (),
        plan=get_record(desk.store, planned.key, SendPlan) if planned else None,
        books=books,
    )


def _texts(store: CaseStore, drafted: Receipt) -> tuple[NoticeText, ...]:
    """Each variant as one invented person would read it: the frozen content with the sample's values."""
    manifest = get_record(store, drafted.key, NoticeManifest)
    texts = []
    for variant in manifest.variants:
        letter = letter_for(store, manifest, variant.name)
        values = sample_values(store, manifest, variant.name)
        texts.append(
            NoticeText(
                variant=variant.name,
                locale=variant.locale,
                subject=letter.subject,
                text=fill(letter.text, values),
                html=fill(letter.html, values),
            )
        )
    return tuple(texts)


def _outcomes(desk: Desk, message: str) -> list[OutcomeRow]:
    if message not in desk.ledger.messages.of_case(desk.ref.case_id):
        return []
    found = outcomes_by_token(desk.store, desk.ledger, desk.ref.case_id, message, now=desk.now())
    return [OutcomeRow(token=row.token, message=message, wave=row.wave, state=row.fate.value) for row in found]


def _approval(desk: Desk, row: Approval) -> ApprovalRecord:
    """A decision, and whether it still is for what the case holds now."""
    report = row.gate == Gate.FILING.value
    message = filing_of(desk, row) if report else _message_of(desk, row.basis_hash)
    stands = not is_superseded(desk, row) if report else bool(message)
    return ApprovalRecord(
        message=message,
        gate=Gate(row.gate),
        approver=row.approver,
        verdict=Verdict(row.decision),
        reason=row.reason,
        basis=row.basis_hash,
        at=row.decided_at,
        void="" if stands else "the case has changed since; the gate asked again",
    )


def _message_of(desk: Desk, basis: str) -> str:
    """The message a basis belongs to: one whose plan was registered under it, or whose present form it is."""
    case_id = desk.ref.case_id
    for message in _messages(desk):
        if desk.ledger.messages.plan_key(case_id, message, basis) is not None:
            return message
        try:
            present = desk.basis(message)
        except NotApproved:  # not everything of it has been written yet
            continue
        if present == basis:
            return message
    return ""


def _papers(desk: Desk) -> tuple[PaperRecord, ...]:
    receipt = current_of(desk.store).receipts.get("papers")
    if receipt is None:
        return ()
    ticked = {entry.text.split(":")[0]: entry for entry in desk.entries() if entry.kind is EntryKind.SENT_BY_HAND}
    records = []
    for paper in get_record(desk.store, receipt.key, PapersManifest).papers:
        body = desk.store.get(paper.key)
        entry = ticked.get(TICKED_AS[paper.name])
        records.append(
            PaperRecord(
                title=paper.title,
                body=body.data.decode() if body else "",
                sent_at=entry.at if entry else None,
                sent_by=entry.actor if entry else "",
            )
        )
    return tuple(records)


def _show(desk: Desk, receipt: Receipt, number: int) -> None:
    place = f"{desk.root.store().place(desk.ref.case_id)}/dossier/{number:04d}"
    head = desk.ledger.heads.chronology_head(desk.ref.case_id)
    create_markdown_artifact(
        key=f"{desk.ref.case_id}-dossier",
        markdown=f"Dossier **{number:04d}** lies in `{place}`.\n\n"
        f"Digest `{receipt.digest}`; chronology head {head.n if head else 0}:`{head.digest if head else ''}`. "
        f"Keep both outside this machine.\n\nCheck it with nothing but Python: "
        f"`python verify.py --digest {receipt.digest}`",
        description="The case in one folder, without any member value.",
    )
