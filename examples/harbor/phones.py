"""Telephone numbers that nobody answers: officially fictional ranges where the country has one.

Sources of the fictional ranges: Ofcom (0xx 496 0xxx, 020 7946 0xxx), NANPA (555-0100 to 555-0199), ACMA (5550 and
7010 xxxx), ARCEP (01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49), Bundesnetzagentur (numbers for media use).
Ireland's (020 91x) is no valid number to phonenumbers, and the Netherlands, Spain, Brazil and Japan have none; there
the subscriber's part begins with 0 or 1 (Brazil: 90), which stays inside the numbering plan and is not handed out
to subscribers. A # stands for a digit to be drawn, the same in both forms.
"""

import re
from random import Random

_NEW_YORK = "212 315 332 347 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934"
_CALIFORNIA = "213 310 323 408 415 510 530 559 562 619 626 628 650 657 661 707 714 747 760 805 818 831 858 909 916 925"
_TEXAS = "210 214 254 281 325 346 361 409 430 432 469 512 682 713 737 806 817 830 832 903 915 936 940 956 972 979"
_MASSACHUSETTS = "339 351 413 508 617 774 781 857 978"
_FLORIDA = "239 305 321 352 386 407 561 727 754 772 786 813 850 863 904 941 954"
_WASHINGTON = "206 253 360 425 509 564"
_COLORADO = "303 719 720 970"
_QUEBEC = "514 438 418 581 450 579 819 873"


def _north_american(codes: str) -> tuple[tuple[str, str], ...]:
    """555-01xx in each area code: the hundred numbers set apart for fiction."""
    return tuple((f"+1 {code}-555-01##", f"({code}) 555-01##") for code in codes.split())


RANGES: dict[str, tuple[tuple[str, str], ...]] = {
    "DE": (
        ("+49 30 23125 ###", "030 23125 ###"),
        ("+49 69 90009 ###", "069 90009 ###"),
        ("+49 40 66969 ###", "040 66969 ###"),
        ("+49 221 4710 ###", "0221 4710 ###"),
        ("+49 89 99998 ###", "089 99998 ###"),
    ),
    "FR": (
        ("+33 1 99 00 ## ##", "01 99 00 ## ##"),
        ("+33 2 61 91 ## ##", "02 61 91 ## ##"),
        ("+33 3 53 01 ## ##", "03 53 01 ## ##"),
        ("+33 4 65 71 ## ##", "04 65 71 ## ##"),
        ("+33 5 36 49 ## ##", "05 36 49 ## ##"),
    ),
    "NL": (("+31 20 0## ####", "020 0## ####"), ("+31 10 0## ####", "010 0## ####")),
    "ES": (("+34 810 ## ## ##", "810 ## ## ##"), ("+34 850 ## ## ##", "850 ## ## ##")),
    "IE": (("+353 1 0## ####", "(01) 0## ####"), ("+353 21 0## ####", "(021) 0## ####")),
    "GB": (
        ("+44 20 7946 0###", "020 7946 0###"),
        ("+44 113 496 0###", "0113 496 0###"),
        ("+44 116 496 0###", "0116 496 0###"),
        ("+44 121 496 0###", "0121 496 0###"),
        ("+44 141 496 0###", "0141 496 0###"),
        ("+44 161 496 0###", "0161 496 0###"),
        ("+44 191 498 0###", "0191 498 0###"),
    ),
    "US-CA": _north_american(_CALIFORNIA),
    "US-NY": _north_american(_NEW_YORK),
    "US-TX": _north_american(_TEXAS),
    "US-MA": _north_american(_MASSACHUSETTS),
    "US-FL": _north_american(_FLORIDA),
    "US-WA": _north_american(_WASHINGTON),
    "US-CO": _north_american(_COLORADO),
    "CA-QC": _north_american(_QUEBEC),
    "BR": (("+55 11 90###-####", "(11) 90###-####"), ("+55 21 90###-####", "(21) 90###-####")),
    "JP": (("+81 3-1###-####", "03-1###-####"), ("+81 52-0##-####", "052-0##-####")),
    "AU": tuple(
        (f"+61 {area} {block} ####", f"(0{area}) {block} ####") for area in "2378" for block in ("5550", "7010")
    ),
}


def draw_phone(rng: Random, residence: str) -> tuple[str, str]:
    """A number of this place: (international form, local form)."""
    international, local = rng.choice(RANGES[residence])
    digits = [str(rng.randrange(10)) for _ in range(international.count("#"))]
    return _filled(international, digits), _filled(local, digits)


def spellings(written: str) -> set[str]:
    """A drawn number as written, as bare digits, and as digits with the country code: a leak may hold any."""
    found = {written, only_digits(written)}
    for ranges in RANGES.values():
        for international, local in ranges:
            if match := re.fullmatch(re.escape(local).replace(r"\#", "(.)"), written):
                found.add(only_digits(_filled(international, list(match.groups()))))
    return found


def only_digits(text: str) -> str:
    """The ASCII digits of a text, in order."""
    return "".join(sign for sign in text if sign in "0123456789")


def _filled(pattern: str, digits: list[str]) -> str:
    for digit in digits:
        pattern = pattern.replace("#", digit, 1)
    return pattern
