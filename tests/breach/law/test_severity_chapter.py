"""The severity of a case: derived from what leaked, open where nobody knows, adjusted only by a named person."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.law.severity_chapter import judge_severity, refuse_lowering, severity_of
from breach.law.severity_data import TABLE, ease_of, hits_of
from breach.steps import Work
from breach.store import get_record, put_record
from schemas.exposure import Certainty, DataType, ExposureSummary, TypeCount
from schemas.incident import Facts, IncidentFacts
from schemas.law_facts import LawFacts, LeakedElement, Protection, SeverityJudgement
from schemas.receipt import Chapter, Receipt
from schemas.severity import Level, SeverityChoice, SeverityRecord

Make = Callable[..., Facts]
Exposure = Callable[..., ExposureSummary]


def leaked(exposure_of: Exposure, *kinds: DataType, people: int = 40, minors: int = 0) -> ExposureSummary:
    counts = {kind: TypeCount(persons=people, records=people, certainty=Certainty.EXACT) for kind in kinds}
    return exposure_of({"DE": people}).model_copy(update={"by_type": counts, "minors": minors, "affected": people})


def said(choice: SeverityChoice, *, counsel: bool = False) -> SeverityJudgement:
    return SeverityJudgement(choice=choice, sentence="as we see it tonight", decided_by="mara", counsel_agreed=counsel)


def with_law(facts_of: Make, *judgements: SeverityJudgement, **more: object) -> IncidentFacts:
    return facts_of(law=LawFacts.model_validate({"severity": judgements, **more})).incident


def test_nicknames_of_an_attack_by_hand(facts_of: Make, exposure_of: Exposure) -> None:
    """DPC 1, EI 0.25, C 0.5, I 0, A 0, M 0.5: SE = 1 x 0.25 + 1.0 = 1.25, low, once a person has said the rest."""
    incident = with_law(
        facts_of,
        said(SeverityChoice.CONFIDENTIALITY_PUBLIC),
        said(SeverityChoice.INTEGRITY_NONE),
        said(SeverityChoice.AVAILABILITY_NONE),
        attack=True,
    )
    found = severity_of(leaked(exposure_of, DataType.USERNAME), incident)

    assert (found.lowest, found.highest, found.level) == (Decimal("1.25"), Decimal("1.25"), Level.LOW)


def test_what_nobody_knows_runs_from_the_mildest_to_the_worst(facts_of: Make, exposure_of: Exposure) -> None:
    """E-mail addresses: DPC 1 x EI 0.75; four circumstances of at most 0.5 each stand open: 0.75 to 2.75."""
    found = severity_of(leaked(exposure_of, DataType.EMAIL), with_law(facts_of))

    assert (found.lowest, found.highest) == (Decimal("0.75"), Decimal("2.75"))
    assert (found.level_if_lowest, found.level) == (Level.LOW, Level.MEDIUM)
    assert all(factor.alternatives and factor.reason for factor in found.factors)


def test_posts_of_a_closed_area_count_as_if_they_showed_beliefs(facts_of: Make, exposure_of: Exposure) -> None:
    """Nobody has read them: class 4, and the reason says so."""
    found = severity_of(leaked(exposure_of, DataType.EMAIL, DataType.CLOSED_AREA_POSTS), with_law(facts_of))

    assert found.factors[0].highest == 4
    assert "nobody has read" in found.factors[0].reason


def test_minors_make_simple_data_critical(facts_of: Make, exposure_of: Exposure) -> None:
    """ENISA, simple +3: the people's own situation."""
    found = severity_of(leaked(exposure_of, DataType.EMAIL, minors=2), with_law(facts_of))

    assert found.factors[0].highest == 4
    assert "2 minors" in found.factors[0].reason


def test_readable_passwords_are_at_least_high_and_that_is_our_rule(facts_of: Make, exposure_of: Exposure) -> None:
    """The formula does not know of reuse; the level does, and says whose rule that is."""
    password = LeakedElement(element="password", protection=Protection.PLAIN, source="the dump")
    everything_mild = [
        said(SeverityChoice.DATA_BETTER_BY_1, counsel=True),
        *(said(one, counsel=True) for one in SeverityChoice if one.name.endswith(("_NONE", "_NEGLIGIBLE"))),
    ]
    found = severity_of(
        leaked(exposure_of, DataType.USERNAME), with_law(facts_of, *everything_mild, elements=(password,))
    )

    assert found.computed is Level.LOW
    assert found.level is Level.HIGH
    assert any("our own rule" in flag for flag in found.flags)


