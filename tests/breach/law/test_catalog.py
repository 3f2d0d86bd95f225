"""The rule pack: complete, dated, cited; and what is wrong with a pack stops everything."""

import re
from datetime import date
from pathlib import Path

import pytest

from breach.errors import LawUnknown
from breach.law.catalog import load_catalog, rule_pack_hash
from breach.law.expression import ATOMS
from breach.law.rule import Anchor, Confidence, Event, Holder, Link, Question, RecipientKind, RiskTest, Rule

RULES = load_catalog().rules
ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "breach" / "law" / "rules"


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_rule_can_be_checked_by_a_lawyer(rule: Rule) -> None:
    """It cites, is dated, names whom to tell and what was read, its data parse, its place exists."""
    assert re.search(r"\d", rule.citation)
    assert rule.in_force.since < rule.as_of <= date(2026, 11, 22)
    assert rule.recipient_name
    assert rule.source
    data = load_catalog().data(rule)
    assert data.certainly() or data.possibly()
    assert rule.deadline or rule.counsel


@pytest.mark.parametrize(
    ("used", "known"),
    [
        ({r.deadline.anchor for r in RULES if r.deadline}, Anchor),
        ({r.recipient for r in RULES}, RecipientKind),
        ({r.trigger.event for r in RULES}, Event),
        ({r.trigger.risk for r in RULES}, RiskTest),
        ({r.gate.question for r in RULES if r.gate}, Question),
        ({r.confidence for r in RULES}, Confidence),
        ({holder for r in RULES for holder in r.duty_holder}, Holder),
        ({link for r in RULES for link in r.reach.by}, Link),
    ],
)
def test_nothing_is_defined_that_no_rule_uses(used: set[object], known: type) -> None:
    """A word of the rule language without a rule is a mistake on one side or the other."""
    assert used == set(known)


def test_the_hash_follows_every_byte(tmp_path: Path) -> None:
    """One changed letter, one renamed or one added file: another hash."""
    for file in SHIPPED.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert rule_pack_hash(tmp_path) == rule_pack_hash()
    assert re.fullmatch(r"[0-9a-f]{64}", rule_pack_hash())
    brazil = tmp_path / "br-lgpd.yaml"
    brazil.write_bytes(brazil.read_bytes() + b"\n")
    changed = rule_pack_hash(tmp_path)
    brazil.rename(tmp_path / "br.yaml")
    assert len({rule_pack_hash(), changed, rule_pack_hash(tmp_path)}) == 3


def test_an_empty_folder_is_not_an_answer(tmp_path: Path) -> None:
    """No rules, with or without the places, is an error; never an empty list of duties."""
    with pytest.raises(LawUnknown, match="empty"):
        load_catalog(tmp_path)
    with pytest.raises(LawUnknown, match="empty"):
        load_catalog(tmp_path / "missing")
    (tmp_path / "places.yaml").write_text("groups: {}")
    with pytest.raises(LawUnknown, match="empty"):
        load_catalog(tmp_path)


GOOD = """
rules:
  - id: JP-APPI-26
    regime: Act on the Protection of Personal Information
    citation: Art. 26
    duty_holder: [controller]
    recipient: authority
    recipient_name: "Authority of {place}"
    reach: {place: JP, by: [residents]}
    trigger: {event: any breach, risk: none, data: {certain: anything}}
    deadline: {anchor: aware, hours: 72}
    in_force: {since: 2022-04-01}
    source: a test
    confidence: verified-primary
    as_of: 2026-11-22
"""


def test_a_law_is_added_without_python(tmp_path: Path) -> None:
    """A new file is a new law."""
    (tmp_path / "jp.yaml").write_text(GOOD)
    assert [rule.id for rule in load_catalog(tmp_path).rules] == ["JP-APPI-26"]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("source: a test", "source: a test\n    colour: red", "rules.0.colour"),
        ("anchor: aware", "anchor: full_moon", "rules.0.deadline.anchor"),
        ("hours: 72", "hours: 72, calendar_days: 3", "exactly one"),
        ("hours: 72", "business_days: 3", "rules.0.deadline.business_days"),
        ("certain: anything", "certain: name and passwords", "position 10"),
        ("place: JP", "place: EU", "group EU"),
        ("place: JP", "place: EFTA", "group EFTA"),
        ("{place}", "{member}", "recipient_name"),
        ("2022-04-01", "2022-13-01", "jp.yaml"),
        ("citation: Art. 26", "citation: Art. 26\n    citation: Art. 27", "stands twice"),
        ("data: {certain: anything}", "count: {op: '>', number: 1, scope: residents}", "names its data"),
        (
            "risk: none, data: {certain: anything}}",
            "risk: none}\n    follows: JP-APPI-9",
            "follows a rule that is missing",
        ),
        (
            "hours: 72}",
            "hours: 72}\n    counsel: {why: unclear, law_says: soon, assume: {anchor: aware, asap: true}}",
            "not both",
        ),
        ("rules:", "rules: [", "jp.yaml"),
    ],
)
def test_what_is_not_known_fails_at_load(old: str, new: str, named: str, tmp_path: Path) -> None:
    """An unknown key, anchor, unit, data type or place is an error that names the file and the spot."""
    assert old in GOOD
    (tmp_path / "jp.yaml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(LawUnknown) as failed:
        load_catalog(tmp_path)
    assert named in str(failed.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Two rules of one name would hide each other."""
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)
    with pytest.raises(LawUnknown, match="JP-APPI-26: this id stands twice"):
        load_catalog(tmp_path)


def test_norway_is_not_no() -> None:
    """YAML reads a bare NO as false; the group must hold the country."""
    assert "NO" in load_catalog().groups["EEA"]
    assert len(load_catalog().groups["EU"]) == 27


def test_the_page_that_teaches_it_is_true(tmp_path: Path) -> None:
    """The example in docs/add-a-law.md loads as it stands, and the page names every data type and anchor."""
    page = (ROOT / "docs" / "add-a-law.md").read_text()
    (tmp_path / "xx.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    assert [rule.id for rule in load_catalog(tmp_path).rules] == ["XX-EXAMPLE-1"]
    for word in [*ATOMS, *Anchor, *(kind.value for kind in RecipientKind), *(event.value for event in Event)]:
        assert word in page, word
