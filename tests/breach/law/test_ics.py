"""The calendar, read back by a reader written here from RFC 5545 alone."""

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from breach.law.ics import duties_calendar
from schemas.incident import CaseRef, Mode
from schemas.law import Duty, DutyList, DutyStatus

REF = CaseRef(case_id="harbor-1", mode=Mode.LIVE)
AT = datetime(2026, 11, 8, 18, 30, tzinfo=UTC)


def read(calendar: bytes) -> list[tuple[str, str]]:
    """Unfold (section 3.1), split at the first colon, unescape texts (3.3.11)."""
    assert calendar.endswith(b"\r\n")
    lines = calendar.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    found = []
    for line in lines:
        name, _, value = line.partition(":")
        text, left = "", iter(value)
        for letter in left:
            follow = next(left) if letter == "\\" else ""
            text += {"n": "\n", "N": "\n"}.get(follow, follow) if follow else letter
        found.append((name, text))
    return found


def events(calendar: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    inside: list[str] = []
    for name, value in read(calendar):
        if name == "BEGIN":
            inside.append(value)
            found += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT":
            found[-1][name] = value
    assert not inside
    return found


def one_duty(**changes: object) -> DutyList:
    duty = {
        "rule_id": "XX-1",
        "regime": "GDPR",
        "jurisdiction": "DE",
        "citation": "Art. 33",
        "recipient": "authority",
        "recipient_name": "The Authority",
        "status": DutyStatus.DUE,
        "due_at": AT,
        "reason": "it applies",
    } | changes
    return DutyList(rule_pack="0" * 64, decided_at=AT, aware_at=AT, platform_aware_at=None, duties=(Duty(**duty),))


def test_each_duty_with_a_time_is_an_event(duties_of: Callable[..., DutyList]) -> None:
    """Legal deadlines, dates to work by and dates of our own, in UTC; what has no time has no event."""
    duties = duties_of({"DE": 4, "BR": 1}, time_zone="Europe/Berlin")
    timed = [duty for duty in duties.duties if duty.due_at or duty.assume_by or duty.own_target]
    found = events(duties_calendar(REF, duties))
    assert len(found) == len(timed) > 0
    filing = next(event for event in found if "EU-GDPR-33-1." in event["DESCRIPTION"])
    assert filing["DTSTART"] == "20261111T183000Z"
    assert filing["SUMMARY"].startswith("DUE: GDPR (EU), Competent or lead supervisory authority of Germany")
    brazil = next(event for event in found if "BR-LGPD-48-A" in event["DESCRIPTION"])
    assert brazil["SUMMARY"].startswith("WORK BY: ")
    assert brazil["DESCRIPTION"].startswith("Not a legal deadline.")
    assert len({event["UID"] for event in found}) == len(found)


def test_the_same_duties_make_the_same_bytes(duties_of: Callable[..., DutyList]) -> None:
    """It can be frozen and compared."""
    duties = duties_of({"DE": 4})
    assert duties_calendar(REF, duties) == duties_calendar(REF, duties)


def test_a_calendar_rings_a_day_and_four_hours_before() -> None:
    """Two alarms in each event."""
    names = [value for name, value in read(duties_calendar(REF, one_duty())) if name == "TRIGGER"]
    assert names == ["-PT24H", "-PT4H"]


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Zs"]), min_size=3, max_size=200
    )
)
def test_any_words_come_back_and_no_line_is_too_long(words: str) -> None:
    """Commas, semicolons, backslashes and four-byte letters; at most 75 octets a line, no letter cut in two."""
    calendar = duties_calendar(REF, one_duty(recipient_name=words))
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    assert events(calendar)[0]["SUMMARY"] == f"DUE: GDPR (DE), {words}"


@given(st.text(max_size=200))
def test_no_words_add_a_line_of_their_own(words: str) -> None:
    """Line ends and control characters in a name make no second property."""
    calendar = duties_calendar(REF, one_duty(regime="x" + words.replace("\ud800", "")))
    names = [name for name, _ in read(calendar)]
    assert names == [name for name, _ in read(duties_calendar(REF, one_duty()))]


def test_what_is_done_is_shown_and_does_not_ring() -> None:
    """A report that was filed at noon wakes nobody at night."""
    calendar = duties_calendar(REF, one_duty(done_at=AT))
    assert events(calendar)[0]["SUMMARY"].startswith("DONE: GDPR")
    assert not [value for name, value in read(calendar) if name == "TRIGGER"]
