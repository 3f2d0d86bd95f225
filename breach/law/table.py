"""The duties as a table that a person reads: most urgent first."""

from datetime import UTC, datetime

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


def duties_table(duties: DutyList) -> list[dict[str, str]]:
    """One row a duty: duty, whom, by when (local time of the organisation), UTC, why, citation, status, rule.

    Due before ask counsel before may become due before does not apply; within these the nearest date first.
    Every cell is safe to show as Markdown.
    """
    rows = sorted(duties.duties, key=lambda duty: (URGENCY.index(duty.status), _date(duty) or LAST, duty.rule_id))
    return [{name: plain(text) for name, text in _cells(duty).items()} for duty in rows]


def _date(duty: Duty) -> datetime | None:
    return duty.due_at or duty.assume_by


def _cells(duty: Duty) -> dict[str, str]:
    date = _date(duty)
    whom = duty.recipient_name if duty.people is None else f"{duty.recipient_name} ({duty.people} people concerned)"
    return {
        "duty": f"{duty.regime}: {_task(duty)}",
        "whom": whom,
        "by when": _when(duty, date),
        "UTC": say_time(date.astimezone(UTC)) if date else "",
        "why": duty.reason,
        "citation": duty.citation,
        "status": duty.status.value,
        "rule": f"{duty.rule_id} ({duty.jurisdiction})",
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
    if duty.due_at is not None:
        return f"{say_time(date)}: {duty.due_rule}"
    return f"work by {say_time(date)}, not a legal deadline: {duty.due_rule}"
