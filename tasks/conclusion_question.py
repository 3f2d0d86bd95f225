"""What the gate of a conclusion binds to, and what a person reads there."""

from breach.current import current_of, facts_of
from breach.digest import digest_record
from breach.errors import CaseRefused
from breach.law.awareness import challenges
from breach.law.words import plain
from breach.store import CaseStore, get_record
from schemas.conclusion import Conclusion, ConclusionBasis
from schemas.law import DutyList
from schemas.receipt import Receipt
from schemas.severity import SeverityRecord
from tasks.desk import Desk

DRAFTS = "law/conclusions"
"""Where a conclusion lies between its form and its gate."""


def conclusion_basis(desk: Desk, message: str) -> str:
    """Digest of what a conclusion binds to, as the case is now."""
    incident = facts_of(desk.store).incident
    plain_law = incident.law.model_copy(update={"risks": ()})
    return digest_record(
        ConclusionBasis(
            conclusion=digest_record(draft_of(desk.store, message)),
            facts=digest_record(incident.model_copy(update={"law": plain_law})),
            exposures=get_record(desk.store, receipt_of(desk, "severity").key, SeverityRecord).exposures,
            rule_pack=get_record(desk.store, receipt_of(desk, "duties").key, DutyList).rule_pack,
        )
    )


def conclusion_text(desk: Desk, message: str, basis: str) -> str:
    """What the person at the gate reads: the whole conclusion, the severity, and every doubt about awareness."""
    draft = draft_of(desk.store, message)
    severity = get_record(desk.store, receipt_of(desk, "severity").key, SeverityRecord)
    duties = get_record(desk.store, receipt_of(desk, "duties").key, DutyList)
    doubts = [*challenges(facts_of(desk.store)), *(one.facts for one in duties.contradictions)]
    warned = "\n".join(f"- {plain(one)}" for one in doubts) or "- none"
    answer = "YES" if draft.met else "NO: nobody is notified under it"
    counsel = "has agreed" if draft.counsel_agreed else "has NOT agreed; a 'no' then takes no duty away"
    return f"""## {desk.ref.mode.upper()} · {desk.ref.case_id} · the conclusion on the risk
**{plain(draft.about)}: {answer}**

{plain(draft.sentence)}

| | |
|---|---|
| the facts | {plain(draft.facts)} |
| the effects | {plain(draft.effects)} |
| what was done | {plain(draft.measures)} |
| counsel | {counsel} |
| severity | {severity.level} (computed {severity.level_if_lowest} to {severity.computed}); it decides nothing |
| stated by | {draft.stated_by} |
| approves exactly | `{basis}` |

Doubts on record:
{warned}

*approve*: you conclude so, in your name. Anything else concludes nothing. If in doubt, notify.
"""


def draft_of(store: CaseStore, message: str) -> Conclusion:
    """What was stated, before anybody confirmed it."""
    return get_record(store, f"{DRAFTS}/{message.removeprefix('risk-')}.json", Conclusion)


def receipt_of(desk: Desk, chapter: str) -> Receipt:
    """The current receipt of a chapter that a conclusion needs. Raises CaseRefused when it was not done."""
    found = current_of(desk.store).receipts.get(chapter)
    if found is None:
        raise CaseRefused(
            f"The chapter '{chapter}' of {desk.ref.case_id} has not been done, so nothing can be concluded.",
            "Nothing was recorded.",
            "Start the case, or its chapters, first.",
        )
    return found
