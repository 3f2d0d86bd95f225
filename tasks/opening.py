"""Open a case or continue it; facts that become known later; papers sent by hand."""

from pydantic import ValidationError

from breach import intake
from breach.current import add_facts, all_facts, case_key, case_of, current_of, facts_of
from breach.errors import BadInput, CaseRefused
from breach.exposure.mapping import read_correction
from breach.law.contracts import with_contracts, without_files
from breach.papers import write_papers as write_paper_files
from breach.store import put_record
from schemas.chronology import EntryKind
from schemas.forms import CaseForm, FactForm, MappingForm, RespondForm, TickForm, WordsForm
from schemas.incident import Case, CaseRef, Facts, Mode
from schemas.receipt import Chapter, Receipt
from tasks import artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting, open_desk, refuse_closed
from tasks.inbox import names_of
from tasks.runs import tag_run

NOT_OPENED = "No case was opened and nothing was sent."


@step("open-case")
def open_case(incident: RespondForm) -> CaseRef:
    """Open the case, or continue the open one of this name when the form states the same facts."""
    ref = reference(incident.case_id, incident.mode)
    tag_run(ref)
    desk = open_desk(ref)
    names_of(desk, intake.incident_of(incident))
    if case_of(desk.store) is None:
        facts = with_contracts(intake.first_facts(incident, desk.now()), desk.root.contracts_folder())
        if not incident.separate:
            _refuse_second(desk, facts)
        _write_opening(desk, facts)
    elif not _same_facts(desk, incident):
        raise CaseRefused(
            f"The case {ref.case_id} is open already, with other facts than this form states.",
            "The case is unchanged; nothing was sent.",
            "To continue it, start it with the same form. To report what has become known, use record-fact.",
        )
    lead = facts_of(desk.store).incident.lead
    desk.note(EntryKind.OPENED, f"Opened in {ref.mode} mode; led by {lead}.", once="opened")
    open_acting(ref)
    return ref


@step("find-case")
def find_case(form: CaseForm) -> CaseRef:
    """The open case a form names. Raises CaseRefused when there is none."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    open_desk(ref).case()
    return ref


@step("latest-receipt")
def latest(ref: CaseRef, name: str) -> Receipt:
    """The current receipt of a chapter. Raises CaseRefused when that chapter has not been done."""
    receipt = current_of(open_desk(ref).store).receipts.get(name)
    if receipt is None:
        raise CaseRefused(
            f"The chapter '{name}' of {ref.case_id} has not been done.", "Nothing was changed.", "Start it first."
        )
    return receipt


@step("write-first-hour-papers")
def write_papers(ref: CaseRef) -> Receipt:
    """Letter to the provider, brief for counsel, first-hour checklist: ready to copy."""
    desk = open_acting(ref)
    receipt = do_chapter(desk, Chapter.PAPERS, write_paper_files)
    artifacts.show_papers(desk, receipt)
    return receipt


@step("add-fact")
def add_fact(form: FactForm) -> CaseRef:
    """Write the next revision of the facts. An approval given for the revision before no longer fits."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_desk(ref)
    desk.case()
    refuse_closed(desk)
    facts = intake.next_facts(facts_of(desk.store), form, desk.now())
    names_of(desk, facts.incident)
    why = f"; what triggered awareness: {form.triggering_event}" if form.triggering_event else ""
    write_revision(desk, facts, f"{form.fact.name.lower()} was recorded{why}")
    return ref


@step("replace-words")
def replace_words(form: WordsForm) -> CaseRef:
    """Write the next revision of the facts with other sentences. An approval of the old ones no longer fits."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_desk(ref)
    desk.case()
    refuse_closed(desk)
    facts = intake.next_words(facts_of(desk.store), form, desk.now())
    write_revision(desk, facts, "the own sentences were written anew")
    return ref


@step("replace-mapping")
def replace_mapping(form: MappingForm) -> CaseRef:
    """Write the next revision of the facts with other corrections of columns; the member list is then read anew."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_desk(ref)
    desk.case()
    refuse_closed(desk)
    for number, line in enumerate(form.columns, start=1):
        read_correction(line, number)
    facts = intake.next_mapping(facts_of(desk.store), form, desk.now())
    write_revision(desk, facts, f"{len(form.columns)} columns of the member list were corrected")
    return ref


