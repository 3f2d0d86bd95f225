"""Deadlines, worked out by hand."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput, LawUnknown
from breach.law.clock import Clock, Reckoned, add, check_times, zone_of
from breach.law.deadline import Unit
from breach.law.deadline_parser import parse_deadline
from breach.law.events import anchor_moment
from breach.law.say import say_deadline
from schemas.incident import Certainty, Facts
from schemas.law_facts import Anchor, Event, Hold, LawFacts, Told

BERLIN, ANGELES = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)  # a Sunday
NOW = datetime(2027, 3, 1, tzinfo=UTC)
FactsOf = Callable[..., Facts]


def happened(anchor: str, at: datetime) -> Event:
    return Event(anchor=Anchor(anchor), at=at, source="a note", decided_by="lead-a")


def told(rule: str, at: datetime) -> Told:
    return Told(rule_id=rule, at=at, source="the filing's receipt")


def reckon(text: str, facts: Facts, zone: ZoneInfo = BERLIN, calendar: str = "", leader: str | None = None) -> Reckoned:
    clock = Clock(facts, zone, calendar, leader, lambda _rule: Reckoned(None))
    return clock.reckon(parse_deadline(text))


def test_72_hours_lose_a_wall_hour_in_autumn() -> None:
    """Summer time ends in Berlin on 25 October 2026: Friday noon plus 72 real hours is Monday 11:00."""
    due = add(datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN), 72, Unit.HOURS, BERLIN)
    assert due.isoformat() == "2026-10-26T11:00:00+01:00"


def test_72_hours_gain_a_wall_hour_in_spring() -> None:
    """Summer time begins in Berlin on 29 March 2026: Friday noon plus 72 real hours is Monday 13:00."""
    due = add(datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN), 72, Unit.HOURS, BERLIN)
    assert due.isoformat() == "2026-03-30T13:00:00+02:00"


def test_hours_run_through_a_weekend() -> None:
    """Friday 20 November 2026, 23:00 UTC plus 72 hours is Monday 23:00 UTC."""
    due = add(datetime(2026, 11, 20, 23, 0, tzinfo=UTC), 72, Unit.HOURS, ZoneInfo("UTC"))
    assert due == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


def test_30_calendar_days_end_before_midnight_in_los_angeles() -> None:
    """8 November, 10:30 in Los Angeles plus 30 days is 8 December, 23:59 there (UTC-8)."""
    due = add(datetime(2026, 11, 8, 18, 30, tzinfo=UTC), 30, Unit.CALENDAR_DAYS, ANGELES)
    assert due.isoformat() == "2026-12-08T23:59:00-08:00"


def test_the_local_day_counts_not_the_utc_day() -> None:
    """9 November, 02:00 UTC is still the 8th in Los Angeles; the clock ends on 8 December."""
    due = add(datetime(2026, 11, 9, 2, 0, tzinfo=UTC), 30, Unit.CALENDAR_DAYS, ANGELES)
    assert due.isoformat() == "2026-12-08T23:59:00-08:00"


@pytest.mark.parametrize(
    ("start", "days", "calendar", "ends"),
    [
        # Friday 13 February 2026; carnival Monday and Tuesday are no national holidays (Laws 662/1949, 10.607/2002).
        (datetime(2026, 2, 13, 12, tzinfo=UTC), 3, "BR", "2026-02-18"),
        # Good Friday 3 April and Tiradentes 21 April 2026 are.
        (datetime(2026, 4, 2, 12, tzinfo=UTC), 1, "BR", "2026-04-06"),
        (datetime(2026, 4, 20, 12, tzinfo=UTC), 1, "BR", "2026-04-22"),
        # Vermont: Thanksgiving, Thursday 26 November 2026, is a holiday of the state.
        (datetime(2026, 11, 25, 12, tzinfo=UTC), 1, "US-VT", "2026-11-27"),
        # Egypt rests on Friday and Saturday: from Thursday 8 January 2026, one business day is Sunday.
        (datetime(2026, 1, 8, 12, tzinfo=UTC), 1, "EG", "2026-01-11"),
        (datetime(2026, 11, 20, 12, tzinfo=UTC), 5, "US", "2026-11-30"),
    ],
)
def test_business_days_follow_the_recipients_calendar(start: datetime, days: int, calendar: str, ends: str) -> None:
    """Weekends and public holidays of whoever is told; counted on a paper calendar."""
    due = add(start, days, Unit.BUSINESS_DAYS, ZoneInfo("UTC"), calendar)
    assert (due.date().isoformat(), due.hour, due.minute) == (ends, 23, 59)


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [((2026, 1, 31), 1, "2026-02-28"), ((2026, 11, 8), 1, "2026-12-08"), ((2027, 12, 31), 2, "2028-02-29")],
)
def test_months_end_on_the_same_day_or_the_last(start: tuple[int, int, int], months: int, ends: str) -> None:
    """A month that is too short ends on its last day."""
    due = add(datetime(*start, 12, tzinfo=UTC), months, Unit.MONTHS, ZoneInfo("UTC"))
    assert due.date().isoformat() == ends


def test_as_soon_as_possible_has_no_hour(facts_of: FactsOf) -> None:
    """It is never dressed as a legal deadline."""
    assert reckon("asap(aware)", facts_of()) == Reckoned(None)


ZONES = ["Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone


@given(STARTS, st.sampled_from(ZONES), st.integers(1, 200))
def test_no_deadline_lies_before_its_anchor(start: datetime, zone: str, n: int) -> None:
    """Hours are exact; n calendar days end after n-1 whole days and before n+1 (and an hour of summer time)."""
    zoned = ZoneInfo(zone)
    hours = add(start, n, Unit.HOURS, zoned)
    days = add(start, n, Unit.CALENDAR_DAYS, zoned)
    assert hours.astimezone(UTC) - start == timedelta(hours=n)
    assert timedelta(days=n - 1) < days.astimezone(UTC) - start < timedelta(days=n + 1, hours=1)
    assert (days.hour, days.minute) == (23, 59)


AMOUNTS = st.builds("{}{}".format, st.integers(1, 90), st.sampled_from(["h", "cd", "bd", "m"]))
SUMS = st.builds("{}+{}".format, st.sampled_from(["aware", "discovery", "determination", "suspicion"]), AMOUNTS)
TEXTS = st.recursive(
    SUMS,
    lambda inner: st.one_of(
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("small_agent ? {} : {}".format, inner, inner),
        st.builds("min({}) ".format, inner),
    ),
    max_leaves=5,
)
HELD = st.sampled_from(["", " unless law_enforcement_hold", " unless law_enforcement_hold+7bd"])


@given(
    text=TEXTS,
    held=HELD,
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    calendar=st.sampled_from(["BR", "US-VT", "EG"]),
    late=st.integers(0, 40),
)
def test_no_expression_ends_before_the_first_event(  # noqa: PLR0917 - one for each thing that varies
    facts_of: FactsOf, text: str, held: str, start: datetime, zone: str, calendar: str, late: int
) -> None:
    """Whatever the expression, zone, calendar and hold: the end lies after the earliest event on record."""
    hold = Hold(since=start, until=start + timedelta(days=late), agency="the police") if held else None
    law = LawFacts(events=(happened("determination", start + timedelta(hours=late)),), hold=hold)
    facts = facts_of(recorded_at=NOW, aware_at=start, leak_from=start, leak_until=start, law=law)
    found = reckon(text + held, facts, ZoneInfo(zone), calendar)
    assert found.at is not None
    assert found.at > start
    assert say_deadline(parse_deadline(text + held))


def test_min_leaves_out_what_has_no_time(facts_of: FactsOf) -> None:
    """Alabama: 45 days from a vendor's notice or the determination of harm, whichever there is."""
    rule = "min(third_party_notice, determination_of_harm)+45cd"
    known = facts_of(
        recorded_at=NOW, law=LawFacts(events=(happened("determination_of_harm", AWARE + timedelta(days=5)),))
    )
    assert str(reckon(rule, known).at) == "2026-12-28 23:59:00+01:00"
    none = reckon(rule, facts_of())
    assert str(none.at) == "2026-12-23 23:59:00+01:00"
    assert "conservative" in none.notes[0]


