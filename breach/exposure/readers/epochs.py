"""Moments written as seconds, milliseconds or microseconds since 1970."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR_2200 = 7_258_118_400
"""A platform's message cannot be younger; a larger number has another unit."""


def epoch_seconds(value: object) -> datetime | None:
    """A number or a text of one, as seconds; None for what is none. Microseconds are kept, as Slack's ids have them."""
    try:
        whole, _, part = str(value).strip().partition(".")
        if "e" in part or "E" in part:  # a float in its own notation
            whole, _, part = f"{float(str(value)):.6f}".partition(".")
        seconds = int(whole)
        micros = int((part + "000000")[:6])
        if not 0 <= seconds < YEAR_2200:
            return None
        return EPOCH + timedelta(seconds=seconds, microseconds=micros)
    except (ValueError, OverflowError):
        return None


def epoch_millis(value: object) -> datetime | None:
    """A whole number as milliseconds; None for what is none."""
    if not isinstance(value, int) or not 0 <= value < YEAR_2200 * 1000:
        return None
    return EPOCH + timedelta(milliseconds=value)
