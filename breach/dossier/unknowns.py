"""What is not known, collected from everywhere and said aloud in one place."""

from collections.abc import Iterator

from breach.chronology.chain import verify
from breach.dossier.words import counted, zone_of
from breach.errors import Tampered
from schemas.chronology import Entry
from schemas.dossier import DossierSources, MessageRecord
from schemas.exposure import UNKNOWN_JURISDICTION, ExposureSummary
from schemas.incident import Answer, Cause, Certainty, IncidentFacts, Ongoing
from schemas.law import DutyList, DutyStatus


def list_unknowns(sources: DossierSources, removed: int) -> tuple[str, ...]:
    """One sentence each; empty when nothing is open. removed: address-like strings taken out of the run history."""
    said = [
        *_of_facts(sources.facts[-1].incident),
        *_of_exposure(sources.exposure),
        *_of_duties(sources.duties),
        *(line for message in sources.messages for line in _of_message(message)),
        *_of_actions(sources),
        *_of_record(sources, removed),
        *sources.unknowns,
    ]
    return tuple(dict.fromkeys(said))


def chain_problem(entries: tuple[Entry, ...]) -> str:
    """Why the chronology does not hold; empty when it does."""
    try:
        verify(entries)
    except Tampered as error:
        return error.happened
    return ""


def _of_facts(incident: IncidentFacts) -> Iterator[str]:
    if incident.certainty is Certainty.SUSPICION:
        yield "That data was exposed is a suspicion; it is not confirmed."
    if incident.ongoing is not Ongoing.NO:
        yield f"Whether data is still reachable: {incident.ongoing}."
    if incident.cause is Cause.UNKNOWN:
        yield "Who caused it is not yet known."
    if not incident.span_known:
        yield "The time span is not known; all content was taken to be in scope."
    if not incident.areas:
        yield "The areas reached are not known; all areas were taken to be in scope."
    kinds = {
        "member records": incident.profiles_exposed,
        "posts": incident.narrowing.posts,
        "direct messages": incident.narrowing.direct_messages,
    }
    for kind in (kind for kind, answer in kinds.items() if answer is Answer.UNKNOWN):
        yield f"Whether {kind} were reachable is not known; they were taken to be."
    if incident.platform_aware_at is None:
        yield "When the platform itself became aware is not known."
    if zone_of(incident.organisation.time_zone) is None:
        yield f"There is no time zone {incident.organisation.time_zone!r}; local times are shown in UTC."


def _of_exposure(summary: ExposureSummary | None) -> Iterator[str]:
    if summary is None:
        yield "No assessment of the exposure is part of this dossier."
        return
    nowhere = summary.by_jurisdiction.get(UNKNOWN_JURISDICTION, 0)
    if nowhere:
        yield f"No evidence of country for {counted(nowhere, 'affected account')}; no duty was dropped because of that."
    if summary.authors_unmatched:
        yield f"Not in the member list: {counted(summary.authors_unmatched, 'author')} of exposed messages."
    for file in summary.coverage:
        if file.scanned != "fully":
            reason = file.reason or "no reason given"
            yield f"File {file.digest[:12]} ({file.kind}) was scanned {file.scanned}: {reason}."
        if file.not_scanned:
            parts = counted(file.not_scanned, "attachment")
            yield f"File {file.digest[:12]}: {parts} or other parts counted, not read."
    vague = [str(kind) for kind, count in summary.by_type.items() if count.certainty != "exact"]
    if vague:
        yield f"These counts are not exact: {', '.join(vague)}."


def _of_duties(duties: DutyList | None) -> Iterator[str]:
    if duties is None:
        yield "No duties were decided."
        return
    yield from (f"These facts contradict each other: {one.facts}" for one in duties.contradictions)
    for duty in duties.duties:
        if duty.status is DutyStatus.ASK_COUNSEL:
            yield f"{duty.regime} ({duty.jurisdiction}), {duty.citation}: counsel has to say whether and by when."
        elif duty.people is None and duty.status is not DutyStatus.DOES_NOT_APPLY:
            yield f"{duty.regime} ({duty.jurisdiction}), {duty.citation}: how many people it concerns was not counted."


def _of_message(message: MessageRecord) -> Iterator[str]:
    name = message.message
    if message.books is None:
        yield f"{name}: there are no books; what became of it is not known."
    else:
        if not message.books.balance:
            yield f"{name}: the books do not balance; somebody is missing or counted twice."
        if message.books.in_doubt:
            in_doubt = counted(message.books.in_doubt, "member")
            yield f"{name}: {in_doubt} in doubt: a request was made, its answer is unknown."
        if message.books.presumed:
            yield f"{name}: {counted(message.books.presumed, 'member')} presumed told; no event proves delivery."
    if message.recipients is not None and not message.recipients.validation_passed:
        yield f"{name}: the recipient list did not pass all its checks."
    if message.notices is not None:
        yield from (f"{name}: {warning}" for warning in message.notices.warnings)


def _of_actions(sources: DossierSources) -> Iterator[str]:
    if not sources.messages:
        yield "No message to members was prepared."
    if not sources.custody:
        yield "No evidence was taken."
    if not sources.containment:
        yield "No containment action is on record."
    unseen = sum(not action.verified for action in sources.containment)
    if unseen:
        yield f"Not confirmed by a probe: {counted(unseen, 'containment action')}."
    for paper in sources.papers:
        if paper.sent_at is None:
            yield f"Nobody has said that the {paper.title} was sent."


def _of_record(sources: DossierSources, removed: int) -> Iterator[str]:
    broken = chain_problem(sources.chronology)
    if broken:
        yield broken
    unsettled = sum(not run.settled for run in sources.runs)
    if unsettled:
        yield f"Not settled when this was exported: {counted(unsettled, 'run')}, with an incomplete history."
    if not sources.runs:
        yield "No run history is part of this dossier."
    if removed:
        yield f"Removed from the run history: {counted(removed, 'string')} that looked like an e-mail address."
