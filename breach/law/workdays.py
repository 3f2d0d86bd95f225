"""Business days by the recipient's calendar: its own weekend, its own public holidays."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from breach.errors import LawUnknown

LONGEST_REST = 15
"""Days without a single working day that are still believed: Chinese New Year and Eid take about nine."""


def add_business_days(start: date, days: int, calendar: str) -> date:
    """The last of so many business days after `start`; its own day is not counted.

    `calendar` is a country (BR) or a part of one (US-VT). Raises LawUnknown for one that nobody keeps.
    """
    kept = _calendar(calendar)
    day, left, rested = start, days, 0
    while left:
        day += timedelta(days=1)
        off = day.weekday() in kept.weekend or day in kept
        rested = rested + 1 if off else 0
        if rested > LONGEST_REST:
            raise LawUnknown(f"The calendar {calendar} has no working days.", "No duty was decided.", "Correct it.")
        left -= not off
    return day


@lru_cache(maxsize=64)
def _calendar(name: str) -> holidays.HolidayBase:
    country, _, part = name.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise LawUnknown(
            f"No calendar of public holidays is kept for {name}.",
            "No duty was decided; a business day cannot be counted.",
            "Name another calendar in the rule, or count calendar days and ask counsel.",
        ) from None


def check_calendar(name: str) -> None:
    """Raises LawUnknown when nobody keeps this calendar."""
    _calendar(name)
