"""breach law: asked with a page, answered with every duty."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from breach.errors import BadInput, LawUnknown
from breach.law.catalog import load_catalog
from breach.law.question import read_question
from deployments.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "examples" / "law" / "facts.yaml"
LATER = "aware_at: 2026-11-28T12:00:00Z\nrecorded_at: 2026-11-28T12:00:00Z\n"
RUN = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})


def test_explain_prints_each_duty_with_deadline_citation_and_reason() -> None:
    """The Friday-night case of the examples: 72 hours later is Monday night."""
    done = RUN.invoke(app, ["law", "explain", str(PAGE)])
    assert done.exit_code == 0, done.output
    first = done.output.split("\n\n")[0]
    assert first.startswith("DUE  EU-GDPR-33-1 (EU)")
    assert "Mon 23 Nov 2026, 23:40 (UTC+01:00): 72 hours from awareness" in first
    assert "Art. 33(1)" in first
    assert "Why: You are established in Germany" in first
    assert "Not legal advice" in done.output
    assert "DOES NOT APPLY" not in done.output


def test_explain_speaks_json() -> None:
    """Every rule has its line, with the facts that decided it."""
    done = RUN.invoke(app, ["law", "explain", str(PAGE), "--json"])
    duties = {duty["rule_id"]: duty for duty in json.loads(done.output)["duties"]}
    assert duties["US-CA-IND"]["status"] == "due"
    assert duties["US-CA-AG"]["status"] == "may become due"
    assert duties["MX-LFPDPPP"]["status"] == "does not apply"
    assert len(duties) >= 365
    assert "affected people in US-CA: 501" in duties["US-CA-IND"]["decided_on"]


def test_a_rule_older_than_asked_sets_no_clock(tmp_path: Path) -> None:
    """Awareness six days after the rules were checked: with --stale-after 5 every due duty asks counsel instead."""
    page = tmp_path / "facts.yaml"
    page.write_text(f"{LATER}established_in: DE\npeople: {{DE: 1}}\n")

    def filing(*more: str) -> str:
        done = RUN.invoke(app, ["law", "explain", str(page), "--json", *more])
        assert done.exit_code == 0, done.output
        (found,) = [one for one in json.loads(done.output)["duties"] if one["rule_id"] == "EU-GDPR-33-1"]
        return str(found["status"]) + (" by a legal deadline" if found["due_at"] else "")

    assert filing() == "due by a legal deadline"
    assert filing("--stale-after", "5") == "ask counsel"
    assert filing("--stale-after", "6") == "due by a legal deadline"
    assert RUN.invoke(app, ["law", "explain", str(page), "--stale-after", "0"]).exit_code == 2


def test_an_empty_folder_of_rules_is_named(tmp_path: Path) -> None:
    """No rule is no answer: the pack is said to be empty, with what to do."""
    with pytest.raises(LawUnknown, match=r"The rule pack is empty\..*Put the rule files back"):
        load_catalog(tmp_path)


@pytest.mark.parametrize("place", ["XX", "US-ZZ", "AQ"])
def test_a_place_no_rule_knows_asks_counsel_by_name(tmp_path: Path, place: str) -> None:
    """People in a place that no rule holds get a line of their own; they vanish into no other country's law."""
    page = tmp_path / "facts.yaml"
    page.write_text(f"{LATER}established_in: DE\npeople: {{DE: 1, {place}: 4}}\n")
    done = RUN.invoke(app, ["law", "explain", str(page), "--json"])
    asked = {one["jurisdiction"]: one for one in json.loads(done.output)["duties"] if one["status"] == "ask counsel"}
    assert place in asked
    assert asked[place]["people"] == 4
    assert "ask" in asked[place]["reason"]


def test_list_shows_the_rules_of_a_place_and_of_its_groups() -> None:
    """California's own and those of the United States."""
    done = RUN.invoke(app, ["law", "list", "--jurisdiction", "US-CA"])
    assert done.exit_code == 0
    for name in ("US-CA-IND", "US-CA-AG", "US-CA-OWN", "US-CA-MED", "US-SEC-105"):
        assert name in done.output
    assert "US-NY-IND" not in done.output
    assert "Cal. Civ. Code 1798.82(h)" in done.output


def test_a_place_without_a_rule_is_no_empty_answer() -> None:
    """It says that counsel must be asked, and fails."""
    done = RUN.invoke(app, ["law", "list", "--jurisdiction", "FJ"])
    assert done.exit_code == 1
    assert "ask counsel" in done.output


def test_check_says_what_the_pack_holds() -> None:
    """Numbers by confidence, as in the tables."""
    done = RUN.invoke(app, ["law", "check"])
    assert done.exit_code == 0
    assert "365 rules" in done.output
    assert "223 verified-primary, 93 verified-secondary, 49 memory" in done.output


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("aware_at: tomorrow\nestablished_in: DE\npeople: {DE: 1}", "aware_at"),
        ("aware_at: 2026-13-45T00:00:00Z\nestablished_in: DE\npeople: {DE: 1}", "aware_at|no YAML page"),
        ("aware_at: 2026-11-20T12:00:00\nestablished_in: DE\npeople: {DE: 1}", "aware_at.*timezone"),
        ("aware_at: 2026-11-20T12:00:00Z\nestablished_in: Germany\npeople: {DE: 1}", "established_in"),
        ("aware_at: 2026-11-20T12:00:00Z\nestablished_in: DE\npeople: {my street 5: 1}", "people"),
        ("aware_at: 2026-11-20T12:00:00Z\nestablished_in: DE\npeople: {DE: 1}\nleaked: [passwords]", "leaked"),
        ("aware_at: 2026-11-20T12:00:00Z\nestablished_in: DE\npeople: {DE: 1}\ncolour: red", "colour"),
        ("aware_at: 2026-11-20T12:00:00Z\nestablished_in: DE\npeople: {DE: -1}", "people.DE"),
        ("aware_at: 2026-11-20T12:00:00Z\nestablished_in: DE\npeople: {DE: 1}\nleaked_in: {DE: {email: -1}}", "leaked"),
        ("[", "no YAML page"),
        ("", "the page"),
    ],
)
def test_a_page_that_cannot_be_read_names_the_field(page: str, named: str) -> None:
    """Never today's date, never an empty list; and what stood there is not repeated."""
    with pytest.raises(BadInput, match=named) as failed:
        read_question(page)
    assert "street" not in str(failed.value)
    assert "Germany" not in str(failed.value)


def test_awareness_tomorrow_is_refused_unless_the_page_says_as_of_when(tmp_path: Path) -> None:
    """A slip of the pen moves every clock; whoever asks about a day to come says so with recorded_at."""
    page = tmp_path / "facts.yaml"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    page.write_text(f"aware_at: {tomorrow}\nestablished_in: DE\npeople: {{DE: 1}}\n")
    done = RUN.invoke(app, ["law", "explain", str(page)])
    assert done.exit_code != 0
    assert isinstance(done.exception, BadInput)
    assert "aware_at lies in the future" in str(done.exception)
    page.write_text(f"{page.read_text()}recorded_at: {tomorrow}\n")
    assert RUN.invoke(app, ["law", "explain", str(page)]).exit_code == 0
