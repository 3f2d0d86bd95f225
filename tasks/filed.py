"""Mark a report as filed: proof taken as evidence, exactly an approved text, once."""

from pathlib import Path

from breach.current import all_facts, facts_of
from breach.digest import digest_file
from breach.errors import NotApproved
from breach.evidence import preserve_evidence
from breach.intake import inbox_path
from breach.law.filings.mark import HandedIn, check_filed, filed_before, newest_approved, write_filed
from breach.law.words import one_line, say_time
from breach.steps import Work
from schemas.chronology import EntryKind
from schemas.filing import Filed
from schemas.filing_forms import FiledForm
from schemas.incident import CaseRef
from schemas.receipt import Chapter, Receipt
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting
from tasks.opening import reference
from tasks.runs import tag_run


@step("mark-filed")
def mark(form: FiledForm) -> CaseRef:
    """Take the proof into the case and write down the filing; the same statement again changes nothing.

    Raises NotApproved, BadInput and CaseRefused as check_filed says; a refusal for want of approval is itself written
    into the chronology: something may have gone out that nobody approved.
    """
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_acting(ref, closed_too=True)
    desk.case()
    proof = inbox_path(Path(desk.root.inbox), form.proof)
    said = HandedIn(
        filing=form.filing,
        filed_at=form.filed_at,
        reference=one_line(form.reference),
        by=form.by,
        proof=digest_file(proof),
        proof_name=one_line(form.proof),
    )
    filed = filed_before(desk.store, said) or _file(desk, said, proof)
    desk.note(
        EntryKind.FILING,
        f"{filed.filing} ({filed.kind.value}) was filed on {say_time(filed.filed_at)}, reference {filed.reference}.",
        actor=filed.by,
        digests={"text": filed.text, "proof": filed.proof, "basis": filed.basis},
        once=f"filed:{filed.filing}:{filed.n}",
    )
    return ref


def _file(desk: Desk, said: HandedIn, proof: Path) -> Filed:
    """Check, take the proof, write the record. A run that was killed in between finds what it wrote."""
    approved = newest_approved(
        desk.store, desk.ref.case_id, said.filing, desk.ledger.approvals.decisions(desk.ref.case_id)
    )
    try:
        filing = check_filed(desk.store, approved, said, all_facts(desk.store), desk.now())
    except NotApproved as error:
        desk.note(EntryKind.FILING, f"mark-filed was refused: {error.happened}", actor=said.by)
        raise
    if approved is None:  # check_filed has refused it
        raise AssertionError(said.filing)
    facts, now = facts_of(desk.store), desk.now()
    written: list[Filed] = []

    def work(work: Work) -> Receipt:
        dated = Work(work.store, work.case, facts.model_copy(update={"recorded_at": now}), work.revision)
        preserve_evidence(dated, [proof], said.by, [f"proof of filing: {said.proof_name}"])
        key, record = write_filed(work.store, approved, filing, said, work.revision)
        written.append(record)
        return Receipt(
            case_id=work.case.case_id,
            chapter=Chapter.FILINGS,
            revision=work.revision,
            key=key,
            digest=approved.draft.text,
            counts={"filed": record.n},
        )

    do_chapter(
        desk,
        Chapter.FILINGS,
        work,
        extra={
            "filing": said.filing,
            "text": approved.draft.text,
            "filed_at": said.filed_at.isoformat(),
            "reference": said.reference,
            "by": said.by,
            "proof": said.proof,
        },
        name=f"filed@{said.filing}",
    )
    return written[-1] if written else _found(desk, said)


def _found(desk: Desk, said: HandedIn) -> Filed:
    """What an earlier, killed run of this step wrote."""
    found = filed_before(desk.store, said)
    if found is None:
        raise NotApproved(f"{said.filing} has a step record and no record of its filing.", "Nothing was changed.")
    return found
