"""The boxes at the head of the page: what a reader wants to know before reading."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from breach.dossier.unknowns import chain_problem
from breach.dossier.words import counted, duration
from schemas.chronology import EntryKind
from schemas.dossier import DossierSources
from schemas.gate import Gate
from schemas.gate import Verdict as Decision
from schemas.incident import Case, Certainty
from schemas.law import DutyStatus


class Tone(StrEnum):
    """How a box is marked; never by colour alone."""

    GOOD = "good"
    OPEN = "open"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One box."""

    title: str
    value: str
    detail: str
    tone: Tone


def list_verdicts(case: Case, sources: DossierSources, as_of: datetime) -> tuple[Verdict, ...]:
    """In reading order: the case, the people, the books, the duties, the approvals, the record."""
    return (
        _case(case, sources),
        _people(sources),
        _books(sources),
        _duties(sources, as_of),
        _approvals(sources),
        _record(sources),
    )


def _case(case: Case, sources: DossierSources) -> Verdict:
    suspicion = sources.facts[-1].incident.certainty is Certainty.SUSPICION
    what = "A suspicion, not confirmed." if suspicion else "Data was exposed."
    if any(entry.kind is EntryKind.CLOSED for entry in sources.chronology):
        return Verdict("The case", "Closed", what, Tone.GOOD)
    if any(halt.lifted_at is None for halt in sources.halts):
        return Verdict("The case", "Sending is halted", what, Tone.BAD)
    return Verdict("The case", "Open", f"{what} Opened {case.opened_at:%Y-%m-%d}.", Tone.OPEN)


def _people(sources: DossierSources) -> Verdict:
    summary = sources.exposure
    if summary is None:
        return Verdict("Accounts affected", "Not known", "No assessment is part of this dossier.", Tone.BAD)
    among = f"{counted(summary.bots, 'bot')}, {counted(summary.minors, 'minor')}"
    detail = f"of {summary.members_in_roster:,} in the member list; {among} among them"
    return Verdict("Accounts affected", f"{summary.affected:,}", detail, Tone.OPEN)


def _books(sources: DossierSources) -> Verdict:
    title = "The books"
    books = [message.books for message in sources.messages if message.books is not None]
    if not books:
        return Verdict(title, "None yet", "No message has been handed over to the sender.", Tone.OPEN)
    if not all(entry.balance for entry in books):
        return Verdict(title, "Do not balance", "Somebody is missing or counted twice.", Tone.BAD)
    first = books[0]
    detail = f"{first.notified:,} notified, {first.unreachable:,} unreachable, {first.excluded:,} excluded"
    if any(entry.pending for entry in books):
        return Verdict(title, f"Balance, {max(entry.pending for entry in books):,} pending", detail, Tone.OPEN)
    return Verdict(title, "Balance, nobody pending", detail, Tone.GOOD)


def _duties(sources: DossierSources, as_of: datetime) -> Verdict:
    title = "Duties"
    if sources.duties is None:
        return Verdict(title, "Not decided", "No rule was applied to this case.", Tone.BAD)
    duties = sources.duties.duties
    due = sum(duty.status is DutyStatus.DUE for duty in duties)
    ask = sum(duty.status is DutyStatus.ASK_COUNSEL for duty in duties)
    open_ones = [duty for duty in duties if duty.status is DutyStatus.DUE and duty.done_at is None]
    ahead = sorted(duty.due_at for duty in open_ones if duty.due_at is not None)
    to_come = [at for at in ahead if at > as_of]
    passed = len(ahead) - len(to_come)
    parts = [f"{ask} for counsel"] if ask else []
    parts += [f"next in {duration(to_come[0] - as_of)}"] if to_come else []
    # Whether a filing was made in time is not ours to say from the clock alone.
    parts += [f"{counted(passed, 'due time')} passed"] if passed else []
    return Verdict(title, f"{due} due", ", ".join(parts) or "no fixed times", Tone.OPEN)


def _approvals(sources: DossierSources) -> Verdict:
    valid = [entry for entry in sources.approvals if not entry.void and entry.verdict is Decision.APPROVE]
    people = {entry.approver for entry in valid}
    gates = {entry.gate for entry in valid if entry.gate is not Gate.FILING}  # one person is enough for a report
    refused = len(sources.attempts)
    detail = f"{counted(len(valid), 'approval')} in force, {counted(refused, 'answer')} refused"
    if not sources.approvals:
        return Verdict("Approved by", "Nobody yet", detail, Tone.OPEN)
    tone = Tone.GOOD if len(people) >= len(gates) > 1 else Tone.OPEN
    return Verdict("Approved by", "1 person" if len(people) == 1 else f"{len(people)} people", detail, tone)


def _record(sources: DossierSources) -> Verdict:
    title = "The record"
    broken = chain_problem(sources.chronology)
    if broken:
        return Verdict(title, "Was changed", broken, Tone.BAD)
    if not sources.chronology:
        return Verdict(title, "Empty", "There is no chronology.", Tone.BAD)
    return Verdict(
        title,
        "One unbroken chain",
        f"{len(sources.chronology):,} entries, {counted(len(sources.runs), 'run')}",
        Tone.GOOD,
    )