def test_lower_needs_counsel_and_higher_needs_nobody(facts_of: Make, exposure_of: Exposure) -> None:
    """Down without counsel is refused; with counsel, or up, it counts, with person and sentence."""
    summary = leaked(exposure_of, DataType.EMAIL)
    incident = with_law(facts_of)
    with pytest.raises(BadInput, match="lower the severity from medium to low"):
        refuse_lowering(summary, incident, said(SeverityChoice.LEVEL_LOW))

    refuse_lowering(summary, incident, said(SeverityChoice.LEVEL_HIGH))
    refuse_lowering(summary, incident, said(SeverityChoice.LEVEL_LOW, counsel=True))
    assert severity_of(summary, with_law(facts_of, said(SeverityChoice.LEVEL_HIGH))).level is Level.HIGH
    lowered = severity_of(summary, with_law(facts_of, said(SeverityChoice.LEVEL_LOW, counsel=True)))
    assert (lowered.level, lowered.computed) == (Level.LOW, Level.MEDIUM)
    assert lowered.judged == ("mara judged the level: low, counsel agreed: as we see it tonight",)


def test_a_lower_level_without_counsel_never_counts(facts_of: Make, exposure_of: Exposure) -> None:
    """Even if it stood in the facts: new findings that raise the number are not held down by it."""
    found = severity_of(leaked(exposure_of, DataType.EMAIL), with_law(facts_of, said(SeverityChoice.LEVEL_LOW)))

    assert found.level is Level.MEDIUM


def test_to_say_what_nobody_knew_is_not_lowering(facts_of: Make, exposure_of: Exposure) -> None:
    """An open circumstance may be filled; once judged, making it milder needs counsel."""
    summary = leaked(exposure_of, DataType.EMAIL, DataType.NAME)
    refuse_lowering(summary, with_law(facts_of), said(SeverityChoice.CONFIDENTIALITY_NONE))

    judged = with_law(facts_of, *(said(one) for one in SeverityChoice if one.name.endswith(("_LOST", "_PUBLIC"))))
    with pytest.raises(BadInput, match="counsel"):
        refuse_lowering(summary, judged, said(SeverityChoice.CONFIDENTIALITY_NONE))


@given(st.sets(st.sampled_from([*DataType.__members__, "SOMETHING_NEW"]), min_size=1))
def test_no_type_of_data_is_forgotten(names: set[str]) -> None:
    """Every type has a class and a reason; one that no table holds counts as the worst."""
    hits = list(hits_of(names, 0))

    assert len(hits) == len(names)
    assert all(hit.reason for hit in hits)
    if "SOMETHING_NEW" in names:
        assert max(hit.score for hit in hits) == 4


def test_every_type_the_house_knows_has_a_class() -> None:
    """None of today's types falls through the table."""
    known = set[str]().union(*(names for names, *_ in TABLE))

    assert set(DataType.__members__) <= known


def test_a_name_with_an_address_is_the_maximum() -> None:
    """ENISA's table for names: together with e-mail or date of birth, 1.00; an IP address alone, 0.25."""
    assert ease_of({"NAME", "EMAIL"})[0].value == "maximum"
    assert ease_of({"IP_ADDRESS"})[0].value == "negligible"
    assert ease_of({"PURCHASES"}) == (None, "nothing that leaked is an identifier the method speaks of")


def test_the_chapter_freezes_its_answer(
    work_in: Callable[[Facts], Work], facts_of: Make, exposure_of: Exposure
) -> None:
    """Run twice: the same bytes under law/<rev>/severity.json, naming what it was judged on."""
    work = work_in(facts_of())
    summary = leaked(exposure_of, DataType.EMAIL)
    digest = put_record(work.store, key := "exposure/aaaaaaaaaaaa/summary.json", summary)
    exposures = Receipt(
        case_id=work.case.case_id, chapter=Chapter.EXPOSURES, revision="aaaaaaaaaaaa", key=key, digest=digest
    )

    first = judge_severity(work, exposures)

    assert judge_severity(work, exposures) == first
    assert first.key == "law/0123456789ab/severity.json"
    assert get_record(work.store, first.key, SeverityRecord) == severity_of(summary, work.facts.incident)
