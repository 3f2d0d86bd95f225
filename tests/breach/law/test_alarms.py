"""Clocks that ring at half, a quarter and a tenth of their time, and survive a dead server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breach.law.alarms import Running, alarms_of, owner_of, rung, running_clocks
from breach.law.ics import alarms_calendar
from breach.law.sheet import clock_sheet
from breach.law.table import say_left
from schemas.exposure import DataType
from schemas.incident import CaseRef, Facts, Mode
from schemas.law import DutyList, DutyStatus
from schemas.law_facts import (
    Anchor,
    Contract,
    Event,
    Hold,
    InternalTargets,
    LawFacts,
    Owner,
    SeverityJudgement,
    TargetName,
    Told,
)
from schemas.severity import SeverityChoice

AWARE = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
REF = CaseRef(case_id="rehearsal-harbor", mode=Mode.REHEARSAL)
Make = Callable[..., Facts]
Duties = Callable[..., DutyList]


def clock(end: datetime, start: datetime = AWARE) -> Running:
    return Running("duty-x", "DUE", "EU-GDPR-33-1", "EU", "GDPR", "Art. 33(1)", start, end, "mara")


def test_seventy_two_hours_ring_at_36_18_and_7_point_2_hours_before_the_end() -> None:
    """By hand: 50, 25 and 10 per cent of 72 h are 36 h, 18 h and 7 h 12 min; then the end itself."""
    end = AWARE + timedelta(hours=72)

    found = [(alarm.left, end - alarm.at) for alarm in alarms_of(clock(end))]

    assert found == [
        (50, timedelta(hours=36)),
        (25, timedelta(hours=18)),
        (10, timedelta(hours=7, minutes=12)),
        (0, timedelta(0)),
    ]


@given(
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
    st.timedeltas(min_value=timedelta(days=-10), max_value=timedelta(days=500)),
)
def test_alarms_come_in_order_and_never_before_the_start(span: timedelta, later: timedelta) -> None:
    """For any clock and any moment: in order, within the clock, and what has rung is what lies behind."""
    one = clock(AWARE + span)
    moments = [alarm.at for alarm in alarms_of(one)]

    assert moments == sorted(moments)
    assert AWARE <= moments[0] <= moments[-1] == one.end
    assert [alarm.at for alarm in rung(one, AWARE + later)] == [at for at in moments if at <= AWARE + later]


def test_a_moved_deadline_rings_anew() -> None:
    """The key of an alert names the clock's end: another end is other news; the same one is not."""
    one, other = clock(AWARE + timedelta(hours=72)), clock(AWARE + timedelta(hours=48))

    assert alarms_of(one)[0].key == alarms_of(clock(AWARE + timedelta(hours=72)))[0].key
    elsewhere = clock((AWARE + timedelta(hours=72)).astimezone(BERLIN))  # the same moment on another wall
    assert [alarm.key for alarm in alarms_of(elsewhere)] == [alarm.key for alarm in alarms_of(one)]
    assert {alarm.key for alarm in alarms_of(one)}.isdisjoint(alarm.key for alarm in alarms_of(other))


def test_what_is_done_rings_no_more(duties_of: Duties, facts_of: Make) -> None:
    """A notice given under Article 33 ends its clock; the others run on."""
    told = LawFacts(told=(Told(rule_id="EU-GDPR-33-1", at=AWARE, source="filed"),))
    incident = facts_of(law=told).incident

    before = {one.rule_id for one in running_clocks(duties_of({"DE": 3}), facts_of().incident)}
    after = {one.rule_id for one in running_clocks(duties_of({"DE": 3}, law=told), incident)}

    assert before - after == {"EU-GDPR-33-1"}


def test_a_clock_that_starts_later_rings_by_its_own_time(duties_of: Duties, facts_of: Make) -> None:
    """Florida: 30 days from the determination, here five days after awareness; half is over halfway from there."""
    determined = AWARE + timedelta(days=5)
    event = Event(anchor=Anchor.DETERMINATION, at=determined, source="minutes", decided_by="mara")
    seen = Event(anchor=Anchor.DETERMINATION_OR_REASON_TO_BELIEVE, at=determined, source="minutes", decided_by="mara")
    leaked = {"US-FL": {DataType.NAME: 10, DataType.SSN: 10}}
    later = AWARE + timedelta(days=6)
    duties = duties_of({"US-FL": 10}, leaked, law=LawFacts(events=(event, seen)), recorded_at=later)
    incident = facts_of().incident

    (found,) = [one for one in running_clocks(duties, incident) if one.rule_id == "US-FL-IND"]

    assert found.start == determined
    assert alarms_of(found)[0].at == determined + (found.end - determined) / 2


