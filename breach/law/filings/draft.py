"""One report: which of the four kinds it is, what is sent now, what follows and when, what has changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from breach.law.filings.authorities import Addressee, find_authority
from breach.law.filings.catalog import FilingForm
from breach.law.filings.done import sample_of
from breach.law.filings.fill import Sections, fill_form
from breach.law.filings.known import CaseView, Known, filing_id
from breach.law.words import one_line
from schemas.filing import (
    Annex,
    AnswerName,
    Change,
    Earlier,
    Filing,
    FilingField,
    FilingKind,
    Statement,
    ToFollow,
    Track,
)
from schemas.law import Duty, DutyList


@dataclass(frozen=True, slots=True)
class Before:
    """The report filed before, and how it was filed."""

    filing: Filing
    earlier: Earlier


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a report is drafted for: the duty, the form, what people stated, what went before."""

    duty: Duty
    form: FilingForm
    duties: DutyList
    statements: tuple[Statement, ...]
    before: Before | None
    late: bool
    """Past its time when the draft is made; the domain reads no clock."""


def draft_filing(case: CaseView, occasion: Occasion) -> Filing:
    """The report as it would be filed now. Raises BadInput for an authority that is none of the possible ones."""
    duty, form = occasion.duty, occasion.form
    newest = occasion.statements[-1] if occasion.statements else None
    stated = {
        name: (words, one.by) for one in occasion.statements for name, words in one.answers.items() if words.strip()
    }
    withdrawal = newest.withdrawal if newest and occasion.before else ""
    kind = _first_guess(occasion, withdrawal)
    known = Known(case, duty, kind, occasion.late, frozenset(stated))
    filled = fill_form(form, known, stated)
    if kind is FilingKind.COMPLETE and _unknown(filled):
        kind = FilingKind.INCOMPLETE
        filled = fill_form(form, Known(case, duty, kind, occasion.late, known.stated), stated)
    track = newest.track if newest else Track.FULL
    sections, held = _on_track(filled, track)
    chosen = next((one.authority for one in reversed(occasion.statements) if one.authority), None)
    addressee = find_authority(duty, case.facts.incident.organisation.established_in, chosen)
    return _record(case, occasion, addressee, sections).model_copy(
        update={
            "kind": kind,
            "track": track,
            "held_back": held,
            "to_follow": tuple(_to_follow(case, occasion, sections, held)),
            "changes": tuple(_changes(occasion.before, filled)),
            "withdrawal": withdrawal,
            "annexes": _annexes(form, known) if kind is not FilingKind.WITHDRAWAL else (),
        }
    )


def lacks_reasons(filing: Filing) -> bool:
    """Whether it is late, the law wants the reasons for that, and nobody has given them."""
    return filing.late and filing.reasons_asked and not given_reasons(filing) and filing.kind in INITIAL


def given_reasons(filing: Filing) -> str:
    """The reasons for a delay that its text gives, as one line of at most 300 characters; empty when it gives none."""
    lines = (line for field in filing.fields if field.field == "delay" for line in field.lines)
    return one_line(" ".join(lines))[:300]


INITIAL = {FilingKind.COMPLETE, FilingKind.INCOMPLETE}
"""Kinds of a first report: the clock of the duty runs for these."""


def _record(case: CaseView, occasion: Occasion, addressee: Addressee, sections: Sections) -> Filing:
    duty, form = occasion.duty, occasion.form
    return Filing(
        case_id=case.case_id,
        mode=case.mode,
        filing=filing_id(duty),
        rule_id=duty.rule_id,
        jurisdiction=duty.jurisdiction,
        citation=duty.citation,
        form=form.name,
        title=form.title,
        law=form.law,
        authority=addressee.authority,
        authority_name=addressee.name,
        choices=addressee.choices if addressee.authority is None else (),
        kind=FilingKind.COMPLETE,
        track=Track.FULL,
        facts_revision=case.facts.revision,
        facts_at=case.facts.recorded_at,
        counts_revision=case.counts_revision,
        rule_pack=case.rule_pack,
        duty_status=duty.status,
        due_at=duty.due_at,
        assume_by=duty.assume_by,
        due_rule=duty.due_rule,
        late=occasion.late,
        reasons_asked=bool(form.reasons_for_delay),
        sections=sections,
        phases=form.phases,
        earlier=occasion.before.earlier if occasion.before else None,
    )


def _first_guess(occasion: Occasion, withdrawal: str) -> FilingKind:
    if occasion.before is None:
        return FilingKind.COMPLETE
    return FilingKind.WITHDRAWAL if withdrawal else FilingKind.FOLLOW_UP


def _unknown(sections: Sections) -> list[FilingField]:
    return [field for _, fields in sections for field in fields if field.minimum and not field.lines]


def _on_track(sections: Sections, track: Track) -> tuple[Sections, tuple[FilingField, ...]]:
    """What goes now and what is held back; reasons for a delay are never held back."""
    if track is Track.FULL:
        return sections, ()
    now = tuple((title, tuple(field for field in fields if field.minimum)) for title, fields in sections)
    held = tuple(field for _, fields in sections for field in fields if not field.minimum)
    return tuple((title, fields) for title, fields in now if fields), held


def _to_follow(
    case: CaseView, occasion: Occasion, sections: Sections, held: tuple[FilingField, ...]
) -> Iterator[ToFollow]:
    """The legal minimum that is missing first, then what else is missing, then what was held back."""
    missing = [field for _, fields in sections for field in fields if not field.lines]
    for field in sorted(missing, key=lambda field: not field.minimum):
        yield _item(case, occasion, field, "not known yet")
    for field in held:
        yield _item(
            case, occasion, field, "held back: not part of the legal minimum" if field.lines else "not known yet"
        )


def _item(case: CaseView, occasion: Occasion, field: FilingField, why: str) -> ToFollow:
    follow = occasion.form.follow_up
    clock = next((duty for duty in occasion.duties.duties if duty.rule_id == follow.rule), None)
    legal = (clock.due_at or clock.assume_by) if clock else None
    start = occasion.before.earlier.filed_at if occasion.before else occasion.duty.due_at or occasion.duty.assume_by
    ours = (start or case.facts.recorded_at) + timedelta(days=follow.days)
    by, words = (legal, follow.words) if legal else (ours, f"{follow.words}; the date is our own target")
    return ToFollow(field=field.field, label=field.label, cite=field.cite, why=why, by=by, by_words=words)


def _changes(before: Before | None, now: Sections) -> Iterator[Change]:
    """Field by field against what was sent; what was held back then counts as not sent."""
    if before is None:
        return
    sent = {field.field: field.lines for _, fields in before.filing.sections for field in fields}
    for _, fields in now:
        for field in fields:
            was = sent.get(field.field, ())
            if field.lines != was and field.field not in NEVER_NEWS:
                yield Change(field=field.field, label=field.label, before=was, after=field.lines)


NEVER_NEWS = {"report_kind", "delay"}
"""Fields about the report itself: they differ from one report to the next and tell nothing of the breach."""


def _annexes(form: FilingForm, known: Known) -> tuple[Annex, ...]:
    found = sample_of(known) if form.annex else None
    return (found.model_copy(update={"title": one_line(found.title)}),) if found else ()


def answers_of(form: FilingForm) -> frozenset[AnswerName]:
    """What a person may state for this form."""
    return frozenset(field.answer for field in form.all_fields() if field.answer)
