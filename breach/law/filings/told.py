"""What was filed counts as told: the clocks that start at a report to an authority start by it."""

from collections.abc import Iterable

from breach.current import current_of
from breach.law.filings.draft import INITIAL
from breach.law.words import one_line
from breach.store import CaseStore, get_record
from schemas.filing import Filed
from schemas.incident import Facts
from schemas.law import DutyList
from schemas.law_facts import Told
from schemas.receipt import Chapter, Receipt

CLOCKS = "duties@filed"
"""How current.json calls the duties with what was filed: the clocks that start at a report run in these.

Beside `duties`, not in its place: the notices' approval hangs on that one, and a filing changes nothing of a notice.
"""


def with_filed(facts: Facts, filed: Iterable[Filed]) -> Facts:
    """The facts of the same revision, with one notice on record for each report that was filed.

    Not a revision of its own: another revision would void the approval of notices that are being sent.
    """
    law = facts.incident.law
    first: dict[str, Filed] = {}
    for one in filed:
        if one.kind in INITIAL:
            first.setdefault(one.filing, one)
    told = tuple(
        Told(
            rule_id=one.rule_id,
            jurisdiction=place_of(one),
            at=one.filed_at,
            source=one_line(f"filed under reference {one.reference}")[:300],
            late_reason=one.late_reason,
            proof=one.proof,
        )
        for one in first.values()
    )
    if not told:
        return facts
    incident = facts.incident.model_copy(update={"law": law.model_copy(update={"told": (*law.told, *told)})})
    # A notice given after these facts were recorded is no time in the future: the decision is as of the latest of both.
    as_of = max(facts.recorded_at, *(one.at for one in told))
    return facts.model_copy(update={"incident": incident, "recorded_at": as_of})


def place_of(filed: Filed) -> str | None:
    """The place a report was for, when its rule asks for one a country; None when the rule knows one place only."""
    return filed.filing.removeprefix(filed.rule_id.lower()).removeprefix("-").upper() or None


def newest_duties(store: CaseStore) -> Receipt | None:
    """The duties with what was filed on record, unless the case has decided anew since; None before any decision.

    What shows or watches clocks reads these: a report that was filed is not overdue.
    """
    receipts = current_of(store).receipts
    own, clocks = receipts.get(Chapter.DUTIES.value), receipts.get(CLOCKS)
    if own is None or clocks is None:
        return own
    decided = [get_record(store, one.key, DutyList).decided_at for one in (own, clocks)]
    return clocks if decided[1] >= decided[0] else own
