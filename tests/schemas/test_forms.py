"""Forms refuse what must not enter the run history, and never repeat what was typed."""

from datetime import UTC, datetime
from typing import Annotated, Any, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from schemas import decision_forms, forms, law_form, law_forms
from schemas.decision_forms import AdjustForm, AnswerForm, ConcludeForm, QuestionForm
from schemas.facts import FactName, PaperName
from schemas.filing_forms import FiledForm, ReportForm, Stated
from schemas.forms import (
    CaseForm,
    CloseForm,
    ContractCard,
    FactForm,
    Form,
    HaltForm,
    LawCard,
    MappingForm,
    MoreExactly,
    News,
    ProbeForm,
    Reach,
    RespondForm,
    Sending,
    TickForm,
    UpdateForm,
    WhatHappened,
    When,
    WhoWeAre,
    Words,
    WordsForm,
)
from schemas.gate import GateAnswer
from schemas.law_form import EventForm, LawForm
from schemas.law_forms import ContractForm, ElementForm, HoldForm, OwnerForm, RiskForm, ToldForm
from schemas.orders import SendOrder, WaveOrder

AT = "2026-11-08T06:00:00+01:00"
CASE = {"case_id": "harbor-2026", "mode": "rehearsal"}
CARDS: dict[type[BaseModel], dict[str, Any]] = {
    WhatHappened: {
        "in_one_line": "A private area was readable.",
        "platform": "Discourse",
        "provider": "Tidewater",
        "learned_how": "the provider told us",
        "cause": "not yet known",
        "certainty": "a suspicion, not yet confirmed",
        "ongoing": "not known",
    },
    When: {"aware_at": AT, "span_known": True, "leak_from": AT, "leak_until": AT},
    Reach: {
        "areas": ["night-watch"],
        "profiles_exposed": "not known",
        "roster_export": "members.csv",
        "content_exports": ["chat.json"],
    },
    WhoWeAre: {
        "name": "Harbor Watch",
        "established_in": "DE",
        "role": "controller: we decide why and how the data is used",
        "turnover_over_aud_3m": "no",
        "lead": "mara",
    },
    Words: {"locale": "en"},
    News: {"locale": "en", "what_is_new": "The logs were read."},
    Stated: {"what": "what caused it", "answer": "a wrong permission"},
    Sending: {},
    LawCard: {},
    ContractCard: {"kind": "cyber insurance policy", "recipient": "the insurer", "clause": "clause 7", "hours": 48},
    MoreExactly: {},
}
SAID = {**CASE, "recorded_by": "mara", "source": "letter of the provider"}
SENTENCE = "the passwords lay there in clear"
FORMS: dict[type[BaseModel], dict[str, Any]] = {
    RespondForm: {
        "case_id": "harbor-2026",
        "happened": CARDS[WhatHappened],
        "when": CARDS[When],
        "reach": CARDS[Reach],
        "organisation": CARDS[WhoWeAre],
    },
    CaseForm: CASE,
    FactForm: {
        **CASE,
        "fact": "who caused it",
        "value": "the platform caused it",
        "recorded_by": "mara",
        "source": "letter of the provider",
    },
    UpdateForm: {**CASE, "number": 1},
    HaltForm: {"case_id": "harbor-2026", "by": "mara", "reason": "wrong list"},
    CloseForm: {**CASE, "by": "mara", "reason": "everybody told"},
    WordsForm: {**CASE, "own_words": [], "recorded_by": "mara", "source": "asked for at the first gate"},
    MappingForm: {**CASE, "columns": ["Wohnland = country"], "recorded_by": "mara", "source": "it is wrong"},
    ProbeForm: {**CASE, "urls": ["https://forum.example/c/night-watch"], "by": "mara"},
    TickForm: {**CASE, "paper": "brief for counsel", "by": "mara", "on": AT},
    ReportForm: {**CASE, "stated_by": "mara"},
    FiledForm: {
        **CASE,
        "filing": "eu-gdpr-33-1",
        "filed_at": AT,
        "reference": "HH-77",
        "proof": "receipt.pdf",
        "by": "mara",
    },
    GateAnswer: {"decision": "approve", "approver": "mara", "code": "123456", "reason": "read it"},
    LawForm: SAID,
    EventForm: {**SAID, "event": "it was confirmed", "at": AT, "decided_by": "mara"},
    RiskForm: {**SAID, "test": "high risk", "met": "yes", "sentence": SENTENCE},
    ElementForm: {**SAID, "element": "password", "protection": "readable"},
    ToldForm: {**SAID, "rule": "EU-GDPR-33-1", "at": AT},
    HoldForm: {**SAID, "since": AT, "agency": "the state police"},
    ContractForm: {**SAID, "contract": CARDS[ContractCard]},
    OwnerForm: {**SAID, "owner": "tomas"},
    AdjustForm: {**SAID, "choice": "the level: high", "sentence": SENTENCE},
    ConcludeForm: {
        **SAID,
        "about": "Article 34: the risk to people is high, so they are told",
        "met": "no",
        "facts": "A private area was readable for a day.",
        "effects": "Embarrassment; nothing that lasts.",
        "measures": "The area was closed.",
        "sentence": SENTENCE,
    },
    QuestionForm: {**SAID, "question": "Does a hash count as protected?"},
    AnswerForm: {**SAID, "number": 1, "status": "answered"},
    SendOrder: {**CASE, "message": "notice", "basis": "a" * 64},
    WaveOrder: {**CASE, "message": "notice", "basis": "a" * 64, "wave": 1},
}
ALL = CARDS | FORMS


