"""Numbers that states give to people, with their real check digits; the author's country says which."""

from collections.abc import Callable
from random import Random

from benchmarks.corpus.checks import luhn_digit, weighted
from benchmarks.corpus.planting import Author, Maker, Plant, digits, grouped

_MONTH_DAYS = 28


def _birthday(rng: Random) -> tuple[int, int, int]:
    return rng.randrange(1950, 2000), rng.randrange(1, 13), rng.randrange(1, _MONTH_DAYS + 1)


def ssn(rng: Random) -> str:
    """A US social security number: area not 000, 666 or 9xx, group not 00, serial not 0000."""
    area = rng.choice([*range(1, 666), *range(667, 900)])
    return f"{area:03d}-{rng.randrange(1, 100):02d}-{rng.randrange(1, 10_000):04d}"


def _ssn(rng: Random, _: Author) -> tuple[str, str]:
    number = ssn(rng)
    return number, number


def _spanish(rng: Random) -> str:
    number = rng.randrange(10_000_000, 100_000_000)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def _polish(rng: Random) -> str:
    year, month, day = _birthday(rng)
    body = f"{year % 100:02d}{month:02d}{day:02d}{rng.randrange(10_000):04d}"
    return f"{body}{-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10}"


def _brazilian(rng: Random) -> str:
    body = digits(rng, 9)
    for first in (10, 11):
        rest = 11 - weighted(body, tuple(range(first, 1, -1))) % 11
        body += "0" if rest >= 10 else str(rest)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


_ODD = dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)) | dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)


def _italian(rng: Random) -> str:
    year, month, day = _birthday(rng)
    letters = "".join(rng.choices("BCDFGLMNPRST", k=6))
    day += rng.choice((0, 40))
    body = (
        f"{letters}{year % 100:02d}{'ABCDEHLMPRST'[month - 1]}{day:02d}{rng.choice('HFLDG')}{rng.randrange(100, 900)}"
    )
    total = sum(
        _ODD[sign] if at % 2 == 0 else int(sign, 36) % 10 if sign.isdigit() else ord(sign) - 65
        for at, sign in enumerate(body)
    )
    return body + chr(65 + total % 26)


def _swedish(rng: Random) -> str:
    year, month, day = _birthday(rng)
    born, serial = f"{year % 100:02d}{month:02d}{day:02d}", f"{rng.randrange(1, 1000):03d}"
    return f"{born}-{serial}{luhn_digit(born + serial)}"


def _french(rng: Random) -> str:
    year, month, _ = _birthday(rng)
    place = f"{rng.randrange(21, 90):02d}{rng.randrange(1, 500):03d}{rng.randrange(1, 900):03d}"
    body = f"{rng.choice('12')}{year % 100:02d}{month:02d}{place}"
    return f"{body}{97 - int(body) % 97:02d}"


def _dutch(rng: Random) -> str:
    while True:
        body = digits(rng, 8)
        check = weighted(body, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"{body}{check}"


def _british(rng: Random) -> str:
    prefix = rng.choice(("AB", "CE", "JG", "LM", "PW", "SR", "WK"))
    return f"{prefix}{digits(rng, 6)}{rng.choice('ABCD')}"


def _canadian(rng: Random) -> str:
    body = f"{rng.choice('123456')}{digits(rng, 7)}"
    return body + luhn_digit(body)


def _german(rng: Random) -> str:
    """Tax number: of its first ten digits one stands twice and one not at all; check by ISO/IEC 7064 mod 11,10."""
    signs = rng.sample("0123456789", 9)
    doubled = rng.choice(signs)
    signs.append(doubled)
    rng.shuffle(signs)
    while signs[0] == "0":
        rng.shuffle(signs)
    product = 10
    for sign in signs:
        total = (int(sign) + product) % 10 or 10
        product = total * 2 % 11
    return "".join(signs) + str((11 - product) % 10)


PAPERS: dict[str, tuple[Callable[[Random], str], tuple[str, ...]]] = {
    "ES": (_spanish, ("DNI", "mi DNI es", "my DNI is")),
    "PL": (_polish, ("PESEL", "moj PESEL to", "my PESEL is")),
    "BR": (_brazilian, ("CPF", "meu CPF", "my CPF is")),
    "IT": (_italian, ("codice fiscale", "CF", "my codice fiscale is")),
    "SE": (_swedish, ("personnummer", "my personnummer is")),
    "FR": (_french, ("NIR", "numero de securite sociale", "my NIR is")),
    "NL": (_dutch, ("BSN", "mijn BSN is", "my BSN is")),
    "GB": (_british, ("NINO", "national insurance number", "my NI number is")),
    "CA": (_canadian, ("SIN", "my SIN is", "social insurance number")),
    "DE": (_german, ("Steuer-ID", "meine Steuer-ID ist", "my tax id is")),
}
"""By country: how it is made, and what people call it."""


def _paper(country: str) -> Maker:
    def make(rng: Random, _: Author) -> tuple[str, str]:
        number = PAPERS[country][0](rng)
        canonical = number.replace("-", "").replace(".", "")
        if country == "CA" and rng.random() < 0.5:
            number = grouped(number, (3,), " ")
        if country == "GB" and rng.random() < 0.5:
            number = grouped(number, (2,), " ")
        return number, canonical

    return make


PLANTS = (
    Plant("ssn", "dashed", 4.2, _ssn, ("my ssn is", "SSN", "social security number", "", "ssn:")),
    *(Plant("national id", country, 2.0, _paper(country), PAPERS[country][1]) for country in PAPERS),
)
