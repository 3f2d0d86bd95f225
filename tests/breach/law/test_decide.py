"""Which duties a case has: expected outcomes from the laws themselves."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from breach.errors import BadInput, Conflict, Tampered
from breach.folder_store import FolderStore
from breach.law.catalog import load_catalog, rule_pack_hash
from breach.law.chapter import decide_duties
from breach.law.ics import duties_calendar
from breach.steps import Work
from breach.store import get_record, put_record
from schemas.exposure import DataType, ExposureSummary
from schemas.incident import Answer, CaseRef, Certainty, Facts, Role
from schemas.law import Duty, DutyList, DutyStatus
from schemas.law_facts import Contract, Event, Hold, LawFacts, LeakedElement, Told
from schemas.receipt import Chapter, Receipt

DUE, MAY, NOT, ASK = (
    DutyStatus.DUE,
    DutyStatus.MAY_BECOME_DUE,
    DutyStatus.DOES_NOT_APPLY,
    DutyStatus.ASK_COUNSEL,
)
NAME, CARD, EMAIL, POSTS = DataType.NAME, DataType.PAYMENT_CARD, DataType.EMAIL, DataType.CLOSED_AREA_POSTS
One, Many = Callable[..., Duty], Callable[..., DutyList]
EARLIER = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_german_community_files_once_for_everybody(duty_of: One) -> None:
    """Art. 33(1) with an establishment in the EU: the lead authority, 72 hours, people of all countries."""
    duty = duty_of("EU-GDPR-33-1", {"DE": 10, "FR": 5, "JP": 2})
    assert (duty.status, duty.people) == (DUE, 17)
    assert duty.due_at is not None
    assert duty.due_at.isoformat() == "2026-11-11T19:30:00+01:00"
    assert "Germany" in duty.recipient_name
    assert "Nobody has assessed the risk yet" in duty.reason
    assert duty_of("EU-GDPR-33-1-NONEU", {"DE": 10, "FR": 5}).status is NOT


def test_a_community_outside_the_eu_files_in_every_member_state(duties_of: Many) -> None:
    """Nine states with residents: nine filings (EDPB 9/2022, paragraph 73); and none to a lead authority."""
    nine = dict.fromkeys(["DE", "FR", "IT", "ES", "NL", "PL", "SE", "IE", "AT"], 3)
    duties = duties_of({**nine, "US-TX": 9}, established_in="US-TX").duties
    filings = [d for d in duties if d.rule_id == "EU-GDPR-33-1-NONEU"]
    assert {d.jurisdiction for d in filings} == set(nine)
    assert all(d.status is DUE and d.people == 3 and d.due_at for d in filings)
    assert [d.status for d in duties if d.rule_id == "EU-GDPR-33-1"] == [NOT]


def test_telling_people_has_no_hour(duty_of: One) -> None:
    """Art. 34(1) says without undue delay: due, but no time is made up."""
    duty = duty_of("EU-GDPR-34-1", {"DE": 10})
    assert (duty.status, duty.due_at, duty.assume_by) == (DUE, None, None)
    assert "taken as high until somebody does" in duty.reason


def test_a_processor_tells_its_controller(duty_of: One) -> None:
    """Art. 33(2) is a processor's duty, the rest is the controller's and says so."""
    assert duty_of("EU-GDPR-33-2", {"DE": 1}, role=Role.PROCESSOR).status is DUE
    filing = duty_of("EU-GDPR-33-1", {"DE": 1}, role=Role.PROCESSOR)
    assert filing.status is NOT
    assert "controller's duty" in filing.reason
    assert duty_of("EU-GDPR-33-2", {"DE": 1}).status is NOT
    assert duty_of("EU-GDPR-33-1", {"DE": 1}, role=Role.JOINT).status is DUE


def test_the_uk_is_filed_apart(duty_of: One) -> None:
    """Members in Great Britain: the ICO within 72 hours, whatever is filed in the EU."""
    duty = duty_of("GB-UKGDPR-33-1", {"GB": 4, "DE": 3})
    assert (duty.status, duty.people) == (DUE, 4)
    assert duty.due_at == datetime(2026, 11, 11, 18, 30, tzinfo=UTC)


def test_california_does_not_count_email_and_user_name(duty_of: One) -> None:
    """1798.82(h): an address or user name counts only with its password; said with what was exposed."""
    duty = duty_of("US-CA-IND", {"US-CA": 900})
    assert duty.status is NOT
    assert "email address" in duty.reason


def test_a_card_without_its_code_may_count_in_california(duty_of: One) -> None:
    """Whether the code leaked is not known: may become due, by 30 calendar days, in the open."""
    duty = duty_of(
        "US-CA-IND",
        {"US-CA": 9},
        {"US-CA": {NAME: 9, CARD: 4}},
        established_in="US-CA",
        time_zone="America/Los_Angeles",
    )
    assert (duty.status, duty.people, duty.due_at) == (MAY, 4, None)
    assert duty.assume_by is not None
    assert duty.assume_by.isoformat() == "2026-12-08T23:59:00-08:00"
    assert "code" in duty.reason


def test_posts_nobody_has_searched_are_not_a_no(duty_of: One) -> None:
    """Posts may hold what the taxonomy cannot see yet: never a silent 'does not apply'."""
    for rule in ("US-CA-IND", "US-MA-IND"):
        place = rule[:5]
        assert duty_of(rule, {place: 9}, {place: {POSTS: 2}}).status is MAY


@pytest.mark.parametrize(
    ("residents", "unknown", "status"), [(500, 0, NOT), (501, 0, MAY), (450, 50, NOT), (450, 51, MAY)]
)
def test_the_attorney_general_of_california_from_501(
    residents: int, unknown: int, status: DutyStatus, duty_of: One
) -> None:
    """More than 500 residents; members without a country may be residents; no date before the notice."""
    people = {"US-CA": residents} | ({"unknown": unknown} if unknown else {})
    duty = duty_of("US-CA-AG", people, {place: {POSTS: n} for place, n in people.items()})
    assert (duty.status, duty.due_at, duty.assume_by) == (status, None, None)


def test_california_before_2026_is_a_question(duties_of: Many) -> None:
    """The thirty days are law since 1 January 2026; before, another text was law that is not held here."""
    duties = duties_of({"US-CA": 9}, aware_at=datetime(2025, 12, 31, 12, tzinfo=UTC)).duties
    rule = next(d for d in duties if d.rule_id == "US-CA-IND")
    assert rule.status is NOT
    assert "2026-01-01" in rule.reason
    assert any(d.status is ASK and d.jurisdiction == "US-CA" for d in duties)
    after = duties_of({"US-CA": 9}, aware_at=datetime(2026, 1, 1, 12, tzinfo=UTC)).duties
    assert not any(d.status is ASK and d.jurisdiction == "US-CA" for d in after)


def test_massachusetts_counts_a_card_with_a_name(duties_of: Many) -> None:
    """93H s. 1: with or without the code. Residents, Attorney General and OCABR; as soon as possible."""
    duties = duties_of({"US-MA": 5}, {"US-MA": {NAME: 5, CARD: 1}}).duties
    ours = {d.rule_id: d for d in duties if d.rule_id.startswith("US-MA")}
    for rule in ("US-MA-IND", "US-MA-AG1", "US-MA-AG2"):
        assert (ours[rule].status, ours[rule].due_at) == (DUE, None)
    assert ours["US-MA-OWN"].status is NOT
    no_name = duties_of({"US-MA": 5}, {"US-MA": {EMAIL: 5, CARD: 1}}).duties
    assert next(d for d in no_name if d.rule_id == "US-MA-IND").status is MAY


def test_australia_assesses_in_thirty_days(duty_of: One) -> None:
    """Section 26WH: 30 calendar days from suspicion, here taken from awareness and labelled."""
    duty = duty_of("AU-NDB-26WH", {"AU": 3}, time_zone="Australia/Sydney")
    assert duty.status is DUE
    assert duty.due_at is not None
    # 8 Nov 18:30 UTC is 9 Nov in Sydney; 30 days later is 9 Dec there.
    assert duty.due_at.isoformat() == "2026-12-09T23:59:00+11:00"
    assert "conservative" in duty.reason
    suspected = duty_of("AU-NDB-26WH", {"AU": 3}, certainty=Certainty.SUSPICION)
    assert "conservative" not in suspected.reason


@pytest.mark.parametrize(("answer", "status"), [(Answer.YES, DUE), (Answer.UNKNOWN, DUE), (Answer.NO, ASK)])
def test_a_small_australian_business_asks_counsel(answer: Answer, status: DutyStatus, duty_of: One) -> None:
    """Section 6D: mostly outside, with exceptions; so neither a clock nor a dismissal."""
    for rule in ("AU-NDB-26WH", "AU-NDB-26WK", "AU-NDB-26WL"):
        duty = duty_of(rule, {"AU": 3}, turnover_over_aud_3m=answer)
        assert duty.status is status
        assert ("turnover" in duty.reason) == (answer is not Answer.YES)


def test_brazil_asks_counsel_and_assumes_three_days(duty_of: One) -> None:
    """Three calendar days are never later than three working days."""
    duty = duty_of("BR-LGPD-48-A", {"BR": 3}, time_zone="America/Sao_Paulo")
    assert (duty.status, duty.due_at) == (ASK, None)
    assert duty.assume_by is not None
    assert duty.assume_by.isoformat() == "2026-11-11T23:59:00-03:00"
    assert "working days" in duty.due_rule


def test_quebec_asks_counsel_without_a_date(duty_of: One) -> None:
    """'Promptly' has no hour."""
    duty = duty_of("CA-QC-CAI", {"CA-QC": 3})
    assert (duty.status, duty.due_at, duty.assume_by) == (ASK, None, None)
    assert "as soon as possible" in duty.due_rule


def test_a_rule_from_memory_sets_no_clock(duty_of: One) -> None:
    """Norway's rule was written from memory: 72 hours are worth working by, and no legal deadline."""
    duty = duty_of("EEA-GDPR-33", {"NO": 3})
    assert (duty.status, duty.due_at, duty.jurisdiction) == (ASK, None, "NO")
    assert duty.assume_by == datetime(2026, 11, 11, 18, 30, tzinfo=UTC)