def text_fields() -> list[tuple[type[BaseModel], str, Any]]:
    """Every field of every form into which somebody types, also the ones inside lists; enumerations are no text."""
    return [
        (model, name, Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation)
        for model in ALL
        for name, field in model.model_fields.items()
        if _is_text(field.annotation)
    ]


def _is_text(annotation: Any) -> bool:
    if get_origin(annotation) in {list, Annotated}:
        return _is_text(get_args(annotation)[0])
    return annotation is str


def moments() -> list[tuple[type[BaseModel], str]]:
    return [
        (model, name)
        for model in ALL
        for name, field in model.model_fields.items()
        if field.annotation in {datetime, AwareDatetime}
    ]


def test_the_examples_here_cover_every_form() -> None:
    """Each form and card of the house is among the examples, and each example is valid."""
    every = [one for module in (forms, law_form, law_forms, decision_forms) for one in vars(module).values()]
    written = {one for one in every if isinstance(one, type) and issubclass(one, Form)} - {Form}

    assert written <= set(ALL)
    for model, values in ALL.items():
        model.model_validate(values)


@pytest.mark.parametrize(("model", "name", "kind"), text_fields(), ids=lambda one: getattr(one, "__name__", str(one)))
@pytest.mark.parametrize(
    "text", ["ann@mail.example", "write to ann@mail.example, please", "@", "a line\nann@mail.example"]
)
def test_no_text_takes_an_address(model: type[BaseModel], name: str, kind: Any, text: str) -> None:
    """Wherever a person can type, the @ sign is refused: the run history keeps what was typed."""
    wanted = [text] if get_origin(kind) is list else text

    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(wanted)
    with pytest.raises(ValidationError):
        model.model_validate(ALL[model] | {name: wanted})


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_an_unknown_key_is_refused(model: type[BaseModel]) -> None:
    """A form is closed: what it does not ask for cannot be slipped in."""
    with pytest.raises(ValidationError, match="extra"):
        model.model_validate(ALL[model] | {"approved": True})


@pytest.mark.parametrize(("model", "name"), moments())
@pytest.mark.parametrize(
    "value",
    [
        "2026-11-08T06:00:00",
        "2026-11-08",
        "2026",
        "1762588800",
        1762588800,
        0.0,
        "tomorrow",
        "",
        None,
        "2026-13-08T06:00+01:00",
    ],
)
def test_a_time_without_a_zone_is_refused(model: type[BaseModel], name: str, value: object) -> None:
    """A naive time, a bare number, a word: none of them becomes a moment."""
    with pytest.raises(ValidationError, match=name):
        model.model_validate(ALL[model] | {name: value})


def test_a_time_keeps_its_moment() -> None:
    """What a person writes in Berlin is the same moment in UTC."""
    assert When.model_validate(CARDS[When]).aware_at == datetime(2026, 11, 8, 5, 0, tzinfo=UTC)
    assert moments()


@pytest.mark.parametrize("model", [model for model in ALL if "case_id" in model.model_fields], ids=lambda m: m.__name__)
@pytest.mark.parametrize(
    "case_id",
    ["short", "a" * 61, "Harbor-2026", "harbor 2026", "harbor_2026", "../harbor", "harbor-2026\n", "hárbor-2026", ""],
)
def test_a_case_s_name_is_plain(model: type[BaseModel], case_id: str) -> None:
    """6 to 60 of a-z, 0-9 and -: it becomes a folder, a tag and part of every key."""
    with pytest.raises(ValidationError, match="case_id"):
        model.model_validate(ALL[model] | {"case_id": case_id})


@given(
    st.text(min_size=1, max_size=20).map(lambda text: f"zq9{text}zq9"),
    st.sampled_from([(model, name) for model in ALL for name in model.model_fields]),
)
def test_a_refusal_never_repeats_what_was_typed(secret: str, where: tuple[type[BaseModel], str]) -> None:
    """Whatever stands in whichever field, the error names the field and not its content."""
    model, name = where
    for value in (secret, [secret], {"value": secret}, [{"locale": secret}], f"{secret}@mail.example"):
        said = _refusal(model, ALL[model] | {name: value})
        assert secret not in said
        assert not said or name in said


def _refusal(model: type[BaseModel], values: dict[str, Any]) -> str:
    """What the error says in every form it is printed in; empty when there is none."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        return f"{error}\n{error!r}"
    return ""


def test_a_rehearsal_is_the_default() -> None:
    """Who does not choose a mode rehearses."""
    for model, example in FORMS.items():
        if "mode" in model.model_fields and not issubclass(model, SendOrder):
            values = {key: value for key, value in example.items() if key != "mode"}
            assert model.model_validate(values).model_dump()["mode"] == "rehearsal"


def test_what_may_be_reported_later_are_fields_of_the_facts() -> None:
    """Each name of a fact stands for a field of the incident or of one of its cards; each paper has one title."""
    from schemas.incident import IncidentFacts, Narrowing, Organisation, RosterFacts
    from schemas.law_facts import LawFacts

    cards = {field for card in (Organisation, LawFacts, Narrowing, RosterFacts) for field in card.model_fields}
    assert {fact.name.lower() for fact in FactName} <= {*IncidentFacts.model_fields, *cards}
    assert len({paper.value for paper in PaperName}) == len(PaperName)
