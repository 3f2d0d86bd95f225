"""The dead-man sheet: every running clock on plain paper, so that it survives a dead server."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from breach.law.alarms import Running, alarms_of
from breach.law.words import one_line, say_time
from schemas.incident import CaseRef
from schemas.law import DutyList

TASK = "[ ]"


def clock_sheet(ref: CaseRef, duties: DutyList, clocks: tuple[Running, ...], zone: ZoneInfo) -> bytes:
    """Plain text, the nearest end first; times in the organisation's zone and in UTC. The same for the same duties."""
    lines = [
        f"CLOCKS OF {ref.case_id} ({ref.mode.value})",
        f"as decided {say_time(duties.decided_at, zone)}",
        "",
        "This sheet works without any server. Print it. Tick off what is done, with the time.",
        "DUE is a legal deadline. WORK BY is not: it is a date to work by until counsel has answered.",
        "SOON BY is our own date where the law says 'as soon as possible'. OWN TARGET is our own wish.",
        "Not legal advice.",
        "",
        f"We became aware: {_both(duties.aware_at, zone)}",
        f"The platform knew: {_both(duties.platform_aware_at, zone) if duties.platform_aware_at else 'not known'}",
        *(f"CONTRADICTION: {one.facts} {one.next_step}" for one in duties.contradictions),
        *(f"CHALLENGE: {one}" for one in duties.challenges),
    ]
    for clock in clocks:
        lines += ["", *_entry(clock, zone)]
    lines += ["", *_undated(duties)]
    # Names of contracts and authorities are other people's words: none of them begins a line of its own.
    return ("\n".join(_safe(line) for line in lines) + "\n").encode()


def _safe(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip(" "))]
    return f"{indent}{one_line(line)}"


def _entry(clock: Running, zone: ZoneInfo) -> list[str]:
    place = f" [{clock.jurisdiction}]" if clock.jurisdiction else ""
    rings = "; ".join(
        f"{alarm.left} % left {alarm.at.astimezone(zone):%d %b %H:%M}" for alarm in alarms_of(clock) if alarm.left
    )
    return [
        f"{TASK} {clock.kind} {say_time(clock.end, zone)}",
        f"    {clock.end.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        f"    {clock.words}{place}",
        f"    {clock.citation}; rule {clock.rule_id}; owner {clock.owner}",
        f"    look at it: {rings}",
    ]


def _undated(duties: DutyList) -> list[str]:
    """What has no hour is still to be done; a target before sending is, too."""
    asked = [duty for duty in duties.duties if duty.status == "due" and duty.look_by is None and duty.done_at is None]
    wished = [one for one in duties.targets if one.due_at is None and not one.done]
    if not asked and not wished:
        return ["Nothing is asked without an hour."]
    said = [f"{TASK} {d.regime}: {d.recipient_name} ({d.jurisdiction}): {d.due_rule}. {d.citation}" for d in asked]
    return ["WITHOUT AN HOUR", *said, *(f"{TASK} OWN TARGET: {one.words}" for one in wished)]


def _both(moment: datetime, zone: ZoneInfo) -> str:
    return f"{say_time(moment, zone)}, {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