def test_norway_has_the_one_stop_shop(duties_of: Many) -> None:
    """An organisation in Norway is inside the EEA: not one filing per Member State."""
    duties = duties_of({"DE": 3, "FR": 2}, established_in="NO").duties
    assert [d.status for d in duties if d.rule_id == "EU-GDPR-33-1-NONEU"] == [NOT]
    home = next(d for d in duties if d.rule_id == "EEA-GDPR-33")
    assert (home.status, home.people) == (ASK, 5)


def test_every_other_place_is_a_question_with_its_count(duties_of: Many) -> None:
    """Morocco, Fiji, members of unknown country and authors nobody knows: asked, named, counted."""
    duties = duties_of({"MA": 3, "FJ": 4, "unknown": 5}, unmatched=2).duties
    asked = {d.jurisdiction: d for d in duties if d.rule_id.startswith("ASK-")}
    assert {place: d.people for place, d in asked.items()} == {"MA": 3, "FJ": 4, "unknown": 7}
    assert "Morocco" in asked["MA"].recipient_name
    assert all(d.status is ASK and d.due_at is None for d in asked.values())


def test_home_is_asked_about_even_without_members_there(duties_of: Many) -> None:
    """An organisation in Fiji with members in Germany: the law of Fiji is still a question."""
    duties = duties_of({"DE": 3}, established_in="FJ").duties
    assert [d.jurisdiction for d in duties if d.rule_id.startswith("ASK-")] == ["FJ"]


