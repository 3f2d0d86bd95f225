"""The chapter of duties: decide them, freeze them, and write what survives a dead server beside them."""

from contextlib import suppress

from breach.digest import digest_bytes
from breach.errors import BadInput, Conflict, LawUnknown, Tampered
from breach.law.alarms import duty_key, running_clocks
from breach.law.catalog import Catalog, load_catalog
from breach.law.changes import compare_duties
from breach.law.clock import zone_of
from breach.law.decide import decide
from breach.law.ics import alarms_calendar, duties_calendar
from breach.law.sheet import clock_sheet
from breach.steps import Work
from breach.store import get_record, put_record, put_same
from schemas.base import canonical_json
from schemas.exposure import ExposureSummary
from schemas.incident import CaseRef, Facts
from schemas.law import DutyList, DutyStatus
from schemas.receipt import Chapter, Receipt


def decide_duties(work: Work, exposures: Receipt, before: Receipt | None = None) -> Receipt:
    """Read the exposure summary, decide, freeze law/<rev>/: duties.json, calendars, the plain sheet, the difference.

    before: the duties as decided last; their difference is kept as changes.json. Counts: due, may_become_due…
    Raises BadInput (a time in the future, an unknown time zone), LawUnknown (the pack, or another pack than the case
    was decided with), Tampered, Conflict.
    """
    catalog = load_catalog()
    held = get_record(work.store, before.key, DutyList) if before else None
    if held:
        refuse_other_pack(held, work.facts, catalog)
    summary = read_exposures(work, exposures)
    duties = both_ends(decide(work.facts, summary, catalog), work.facts, summary, catalog)
    digest = put_record(work.store, f"law/{work.revision}/duties.json", duties)
    _write_clocks(work, duties)
    if held and before and before.revision != work.revision:
        zone = zone_of(work.facts.incident.organisation)
        found = compare_duties(held, duties, (before.revision, work.revision), work.facts.revision, zone)
        with suppress(Conflict):  # a run that comes after a kill keeps the first comparison
            work.store.put_new(f"law/{work.revision}/changes.json", canonical_json(found))
    return Receipt(
        case_id=work.case.case_id,
        chapter=Chapter.DUTIES,
        revision=work.revision,
        key=f"law/{work.revision}/duties.json",
        digest=digest,
        counts={status.name.lower(): sum(d.status is status for d in duties.duties) for status in DutyStatus},
    )


def refuse_other_pack(held: DutyList, facts: Facts, catalog: Catalog) -> None:
    """A case is decided with one pack, until a person accepts another. Raises LawUnknown naming both."""
    accepted = facts.incident.law.rule_pack
    if catalog.pack_hash == held.rule_pack or (accepted and catalog.pack_hash.startswith(accepted)):
        return
    raise LawUnknown(
        f"The rule pack has changed in mid-case: the duties were decided with {held.rule_pack[:12]} "
        f"({held.rule_pack_version}), and this machine holds {catalog.pack_hash[:12]} ({catalog.version}).",
        "The duties stand as they were decided; nothing was decided anew.",
        "Put the former files back into breach/law/rules; or read what is new, and accept it with record-fact: "
        f"'the rule pack to decide with', {catalog.pack_hash[:12]}.",
    )


def both_ends(duties: DutyList, facts: Facts, summary: ExposureSummary, catalog: Catalog) -> DutyList:
    """The same duties, each with the end its clock would have if the platform's awareness counted as ours."""
    platform = facts.incident.platform_aware_at
    if platform is None or platform >= facts.incident.aware_at:
        return duties
    earlier = facts.incident.model_copy(update={"aware_at": platform})
    other = decide(facts.model_copy(update={"incident": earlier}), summary, catalog)
    ends = {duty_key(duty): duty.by for duty in other.duties}
    told = (
        duty.model_copy(update={"platform_clock": ends.get(duty_key(duty))}) if duty.by else duty
        for duty in duties.duties
    )
    return duties.model_copy(update={"duties": tuple(told)})


def read_exposures(work: Work, exposures: Receipt) -> ExposureSummary:
    """The summary a receipt names. Raises BadInput, Conflict or Tampered when it is not that."""
    if exposures.case_id != work.case.case_id:
        raise BadInput("The receipt of the exposures belongs to another case.", "No duty was decided.")
    held = work.store.get(exposures.key)
    if held is None:
        raise Conflict(
            f"{exposures.key} is missing from the case.", "No duty was decided.", "Find the exposures first."
        )
    if digest_bytes(held.data) != exposures.digest:
        raise Tampered(
            f"{exposures.key} is not what its receipt says.", "No duty was decided.", "Compare it with the chronology."
        )
    return ExposureSummary.model_validate_json(held.data)


def _write_clocks(work: Work, duties: DutyList) -> None:
    """The clocks must survive a dead server: calendars for any program, and a sheet for paper."""
    ref = CaseRef(case_id=work.case.case_id, mode=work.case.mode)
    incident = work.facts.incident
    clocks = running_clocks(duties, incident)
    folder = f"law/{work.revision}"
    put_same(work.store, f"{folder}/duties.ics", duties_calendar(ref, duties))
    put_same(work.store, f"{folder}/alarms.ics", alarms_calendar(ref, clocks, duties.decided_at))
    put_same(work.store, f"{folder}/clocks.txt", clock_sheet(ref, duties, clocks, zone_of(incident.organisation)))