def test_the_first_notice_counts(facts_of: FactsOf) -> None:
    """California: 15 days from the FIRST notice; none before it."""
    rule = "notice(US-CA-IND)+15cd"
    assert reckon(rule, facts_of()).waits == "US-CA-IND has not been given yet"
    times = [AWARE + timedelta(days=20), AWARE + timedelta(days=12)]
    sent = facts_of(recorded_at=NOW, law=LawFacts(told=tuple(told("US-CA-IND", at) for at in times)))
    assert str(reckon(rule, sent).at) == "2026-12-05 23:59:00+01:00"


@pytest.mark.parametrize(
    ("classified", "ends"),
    [
        (AWARE + timedelta(hours=10), AWARE + timedelta(hours=14)),
        (AWARE + timedelta(hours=22), AWARE + timedelta(hours=24)),
        (AWARE + timedelta(hours=30), AWARE + timedelta(hours=34)),
    ],
)
def test_dora_counts_from_the_classification(facts_of: FactsOf, classified: datetime, ends: datetime) -> None:
    """4 h from classifying, at most 24 h from awareness; classified later than that: 4 h from it."""
    rule = "classification<=aware+24h ? min(classification+4h, aware+24h) : classification+4h"
    facts = facts_of(recorded_at=NOW, law=LawFacts(events=(happened("classification", classified),)))
    assert reckon(rule, facts).at == ends


