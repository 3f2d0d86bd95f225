"""Deadlines, worked out by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.errors import BadInput
from breach.law.clock import anchor_moment, check_times, due_time, zone_of
from breach.law.rule import Anchor, Deadline
from schemas.incident import Certainty, Facts

BERLIN, ANGELES = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
HOURS_72 = Deadline(anchor=Anchor.AWARE, hours=72)
DAYS_30 = Deadline(anchor=Anchor.DISCOVERY, calendar_days=30)


def test_72_hours_lose_a_wall_hour_in_autumn() -> None:
    """Summer time ends in Berlin on 25 October 2026: Friday noon plus 72 real hours is Monday 11:00."""
    due = due_time(HOURS_72, datetime(2026, 10, 23, 12, 0, tzinfo=BERLIN), BERLIN)
    assert due is not None
    assert due.isoformat() == "2026-10-26T11:00:00+01:00"


def test_72_hours_gain_a_wall_hour_in_spring() -> None:
    """Summer time begins in Berlin on 29 March 2026: Friday noon plus 72 real hours is Monday 13:00."""
    due = due_time(HOURS_72, datetime(2026, 3, 27, 12, 0, tzinfo=BERLIN), BERLIN)
    assert due is not None
    assert due.isoformat() == "2026-03-30T13:00:00+02:00"


def test_hours_run_through_a_weekend() -> None:
    """Friday 20 November 2026, 23:00 UTC plus 72 hours is Monday 23:00 UTC."""
    due = due_time(HOURS_72, datetime(2026, 11, 20, 23, 0, tzinfo=UTC), ZoneInfo("UTC"))
    assert due == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


def test_30_calendar_days_end_before_midnight_in_los_angeles() -> None:
    """8 November, 10:30 in Los Angeles plus 30 days is 8 December, 23:59 there (UTC-8)."""
    due = due_time(DAYS_30, datetime(2026, 11, 8, 18, 30, tzinfo=UTC), ANGELES)
    assert due is not None
    assert due.isoformat() == "2026-12-08T23:59:00-08:00"


def test_the_local_day_counts_not_the_utc_day() -> None:
    """9 November, 02:00 UTC is still the 8th in Los Angeles; the clock ends on 8 December."""
    due = due_time(DAYS_30, datetime(2026, 11, 9, 2, 0, tzinfo=UTC), ANGELES)
    assert due is not None
    assert due.isoformat() == "2026-12-08T23:59:00-08:00"


def test_as_soon_as_possible_has_no_hour() -> None:
    """It is never dressed as a legal deadline."""
    assert due_time(Deadline(anchor=Anchor.AWARE, asap=True), datetime(2026, 1, 1, tzinfo=UTC), BERLIN) is None


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    st.integers(1, 200),
)
def test_no_deadline_lies_before_its_anchor(start: datetime, zone: str, n: int) -> None:
    """Hours are exact; n calendar days end after n-1 whole days and before n+1 (and an hour of summer time)."""
    zoned = ZoneInfo(zone)
    hours = due_time(Deadline(anchor=Anchor.AWARE, hours=n), start, zoned)
    days = due_time(Deadline(anchor=Anchor.AWARE, calendar_days=n), start, zoned)
    assert hours is not None
    assert days is not None
    assert hours.astimezone(UTC) - start == timedelta(hours=n)
    assert timedelta(days=n - 1) < days.astimezone(UTC) - start < timedelta(days=n + 1, hours=1)
    assert (days.hour, days.minute) == (23, 59)


def test_a_missing_anchor_is_conservative_and_says_so(facts_of: Callable[..., Facts]) -> None:
    """Suspicion was not recorded apart: counted from awareness, and labelled."""
    facts = facts_of()
    moment = anchor_moment(Anchor.SUSPICION, facts)
    assert moment is not None
    assert moment.at == facts.incident.aware_at
    assert "conservative" in moment.note
    aware = anchor_moment(Anchor.AWARE, facts)
    assert aware is not None
    assert aware.note == ""


def test_under_mere_suspicion_awareness_is_the_missing_one(facts_of: Callable[..., Facts]) -> None:
    """Then the time on the form is the suspicion's, and the clock of awareness runs from it."""
    facts = facts_of(certainty=Certainty.SUSPICION)
    moments = [anchor_moment(anchor, facts) for anchor in (Anchor.SUSPICION, Anchor.AWARE)]
    assert [moment and "conservative" in moment.note for moment in moments] == [False, True]


def test_our_own_acts_have_no_time_before_they_happen(facts_of: Callable[..., Facts]) -> None:
    """A notice that has not been sent starts no clock."""
    assert anchor_moment(Anchor.AFTER_INDIVIDUAL_NOTICE, facts_of()) is None


@pytest.mark.parametrize("field", ["aware_at", "platform_aware_at", "leak_from", "leak_until"])
def test_a_time_in_the_future_is_refused_by_name(field: str, facts_of: Callable[..., Facts]) -> None:
    """The field is named; nothing is guessed in its place."""
    recorded = datetime(2026, 11, 8, 19, 0, tzinfo=UTC)
    late = recorded + timedelta(minutes=1)
    times = {"leak_from": recorded, "leak_until": recorded, "span_known": True, field: late}
    if field == "leak_from":
        times["leak_until"] = late
    with pytest.raises(BadInput, match=rf"^{field} lies in the future"):
        check_times(facts_of(recorded_at=recorded, **times))


def test_a_span_that_is_not_known_is_not_checked(facts_of: Callable[..., Facts]) -> None:
    """Times that mean nothing stop nobody."""
    recorded = datetime(2026, 11, 8, 19, 0, tzinfo=UTC)
    check_times(facts_of(recorded_at=recorded, leak_until=recorded + timedelta(days=1)))


@pytest.mark.parametrize("name", ["Mars/Olympus", "/etc/passwd", "..", "", "Europe"])
def test_a_zone_that_does_not_exist_is_refused(name: str, facts_of: Callable[..., Facts]) -> None:
    """Whatever the operating system says to the name, the answer is one sentence about the field."""
    with pytest.raises(BadInput, match=r"organisation\.time_zone"):
        zone_of(facts_of(time_zone=name).incident.organisation)
