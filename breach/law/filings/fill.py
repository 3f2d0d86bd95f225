"""Fill a form: each field from the case's record, or from what a person has stated; the rest stays unknown."""

from collections.abc import Callable, Mapping

from breach.law.filings import data, done, event, who
from breach.law.filings.catalog import FilingForm, FormField
from breach.law.filings.known import NOBODY_KNOWS, Known, Said, exactly
from breach.law.words import one_line
from schemas.filing import AnswerName, FilingField

FILLERS: dict[str, Callable[[Known], Said]] = {
    filler.__name__: filler
    for filler in (
        who.organisation,
        who.established,
        who.contact,
        who.postal,
        who.processor,
        who.small_agent,
        who.others,
        who.police,
        event.report_kind,
        event.nature,
        event.breach_kind,
        event.cause,
        event.attack,
        event.span,
        event.aware,
        event.learned,
        event.ongoing,
        event.delay,
        data.people_kinds,
        data.people_count,
        data.people_here,
        data.people_total,
        data.countries,
        data.record_kinds,
        data.record_count,
        data.minors,
        data.sensitive,
        data.protection,
        data.consequences,
        data.risk,
        data.risk_elements,
        done.taken,
        done.planned,
        done.telling,
        done.told_on,
        done.sample,
        done.recommendations,
        done.own_list,
    )
}
"""What a form's `from` may say. Closed: the tests hold every form against it, and it against every form."""

Stated = Mapping[AnswerName, tuple[str, str]]
"""What was stated -> (the words, who stated them)."""
Sections = tuple[tuple[str, tuple[FilingField, ...]], ...]


def fill_form(form: FilingForm, known: Known, stated: Stated) -> Sections:
    """Every field of the form, in its order; a field for late reports only when this one is late."""
    sections = (
        (section.title, tuple(_fill(field, known, stated) for field in section.fields if _asked(field, known)))
        for section in form.sections
    )
    return tuple((title, fields) for title, fields in sections if fields)


def _asked(field: FormField, known: Known) -> bool:
    return field.when == "always" or known.late


def _fill(field: FormField, known: Known, stated: Stated) -> FilingField:
    """A person's words stand before what the record would say: they have looked, and their name stands beside it."""
    words, by = stated.get(field.answer, ("", "")) if field.answer else ("", "")
    said = exactly(*words.splitlines()) if words else FILLERS[field.source](known) if field.source else NOBODY_KNOWS
    return FilingField(
        field=field.field,
        label=field.label,
        cite=field.cite,
        minimum=field.minimum,
        lines=tuple(one_line(line) for line in said.lines if one_line(line)),
        certainty=said.certainty,
        stated_by=by,
    )
