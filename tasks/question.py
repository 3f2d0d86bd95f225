"""What a person reads above the form of a gate: counts, duties, warnings, digests and a sample; nobody's data."""

from breach.basis import pointer
from breach.chronology import chain
from breach.current import current_of, facts_of
from breach.law.words import plain
from breach.notices.render import preview
from breach.store import get_record
from schemas.gate import Gate
from schemas.law import DutyList, DutyStatus
from schemas.notice import NoticeManifest
from schemas.recipients import ListManifest
from schemas.sending import SendPlan
from tasks.desk import Desk
from tasks.filing_question import filing_question

SAMPLE_LENGTH = 6000
"""Characters of the sample notice above the form; the whole text of each variant is an artifact."""


def question_text(desk: Desk, message: str, gate: Gate, basis: str) -> str:
    """What the person at the gate reads: counts, duties, warnings, digests and a sample; nobody's data."""
    if gate is Gate.FILING:
        return filing_question(desk, message, basis)
    receipts = current_of(desk.store).receipts
    listed = get_record(desk.store, receipts[pointer("recipients", message)].key, ListManifest)
    notices = get_record(desk.store, receipts[pointer("notices", message)].key, NoticeManifest)
    plan = get_record(desk.store, receipts[pointer("waves", message)].key, SendPlan)
    duties = get_record(desk.store, receipts["duties"].key, DutyList)
    due = [duty for duty in duties.duties if duty.status is DutyStatus.DUE]
    number, head = chain.head(desk.store)
    unreached, excluded = sum(listed.quarantined.values()), sum(listed.excluded.values())
    largest = max(notices.variants, key=lambda variant: variant.recipients, default=None)
    sample = preview(desk.store, notices, largest.name)[:SAMPLE_LENGTH] if largest else "Nobody can be told by e-mail."
    ask = (
        "**Is what will be written true and kind, and is the list right?**"
        if gate is Gate.CONTENT
        else "**May it go out now?** The first gate has approved exactly this content."
    )
    doubts = [*duties.challenges, *(f"{one.facts} {one.next_step}" for one in duties.contradictions)]
    warnings = "\n".join(f"- {warning}" for warning in [*notices.warnings, *map(plain, doubts)]) or "- none"
    affected = (
        f"{listed.affected} = {listed.members_covered} to be told + {unreached} unreachable by mail "
        f"+ {excluded} left out"
    )
    sending = (
        f"{listed.recipients} in {len(notices.variants)} variants, {sum(len(wave.chunks) for wave in plan.waves)} "
        f"chunks in {len(plan.waves)} waves, {plan.observe_minutes} minutes between waves"
    )
    return f"""## {desk.ref.mode.upper()} · {desk.ref.case_id} · gate '{gate.value}' · {message}
{ask}

| | |
|---|---|
| affected | {affected} |
| notices | {sending} |
| minors | {listed.minors} |
| duties due | {len(due)} of {len(duties.duties)}; see the duties table among the artifacts |
| facts | revision {facts_of(desk.store).revision} |
| approves exactly | `{basis}` |
| chronology head | {number}:`{head}` |

Warnings:
{warnings}

Sample ({largest.name if largest else "none"}, an invented person):

```text
{sample}
```

Answer with your enrolled name and a fresh code. *revise* ends this run and keeps the case; *not a breach* closes it.
"""