def test_rules_age_as_the_case_says(duties_of: Duties) -> None:
    """A rule checked on 22 November is nine days old on 1 December: too old for a case that says seven."""
    on = datetime(2026, 12, 1, 12, tzinfo=UTC)
    week = LawFacts(stale_after_days=7)
    fresh = {one.rule_id: one for one in duties_of({"DE": 3}, recorded_at=on).duties}["EU-GDPR-33-1"]
    aged = {one.rule_id: one for one in duties_of({"DE": 3}, recorded_at=on, law=week).duties}["EU-GDPR-33-1"]

    assert (fresh.status, aged.status) == (DutyStatus.DUE, DutyStatus.ASK_COUNSEL)
    assert aged.due_at is None
    assert aged.assume_by == fresh.due_at


def test_a_target_of_ours_is_a_clock_and_never_law(duties_of: Duties, facts_of: Make) -> None:
    """One, two and 24 hours from awareness unless the facts say otherwise; named as our own wish."""
    duties = duties_of({"DE": 3}, law=LawFacts(targets=InternalTargets(severity_hours=5)))
    found = {one.rule_id: one for one in running_clocks(duties, facts_of().incident) if one.kind == "OWN TARGET"}

    assert {name: one.end - AWARE for name, one in found.items()} == {
        "TARGET-LEAD-TOLD": timedelta(hours=1),
        "TARGET-SEVERITY": timedelta(hours=5),
        "TARGET-DECISION": timedelta(hours=24),
    }
    assert all("not law" in one.citation for one in found.values())
    assert not {duty.rule_id for duty in duties.duties} & set(TargetName)


def test_a_target_that_is_met_rings_no_more(duties_of: Duties, facts_of: Make) -> None:
    """The lead told, ticked off by hand; the severity, judged by a person."""
    judged = SeverityJudgement(choice=SeverityChoice.LEVEL_HIGH, sentence="as we see it", decided_by="mara")
    told = Told(rule_id="TARGET-LEAD-TOLD", at=AWARE, source="by phone")
    duties = duties_of({"DE": 3}, law=LawFacts(told=(told,), severity=(judged,)))

    left = {one.rule_id for one in running_clocks(duties, facts_of().incident) if one.kind == "OWN TARGET"}

    assert left == {"TARGET-DECISION"}


def test_the_owner_is_the_latest_named_else_the_lead(facts_of: Make) -> None:
    """One for a rule, one for all, else whoever leads."""
    law = LawFacts(
        owners=(
            Owner(rule_id="EU-GDPR-33-1", staff="tomas"),
            Owner(rule_id=None, staff="ines"),
            Owner(rule_id="EU-GDPR-33-1", staff="pavel"),
        )
    )
    assert owner_of("EU-GDPR-33-1", facts_of(law=law).incident) == "pavel"
    assert owner_of("EU-GDPR-34-1", facts_of(law=law).incident) == "ines"
    assert owner_of("EU-GDPR-34-1", facts_of().incident) == "lead-a"


def test_the_sheet_can_be_read_without_any_server(duties_of: Duties, facts_of: Make) -> None:
    """Plain text with the end in local time and UTC, what it is, whose it is, when to look; the nearest first."""
    duties = duties_of({"DE": 3, "BR": 2})
    clocks = running_clocks(duties, facts_of().incident)
    sheet = clock_sheet(REF, duties, clocks, BERLIN).decode()

    assert "[ ] DUE Wed 11 Nov 2026, 19:30 (UTC+01:00)" in sheet
    assert "2026-11-11 18:30 UTC" in sheet
    assert "rule EU-GDPR-33-1; owner lead-a" in sheet
    assert "50 % left 10 Nov 07:30; 25 % left 11 Nov 01:30; 10 % left 11 Nov 12:18" in sheet
    assert "Not legal advice" in sheet
    assert "OWN TARGET: somebody can answer members' questions" in sheet
    ends = [one.end for one in clocks]
    assert ends == sorted(ends)
    assert max(len(line) for line in sheet.splitlines()) < 400


