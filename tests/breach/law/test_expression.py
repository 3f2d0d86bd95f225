"""The language in which a rule says which data it asks for."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import LawUnknown
from breach.law.expression import ATOMS, Bounds, count_people, parse_expression
from schemas.exposure import DataType

NAME, CARD, EMAIL = DataType.NAME, DataType.PAYMENT_CARD, DataType.EMAIL


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1),
        ("name and", 9),
        ("name nad email", 6),
        ("name  %", 7),
        ("(name or email", 15),
        ("name)", 5),
        ("passwords", 1),
        ("name or or email", 9),
        ("__import__", 1),
        ("name and NAME", 10),
    ],
)
def test_an_error_names_its_position(text: str, position: int) -> None:
    """What cannot be read is refused with the place, counted from 1."""
    with pytest.raises(LawUnknown, match=f"position {position} "):
        parse_expression(text)


def test_and_binds_tighter_than_or() -> None:
    """'a or b and c' is 'a or (b and c)'."""
    persons = {NAME: 0, EMAIL: 0, CARD: 5}
    assert count_people(parse_expression("payment_card or name and email"), persons, 9).high == 5
    assert count_people(parse_expression("(payment_card or name) and email"), persons, 9).high == 0


def test_hostile_depth_is_refused() -> None:
    """A hundred thousand brackets end in an error, not in a crash."""
    with pytest.raises(LawUnknown, match="brackets"):
        parse_expression("(" * 100_000)


def test_counts_give_the_tightest_bounds() -> None:
    """Of 10 people, 7 names and 6 cards: 3 to 6 have both (7+6-10), 7 to 10 have one."""
    persons = {NAME: 7, CARD: 6}
    assert count_people(parse_expression("name and payment_card"), persons, 10) == Bounds(3, 6)
    assert count_people(parse_expression("name or payment_card"), persons, 10) == Bounds(7, 10)
    assert count_people(parse_expression("anything"), {}, 10) == Bounds(10, 10)


TEXTS = st.recursive(
    st.sampled_from([*ATOMS, "anything"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=8,
)


@given(TEXTS, st.lists(st.sets(st.sampled_from(list(DataType)), min_size=1), max_size=12))
def test_bounds_hold_for_every_distribution(text: str, leaked: list[set[DataType]]) -> None:
    """Whatever each single person lost, the true count lies within the bounds made from the totals alone."""
    persons = {kind: sum(kind in one for one in leaked) for kind in DataType}
    readable = text.replace("anything", "True")
    for name in sorted(ATOMS, key=len, reverse=True):
        readable = readable.replace(name, f"@{ATOMS[name].name}@")
    true = 0
    for one in leaked:
        clause = readable
        for kind in DataType:
            clause = clause.replace(f"@{kind.name}@", str(kind in one))
        true += bool(eval(clause))  # noqa: S307 - an independent judge, made of True, False, and, or
    bounds = count_people(parse_expression(text), persons, len(leaked))
    assert bounds.low <= true <= bounds.high


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the parser fail in another way."""
    with suppress(LawUnknown):
        parse_expression(text)
