"""Which fields a report has, by which law, and where each is filled in from: data files with a closed shape."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator

from breach.errors import LawUnknown
from schemas.base import Record
from schemas.filing import AnswerName, FieldId

FORMS = "forms"
R = TypeVar("R", bound=BaseModel)


class FormField(Record):
    """One field of an authority's form."""

    field: FieldId
    label: str = Field(min_length=3)
    cite: str = Field(min_length=3, description="Article or section, or whose form asks it.")
    source: str = Field(default="", alias="from", description="What of the case fills it in; see FILLERS.")
    answer: AnswerName | None = Field(default=None, description="Which statement of a person fills it in.")
    minimum: bool = Field(default=False, description="The law itself names it.")
    when: Literal["always", "late"] = "always"

    @field_validator("answer", mode="before")
    @classmethod
    def _by_name(cls, name: object) -> object:
        return AnswerName.__members__.get(name, name) if isinstance(name, str) else name


class FormSection(Record):
    """Fields under one heading."""

    title: str = Field(min_length=3)
    fields: tuple[FormField, ...] = Field(min_length=1)


class FollowUp(Record):
    """When what is missing must be sent."""

    rule: str = Field(default="", description="The rule whose clock says so; empty when the law names no date.")
    days: int = Field(ge=1, le=60, description="Our own target, where the law names no date.")
    words: str = Field(min_length=3, description="The law's own measure.")


class FilingForm(Record):
    """One kind of report."""

    name: str = Field(pattern=r"^[a-z-]+$", description="The file's name.")
    title: str
    law: str
    rules: tuple[str, ...] = Field(min_length=1, description="The duties it answers, by rule id.")
    phases: str = Field(default="", description="Where the law allows to send the rest later; empty: nowhere.")
    reasons_for_delay: str = Field(default="", description="Where the law asks for them; empty: nowhere.")
    follow_up: FollowUp
    withdrawal: str
    annex: Literal["", "notice"] = ""
    source: str
    as_of: date
    sections: tuple[FormSection, ...] = Field(min_length=1)

    def all_fields(self) -> tuple[FormField, ...]:
        """Every field in order."""
        return tuple(field for section in self.sections for field in section.fields)


@cache
def load_forms() -> tuple[FilingForm, ...]:
    """Every form, in the order of the files' names. Raises LawUnknown naming the file and the key that is wrong."""
    return tuple(_read_all(files("breach.law.filings").joinpath(FORMS)))


def form_for(rule_id: str) -> FilingForm | None:
    """The form that answers a rule; None when there is none here."""
    return next((form for form in load_forms() if rule_id in form.rules), None)


def _read_all(folder: Traversable) -> Iterator[FilingForm]:
    spoken_for: set[str] = set()
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = file.name.removesuffix(".yaml")
        form = read_data(file.name, file.read_bytes(), FilingForm, name=name)
        fields = [field.field for field in form.all_fields()]
        if len(set(fields)) < len(fields) or spoken_for & set(form.rules):
            raise _unreadable(file.name, "a field or a rule stands twice")
        spoken_for |= set(form.rules)
        yield form


def read_data(page: str, data: bytes, kind: type[R], **more: object) -> R:
    """A YAML page as its record. Raises LawUnknown naming the key, and never what stood there."""
    try:
        return kind.model_validate({**yaml.safe_load(data), **more})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise _unreadable(page, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except (yaml.YAMLError, ValueError, TypeError):
        raise _unreadable(page, "it is no YAML page with keys") from None


def _unreadable(name: str, what: str) -> LawUnknown:
    return LawUnknown(
        f"A form of the reports cannot be read: {name}: {what}.",
        "No report was drafted.",
        "Put the file back as it was; the tests say what each key may hold.",
    )
