"""What holds for every case, whoever lives wherever and whatever leaked."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.exposure import DataType
from schemas.incident import Answer, Certainty, Role
from schemas.law import DutyList, DutyStatus

IN_THE_EU = {"DE", "FR"}
"""Of the places below."""
PLACES = ["DE", "FR", "DE-BY", "GB", "US-CA", "US-MA", "US-NY", "US", "CA-QC", "CA", "BR", "AU", "JP", "NO", "unknown"]
HOMES = ["DE", "GB", "US-CA", "US", "NO", "CH", "AU", "BR", "CA-QC"]
YEARLY_LOGS = {"US-HIPAA-408-LOG", "US-HBNR-LOG"}
"""For fewer than 500 people; from 500 on, US-HIPAA-408 and US-HBNR-FTC take their place, and the reason says so."""
Many = Callable[..., DutyList]
People = dict[str, int]
Matrix = dict[str, dict[DataType, int]]


@st.composite
def exposures(draw: st.DrawFn) -> tuple[People, Matrix]:
    """People per place, and for each place at least one data type that at most all of them lost."""
    people = draw(st.dictionaries(st.sampled_from(PLACES), st.integers(1, 700), max_size=8))
    kinds = st.sampled_from(list(DataType))
    matrix = {place: draw(st.dictionaries(kinds, st.integers(1, n), min_size=1)) for place, n in people.items()}
    return people, matrix


ORGANISATIONS = st.fixed_dictionaries(
    {
        "established_in": st.sampled_from(HOMES),
        "role": st.sampled_from(list(Role)),
        "turnover_over_aud_3m": st.sampled_from(list(Answer)),
        "certainty": st.sampled_from(list(Certainty)),
    }
)


@settings(deadline=None, max_examples=40)  # 366 rules a case: a busy machine needs its time
@given(exposures(), ORGANISATIONS)
def test_every_place_gets_an_answer(duties_of: Many, exposure: tuple[People, Matrix], about: dict[str, object]) -> None:
    """Each jurisdiction among the affected people has a duty or a question, never only the wrong holder's rule."""
    people, matrix = exposure
    duties = duties_of(people, matrix, **about).duties
    assert duties
    for place in people:
        country = place.partition("-")[0]
        names = {place, country} | ({"EU"} if country in IN_THE_EU else set())
        answers = [d for d in duties if d.jurisdiction in names]
        assert answers, place
        assert any("'s duty" not in d.reason and "processor's" not in d.reason for d in answers), place
    assert all(d.reason and d.citation and d.recipient_name for d in duties)
    assert all(d.due_at is None or d.status is DutyStatus.DUE for d in duties)


@settings(deadline=None, max_examples=40)  # 366 rules a case: a busy machine needs its time
@given(exposures(), exposures(), ORGANISATIONS, st.integers(0, 3))
def test_learning_that_more_was_exposed_removes_no_duty(
    duties_of: Many,
    exposure: tuple[People, Matrix],
    more: tuple[People, Matrix],
    about: dict[str, object],
    unmatched: int,
) -> None:
    """More people, more places, more types, unknown authors: what applied still applies, what was due is still due.

    From the first affected person on: while nobody is known, the home's rules stay open for people who may be there.
    """
    people, matrix = exposure
    assume(people)
    grown = {place: people.get(place, 0) + more[0].get(place, 0) for place in people | more[0]}
    types: Matrix = {}
    for place in grown:
        old, new = matrix.get(place, {}), more[1].get(place, {})
        types[place] = {kind: old.get(kind, 0) + new.get(kind, 0) for kind in old | new}
    before = {(d.rule_id, d.jurisdiction): d for d in duties_of(people, matrix, **about).duties}
    after = {(d.rule_id, d.jurisdiction): d for d in duties_of(grown, types, unmatched=unmatched, **about).duties}
    for key, duty in before.items():
        if key[0] in YEARLY_LOGS and "another duty" in after[key].reason:
            continue
        if duty.status is not DutyStatus.DOES_NOT_APPLY:
            assert after[key].status is not DutyStatus.DOES_NOT_APPLY, key
        if duty.status is DutyStatus.DUE:
            assert after[key].status is DutyStatus.DUE, key


@settings(deadline=None, max_examples=40)  # 366 rules a case: a busy machine needs its time
@given(exposures(), ORGANISATIONS)
def test_other_facts_may_change_a_duty_but_never_its_line(
    duties_of: Many, exposure: tuple[People, Matrix], about: dict[str, object]
) -> None:
    """Another role, home or turnover: every rule still has its line, and a line that fell away gives the reason."""
    people, matrix = exposure
    rules = {d.rule_id for d in duties_of(people, matrix).duties if not d.rule_id.startswith("ASK-")}
    after = duties_of(people, matrix, **about).duties
    assert rules <= {d.rule_id for d in after}
    assert all(d.reason for d in after if d.status is DutyStatus.DOES_NOT_APPLY)


@pytest.mark.parametrize("answer", list(Answer))
@settings(deadline=None, max_examples=30)
@given(exposure=exposures())
def test_not_knowing_is_never_milder_than_yes(duties_of: Many, answer: Answer, exposure: tuple[People, Matrix]) -> None:
    """An unknown turnover gives the same clocks as a large one."""
    unknown = duties_of(*exposure, turnover_over_aud_3m=Answer.UNKNOWN).duties
    known = duties_of(*exposure, turnover_over_aud_3m=answer).duties
    clocks = {(d.rule_id, d.jurisdiction): d.due_at for d in unknown if d.due_at}
    assert all(clocks[d.rule_id, d.jurisdiction] == d.due_at for d in known if d.due_at)
