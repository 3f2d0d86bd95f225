"""A question to the law without a case: a page of facts, for `breach law explain` and for worked examples."""

from datetime import UTC
from typing import Annotated

import yaml
from pydantic import AfterValidator, Field, NonNegativeInt, ValidationError, model_validator

from breach.errors import BadInput
from breach.law.catalog import Catalog
from breach.law.decide import decide
from breach.law.expression import ATOMS
from schemas.base import Record, ZonedTime
from schemas.exposure import BY_JURISDICTION, Certainty, DataType, ExposureSummary, TypeCount
from schemas.incident import Answer, Cause, CountryCode, Facts, IncidentFacts, LearnedHow, Line, Ongoing, Organisation
from schemas.incident import Certainty as Sure
from schemas.incident import Role as HolderRole
from schemas.law import DutyList
from schemas.law_facts import LawFacts

ROLES = {
    "controller": HolderRole.CONTROLLER,
    "processor": HolderRole.PROCESSOR,
    "joint controller": HolderRole.JOINT,
}


def _known_types(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in ATOMS:
            raise ValueError(f"holds a name that is no data type; known are {', '.join(ATOMS)}")
    return names


def _known_role(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"is none of {', '.join(ROLES)}")
    return role


class LawQuestion(Record):
    """What the law must know, and nothing else."""

    aware_at: ZonedTime
    recorded_at: ZonedTime | None = Field(default=None, description="When this was written; awareness when left out.")
    suspicion: bool = False
    established_in: CountryCode
    role: Annotated[str, AfterValidator(_known_role)] = "controller"
    time_zone: Line = "UTC"
    turnover_over_aud_3m: bool | None = None
    people: Annotated[dict[str, NonNegativeInt], BY_JURISDICTION] = Field(
        description="Affected people by jurisdiction."
    )
    leaked: Annotated[tuple[str, ...], AfterValidator(_known_types)] = Field(
        default=("username", "email"), description="What every one of them lost."
    )
    leaked_in: Annotated[dict[str, dict[str, NonNegativeInt]], BY_JURISDICTION] = Field(
        default={}, description="Where it is known better: jurisdiction -> data type -> people."
    )
    promises: tuple[Line, ...] = ()
    law: LawFacts = LawFacts()

    @model_validator(mode="after")
    def _names_are_known(self) -> "LawQuestion":
        for kinds in self.leaked_in.values():
            _known_types(tuple(kinds))
        return self


def read_question(text: str) -> LawQuestion:
    """Read the YAML of a question. Raises BadInput, naming the field and never what stood in it."""
    try:
        return LawQuestion.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"][:3]) or "the page"
        raise BadInput(
            f"{where}: {first['msg']}.", "No duty was decided.", "Correct the facts and ask again."
        ) from None
    except (yaml.YAMLError, ValueError):
        raise BadInput(
            "The facts are no YAML page, or hold a date that does not exist.",
            "No duty was decided.",
            "A time with its zone looks like 2026-11-20T23:40:00+01:00.",
        ) from None


def answer_question(question: LawQuestion, catalog: Catalog, stale_after_days: int | None = None) -> DutyList:
    """Every duty, as in a case. Raises BadInput and LawUnknown as `decide` does."""
    return decide(_facts(question), _exposure(question), catalog, stale_after_days)


def _facts(question: LawQuestion) -> Facts:
    turnover = {None: Answer.UNKNOWN, True: Answer.YES, False: Answer.NO}[question.turnover_over_aud_3m]
    incident = IncidentFacts(
        what_happened="a question to the law, without a case",
        platform="not asked",
        provider="not asked",
        learned_how=LearnedHow.OTHER,
        aware_at=question.aware_at,
        cause=Cause.UNKNOWN,
        certainty=Sure.SUSPICION if question.suspicion else Sure.CONFIRMED,
        ongoing=Ongoing.UNKNOWN,
        span_known=False,
        leak_from=question.aware_at,
        leak_until=question.aware_at,
        profiles_exposed=Answer.UNKNOWN,
        roster_export="none",
        organisation=Organisation(
            name="whoever asks",
            established_in=question.established_in,
            role=ROLES[question.role],
            turnover_over_aud_3m=turnover,
            time_zone=question.time_zone,
        ),
        promises=question.promises,
        lead="nobody",
        platform_connection="manual/none",
        law=question.law,
    )
    recorded = question.recorded_at or question.aware_at
    return Facts(
        revision=1, recorded_at=recorded.astimezone(UTC), recorded_by="nobody", source="a page", incident=incident
    )


def _exposure(question: LawQuestion) -> ExposureSummary:
    everywhere = [ATOMS[name] for name in question.leaked]
    matrix = {place: dict.fromkeys(everywhere, total) for place, total in question.people.items()}
    for place, kinds in question.leaked_in.items():
        matrix[place] = {ATOMS[name]: count for name, count in kinds.items()}
    total = sum(question.people.values())
    counted = {kind: sum(held.get(kind, 0) for held in matrix.values()) for kind in DataType}
    return ExposureSummary(
        members_in_roster=total,
        affected=total,
        bots=0,
        by_type={
            kind: TypeCount(persons=persons, records=persons, certainty=Certainty.EXACT)
            for kind, persons in counted.items()
            if persons
        },
        by_jurisdiction=question.people,
        matrix=matrix,
        minors=0,
        findings=0,
        messages_in_scope=0,
        authors_unmatched=0,
        coverage=(),
        scope_note="As asked.",
    )
