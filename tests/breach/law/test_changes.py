"""Whatever the facts become, the difference accounts for every duty: nothing falls away in silence."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breach.law.apply import OPEN
from breach.law.catalog import load_catalog
from breach.law.changes import compare_duties
from breach.law.decide import decide
from schemas.exposure import ExposureSummary
from schemas.incident import Facts
from schemas.law import ChangeKind, DutyList
from schemas.law_facts import (
    Anchor,
    Contract,
    Event,
    Hold,
    LawFacts,
    LeakedElement,
    RiskFinding,
    RiskTest,
    Sector,
    Told,
)

AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)
NOW = AWARE + timedelta(days=20)
AT = st.integers(0, 400).map(lambda hours: AWARE + timedelta(hours=hours))
LAW = st.builds(
    LawFacts,
    events=st.lists(
        st.builds(Event, anchor=st.sampled_from(Anchor), at=AT, source=st.just("a log"), decided_by=st.just("mara")),
        max_size=3,
    ).map(tuple),
    elements=st.lists(
        st.builds(LeakedElement, element=st.sampled_from(["password", "ssn", "medical"]), source=st.just("a dump")),
        max_size=2,
    ).map(tuple),
    told=st.lists(
        st.builds(
            Told, rule_id=st.sampled_from(["EU-GDPR-33-1", "US-CA-IND", "US-MD-AG"]), at=AT, source=st.just("sent")
        ),
        max_size=2,
    ).map(tuple),
    risks=st.lists(
        st.builds(
            RiskFinding,
            test=st.sampled_from(RiskTest),
            met=st.booleans(),
            reason=st.just("as we see it"),
            decided_by=st.just("mara"),
            counsel_agreed=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    hold=st.none() | st.builds(Hold, since=AT, until=st.none(), agency=st.just("the police")),
    contracts=st.lists(
        st.builds(Contract, rule_id=st.just("CT-INSURER"), recipient=st.just("them"), clause=st.just("one")), max_size=2
    ).map(tuple),
    sectors=st.none() | st.lists(st.sampled_from(Sector), max_size=2, unique=True).map(tuple),
    attack=st.sampled_from([None, True, False]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=LAW, after=LAW)
def test_every_duty_that_falls_away_or_appears_is_listed(
    facts_of: Callable[..., Facts],
    exposure_of: Callable[..., ExposureSummary],
    before: LawFacts,
    after: LawFacts,
) -> None:
    """Open before and not now: removed, with a reason. Open now and not before: added. Nothing stands in both."""
    catalog, people = load_catalog(), exposure_of({"DE": 3, "US-CA": 600, "US-MD": 2, "BR": 1})
    old, new = (decide(facts_of(recorded_at=NOW, law=law), people, catalog) for law in (before, after))

    found = compare_duties(old, new, ("a" * 12, "b" * 12), 2, ZoneInfo("Europe/Berlin")).changes

    gone, came = (Counter(_names(found, kind)) for kind in (ChangeKind.REMOVED, ChangeKind.ADDED))
    assert gone - came == _open(old) - _open(new)
    assert came - gone == _open(new) - _open(old)
    assert all(one.why and one.after for one in found)


def _names(found: tuple[object, ...], kind: ChangeKind) -> list[tuple[str, str]]:
    return [(one.rule_id, one.jurisdiction) for one in found if one.what is kind]  # type: ignore[attr-defined]


def _open(duties: DutyList) -> Counter[tuple[str, str]]:
    return Counter((one.rule_id, one.jurisdiction) for one in duties.duties if one.status in OPEN)


def test_the_same_duties_have_no_difference(
    facts_of: Callable[..., Facts], exposure_of: Callable[..., ExposureSummary]
) -> None:
    """Decided again from the same facts, nothing has changed."""
    catalog, people = load_catalog(), exposure_of({"DE": 3})
    duties = decide(facts_of(recorded_at=NOW), people, catalog)

    assert compare_duties(duties, duties, ("a" * 12, "b" * 12), 2, ZoneInfo("UTC")).changes == ()
