"""Reports to authorities: decide what is due with what was filed, draft, have approved."""

from collections.abc import Mapping

from prefect import get_run_logger

from breach.digest import digest_bytes, digest_record
from breach.errors import BadInput
from breach.law.filings.catalog import form_for
from breach.law.filings.chapter import Drafting, duties_to_file
from breach.law.filings.chapter import draft_filings as draft
from breach.law.filings.draft import INITIAL, answers_of, lacks_reasons
from breach.law.filings.gate import newest_draft
from breach.law.filings.kept import GATE_PREFIX, POINTER, add_statement, filed_of, read_filing, statements_of
from breach.law.filings.known import filing_id
from breach.store import get_record
from schemas.chronology import EntryKind
from schemas.filing import Statement
from schemas.filing_forms import ReportForm
from schemas.gate import Decision, Verdict
from schemas.incident import CaseRef
from schemas.law import Duty, DutyList
from schemas.receipt import Chapter, Receipt
from tasks import law_artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, let_go, open_acting, open_desk
from tasks.filing_artifacts import show_filings
from tasks.filing_view import case_view, data_digest, receipt_of
from tasks.law import decide_clocks
from tasks.opening import reference
from tasks.runs import tag_run


@step("open-report")
def open_report(form: ReportForm) -> CaseRef:
    """The case a report is about; a closed one, too: an authority may ask for more, or a report be withdrawn."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    open_desk(ref).case()
    return ref


@step("decide-duties-with-filings")
def decide_with_filed(ref: CaseRef) -> Receipt:
    """The duties as they are with every report that was filed on record."""
    desk = open_acting(ref, closed_too=True)
    receipt = decide_clocks(desk, receipt_of(desk, Chapter.EXPOSURES))
    law_artifacts.show_duties(desk, receipt)
    return receipt


@step("state-answers")
def state_answers(ref: CaseRef, form: ReportForm, duties: Receipt) -> str:
    """Write down what the form states for one report; returns the report's name at its gate.

    A run that is replayed stays with the report it chose. Raises BadInput for one that is not due or asks no such
    thing, and for a withdrawal of what was never filed.
    """
    desk = open_acting(ref, closed_too=True)
    due = {filing_id(duty): duty for duty in duties_to_file(get_record(desk.store, duties.key, DutyList), desk.store)}
    mine = (one for name in due for one in statements_of(desk.store, name) if one.run_id == desk.run_id)
    chosen = next((one.filing for one in mine), None) or form.filing or _most_urgent(desk, due)
    _check(desk, form, chosen, due)
    stated = Statement(
        filing=chosen,
        n=1,
        run_id=desk.run_id,
        at=desk.now(),
        by=form.stated_by,
        track=form.track,
        authority=form.authority or None,
        withdrawal=form.withdrawal,
        answers={card.what: card.answer for card in form.answers},
    )
    add_statement(desk.store, stated)
    return f"{GATE_PREFIX}{chosen}"


@step("draft-filings")
def draft_filings(ref: CaseRef, duties: Receipt) -> Receipt:
    """Draft every report that the duties ask for, from the case as it is now."""
    desk = open_acting(ref, closed_too=True)
    decided = get_record(desk.store, duties.key, DutyList)
    view = case_view(desk, decided)
    to_file = tuple(duties_to_file(decided, desk.store))
    drafting = Drafting(view, decided, _late(desk, to_file))
    receipt = do_chapter(
        desk,
        Chapter.FILINGS,
        lambda work: draft(work, drafting),
        upstream={"duties": duties},
        extra=_inputs(desk, drafting, to_file),
        name=POINTER,
    )
    show_filings(desk, receipt)
    return receipt


@step("refuse-late-without-reasons")
def refuse_without_reasons(ref: CaseRef, message: str) -> None:
    """A report past its time is not put before anybody without the reasons that the law asks for. Raises BadInput."""
    desk = open_desk(ref)
    found = newest_draft(desk.store, ref.case_id, message)
    filing = read_filing(desk.store, found.record_key, found.record)
    if lacks_reasons(filing):
        limit = filing.due_at or filing.assume_by
        raise BadInput(
            f"{filing.filing} is late: its time was {limit.isoformat(timespec='minutes') if limit else 'before now'}.",
            "It was drafted and not put up for approval.",
            "Start file-report again with the answer 'reasons for the delay', and file at once.",
        )


@step("settle-filing")
def settle_filing(ref: CaseRef, message: str, decision: Decision) -> CaseRef:
    """After the gate: say what comes next. Nothing leaves this machine; a person hands the text in."""
    desk = open_acting(ref, closed_too=True)
    name = message.removeprefix(GATE_PREFIX)
    if decision.verdict is Verdict.APPROVE:
        sentence = f"{name} is approved: hand in exactly its text, keep the receipt, then start mark-filed."
    else:
        sentence = f"{name} was not approved ({decision.verdict.value}): {decision.reason}"
        desk.root.alerts().tell(ref.case_id, f"{message}-{decision.basis[:12]}", sentence, desk.now())
    get_run_logger().info("%s", sentence)
    desk.note(EntryKind.FILING, sentence, actor=decision.approver, once=f"settled:{message}:{decision.basis}")
    show_filings(desk, receipt_of(desk, Chapter.FILINGS))
    let_go(desk)
    return ref


def _most_urgent(desk: Desk, due: Mapping[str, Duty]) -> str:
    """The report not filed yet whose time ends first."""
    open_ones = {name: duty for name, duty in due.items() if not filed_of(desk.store, name)}
    if not open_ones:
        raise BadInput(
            "Every report that is due was filed, or none is due.",
            "Nothing was drafted.",
            "Name the report in 'Which report' to write a follow-up or a withdrawal.",
        )
    return min(open_ones, key=lambda name: (_limit_key(open_ones[name]), name))


def _limit_key(duty: Duty) -> tuple[bool, float]:
    limit = duty.due_at or duty.assume_by
    return (limit is None, limit.timestamp() if limit else 0.0)


def _check(desk: Desk, form: ReportForm, chosen: str, due: Mapping[str, Duty]) -> None:
    if chosen not in due:
        raise BadInput(
            f"{chosen} is no report that is due in this case.",
            "Nothing was drafted.",
            f"Due are: {', '.join(sorted(due)) or 'none'}.",
        )
    known = form_for(due[chosen].rule_id)
    strange = {card.what for card in form.answers} - (answers_of(known) if known else frozenset())
    if strange:
        raise BadInput(
            f"{chosen} does not ask for: {', '.join(sorted(strange))}.",
            "Nothing was stated or drafted.",
            "Leave that card out, or name the report that asks it.",
        )
    if form.withdrawal and not filed_of(desk.store, chosen):
        raise BadInput(
            f"{chosen} was never filed, so there is nothing to withdraw.",
            "Nothing was drafted.",
            "Leave the withdrawal empty; a duty that does not apply needs no report.",
        )


def _late(desk: Desk, duties: tuple[Duty, ...]) -> dict[str, bool]:
    """Whether a first report's time is over. What was filed is not late any more, whenever that was."""
    now = desk.now()
    limits = {filing_id(duty): duty.due_at or duty.assume_by for duty in duties}
    filed = {one.filing for one in filed_of(desk.store) if one.kind in INITIAL}
    return {name: name not in filed and limit is not None and limit < now for name, limit in limits.items()}


def _inputs(desk: Desk, drafting: Drafting, duties: tuple[Duty, ...]) -> dict[str, str]:
    """Everything beside facts and duties that a draft depends on, as digests and words."""
    view = drafting.view
    stated = [one for duty in duties for one in statements_of(desk.store, filing_id(duty))]
    filed = filed_of(desk.store)
    return {
        "forms": data_digest(),
        "sender": digest_record(view.sender) if view.sender else "",
        "contained": f"{digest_record(view.contained) if view.contained else ''} {view.lifted}",
        "evidence": str(view.evidence_files),
        "samples": " ".join(f"{place}:{annex.digest}" for place, annex in sorted(view.samples.items())),
        "telling": f"{view.notices} {view.told_since.isoformat() if view.told_since else ''}",
        "stated": digest_bytes("\n".join(digest_record(one) for one in stated).encode()),
        "filed": digest_bytes("\n".join(digest_record(one) for one in filed).encode()),
        "late": " ".join(sorted(name for name, late in drafting.late.items() if late)),
        "counts": str(view.counts_revision),
    }
