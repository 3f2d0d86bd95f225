"""The page: one self-contained file, no script, nothing loaded from anywhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from breach.digest import digest_record
from breach.dossier import history, words
from breach.dossier.charts import draw_bars, draw_clocks, draw_matrix, kinds_of
from breach.dossier.history import History
from breach.dossier.promises import list_promises
from breach.dossier.timeline import draw_timeline
from breach.dossier.unknowns import list_unknowns
from breach.dossier.verdicts import list_verdicts
from schemas.chronology import Entry
from schemas.containment import ActionRecord, LiftRecord
from schemas.dossier import ChainHead, DossierSources, FileSeal, OutcomeRow
from schemas.incident import Case, Facts
from schemas.law import Duty, DutyStatus

TEMPLATES = Path(__file__).parent / "templates"
FIRST, LAST = 300, 700
"""Entries of a long chronology that the page shows in full; all of them are in records/chronology.json.
A thousand rows are some 30 printed pages, and more than anybody reads."""
FAR = datetime(9999, 1, 1, tzinfo=UTC)
ORDER = (
    DutyStatus.DUE,
    DutyStatus.MAY_BECOME_DUE,
    DutyStatus.ASK_COUNSEL,
    DutyStatus.VOLUNTARY,
    DutyStatus.PROPOSED,
    DutyStatus.DOES_NOT_APPLY,
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of the chronology that is shown, and how many entries lie between."""

    first: tuple[Entry, ...]
    hidden: int
    last: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """One dossier, ready to be written."""

    case: Case
    sources: DossierSources
    history: History
    head: ChainHead
    as_of: datetime
    number: int


def render_page(volume: Volume, files: Sequence[FileSeal]) -> bytes:
    """The bytes of index.html: the same for the same arguments. files: seals of all other files of the dossier."""
    sources, as_of, past = volume.sources, volume.as_of, volume.history
    incident = sources.facts[-1].incident
    zone = words.zone_of(incident.organisation.time_zone) or UTC
    unknowns = list_unknowns(sources, past.removed)
    exposure, duties = sources.exposure, sources.duties
    environment = _environment()
    environment.filters["local"] = lambda at: words.local(at, zone)
    page = environment.get_template("index.html.j2").render(
        case=volume.case,
        sources=sources,
        incident=incident,
        changes=_changes(sources.facts),
        as_of=as_of,
        dossier=volume.number,
        head=volume.head,
        files=files,
        verdicts=list_verdicts(volume.case, sources, as_of),
        unknowns=unknowns,
        promises=list_promises(volume.case, sources, len(unknowns), past.removed),
        timeline=draw_timeline(sources.chronology),
        kinds=kinds_of(exposure) if exposure else (),
        matrix=draw_matrix(exposure) if exposure else (),
        bars=draw_bars(exposure) if exposure else (),
        clocks=draw_clocks(duties.duties, duties.aware_at, as_of) if duties else (),
        duties=_in_order(duties.duties) if duties else (),
        outcomes=_counted(sources.outcomes),
        excerpt=_excerpt(sources.chronology),
        containment=_with_lifts(sources.containment, sources.lifted),
        runs=past.runs,
        entry_digest=digest_record,
    )
    return page.encode()


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        utc=words.utc,
        exact=words.exact,
        duration=words.duration,
        number=words.number,
        counted=words.counted,
        size=words.size,
        began=history.began,
        ended=history.ended,
        last_state=history.last_state,
        attempts=history.attempts,
    )
    return environment


def _changes(facts: Sequence[Facts]) -> list[tuple[Facts, list[str]]]:
    """Each revision with the names of the fields it changed; the first one changed nothing."""
    told: list[tuple[Facts, list[str]]] = [(facts[0], [])]
    for before, after in pairwise(facts):
        names = [
            name
            for name in type(after.incident).model_fields
            if getattr(before.incident, name) != getattr(after.incident, name)
        ]
        told.append((after, [name.replace("_", " ") for name in names]))
    return told


def _in_order(duties: Sequence[Duty]) -> list[Duty]:
    """What is due first; then what may become due, what counsel must say, and what does not apply."""
    return sorted(
        duties,
        key=lambda duty: (
            ORDER.index(duty.status),
            duty.due_at is None,
            str((duty.due_at or duty.assume_by or FAR).astimezone(UTC)),
            duty.rule_id,
        ),
    )


def _counted(rows: Sequence[OutcomeRow]) -> list[tuple[str, str, str, int, int]]:
    """Message, wave, state, notices, members; in the order in which the waves first appear."""
    notices: Counter[tuple[str, str, str]] = Counter()
    members: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        key = (row.message, row.wave, row.state)
        notices[key] += 1
        members[key] += row.members
    return [(*key, count, members[key]) for key, count in notices.items()]


def _excerpt(entries: tuple[Entry, ...]) -> Excerpt:
    if len(entries) <= FIRST + LAST:
        return Excerpt(entries, 0, ())
    return Excerpt(entries[:FIRST], len(entries) - FIRST - LAST, entries[-LAST:])


def _with_lifts(
    actions: Sequence[ActionRecord], lifts: Sequence[LiftRecord]
) -> list[tuple[ActionRecord, LiftRecord | None]]:
    """Each action beside what became of taking it back."""
    return [(done, next((lift for lift in lifts if lift.action == done.action), None)) for done in actions]
