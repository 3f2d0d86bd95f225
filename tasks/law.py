"""Judge the severity, decide the duties; again whenever a fact about them has changed, with the difference shown."""

from prefect import get_run_logger

from breach.current import current_of, facts_of
from breach.digest import digest_bytes, digest_record
from breach.law.catalog import load_catalog, rule_pack_hash
from breach.law.changes import say_changes
from breach.law.chapter import decide_duties as decide
from breach.law.chapter import refuse_other_pack
from breach.law.filings.kept import filed_of
from breach.law.filings.told import CLOCKS, newest_duties, with_filed
from breach.law.severity_chapter import judge_severity as judge
from breach.steps import Work
from breach.store import get_record
from schemas.chronology import EntryKind
from schemas.filing import Filed
from schemas.incident import CaseRef
from schemas.law import DutyChanges, DutyList
from schemas.receipt import Chapter, Receipt
from tasks import law_artifacts
from tasks.chapter import do_chapter, step
from tasks.desk import Desk, open_acting, open_desk


@step("judge-severity")
def judge_severity(ref: CaseRef, exposures: Receipt) -> Receipt:
    """How severe this is for people, by ENISA's method, with every factor, alternative and reason."""
    return judge_again(open_acting(ref), exposures)


@step("decide-duties")
def decide_duties(ref: CaseRef, exposures: Receipt) -> Receipt:
    """Which duties this exposure creates, and when each falls due."""
    return decide_again(open_acting(ref), exposures)


@step("recompute-duties")
def recompute_duties(ref: CaseRef) -> Receipt | None:
    """Decide anew at once after a new fact; None while no exposures have been found.

    It takes no lease: what it writes is frozen under its own revision, and the run that holds the case decides from
    the same facts when it comes there.
    """
    return recompute(open_desk(ref))


def recompute(desk: Desk) -> Receipt | None:
    """The same, on an open desk."""
    exposures = current_of(desk.store).receipts.get(Chapter.EXPOSURES.value)
    if exposures is None:
        get_run_logger().info("recorded; the duties are decided when exposures have been found")
        return None
    judge_again(desk, exposures)
    return decide_again(desk, exposures)


def judge_again(desk: Desk, exposures: Receipt) -> Receipt:
    """The chapter of severity, on an open desk."""
    receipt = do_chapter(desk, Chapter.SEVERITY, lambda work: judge(work, exposures), upstream={"exposures": exposures})
    law_artifacts.show_severity(desk, receipt)
    return receipt


def decide_again(desk: Desk, exposures: Receipt) -> Receipt:
    """The chapter of duties, on an open desk; what changed is written down and shown."""
    before = current_of(desk.store).receipts.get(Chapter.DUTIES.value)
    receipt = do_chapter(
        desk,
        Chapter.DUTIES,
        lambda work: decide(work, exposures, before),
        upstream={"exposures": exposures},
        rule_pack=rule_pack_hash(),
    )
    _note(desk, receipt)
    # Also with what was filed: a clock that starts at a report would else stand still from the next fact on.
    law_artifacts.show_duties(desk, decide_clocks(desk, exposures) if filed_of(desk.store) else receipt)
    return receipt


def decide_clocks(desk: Desk, exposures: Receipt) -> Receipt:
    """The duties with every report that was filed on record, beside the others; the same ones when none was."""
    filed, before = filed_of(desk.store), current_of(desk.store).receipts.get(Chapter.DUTIES.value)

    def with_reports(work: Work) -> Receipt:
        if not filed or before is None:
            return decide(_with(work, filed), exposures, before)
        refuse_other_pack(get_record(desk.store, before.key, DutyList), work.facts, load_catalog())
        return decide(_with(work, filed), exposures)

    return do_chapter(
        desk,
        Chapter.DUTIES,
        with_reports,
        upstream={"exposures": exposures},
        rule_pack=rule_pack_hash(),
        extra={"filed": digest_bytes("\n".join(digest_record(one) for one in filed).encode())} if filed else {},
        name=CLOCKS,
    )


def _with(work: Work, filed: tuple[Filed, ...]) -> Work:
    return Work(work.store, work.case, with_filed(work.facts, filed), work.revision)


def duties_of(desk: Desk) -> DutyList | None:
    """The duties as decided last, without what was filed; None before they were."""
    receipt = current_of(desk.store).receipts.get(Chapter.DUTIES.value)
    return get_record(desk.store, receipt.key, DutyList) if receipt else None


def clocks_of(desk: Desk) -> DutyList | None:
    """The duties as people see them, with what was filed; None before they were decided."""
    receipt = newest_duties(desk.store)
    return get_record(desk.store, receipt.key, DutyList) if receipt else None


def is_outdated(desk: Desk) -> bool:
    """Whether facts were recorded after the duties were decided; a killed run may have left it so."""
    duties = duties_of(desk)
    return duties is not None and duties.decided_at != facts_of(desk.store).recorded_at


def _note(desk: Desk, receipt: Receipt) -> None:
    """Contradictions, challenges and changes, once each, into the chronology."""
    duties = get_record(desk.store, receipt.key, DutyList)
    for said in (*(f"{one.facts} {one.next_step}" for one in duties.contradictions), *duties.challenges):
        desk.note(EntryKind.FACTS, f"Noticed: {said}", once=f"noticed:{said}")
        get_run_logger().warning("%s", said)
    held = desk.store.get(f"law/{receipt.revision}/changes.json")
    if held is None:
        return
    changes = DutyChanges.model_validate_json(held.data)
    lines = say_changes(changes)
    if not lines:  # as when a case is started again: what was shown last is still the last difference
        get_run_logger().info("no duty has changed")
        return
    desk.note(
        EntryKind.DUTIES_CHANGED,
        f"Facts revision {changes.facts_revision} changed {len(lines)} duties: law/{receipt.revision}/changes.json.",
        once=f"changes:{receipt.revision}",
    )
    law_artifacts.show_changes(desk, changes)
    for line in lines:
        get_run_logger().info("%s", line)
