"""Small invented incidents: facts that can be changed one at a time, and exposures from plain numbers."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.folder_store import FolderStore
from breach.law.catalog import load_catalog
from breach.law.decide import decide
from breach.steps import Work
from schemas.exposure import Certainty as Sure
from schemas.exposure import DataType, ExposureSummary, TypeCount
from schemas.incident import (
    Answer,
    Case,
    Cause,
    Certainty,
    Facts,
    IncidentFacts,
    LearnedHow,
    Mode,
    Ongoing,
    Organisation,
    Role,
)
from schemas.law import Duty, DutyList

AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)


def make_facts(recorded_at: datetime | None = None, **changes: object) -> Facts:
    organisation = {
        "name": "Harbor",
        "established_in": "DE",
        "role": Role.CONTROLLER,
        "turnover_over_aud_3m": Answer.YES,
        "time_zone": "Europe/Berlin",
    }
    incident = {
        "what_happened": "A platform bug showed a private area to strangers",
        "platform": "Forum",
        "provider": "Forum Ltd",
        "learned_how": LearnedHow.MEMBER,
        "aware_at": AWARE,
        "cause": Cause.PLATFORM,
        "certainty": Certainty.CONFIRMED,
        "ongoing": Ongoing.NO,
        "span_known": False,
        "leak_from": AWARE,
        "leak_until": AWARE,
        "profiles_exposed": Answer.YES,
        "roster_export": "members.csv",
        "lead": "lead-a",
        "platform_connection": "manual/harbor",
    }
    for name, value in changes.items():
        (organisation if name in organisation else incident)[name] = value
    aware = incident["aware_at"]
    assert isinstance(aware, datetime)
    return Facts(
        revision=1,
        recorded_at=recorded_at or aware,
        recorded_by="lead-a",
        source="form",
        incident=IncidentFacts(organisation=Organisation(**organisation), **incident),
    )


def make_exposure(
    people: dict[str, int], matrix: dict[str, dict[DataType, int]] | None = None, unmatched: int = 0
) -> ExposureSummary:
    """Unless the matrix says otherwise, everybody's e-mail address and user name leaked."""
    full = matrix or {}
    for place, n in people.items():
        full.setdefault(place, {DataType.USERNAME: n, DataType.EMAIL: n})
    return ExposureSummary(
        members_in_roster=sum(people.values()),
        affected=sum(people.values()),
        bots=0,
        by_type={DataType.EMAIL: TypeCount(persons=sum(people.values()), records=1, certainty=Sure.EXACT)},
        by_jurisdiction={},
        matrix={},
        minors=0,
        findings=0,
        messages_in_scope=0,
        authors_unmatched=unmatched,
        coverage=(),
        scope_note="all",
        # Copied in unchecked: the law must not show free text even if a record that holds it got as far as here.
    ).model_copy(update={"by_jurisdiction": people, "matrix": full})


@pytest.fixture(scope="session")
def facts_of() -> Callable[..., Facts]:
    return make_facts


@pytest.fixture(scope="session")
def exposure_of() -> Callable[..., ExposureSummary]:
    return make_exposure


@pytest.fixture(scope="session")
def duties_of() -> Callable[..., DutyList]:
    def decided(
        people: dict[str, int], matrix: dict[str, dict[DataType, int]] | None = None, **changes: object
    ) -> DutyList:
        unmatched = changes.pop("unmatched", 0)
        assert isinstance(unmatched, int)
        facts = make_facts(**changes)  # type: ignore[arg-type]
        return decide(facts, make_exposure(people, matrix, unmatched), load_catalog())

    return decided


@pytest.fixture(scope="session")
def duty_of(duties_of: Callable[..., DutyList]) -> Callable[..., Duty]:
    """The one duty a rule came to; fails when there are several."""

    def found(rule_id: str, *args: object, **changes: object) -> Duty:
        (duty,) = (d for d in duties_of(*args, **changes).duties if d.rule_id == rule_id)
        return duty

    return found


@pytest.fixture
def work_in(tmp_path: Path) -> Callable[[Facts], Work]:
    def made(facts: Facts) -> Work:
        case = Case(case_id="harbor-1", mode=Mode.REHEARSAL, opened_at=AWARE, opened_by_run="command line")
        return Work(FolderStore(tmp_path / "case"), case, facts, "0123456789ab")

    return made
