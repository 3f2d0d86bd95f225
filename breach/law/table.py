"""The duties as a table that a person reads: most urgent first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from breach.law.words import plain, say_time
from schemas.law import Duty, DutyList, DutyStatus

URGENCY = (
    DutyStatus.DUE,
    DutyStatus.ASK_COUNSEL,
    DutyStatus.MAY_BECOME_DUE,
    DutyStatus.VOLUNTARY,
    DutyStatus.PROPOSED,
    DutyStatus.DOES_NOT_APPLY,
)
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads the table, and when: their clock, their zone, and what else they want beside a duty."""

    now: datetime
    zone: ZoneInfo
    owner: Callable[[str], str]
    asked: Mapping[str, str]
    """Rule id: how far counsel is with the questions about it."""


def duties_table(duties: DutyList, reading: Reading | None = None) -> list[dict[str, str]]:
    """One row a duty: duty, whom, time left, by when (the organisation's local time), UTC, why, citation, status, rule.

    Due before ask counsel before may become due before does not apply; within these the nearest date first.
    Every cell is safe to show as Markdown.
    """
    rows = sorted(
        duties.duties,
        key=lambda duty: (URGENCY.index(duty.status), duty.by or LAST, duty.own_target or LAST, duty.rule_id),
    )
    return [{name: plain(text) for name, text in _cells(duty, reading).items()} for duty in rows]


def targets_table(duties: DutyList, reading: Reading) -> list[dict[str, str]]:
    """One row a target of our own; nothing here is law."""
    return [
        {
            "target": plain(one.words),
            "state": "done" if one.done else "open",
            "time left": "" if one.done or one.due_at is None else say_left(one.due_at - reading.now),
            "by when": say_time(one.due_at, reading.zone) if one.due_at else "before anything is sent",
            "UTC": say_time(one.due_at.astimezone(UTC)) if one.due_at else "",
            "owner": reading.owner(one.name.value),
            "tick off as": one.name.value,
        }
        for one in duties.targets
    ]


def say_left(left: timedelta) -> str:
    """Such as '2 d 3 h', '45 min', 'over since 3 h 10 min'."""
    minutes = int(abs(left).total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", "" if days else f"{minutes % 60} min"]
    said = " ".join(part for part in parts if part)
    return f"OVER since {said}" if left < timedelta(0) else said


def _cells(duty: Duty, reading: Reading | None) -> dict[str, str]:
    date = duty.look_by
    whom = duty.recipient_name if duty.people is None else f"{duty.recipient_name} ({duty.people} people concerned)"
    cells = {
        "duty": f"{duty.regime}: {_task(duty)}",
        "whom": whom,
        "by when": _when(duty, date),
        "UTC": say_time(date.astimezone(UTC)) if date else "",
        "why": duty.reason,
        "citation": duty.citation,
        "status": duty.status.value,
        "rule": f"{duty.rule_id} ({duty.jurisdiction})",
        "track": duty.track,
        "label": "conservative" if duty.conservative else "",
        "if the platform's time counted": say_time(duty.platform_clock) if duty.platform_clock else "",
    }
    if reading is None:
        return cells
    asks = duty.status in {DutyStatus.DUE, DutyStatus.ASK_COUNSEL, DutyStatus.MAY_BECOME_DUE}
    left = say_left(date - reading.now) if date and asks else ""
    done = f"done {say_time(duty.done_at, reading.zone)}" if duty.done_at else ""
    counsel = reading.asked.get(duty.rule_id, "")
    return {
        "time left": done or left,
        **cells,
        "owner": reading.owner(duty.rule_id) if asks else "",
        "counsel": counsel,
    }


def _task(duty: Duty) -> str:
    return {
        "authority": "tell the authority",
        "individual": "tell the people",
        "controller": "tell the controller",
        "credit_agency": "tell the credit agencies",
        "media": "tell the public",
        "partner_org": "tell the partner",
        "internal_record": "write it down",
        "counsel": "ask counsel",
        "promised": "keep the promise",
    }.get(duty.recipient, f"tell {duty.recipient}")


def _when(duty: Duty, date: datetime | None) -> str:
    if duty.status is DutyStatus.DOES_NOT_APPLY:
        return ""
    if date is None:
        return duty.due_rule
    if duty.by is None:
        return f"{duty.due_rule}; our own target, not law: {say_time(date)}"
    if duty.due_at is not None:
        return f"{say_time(date)}: {duty.due_rule}"
    return f"work by {say_time(date)}, not a legal deadline: {duty.due_rule}"