def test_free_text_in_the_country_column_is_never_shown(duties_of: Many) -> None:
    """What is no country code counts as unknown; the words stay out of the record."""
    duties = duties_of({"Xq7-my street 5": 2, "unknown": 1})
    assert "street" not in duties.model_dump_json()
    assert next(d for d in duties.duties if d.rule_id == "ASK-UNKNOWN").people == 3


def test_a_processor_is_not_left_without_a_line(duties_of: Many) -> None:
    """The Brazilian rules held here bind controllers: a processor gets the question instead."""
    duties = duties_of({"BR": 3}, role=Role.PROCESSOR).duties
    assert [d.status for d in duties if d.jurisdiction == "BR"] == [*[NOT] * 5, ASK]


def test_each_promise_is_shown_in_full(duties_of: Many) -> None:
    """Word for word, twice when it was made twice, and never with a made-up date."""
    promises = ("We tell you within 24 hours", "<b>{{7*7}}</b> =cmd|'/c'", "We tell you within 24 hours")
    shown = [d for d in duties_of({"DE": 1}, promises=promises).duties if d.rule_id.startswith("PROMISE-")]
    assert [d.reason.removeprefix("You promised: ") for d in shown] == list(promises)
    assert all(d.status is ASK and d.due_at is None for d in shown)


def test_both_clocks_are_in_the_list(duties_of: Many) -> None:
    """Ours and the platform's own."""
    theirs = datetime(2026, 11, 1, 9, tzinfo=UTC)
    duties = duties_of({"DE": 1}, platform_aware_at=theirs)
    assert (duties.aware_at.isoformat(), duties.platform_aware_at) == ("2026-11-08T18:30:00+00:00", theirs)


def test_a_deadline_that_has_passed_says_so(duty_of: One) -> None:
    """Recorded on the fifth day: file now, with the reasons for the delay."""
    duty = duty_of("EU-GDPR-33-1", {"DE": 1}, recorded_at=datetime(2026, 11, 13, tzinfo=UTC))
    assert duty.status is DUE
    assert "act now" in duty.reason


def test_nobody_affected_yet_is_not_nothing(duties_of: Many) -> None:
    """No affected person found so far: the duties of home may become due, and the list is not empty."""
    duties = duties_of({}).duties
    assert [(d.status, d.people) for d in duties if d.rule_id == "EU-GDPR-33-1"] == [(MAY, 0)]


