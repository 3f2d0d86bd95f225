"""The rule pack: complete, dated, cited; and what is wrong with a pack stops everything."""

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from breach.errors import LawUnknown
from breach.law.catalog import load_catalog, rule_pack_hash
from breach.law.deadline import Asked, OrderKind, ParamName, Word
from breach.law.elements import LAW_ELEMENTS
from breach.law.expression import ATOMS, names_in
from breach.law.graph import anchors_in, walk
from breach.law.rule import Counsel, Count, Data, Definition, Rule
from breach.law.say import say_deadline
from breach.law.vocabulary import (
    Confidence,
    Encryption,
    Happening,
    Holder,
    Link,
    Question,
    RecipientKind,
    RuleStatus,
    Scope,
)
from schemas.law_facts import Anchor, RiskTest, Sector

CATALOG = load_catalog()
RULES = CATALOG.rules
UNCITED = {"MX-LFPDPPP"}
"""The table names the law and no article of it."""
MEMORY_UNFLAGGED = {"EEA-GDPR-33"}
"""Written by hand: the confidence alone makes it a question."""
ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "breach" / "law" / "rules"


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_rule_can_be_checked_by_a_lawyer(rule: Rule) -> None:
    """It cites, is dated, names whom to tell and what was read, its data parse, its place exists."""
    assert (
        re.search(r"\d", rule.citation) or rule.counsel or rule.status is not RuleStatus.IN_FORCE or rule.id in UNCITED
    )
    if rule.in_force and rule.status is not RuleStatus.PENDING:
        assert rule.in_force.since < rule.as_of
    assert rule.as_of <= date(2026, 11, 22)
    assert rule.in_force or rule.counsel or rule.status is not RuleStatus.IN_FORCE
    assert rule.recipient_name
    assert rule.source
    data = CATALOG.data(rule)
    assert data.certainly() or data.possibly()
    assert say_deadline(rule.clock)
    assert anchors_in(rule.clock) <= set(Anchor)
    assert rule.confidence is not Confidence.MEMORY or rule.counsel or rule.id in MEMORY_UNFLAGGED


@pytest.mark.parametrize("one", CATALOG.definitions, ids=[one.place for one in CATALOG.definitions])
def test_every_definition_can_be_checked_by_a_lawyer(one: Definition) -> None:
    """It cites, is dated, says what was read, its data parse, and it answers the four usual leaks."""
    assert one.citation
    assert one.source
    assert one.as_of <= date(2026, 11, 22)
    assert one.data.certainly()
    assert all(one.answers.model_dump().values())


def test_the_pack_is_whole() -> None:
    """All rows of both tables are held: 365 duties in 115 jurisdictions, 77 definitions, each once."""
    assert len({rule.id for rule in RULES}) == len(RULES) == 365
    assert len({one.place for one in CATALOG.definitions}) == len(CATALOG.definitions) == 77
    assert {str(rule.confidence): sum(r.confidence is rule.confidence for r in RULES) for rule in RULES} == {
        "verified-primary": 223,
        "verified-secondary": 93,
        "memory": 49,
    }


def clock_parts() -> set[object]:
    return {
        getattr(part, name)
        for rule in RULES
        for part in walk(rule.clock)
        for name in ("kind", "word", "asked", "name")
        if hasattr(part, name)
    }


