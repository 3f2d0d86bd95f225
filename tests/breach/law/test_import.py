"""Rule files made from the two tables: once, closed, and never over what a person wrote."""

import csv
from pathlib import Path

import pytest
import yaml

from breach.errors import LawUnknown
from breach.law.catalog import load_catalog
from breach.law.import_tables import import_tables
from breach.law.import_words import ELEMENTS

ROW = {
    "id": "XX-ACT-1",
    "jurisdiction": "XX",
    "law": "Example Act",
    "citation": "s. 26(1)",
    "duty_holder": "controller",
    "recipient": "authority",
    "trigger": "Any breach",
    "content_requirements": "what happened; whose data; MUST NOT name a suspect",
    "exemptions": "none",
    "in_force_from": "2020-01-01",
    "status": "in_force",
    "source": "the statute (stored)",
    "confidence": "verified-primary",
    "recipient_name": "The Authority",
    "trig_event": "any_breach",
    "trig_risk": "risk_not_unlikely",
    "trig_op": ">",
    "trig_count": "500",
    "trig_scope": "residents",
    "trig_data": "any_personal_data",
    "deadline_rule": "aware+72h",
    "counsel_flag": "",
    "notes": "Free text that no machine reads.",
    "retention_months": "60",
    "as_of": "2026-11-22",
}
DEFINITION_COLUMNS = ("jurisdiction", "law")


def table(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = tuple(ROW)) -> Path:
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(tmp_path: Path, *rows: dict[str, str]) -> int:
    (tmp_path / "rules").mkdir(exist_ok=True)
    empty = table(tmp_path / "definitions.csv", columns=DEFINITION_COLUMNS)
    return import_tables(table(tmp_path / "obligations.csv", *rows), empty, tmp_path / "rules")


def test_a_row_becomes_a_rule(tmp_path: Path) -> None:
    """Every column has its place; what no machine reads stays as text."""
    assert run(tmp_path, ROW) == 1
    (rule,) = load_catalog(tmp_path / "rules").rules
    assert (rule.id, rule.deadline, rule.citation, rule.retention_months) == ("XX-ACT-1", "aware+72h", "s. 26(1)", 60)
    assert rule.content == ("what happened", "whose data")
    assert rule.content_bans == ("MUST NOT name a suspect",)
    assert rule.trigger.count is not None
    assert (rule.trigger.count.op, rule.trigger.count.number) == (">", 500)
    assert (rule.notes, rule.source) == ("Free text that no machine reads.", "the statute")


def test_a_flagged_row_asks_counsel(tmp_path: Path) -> None:
    """The flag becomes the rule's own question; the deadline stays, to be worked by."""
    run(tmp_path, ROW | {"counsel_flag": "always (many filings)"})
    (rule,) = load_catalog(tmp_path / "rules").rules
    assert rule.counsel is not None
    assert "many filings" in rule.counsel.why


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    """Rules that are held are left alone, corrected by hand or not; new rows stand behind them."""
    run(tmp_path, ROW)
    file = tmp_path / "rules" / "xx.yaml"
    corrected = "# Read again by a lawyer.\n" + file.read_text().replace("s. 26(1)", "s. 26(2)")
    file.write_text(corrected)
    assert run(tmp_path, ROW) == 0
    assert file.read_text() == corrected
    assert run(tmp_path, ROW, ROW | {"id": "XX-ACT-2", "deadline_rule": "asap(aware)"}) == 1
    assert file.read_text().startswith(corrected)
    assert [rule.id for rule in load_catalog(tmp_path / "rules").rules] == ["XX-ACT-1", "XX-ACT-2"]
    assert yaml.safe_load(file.read_text())["rules"][0]["citation"] == "s. 26(2)"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"deadline_rule": "aware+72 moons"}, "position 10"),
        ({"recipient": "the king"}, "XX-ACT-1"),
        ({"confidence": "hearsay"}, "XX-ACT-1"),
    ],
)
def test_a_row_that_makes_no_rule_is_named(change: dict[str, str], named: str, tmp_path: Path) -> None:
    """Nothing is written, and nothing is skipped."""
    with pytest.raises(LawUnknown, match=named):
        run(tmp_path, ROW | change)
    assert not list((tmp_path / "rules").iterdir())


def test_a_definition_becomes_one_expression(tmp_path: Path) -> None:
    """Columns of yes and no, a name that is needed, and a login that needs none."""
    answers = {
        "leak_A_email_username_plain_or_cracked_password": "yes",
        "leak_B_email_username_strong_salted_hash": "counsel",
        "leak_C_email_username_messages_no_password": "no",
        "leak_D_real_name_email_password": "yes",
    }
    row = dict.fromkeys([*ELEMENTS, "geolocation"], "n") | answers
    row |= {
        "jurisdiction": "XX",
        "law": "Example Act",
        "citation": "s. 2",
        "definition_model": "name + listed element OR credentials",
        "name_required": "yes_except_credentials",
        "ssn": "y",
        "card_or_account_number_alone": "y",
        "credentials_rule": "standalone",
        "other_elements": "",
        "elements_without_name_can_trigger": "no",
        "encryption_safe_harbour": "yes_unless_key_taken",
        "paper_covered": "no",
        "notes": "",
        "source": "the statute",
        "confidence": "verified-primary",
    }
    (tmp_path / "rules").mkdir()
    definitions = table(tmp_path / "definitions.csv", row, columns=tuple(row))
    state = ROW | {"trig_data": "US state PI definition (see law-definitions.csv)"}
    assert import_tables(table(tmp_path / "obligations.csv", state), definitions, tmp_path / "rules") == 2
    catalog = load_catalog(tmp_path / "rules")
    (one,) = catalog.definitions
    wanted = "(name and (ssn or payment_card or account_number)) or ((email or username) and password)"
    assert one.data.certain == wanted
    assert catalog.data(catalog.rules[0]) == one.data
