"""Dates of birth that a word announces."""

import pytest

from breach.exposure.kinds import births
from schemas.exposure import DataType

from .conftest import find, values


@pytest.mark.parametrize(
    ("message", "day", "region"),
    [
        ("I was born on 17 May 1990", "1990-05-17", None),
        ("born May 17th, 1990", "1990-05-17", None),
        ("DOB: 1990-05-17", "1990-05-17", None),
        ("D.O.B. 05/17/1990", "1990-05-17", None),
        ("dob 03/04/1990", "1990-03-04", "US"),
        ("dob 03/04/1990", "1990-04-03", "GB"),
        ("date of birth: 3.4.1990", "1990-04-03", None),
        ("geboren am 17. Mai 1990", "1990-05-17", None),
        ("Geburtsdatum: 17.05.1990", "1990-05-17", "DE"),
        ("geb. 29.02.1992", "1992-02-29", None),
        ("née le 17 mai 1990", "1990-05-17", None),
        ("date de naissance : 17/05/1990", "1990-05-17", "FR"),
        ("nacido el 17 de mayo de 1990", "1990-05-17", None),
        ("fecha de nacimiento: 17/05/1990", "1990-05-17", "ES"),
    ],
)
def test_a_birthday_is_found_as_its_day(message: str, day: str, region: str | None) -> None:
    """In four languages; where two orders are possible, in that of the author's country."""
    ((found, _),) = find(births, message, region)

    assert (found.type, found.normal) == (DataType.DATE_OF_BIRTH, day)


@pytest.mark.parametrize(
    "message",
    [
        "the meeting is on 17 May 1990",
        "17.05.1990",
        "born on a Tuesday in 1990",
        "dob: 31.02.1990",
        "born on 17 Brumaire 1990",
        "reborn 2.3.4",
        "geb. 1990",
        "DOB: 1790-05-17",
    ],
)
def test_other_dates_are_nobodys_birthday(message: str) -> None:
    """Without the word, without a day, or on a day that does not exist."""
    assert values(births, message) == []


def test_an_ambiguous_date_is_less_sure() -> None:
    """3 April and 4 March are two days; 17/05 is one."""
    ((two_days, _),) = find(births, "dob: 03/04/1990")
    ((one_day, _),) = find(births, "dob: 17/05/1990")

    assert two_days.confidence < one_day.confidence