@pytest.mark.parametrize(
    ("used", "known"),
    [
        ({anchor for r in RULES for anchor in anchors_in(r.clock)}, Anchor),
        ({r.recipient for r in RULES}, RecipientKind),
        ({r.trigger.event for r in RULES}, Happening),
        ({r.trigger.risk for r in RULES}, RiskTest),
        ({r.gate.question for r in RULES if r.gate}, Question),
        ({r.sector for r in RULES if r.sector}, Sector),
        ({r.status for r in RULES}, RuleStatus),
        ({r.confidence for r in RULES}, Confidence),
        ({r.trigger.count.scope for r in RULES if r.trigger.count}, Scope),
        ({holder for r in RULES for holder in r.duty_holder}, Holder),
        ({link for r in RULES for link in r.reach.by}, Link),
        (
            {CATALOG.data(r).encryption for r in RULES} | {one.data.encryption for one in CATALOG.definitions},
            Encryption,
        ),
        ({part for part in clock_parts() if isinstance(part, OrderKind)}, OrderKind),
        ({part for part in clock_parts() if isinstance(part, Word)}, Word),
        ({part for part in clock_parts() if isinstance(part, Asked)}, Asked),
        ({part for part in clock_parts() if isinstance(part, ParamName)}, ParamName),
    ],
)
def test_nothing_is_defined_that_no_rule_uses(used: set[object], known: type) -> None:
    """A word of the rule language without a rule is a mistake on one side or the other."""
    assert used == set(known)


def test_every_element_is_asked_for_by_some_law() -> None:
    """The elements that laws name beside the taxonomy are exactly those that stand in an expression."""
    texts = [data for rule in RULES for data in (CATALOG.data(rule),)]
    texts += [one.data for one in CATALOG.definitions]
    texts += [Data(certain=r.trigger.count.or_data) for r in RULES if r.trigger.count and r.trigger.count.or_data]
    found = {name for data in texts for part in (data.certainly(), data.possibly()) if part for name in names_in(part)}
    assert found & set(LAW_ELEMENTS) == set(LAW_ELEMENTS)


def test_every_field_of_a_rule_is_filled_by_some_rule() -> None:
    """A key that no file writes would be dead weight in the schema."""

    def filled(records: list[BaseModel]) -> set[str]:
        return {name for record in records for name in record.model_fields_set}

    rules = list(RULES)
    assert filled(rules) == set(Rule.model_fields)
    assert filled([r.reach for r in rules]) == set(type(rules[0].reach).model_fields)
    assert filled([r.trigger for r in rules]) == set(type(rules[0].trigger).model_fields)
    assert filled([r.trigger.count for r in rules if r.trigger.count]) == set(Count.model_fields)
    assert filled([r.counsel for r in rules if r.counsel]) == set(Counsel.model_fields)
    assert filled(list(CATALOG.definitions)) == set(Definition.model_fields)


def test_the_hash_follows_every_byte(tmp_path: Path) -> None:
    """One changed letter, one renamed or one added file: another hash."""
    for file in SHIPPED.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert rule_pack_hash(tmp_path) == rule_pack_hash()
    assert re.fullmatch(r"[0-9a-f]{64}", rule_pack_hash())
    brazil = tmp_path / "br.yaml"
    brazil.write_bytes(brazil.read_bytes() + b"\n")
    changed = rule_pack_hash(tmp_path)
    brazil.rename(tmp_path / "brazil.yaml")
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
    deadline: aware+72h
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
        ("aware+72h", "full_moon+72h", "position 1 should be an anchor"),
        ("aware+72h", "aware+72h extra", "position 11"),
        ("aware+72h", "aware+72x", "position 9 should be a unit"),
        ("aware+72h", "aware+3bd", "business days need a calendar"),
        ("aware+72h", "aware+3bd\n    calendar: ZZ", "No calendar of public holidays is kept for ZZ"),
        ("aware+72h", "notice(JP-APPI-27)+3cd", "a rule that is missing: JP-APPI-27"),
        ("aware+72h", "asap(with_individual_notice)", "needs 'follows'"),
        ("aware+72h", "risk_assessed_high+3cd", "starts no counted clock"),
        ("aware+72h", "not_later_than(JP-APPI-26)", "in a circle: JP-APPI-26 -> JP-APPI-26"),
        ("data: {certain: anything}", "data: definition", "the file holds none"),
        ("    in_force: {since: 2022-04-01}\n", "", "says since when"),
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
    for word in [*ATOMS, *Anchor, *(kind.value for kind in RecipientKind), *(event.value for event in Happening)]:
        assert word in page, word