@step("tick-paper")
def tick(form: TickForm) -> CaseRef:
    """Write down that a paper was sent by hand."""
    ref = reference(form.case_id, form.mode)
    tag_run(ref)
    desk = open_desk(ref)
    desk.case()
    if form.on > desk.now():
        raise BadInput("A paper cannot have been sent in the future.", "Nothing was ticked.", "Correct the time.")
    desk.note(
        EntryKind.SENT_BY_HAND,
        f"{form.paper.value}: sent by hand on {form.on.isoformat(timespec='minutes')}.",
        actor=form.by,
        once=f"paper:{form.paper.value}",
    )
    papers = current_of(desk.store).receipts.get("papers")
    if papers is not None:
        artifacts.show_papers(desk, papers)
    return ref


def reference(case_id: str, mode: Mode) -> CaseRef:
    """The case a form means. Raises CaseRefused for a name that does not fit its mode."""
    try:
        return CaseRef.named(case_id, mode)
    except (ValidationError, ValueError):
        raise CaseRefused(
            f"'{case_id}' cannot name a {mode} case.",
            NOT_OPENED,
            "A live case must not begin with 'rehearsal-', and with that prefix a name has at most 60 characters.",
        ) from None


def write_revision(desk: Desk, facts: Facts, what: str) -> None:
    """The next revision, and its entry in the chronology in the name of who said so.

    The same statement again, as after a busy ledger, is the revision that stands: another would void an approval.
    """
    held = facts_of(desk.store)
    if (held.incident, held.recorded_by, held.source) == (facts.incident, facts.recorded_by, facts.source):
        facts = held
    else:
        add_facts(desk.store, facts)
    desk.note(
        EntryKind.FACTS,
        f"Facts revision {facts.revision}: {what}.",
        actor=facts.recorded_by,
        once=f"facts:{facts.revision}",
    )


def _write_opening(desk: Desk, facts: Facts) -> None:
    if desk.store.keys("facts/"):  # a run was killed between its first facts and case.json
        held = facts_of(desk.store)
        if held.incident != facts.incident:
            raise CaseRefused(
                f"{desk.ref.case_id} was half opened with other facts.",
                NOT_OPENED,
                "Choose another name, or the same facts.",
            )
        facts = held
    else:
        add_facts(desk.store, facts)
    opened = Case(case_id=desk.ref.case_id, mode=desk.ref.mode, opened_at=facts.recorded_at, opened_by_run=desk.run_id)
    case_key(desk.store)
    put_record(desk.store, "case.json", opened)


def _same_facts(desk: Desk, form: RespondForm) -> bool:
    """The form that opened the case, or one that states what is known now."""
    stated = intake.incident_of(form)
    return any(stated == without_files(facts.incident) for facts in all_facts(desk.store))


def _refuse_second(desk: Desk, facts: Facts) -> None:
    """Stop with a question when an open case covers the same platform and overlapping dates."""
    new = facts.incident
    cases = desk.root.store()
    for case_id in cases.cases():
        store = cases.open(case_id)
        if case_id == desk.ref.case_id or store.get("closed.json"):
            continue
        old = facts_of(store).incident
        overlap = not (new.span_known and old.span_known) or (
            new.leak_from <= old.leak_until and old.leak_from <= new.leak_until
        )
        if overlap and old.platform.casefold() == new.platform.casefold():
            raise CaseRefused(
                f"The open case {case_id} covers the same platform and overlapping dates. Is this the same incident?",
                NOT_OPENED,
                f"If it is, continue {case_id}. If not, switch 'This is another incident' on and start again.",
            )
