"""How the page writes times, sizes and counts."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STEPS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def zone_of(name: str) -> tzinfo | None:
    """The time zone of an IANA name, or None when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def utc(at: datetime) -> str:
    """Such as 2026-11-08 06:00 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def exact(at: datetime) -> str:
    """To the second, in UTC: chronology and history are read beside log files."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def local(at: datetime, zone: tzinfo) -> str:
    """Such as Sun 8 Nov 2026, 07:00 CET."""
    there = at.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M} {there.tzname()}"


def duration(span: timedelta) -> str:
    """The two largest units, such as 2 days 3 hours; the sign is the caller's business."""
    seconds = abs(int(span.total_seconds()))
    parts = []
    for size, unit in STEPS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " ".join(parts[:2]) or "less than a second"


def brief(span: timedelta) -> str:
    """The largest unit alone, such as 6 d: a label on a break in a scale."""
    seconds = int(span.total_seconds())
    size, unit = next((step for step in STEPS if seconds >= step[0]), STEPS[-1])
    return f"{seconds // size} {unit[0] if unit != 'minute' else 'min'}"


def number(count: int) -> str:
    """With thin thousands: 10,000."""
    return f"{count:,}"


def counted(count: int, noun: str) -> str:
    """Such as 1 run, or 1,200 runs."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def size(count: int) -> str:
    """Bytes in the largest decimal unit that keeps a digit before the point."""
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{count} bytes" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable: the last unit always fits")
