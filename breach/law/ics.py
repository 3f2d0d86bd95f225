"""The duties as a calendar (RFC 5545), so that clocks survive a dead server: any calendar program opens it.

One event a duty that has a time; legal deadlines and dates to work by are told apart in the first word. Nothing of a
member is in it: laws, authorities and times only.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from breach.digest import digest_bytes
from breach.law.alarms import SOON, Alarm, Running, alarms_of, duty_key
from breach.law.words import one_line
from schemas.incident import CaseRef
from schemas.law import Duty, DutyList

LONGEST_LINE = 75
"""Octets, without the line's end (section 3.1)."""
ALARMS = (timedelta(hours=24), timedelta(hours=4))
"""How long before a deadline a calendar program shall ring."""


def duties_calendar(ref: CaseRef, duties: DutyList) -> bytes:
    """The calendar's bytes, the same for the same duties. Lines end with CRLF and are folded at 75 octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//breach-response//duties//EN", "CALSCALE:GREGORIAN"]
    for duty in duties.duties:
        due = duty.look_by
        if due is not None:
            lines += _event(ref, duty, due, duties.decided_at)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def alarms_calendar(ref: CaseRef, clocks: Iterable[Running], decided_at: datetime) -> bytes:
    """The moments at which somebody must look, each an event that rings when it begins. For a dead server."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//breach-response//alarms//EN", "CALSCALE:GREGORIAN"]
    for clock in clocks:
        for alarm in alarms_of(clock):
            lines += _ring(ref, alarm, decided_at)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _ring(ref: CaseRef, alarm: Alarm, decided_at: datetime) -> Iterator[str]:
    clock = alarm.clock
    name = digest_bytes(f"{ref.mode}/{ref.case_id}/{alarm.key}".encode())[:32]
    left = f"{alarm.left} % of the time left" if alarm.left else "TIME IS OVER"
    said = f"{left}: {clock.kind} {clock.words} ({clock.rule_id} {clock.jurisdiction})".replace(" )", ")")
    yield "BEGIN:VEVENT"
    yield f"UID:{name}@breach-response.invalid"
    yield f"DTSTAMP:{_utc(decided_at)}"
    yield f"DTSTART:{_utc(alarm.at)}"
    yield f"SUMMARY:{_text(said)}"
    yield f"DESCRIPTION:{_text(f'Ends {_utc(clock.end)}. {clock.citation}. Owner {clock.owner}. Case {ref.case_id}.')}"
    yield f"CATEGORIES:{_text(str(ref.mode))}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_text(said)}"
    yield "TRIGGER:PT0S"
    yield "END:VALARM"
    yield "END:VEVENT"


def _event(ref: CaseRef, duty: Duty, due: datetime, decided_at: datetime) -> Iterator[str]:
    what = "DONE" if duty.done_at else "DUE" if duty.due_at else "WORK BY" if duty.assume_by else SOON
    name = digest_bytes(f"{ref.mode}/{ref.case_id}/{duty_key(duty)}".encode())[:32]
    legal = "" if duty.due_at else "Not a legal deadline. "
    yield "BEGIN:VEVENT"
    yield f"UID:{name}@breach-response.invalid"
    yield f"DTSTAMP:{_utc(decided_at)}"
    yield f"DTSTART:{_utc(due)}"
    yield f"SUMMARY:{_text(f'{what}: {duty.regime} ({duty.jurisdiction}), {duty.recipient_name}')}"
    yield f"DESCRIPTION:{_text(f'{legal}{duty.due_rule}. {duty.citation}. Case {ref.case_id}, rule {duty.rule_id}.')}"
    yield f"CATEGORIES:{_text(str(ref.mode))}"
    yield "TRANSP:TRANSPARENT"
    for before in () if duty.done_at else ALARMS:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_text(f'{what}: {duty.regime}')}"
        yield f"TRIGGER:-PT{int(before.total_seconds()) // 3600}H"
        yield "END:VALARM"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """Section 3.3.11: backslash, semicolon, comma and line ends are escaped; what turns or hides words goes."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(map(one_line, escaped.splitlines()))


def _folded(line: str) -> Iterator[bytes]:
    """Cut at 75 octets without cutting a letter; what follows begins with a space, which counts."""
    part = b""
    for letter in line:
        encoded = letter.encode()
        if len(part) + len(encoded) > LONGEST_LINE:
            yield part
            part = b" "
        part += encoded
    yield part
