"""Duties as a graph: what waits for what, and circles."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import LawUnknown
from breach.law.catalog import load_catalog
from breach.law.deadline_parser import parse_deadline
from breach.law.graph import anchors_in, find_circle, rules_in, uses_business_days

RULE = """
  - id: {id}
    regime: Example Act
    citation: Section 1
    duty_holder: [controller]
    recipient: authority
    recipient_name: The Authority
    reach: {{place: XX, by: [residents]}}
    trigger: {{event: any breach, risk: none, data: {{certain: anything}}}}
    deadline: {deadline}
    in_force: {{since: 2020-01-01}}
    source: a test
    confidence: verified-primary
    as_of: 2026-11-22
"""


def test_a_deadline_tells_what_it_needs() -> None:
    """Anchors, other rules and a calendar, wherever they stand in it."""
    node = parse_deadline("min(with_individual_notice, notice(US-CA-IND)+5bd) unless law_enforcement_hold")
    assert {anchor.value for anchor in anchors_in(node)} == {"with_individual_notice"}
    assert rules_in(node) == {"US-CA-IND"}
    assert uses_business_days(node)
    assert not uses_business_days(parse_deadline("aware+72h"))


def test_a_circle_over_files_is_named(tmp_path: Path) -> None:
    """Each waits for the next: none of them would ever have a date."""
    waits = {"XX-A": "before(XX-B)", "XX-B": "notice(XX-C)+3cd", "XX-C": "not_later_than(XX-A)"}
    for name, deadline in waits.items():
        (tmp_path / f"{name}.yaml").write_text("rules:" + RULE.format(id=name, deadline=deadline))
    with pytest.raises(LawUnknown, match="XX-A -> XX-B -> XX-C -> XX-A"):
        load_catalog(tmp_path)


def test_the_order_of_two_duties_is_told_from_both_sides() -> None:
    """New Jersey: the State Police before the people; so the people after the State Police."""
    orders = load_catalog().orders
    assert orders["US-NJ-AG"] == ("before US-NJ-IND",)
    assert orders["US-NJ-IND"] == ("after US-NJ-AG",)
    assert orders["US-PA-AG"] == ("simultaneous US-PA-IND",)


NODES = st.integers(0, 7).map(str)


@given(st.sets(st.tuples(NODES, NODES), max_size=20))
def test_a_circle_is_found_exactly_when_there_is_one(edges: set[tuple[str, str]]) -> None:
    """Compared with taking away, again and again, whatever waits for nothing."""
    needs: dict[str, set[str]] = {}
    for rule, needed in edges:
        needs.setdefault(rule, set()).add(needed)
    left = {rule: set(needed) for rule, needed in needs.items()}
    while free := [rule for rule, needed in left.items() if not needed & set(left)]:
        for rule in free:
            del left[rule]
    found = find_circle(needs)
    assert bool(found) == bool(left)
    if found:
        assert found[0] == found[-1]
        assert all(then in needs[now] for now, then in pairwise(found))
