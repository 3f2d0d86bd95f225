"""The ten promises, and what this dossier shows for each."""

from collections import Counter
from dataclasses import dataclass

from breach.dossier.unknowns import chain_problem
from breach.dossier.words import counted
from schemas.containment import LiftState
from schemas.dossier import DossierSources
from schemas.gate import Verdict
from schemas.incident import Case, Mode


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the table; kept is None where a document cannot show it."""

    title: str
    shown: str
    kept: bool | None


def list_promises(case: Case, sources: DossierSources, unknowns: int, removed: int) -> tuple[Promise, ...]:
    """In the order of the design, judged from the records alone."""
    return (
        _books(sources),
        _once(sources),
        Promise(
            "Nobody's data in the run history",
            f"{counted(len(sources.runs), 'run')} exported; {counted(removed, 'address-like string')} removed.",
            removed == 0 if sources.runs else None,
        ),
        Promise(
            "A rehearsal by default, walled off",
            "This is a rehearsal: nobody outside was told."
            if case.mode is Mode.REHEARSAL
            else "This case was opened live; that cannot change later.",
            None,
        ),
        _gates(sources),
        Promise("Unknown is said aloud", f"{counted(unknowns, 'unknown')} listed on this page.", None),
        Promise(
            "Every step can be run twice",
            f"{counted(len(sources.receipts), 'chapter')} ended with a receipt that names its exact output.",
            None,
        ),
        _chain(sources),
        Promise("Time is an argument", "Every time in these records carries its zone.", True),
        _restoring(sources),
    )


def _books(sources: DossierSources) -> Promise:
    books = [message.books for message in sources.messages if message.books is not None]
    if not books:
        return Promise("The books balance", "There are no books in this dossier.", None)
    balanced = sum(entry.balance for entry in books)
    open_ = sum(entry.pending for entry in books)
    shown = f"{balanced} of {len(books)} messages balance; {counted(open_, 'member')} still pending."
    return Promise("The books balance", shown, balanced == len(books))


def _once(sources: DossierSources) -> Promise:
    """Twice is seen in the outcomes themselves; skipped, by counting them against each frozen list."""
    title = "Kill it anywhere: nobody skipped, nobody told twice"
    names = {(row.message, row.token) for row in sources.outcomes}
    told = Counter(row.message for row in sources.outcomes if row.members)
    planned = {message.message: message.recipients.recipients for message in sources.messages if message.recipients}
    open_ = sum(max(0, count - told[message]) for message, count in planned.items())
    shown = (
        f"{counted(len(sources.outcomes), 'outcome')} for {counted(len(names), 'notice')}; "
        f"{counted(open_, 'planned notice')} without an outcome yet."
    )
    if len(names) < len(sources.outcomes):
        return Promise(title, shown, False)
    return Promise(title, shown, True if planned and not open_ else None)


def _gates(sources: DossierSources) -> Promise:
    title = "A gate binds to exact things"
    if not sources.approvals:
        return Promise(title, "No gate was answered.", None)
    in_force = [entry for entry in sources.approvals if not entry.void and entry.verdict is Verdict.APPROVE]
    void = sum(bool(entry.void) for entry in sources.approvals)
    shown = f"{counted(len(sources.approvals), 'decision')}, each with the hash of what was shown; {void} void since."
    # One person at two gates of one basis would be one pair of eyes.
    twice = len({(entry.basis, entry.approver) for entry in in_force}) < len(in_force)
    return Promise(title, shown, not twice if in_force else None)


def _chain(sources: DossierSources) -> Promise:
    title = "The record cannot be quietly changed"
    if not sources.chronology:
        return Promise(title, "There is no chronology.", None)
    broken = chain_problem(sources.chronology)
    return Promise(title, broken or f"{len(sources.chronology):,} entries in one chain.", not broken)


def _restoring(sources: DossierSources) -> Promise:
    restored = sum(lift.state is LiftState.RESTORED for lift in sources.lifted)
    left = len(sources.lifted) - restored
    shown = (
        f"{counted(len(sources.containment), 'action')}, each with its state before; "
        f"{restored} restored since, {left} looked at and left as they were."
    )
    return Promise("Restoring is a comparison, not an undo", shown, None)
