"""Worked cases from the sources, and the four usual leaks in every place of the definitions table."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from breach.law.catalog import load_catalog
from breach.law.question import LawQuestion, answer_question
from schemas.law import Duty

CATALOG = load_catalog()
CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
STATES = [one for one in CATALOG.definitions if one.place.startswith("US-") and one.place != "US-HBNR"]


def duties(facts: dict[str, Any]) -> dict[str, Duty]:
    """By rule, and by rule and place."""
    found = answer_question(LawQuestion.model_validate(facts), CATALOG).duties
    return {name: duty for duty in found for name in (duty.rule_id, f"{duty.rule_id} @{duty.jurisdiction}")}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_worked_case_comes_out_as_its_source_says(case: dict[str, Any]) -> None:
    """Status, legal deadline, working date, order, bans and the words that must stand in the reason."""
    found = duties(case["facts"])
    for name, wanted in case["expect"].items():
        expected = {"status": wanted} if isinstance(wanted, str) else wanted
        duty = found[name]
        assert duty.status.value == expected["status"], (name, duty.reason)
        for field, value in (("by", duty.due_at), ("work", duty.assume_by)):
            if field in expected:
                assert value == _time(expected[field]), (name, value)
        assert expected.get("people", duty.people) == duty.people, name
        assert str(expected.get("says", "")) in duty.reason, (name, duty.reason)
        assert expected.get("order", "") in " | ".join(duty.order), (name, duty.order)
        assert expected.get("bans", "") in " | ".join(duty.content_bans), name


def _time(said: str | datetime | None) -> datetime | None:
    """YAML reads a time with a plus as one, and a quoted one as text."""
    return datetime.fromisoformat(said) if isinstance(said, str) else said


def test_there_are_enough_cases_and_each_names_its_source() -> None:
    """At least forty, each with the source that its expectations were written from."""
    assert len(CASES) >= 40
    assert all(case["source"] for case in CASES)


def leak(place: str, kinds: list[str], **protection: str) -> str:
    elements = [{"element": "password", "source": "the dump", **protection}] if protection else []
    found = duties(
        {
            "aware_at": "2026-11-20T12:00:00Z",
            "established_in": "DE",
            "people": {place: 9},
            "leaked": kinds,
            "law": {
                "elements": elements,
                "sectors": ["an information broker: one that sells personal data to third parties"],
            },
        }
    )
    return found[f"{place}-IND"].status.value


CONDITIONAL = {"may become due"}
NO = {"does not apply"}
A = {
    "yes": {"due"},
    "no": NO,
    "no_unless_name_also_taken": NO,
    "no_unless_financial_account": NO,
    "no_unless_name_and_account_holds_sensitive_data": NO,
    "only_if_email_account_credentials": CONDITIONAL,
}
B = {"no": NO, "counsel_if_name": NO, "counsel": {"ask counsel", "may become due"}}
D = {
    "yes": {"due"},
    "no": NO,
    "conditional": CONDITIONAL,
    "no_unless_financial_account": CONDITIONAL,
    "only_if_email_account_credentials": CONDITIONAL,
}


def _soft(place: str, wanted: set[str]) -> set[str]:
    """A rule written from memory never says more than that counsel must be asked."""
    memory = CATALOG.by_id[f"{place}-IND"].counsel is not None
    return {"ask counsel"} if memory and wanted != NO else wanted


@pytest.mark.parametrize("one", STATES, ids=[one.place for one in STATES])
def test_the_usual_leaks_in_fifty_four_places(one: Any) -> None:
    """E-mail, user name and password: readable, salted and hashed, with a real name; and none, column by column."""
    answers, account = one.answers, ["username", "email"]
    plain = leak(one.place, account, protection="readable")
    assert plain in _soft(one.place, A[answers.email_username_password])
    hashed = leak(one.place, account, protection="salted hash that is slow to guess")
    assert hashed in _soft(one.place, B[answers.email_username_strong_hash])
    named = leak(one.place, [*account, "name"], protection="readable")
    assert named in _soft(one.place, D[answers.real_name_email_password])
    assert leak(one.place, account) == "does not apply"


def test_there_are_fifty_four_places() -> None:
    """Fifty states, the District, Puerto Rico, Guam and the Virgin Islands."""
    assert len(STATES) == 54
