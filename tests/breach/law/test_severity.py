"""ENISA's formula: the method's own examples for its parts, sums by hand, borders, and what is not known."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from breach.law.severity import (
    ADJUSTMENTS,
    CIRCUMSTANCES,
    Circumstance,
    DataClass,
    DataHit,
    Happened,
    Identification,
    Level,
    Override,
    SeverityInput,
    assess_severity,
    final_level,
    level_of,
)

EI = {0.25: Identification.NEGLIGIBLE, 0.75: Identification.SIGNIFICANT, 1: Identification.MAXIMUM}


def hit(kind: str, adjustment: int = 0) -> DataHit:
    return DataHit(kind=DataClass(kind), adjustment=adjustment, reason="as the example says")


def judged(
    hits: list[DataHit], ease: Identification | None, parts: dict[Circumstance, str], **more: object
) -> SeverityInput:
    around = tuple(Happened(part=part, value=Decimal(value), reason="as told") for part, value in parts.items())
    about = {"people": 40, "unintelligible": False, "judged_by": "lead-a"} | more
    return SeverityInput(
        data=tuple(hits), identification=ease, identification_reason="as told", circumstances=around, **about
    )


@pytest.mark.parametrize(
    ("kind", "adjustment", "score"),
    [
        ("simple", 0, 1),  # customer list of a supermarket
        ("simple", 1, 2),  # of a luxury car dealer
        ("simple", 2, 3),  # of an e-pharmacy
        ("simple", 3, 4),  # names of undercover agents
        ("behavioural", -1, 1),  # calls to the help desk of an internet provider
        ("behavioural", 0, 2),  # one week of call traffic
        ("behavioural", 1, 3),  # one year of it
        ("behavioural", 2, 4),  # calls to a psychological support line
        ("financial", -2, 1),  # a letter that only shows a bank relationship
        ("financial", -1, 2),  # transactions of one day
        ("financial", 0, 3),  # balances of one month
        ("financial", 1, 4),  # statements of one year
        ("sensitive", -3, 1),  # "blood tests were done"
        ("sensitive", -2, 2),
        ("sensitive", -1, 3),  # a test for a named disease
        ("sensitive", 0, 4),  # the results; political opinions in a closed forum
    ],
)
def test_the_documents_own_examples_of_context(kind: str, adjustment: int, score: int) -> None:
    """Section on DPC: each example with its value."""
    assert hit(kind, adjustment).score == score


M = Circumstance.MALICE


@pytest.mark.parametrize(
    ("hits", "ease", "values", "number", "level"),
    [
        # Nicknames and strong hashes from a hobby forum by an attack: 1 x 0.25 + 0.5 + 0.5
        ([hit("simple")], 0.25, ("0.50", "0.00", "0.00", "0.50"), "1.25", Level.LOW),
        # Addresses in Cc to 40 members: 1 x 0.75 + 0.25
        ([hit("simple")], 0.75, ("0.25", "0.00", "0.00", "0.00"), "1.00", Level.LOW),
        # The same for a support group: 3 x 0.75 + 0.25
        ([hit("simple", 2)], 0.75, ("0.25", "0.00", "0.00", "0.00"), "2.50", Level.MEDIUM),
        # Direct messages of a closed server published with names: the highest class counts, 4 x 1 + 0.5 + 0.5
        ([hit("simple"), hit("sensitive")], 1, ("0.50", "0.00", "0.00", "0.50"), "5.00", Level.VERY_HIGH),
        # Ransomware, backup fails: 1 x 1 + 0.5 + 0.5
        ([hit("simple")], 1, ("0.00", "0.00", "0.50", "0.50"), "2.00", Level.MEDIUM),
    ],
)
def test_sums_by_hand(hits: list[DataHit], ease: float, values: tuple[str, ...], number: str, level: Level) -> None:
    """SE = DPC x EI + C + I + A + M."""
    found = assess_severity(judged(hits, EI[ease], dict(zip(Circumstance, values, strict=True))))
    assert (found.lowest, found.highest) == (Decimal(number), Decimal(number))
    assert found.level is found.level_if_lowest is level
    assert len(found.factors) == 6
    assert all(factor.reason and len(factor.alternatives) >= 2 for factor in found.factors)


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("1.99", Level.LOW),
        ("2", Level.MEDIUM),
        ("2.99", Level.MEDIUM),
        ("3", Level.HIGH),
        ("3.99", Level.HIGH),
        ("4", Level.VERY_HIGH),
    ],
)
def test_a_border_belongs_to_the_higher_level(number: str, level: Level) -> None:
    """SE < 2, 2 <= SE < 3, 3 <= SE < 4, SE >= 4."""
    assert level_of(Decimal(number)) is level


def test_what_is_not_known_is_a_range_and_counts_as_the_worse() -> None:
    """Nobody knows how far it went nor who did it: 1 x 0.25 … 1 x 1 + 2."""
    found = assess_severity(judged([hit("simple")], None, {}))
    assert (found.lowest, found.highest) == (Decimal("0.25"), Decimal("3.00"))
    assert (found.level_if_lowest, found.level) == (Level.LOW, Level.HIGH)
    assert any("nobody has said so yet" in factor.reason for factor in found.factors)


def test_many_people_and_protected_data_are_flags_and_move_no_number() -> None:
    """More than 100, not 100; the number is the same."""
    parts = dict.fromkeys(Circumstance, "0.00")
    plain = assess_severity(judged([hit("sensitive")], EI[1], parts, people=100))
    flagged = assess_severity(judged([hit("sensitive")], EI[1], parts, people=101, unintelligible=True))
    assert plain.flags == ()
    assert flagged.flags == ("more than 100 individuals", "data unintelligible")
    assert flagged.highest == plain.highest


def test_downward_only_with_counsel() -> None:
    """A named person may raise the level with a sentence, and lower it only when counsel agreed."""
    found = assess_severity(judged([hit("sensitive")], EI[0.75], dict.fromkeys(Circumstance, "0.00")))
    assert found.level is Level.HIGH
    up = Override(level=Level.VERY_HIGH, sentence="minors are among them", decided_by="lead-a")
    down = Override(level=Level.LOW, sentence="the recipient is trusted", decided_by="lead-a")
    assert final_level(found, up) is Level.VERY_HIGH
    with pytest.raises(ValueError, match="counsel"):
        final_level(found, down)
    assert final_level(found, down.model_copy(update={"counsel_agreed": True})) is Level.LOW
    assert final_level(found, None) is Level.HIGH


@pytest.mark.parametrize(("kind", "adjustment"), [("simple", -1), ("simple", 4), ("sensitive", 1), ("financial", 2)])
def test_only_the_methods_own_adjustments(kind: str, adjustment: int) -> None:
    """Anything else is refused, not clamped."""
    with pytest.raises(ValidationError, match="no such adjustment"):
        hit(kind, adjustment)


def test_only_the_methods_own_circumstances() -> None:
    """Malice is nothing or a half."""
    with pytest.raises(ValidationError, match="no such value"):
        Happened(part=M, value=Decimal("0.25"), reason="as told")


HITS = st.sampled_from(list(DataClass)).flatmap(
    lambda kind: st.builds(hit, st.just(kind.value), st.sampled_from(sorted(ADJUSTMENTS[kind])))
)
PARTS = st.fixed_dictionaries(
    {}, optional={part: st.sampled_from([str(value) for value in CIRCUMSTANCES[part]]) for part in Circumstance}
)


@given(st.lists(HITS, min_size=1, max_size=4), st.sampled_from([None, *Identification]), PARTS, HITS)
def test_more_data_never_makes_it_milder(
    hits: list[DataHit], ease: Identification | None, parts: dict[Circumstance, str], another: DataHit
) -> None:
    """The number lies within the method's bounds, and another class of data never lowers it."""
    found = assess_severity(judged(hits, ease, parts))
    more = assess_severity(judged([*hits, another], ease, parts))
    assert Decimal("0.25") <= found.lowest <= found.highest <= 6
    assert more.lowest >= found.lowest
    assert more.highest >= found.highest
