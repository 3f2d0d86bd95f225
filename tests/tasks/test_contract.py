"""The member list's contract, checked by great-expectations itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from breach.digest import digest_file
from breach.errors import BadInput
from breach.exposure.roster import RosterRecord, load_roster
from breach.folder_store import FolderStore
from breach.steps import Work
from breach.store import get_record
from schemas.expectations import Validation
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
    RosterFacts,
)
from tasks.assessment import validate_roster

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def work_with(tmp_path: Path, **roster: object) -> Work:
    incident = IncidentFacts(
        what_happened="A bug served a private area to visitors.",
        platform="Discourse",
        provider="Provider Inc",
        learned_how=LearnedHow.MEMBER,
        aware_at=NOW,
        cause=Cause.PLATFORM,
        certainty=Certainty.CONFIRMED,
        ongoing=Ongoing.NO,
        span_known=True,
        leak_from=NOW,
        leak_until=NOW,
        profiles_exposed=Answer.YES,
        roster_export="members.csv",
        organisation=Organisation(
            name="Harbor", established_in="DE", role=Role.CONTROLLER, turnover_over_aud_3m=Answer.NO
        ),
        lead="mara",
        platform_connection="manual-checklist/harbor",
        roster=RosterFacts.model_validate(roster),
    )
    case = Case(case_id="rehearsal-harbor", mode=Mode.REHEARSAL, opened_at=NOW, opened_by_run="command line")
    facts = Facts(revision=1, recorded_at=NOW, recorded_by="mara", source="a member", incident=incident)
    return Work(FolderStore(tmp_path / f"case-{len(list(tmp_path.iterdir()))}"), case, facts, "0123456789ab")


def members(tmp_path: Path, rows: list[str], header: str = "id,email,date of birth") -> Path:
    path = tmp_path / "members.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


GOOD = [f"{n},m{n}@mail.example,1990-01-{n % 28 + 1:02d}" for n in range(1, 41)]


def test_a_list_that_keeps_it_is_believed(tmp_path: Path) -> None:
    """Forty members of forty-four said are within a tenth; the validator's page is kept and names nobody."""
    work = work_with(tmp_path, expected=44)
    load_roster(work, members(tmp_path, GOOD), validate=validate_roster)
    record = get_record(work.store, f"roster/{work.revision}/roster.json", RosterRecord)
    assert record.contract == Validation(passed=True, expectations=6)
    page = work.store.get(f"roster/{work.revision}/validation/data-docs.html")
    assert page is not None
    assert b"expect" in page.data
    assert b"@mail.example" not in page.data


@pytest.mark.parametrize(
    ("rows", "said", "broken"),
    [
        (GOOD, {"expected": 100}, "at least 90 members"),
        ([row.replace("@", " at ") for row in GOOD[:5]] + GOOD[5:], {}, "nine of ten addresses"),
        ([f"{row},more" for row in GOOD[:3]] + GOOD[3:], {}, "99 of 100 rows"),
        ([row.replace("1990-01", "1990/13") for row in GOOD[:9]] + GOOD[9:], {}, "19 of 20 birth dates"),
    ],
)
def test_a_list_that_breaks_it_stops_the_case(
    tmp_path: Path, rows: list[str], said: dict[str, int], broken: str
) -> None:
    """The error names the expectation, the rows and what to do; the result is kept; no address is in the sentence."""
    work = work_with(tmp_path, **said)
    with pytest.raises(BadInput, match=broken) as refused:
        load_roster(work, members(tmp_path, rows), validate=validate_roster)
    assert "breaks 1 of the 6 expectations" in refused.value.happened
    assert "mail.example" not in str(refused.value)
    assert not get_record(work.store, f"roster/{work.revision}/contract.json", Validation).passed
    assert work.store.get(f"roster/{work.revision}/people.parquet") is None


def test_only_a_recorded_fact_about_this_very_file_overrides_it(tmp_path: Path) -> None:
    """The first twelve digits of its digest and a reason; another file with the same fact is refused."""
    bad = members(tmp_path, [row.replace("@", " at ") for row in GOOD[:5]] + GOOD[5:])
    accepted = f"{digest_file(bad)[:12]}: five old accounts have no address"
    work = work_with(tmp_path, accepted=accepted)
    assert load_roster(work, bad, validate=validate_roster).counts["members"] == 40
    record = get_record(work.store, f"roster/{work.revision}/roster.json", RosterRecord)
    assert record.contract is not None
    assert not record.contract.passed
    assert [one.rows for one in record.contract.failed] == [5]
    assert record.accepted == accepted
    other = members(tmp_path, [row.replace("@", " at ") for row in GOOD[:6]] + GOOD[6:])
    with pytest.raises(BadInput, match="breaks 1 of the 6"):
        load_roster(work_with(tmp_path, accepted=accepted), other, validate=validate_roster)