def test_an_unknown_fact_takes_the_shorter_time(facts_of: FactsOf) -> None:
    """Brazil: six working days for a small agent, three otherwise, three while nobody knows."""
    rule = "aware_personal_data_affected+(small_agent?6:3)bd"
    for answer, day in ((True, "2026-11-16"), (False, "2026-11-11"), (None, "2026-11-11")):
        found = reckon(rule, facts_of(law=LawFacts(small_agent=answer)), BERLIN, "BR")
        assert found.at is not None
        assert found.at.date().isoformat() == day
        assert any("not known" in note for note in found.notes) is (answer is None)


def test_a_hold_stops_the_clock_and_lets_it_go_on(facts_of: FactsOf) -> None:
    """While it stands there is no date; afterwards the plain end, or the law's own clock (Maine: 7 business days)."""
    rule = "scope_identified+30cd unless law_enforcement_hold+7bd"
    since, until = AWARE + timedelta(days=2), AWARE + timedelta(days=50)
    standing = reckon(
        rule, facts_of(recorded_at=NOW, law=LawFacts(hold=Hold(since=since, agency="the police"))), BERLIN, "US-ME"
    )
    assert standing.at is None
    assert "clock waits" in standing.notes[-1]
    ahead = facts_of(
        recorded_at=AWARE + timedelta(days=3), law=LawFacts(hold=Hold(since=since, until=until, agency="the police"))
    )
    # An end that is known sets the date at once: no fact is recorded when it comes, and no clock would start.
    assert str(reckon(rule, ahead, BERLIN, "US-ME").at) == "2027-01-07 23:59:00+01:00"
    assert "ends Mon 28 Dec 2026" in reckon(rule, ahead, BERLIN, "US-ME").notes[-1]
    over = LawFacts(hold=Hold(since=since, until=until, agency="the police"))
    # Lifted on Monday 28 December 2026; 1 January is a holiday; the seventh business day is Thursday 7 January.
    assert str(reckon(rule, facts_of(recorded_at=NOW, law=over), BERLIN, "US-ME").at) == "2027-01-07 23:59:00+01:00"
    plain = reckon("aware+30cd unless law_enforcement_hold", facts_of(recorded_at=NOW, law=over))
    assert plain.at == until


def test_a_yearly_log_is_due_sixty_days_after_the_year(facts_of: FactsOf) -> None:
    """HIPAA, fewer than 500: discovered in November 2026, due on 1 March 2027."""
    assert str(reckon("calendar_year_end(discovery)+60cd", facts_of()).at) == "2027-03-01 23:59:00+01:00"


def test_a_missing_anchor_is_conservative_and_says_so(facts_of: FactsOf) -> None:
    """Suspicion was not recorded apart: counted from awareness, and labelled."""
    facts = facts_of()
    moment = anchor_moment(Anchor.SUSPICION, facts)
    assert moment is not None
    assert moment.at == facts.incident.aware_at
    assert "conservative" in moment.note
    aware = anchor_moment(Anchor.AWARE, facts)
    assert aware is not None
    assert aware.note == ""


def test_the_earliest_event_stands_in(facts_of: FactsOf) -> None:
    """Detected two days before awareness, and the confirmation is missing: counted from the detection."""
    facts = facts_of(law=LawFacts(events=(happened("detection", AWARE - timedelta(days=2)),)))
    moment = anchor_moment(Anchor.CONFIRMATION, facts)
    assert moment is not None
    assert moment.at == AWARE - timedelta(days=2)
    assert "detection" in moment.note