def _receipt(work: Work, summary: ExposureSummary) -> Receipt:
    key = "exposure/aaaaaaaaaaaa/summary.json"
    digest = put_record(work.store, key, summary)
    return Receipt(
        case_id=work.case.case_id, chapter=Chapter.EXPOSURES, revision="aaaaaaaaaaaa", key=key, digest=digest
    )


def test_the_chapter_freezes_its_answer(
    work_in: Callable[[Facts], Work], facts_of: Callable[..., Facts], exposure_of: Callable[..., ExposureSummary]
) -> None:
    """Run twice: the same bytes under the same key, counted by status, bound to the pack."""
    work = work_in(facts_of(recorded_at=datetime(2026, 11, 9, tzinfo=UTC)))
    exposures = _receipt(work, exposure_of({"DE": 5, "JP": 2}))
    first = decide_duties(work, exposures)
    held = work.store.get(first.key)
    assert decide_duties(work, exposures) == first
    assert work.store.get(first.key) == held
    duties = get_record(work.store, first.key, DutyList)
    assert (first.key, first.revision, first.chapter) == ("law/0123456789ab/duties.json", work.revision, Chapter.DUTIES)
    assert duties.rule_pack == rule_pack_hash()
    assert duties.decided_at == work.facts.recorded_at
    calendar = work.store.get("law/0123456789ab/duties.ics")
    assert calendar is not None
    assert calendar.data == duties_calendar(CaseRef(case_id="harbor-1", mode=work.case.mode), duties)
    assert set(first.counts) == {status.name.lower() for status in DutyStatus}
    assert sum(first.counts.values()) == len(duties.duties) >= len(load_catalog().rules)


def test_an_exposure_that_was_changed_is_refused(
    work_in: Callable[[Facts], Work], facts_of: Callable[..., Facts], exposure_of: Callable[..., ExposureSummary]
) -> None:
    """Another case's receipt, a missing summary or other bytes: no duty is decided on them."""
    work = work_in(facts_of())
    good = _receipt(work, exposure_of({"DE": 5}))
    with pytest.raises(BadInput):
        decide_duties(work, good.model_copy(update={"case_id": "another-1"}))
    with pytest.raises(Conflict):
        decide_duties(work, good.model_copy(update={"key": "exposure/aaaaaaaaaaaa/missing.json"}))
    with pytest.raises(Tampered):
        decide_duties(work, good.model_copy(update={"digest": "0" * 64}))
    assert isinstance(work.store, FolderStore)
    assert not work.store.keys("law/")


@pytest.mark.parametrize(
    ("law", "named"),
    [
        (LawFacts(elements=(LeakedElement(element="pasword", source="a typing error"),)), r"law\.elements\.0"),
        (
            LawFacts(told=(Told(rule_id="US-XX-IND", at=datetime(2026, 11, 1, tzinfo=UTC), source="x y"),)),
            r"law\.told\.0",
        ),
        (LawFacts(contracts=(Contract(rule_id="CT-PIZZA", recipient="them", clause="one"),)), r"law\.contracts\.0"),
    ],
)
def test_a_name_nobody_knows_is_refused(law: LawFacts, named: str, duties_of: Many) -> None:
    """A misspelt element or rule would count for nothing, in silence."""
    with pytest.raises(BadInput, match=named):
        duties_of({"DE": 1}, law=law)


def test_saying_more_never_removes_a_duty_in_silence(duties_of: Many) -> None:
    """An element, an event, a hold, an attack, a notice given: what was due is still due; a 'no' gives its reason."""
    people = {"US-CA": 600, "US-ME": 5, "DE": 3, "JP": 2, "SG": 501}
    at = datetime(2026, 11, 8, 19, tzinfo=UTC)
    later = datetime(2026, 12, 1, tzinfo=UTC)
    password = LeakedElement(element="password", source="the dump")
    plain = LawFacts(elements=(password,))
    more = [
        LawFacts(elements=(password, LeakedElement(element="ssn", source="the dump"))),
        LawFacts(elements=(password,), events=(Event(anchor="detection", at=at, source="log", decided_by="lead-a"),)),
        LawFacts(elements=(password,), hold=Hold(since=at, agency="the police")),
        LawFacts(elements=(password,), attack=True),
        LawFacts(elements=(password,), told=(Told(rule_id="US-CA-IND", at=at, source="sent"),)),
        LawFacts(elements=(password,), sectors=()),
    ]
    before = {(d.rule_id, d.jurisdiction): d for d in duties_of(people, law=plain, recorded_at=later).duties}
    for law in more:
        after = {(d.rule_id, d.jurisdiction): d for d in duties_of(people, law=law, recorded_at=later).duties}
        for key, duty in before.items():
            if duty.status is DUE:
                assert after[key].status is DUE, (key, law)
            assert after[key].status is not NOT or duty.status is NOT or "You have said" in after[key].reason, key