def test_the_calendar_rings_at_every_threshold(duties_of: Duties, facts_of: Make) -> None:
    """RFC 5545: one event and one alarm a threshold, each with its own id; lines of 75 octets at most, ending CRLF."""
    duties = duties_of({"DE": 3})
    clocks = running_clocks(duties, facts_of().incident)
    text = alarms_calendar(REF, clocks, duties.decided_at)
    lines = text.split(b"\r\n")

    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines.count(b"BEGIN:VALARM") == lines.count(b"BEGIN:VEVENT") == 4 * len(clocks)
    assert max(map(len, lines)) <= 75
    ids = [line for line in lines if line.startswith(b"UID:")]
    assert len(ids) == len(set(ids))
    assert b"DTSTART:20261110T063000Z" in lines  # 36 h before the end of 72 h


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(hours=18), "18 h 0 min"),
        (timedelta(days=2, hours=3, minutes=9), "2 d 3 h"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=-3, minutes=-10), "OVER since 3 h 10 min"),
    ],
)
def test_a_countdown_reads_like_one(left: timedelta, said: str) -> None:
    """Days and hours while there are days, then hours and minutes; what is over says so."""
    assert say_left(left) == said


@pytest.mark.parametrize("name", ["them\x0b[ ] DUE today", "them\x85[x] DONE", "them\u2028OWN TARGET", "\u202egnp.exe"])
def test_no_name_adds_a_line_to_the_sheet(duties_of: Duties, facts_of: Make, name: str) -> None:
    """Whoever reads the sheet takes each line for ours: a contract's recipient brings none, and turns none around."""
    contract = Contract(rule_id="CT-INSURER", recipient=name, clause="clause 7", hours=24)
    law = LawFacts(contracts=(contract,))
    duties = duties_of({"DE": 3}, law=law)
    harmless = duties_of({"DE": 3}, law=LawFacts(contracts=(contract.model_copy(update={"recipient": "them"}),)))
    facts = facts_of(law=law).incident
    sheet = clock_sheet(REF, duties, running_clocks(duties, facts), BERLIN).decode()
    plain = clock_sheet(REF, harmless, running_clocks(harmless, facts), BERLIN).decode()
    assert len(sheet.splitlines()) == len(plain.splitlines())
    assert "\u202e" not in sheet


def test_as_soon_as_possible_rings_by_a_date_of_our_own(duties_of: Duties, facts_of: Make) -> None:
    """Article 34(1) GDPR names no hour: ours is 72, or what the form says, and nothing calls it a legal deadline."""
    law = LawFacts(targets=InternalTargets(asap_hours=48))
    for facts, hours in ((facts_of(), 72), (facts_of(law=law), 48)):
        duties = duties_of({"DE": 3}, law=facts.incident.law)
        (duty,) = [one for one in duties.duties if one.rule_id == "EU-GDPR-34-1"]
        assert (duty.due_at, duty.assume_by) == (None, None)
        assert duty.own_target == AWARE + timedelta(hours=hours)
        (clock,) = [one for one in running_clocks(duties, facts.incident) if one.rule_id == "EU-GDPR-34-1"]
        assert (clock.kind, clock.end) == ("SOON BY", duty.own_target)
        assert "as soon as possible" in clock.words


def test_no_date_of_our_own_breaks_a_silence_or_stands_beside_a_legal_one(duties_of: Duties) -> None:
    """Mont. Code 30-14-1704(3): notice may wait for law enforcement; the target comes after the silence, not in it."""
    since = AWARE + timedelta(hours=1)
    leaked = {"US-MT": {DataType.NAME: 9, DataType.SSN: 9}}
    for until, expected in ((None, None), (AWARE + timedelta(days=9), AWARE + timedelta(days=12))):
        law = LawFacts(hold=Hold(since=since, until=until, agency="the police"))
        duties = duties_of({"US-MT": 9, "DE": 3}, dict(leaked), law=law, recorded_at=since).duties
        (duty,) = [one for one in duties if one.rule_id == "US-MT-IND"]
        assert (duty.status, duty.own_target) == ("due", expected)
        assert [one.rule_id for one in duties if one.own_target and one.by] == []