def test_a_convenient_awareness_is_challenged(facts_of: FactsOf) -> None:
    """Something is on record before the moment you say you became aware: what was the triggering event?"""
    facts = facts_of(law=LawFacts(events=(happened("detection", AWARE - timedelta(days=2)),)))
    moment = anchor_moment(Anchor.AWARE, facts)
    assert moment is not None
    assert moment.at == AWARE
    assert "what was the triggering event?" in moment.note


def test_under_mere_suspicion_awareness_is_the_missing_one(facts_of: FactsOf) -> None:
    """Then the time on the form is the suspicion's, and the clock of awareness runs from it."""
    facts = facts_of(certainty=Certainty.SUSPICION)
    moments = [anchor_moment(anchor, facts) for anchor in (Anchor.SUSPICION, Anchor.AWARE)]
    assert [moment and "conservative" in moment.note for moment in moments] == [False, True]


@pytest.mark.parametrize("anchor", ["after_individual_notice", "with_individual_notice", "after_authority_notice"])
def test_our_own_acts_have_no_time_before_they_happen(facts_of: FactsOf, anchor: str) -> None:
    """A notice that has not been sent starts no clock."""
    assert anchor_moment(Anchor(anchor), facts_of()) is None
    assert reckon(f"{anchor}+3cd", facts_of(), leader="XX-IND").waits


@pytest.mark.parametrize("field", ["aware_at", "platform_aware_at", "leak_from", "leak_until"])
def test_a_time_in_the_future_is_refused_by_name(field: str, facts_of: FactsOf) -> None:
    """The field is named; nothing is guessed in its place."""
    recorded = datetime(2026, 11, 8, 19, 0, tzinfo=UTC)
    late = recorded + timedelta(minutes=1)
    times = {"leak_from": recorded, "leak_until": recorded, "span_known": True, field: late}
    if field == "leak_from":
        times["leak_until"] = late
    with pytest.raises(BadInput, match=rf"^{field} lies in the future"):
        check_times(facts_of(recorded_at=recorded, **times))


def test_an_event_in_the_future_is_refused_by_name(facts_of: FactsOf) -> None:
    """Which one of them is said."""
    law = LawFacts(events=(happened("detection", AWARE), happened("confirmation", AWARE + timedelta(days=1))))
    with pytest.raises(BadInput, match=r"^law\.events\.1 \(confirmation\) lies in the future"):
        check_times(facts_of(law=law))


def test_a_span_that_is_not_known_is_not_checked(facts_of: FactsOf) -> None:
    """Times that mean nothing stop nobody."""
    recorded = datetime(2026, 11, 8, 19, 0, tzinfo=UTC)
    check_times(facts_of(recorded_at=recorded, leak_until=recorded + timedelta(days=1)))


@pytest.mark.parametrize("name", ["Mars/Olympus", "/etc/passwd", "..", "", "Europe"])
def test_a_zone_that_does_not_exist_is_refused(name: str, facts_of: FactsOf) -> None:
    """Whatever the operating system says to the name, the answer is one sentence about the field."""
    with pytest.raises(BadInput, match=r"organisation\.time_zone"):
        zone_of(facts_of(time_zone=name).incident.organisation)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1),
        ("full_moon+3h", 1),
        ("aware+", 7),
        ("aware+0h", 7),
        ("aware+72", 9),
        ("aware+72x", 9),
        ("min(aware+1h", 13),
        ("min aware", 1),
        ("notice(us-ca-ind)", 10),
        ("aware+1h unless it_rains", 17),
        ("foreach(county): aware", 9),
        ("aware<=discovery", 17),
        ("record_at(aware)", 17),
        ("aware+72h; drop", 10),
        ("aware + 72h $", 13),
        ("(" * 100, 1),
        ("min(" * 100, 121),
    ],
)
def test_a_deadline_that_cannot_be_read_names_the_position(text: str, position: int) -> None:
    """Counted from 1, with what was expected there."""
    with pytest.raises(LawUnknown, match=rf"position {position} should be "):
        parse_deadline(text)


@given(st.text(max_size=60))
def test_any_deadline_is_read_or_refused(text: str) -> None:
    """No text makes the parser fail in another way."""
    with suppress(LawUnknown):
        assert say_deadline(parse_deadline(text))
