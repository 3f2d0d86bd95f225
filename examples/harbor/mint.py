"""Draws values that are used once: tokens, IP addresses, phone numbers, payment cards, ids. All from one seed."""

from collections.abc import Callable
from random import Random

from examples.harbor.phones import draw_phone, only_digits

DISCORD_EPOCH_MS = 1_420_070_400_000
"""2015-01-01T00:00Z: a snowflake counts milliseconds from here, shifted left by 22 bits."""

CARD_PREFIXES = (("400000", 16), ("411111", 16), ("222300", 16), ("555555", 16), ("378282", 15), ("371449", 15))
"""Beginnings of the card brands' own test numbers (Visa, Mastercard, American Express), with the exact length."""

TRIES = 400
"""A fictional phone range holds 100 to 10,000 numbers: a very large set uses them up, and has to repeat some."""


def luhn_check_digit(digits: str) -> str:
    """The digit that makes `digits` and it pass the Luhn test (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


class Mint:
    """Hands out values, none twice; only phone numbers repeat, once a country's fictional ranges are used up."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._seen: set[str] = set()

    def token(self) -> str:
        """Ten characters: `zq`, then four times a digit and a letter. No run of digits to be taken for a number."""
        return self._once(
            lambda: "zq" + "".join(self._rng.choice("23456789") + self._rng.choice(_LETTERS) for _ in range(4))
        )

    def ip(self, *, v6: bool) -> str:
        """IPv4 of 198.18.0.0/15 (benchmarks, RFC 2544) or IPv6 of 2001:db8::/32 (documentation, RFC 3849).

        Every IPv4 is 14 characters long, so that none is the beginning of another; there are 48,672.
        """
        if v6:
            return self._once(
                lambda: "2001:db8:" + ":".join(f"{self._rng.randint(0x1000, 0xFFFF):x}" for _ in range(6))
            )
        for _ in range(TRIES):
            value = f"198.{self._rng.randint(18, 19)}.{self._rng.randint(100, 255)}.{self._rng.randint(100, 255)}"
            if value not in self._seen:
                self._seen.add(value)
                return value
        return self.ip(v6=True)

    def phone(self, residence: str) -> tuple[str, str]:
        """A number of this place: (international form, local form)."""
        international, local = draw_phone(self._rng, residence)
        for _ in range(TRIES):
            if only_digits(international) not in self._seen:
                break
            international, local = draw_phone(self._rng, residence)
        self._seen.add(only_digits(international))
        return international, local

    def card(self) -> str:
        """Digits of a card number: a test prefix, the brand's exact length, a correct check digit."""
        prefix, length = self._rng.choice(CARD_PREFIXES)
        return self._once(lambda: _with_check_digit(prefix + self._digits(length - 1 - len(prefix))))

    def no_card(self) -> str:
        """16 digits that begin like a card and fail the Luhn test."""
        prefix, _ = self._rng.choice(CARD_PREFIXES[:4])
        good = self._once(lambda: _with_check_digit(prefix + self._digits(15 - len(prefix))))
        return good[:-1] + str((int(good[-1]) + self._rng.randint(1, 9)) % 10)

    def id_like(self, length: int, *, luhn: bool) -> str:
        """A bare number such as a snowflake, that passes the Luhn test or fails it."""
        good = self._once(lambda: _with_check_digit(self._rng.choice("123456789") + self._digits(length - 2)))
        return good if luhn else good[:-1] + str((int(good[-1]) + self._rng.randint(1, 9)) % 10)

    def snowflake(self, unix_ms: int) -> str:
        """A chat id made at this moment."""
        return self._once(lambda: str(((unix_ms - DISCORD_EPOCH_MS) << 22) | self._rng.getrandbits(22)))

    def _digits(self, count: int) -> str:
        return "".join(self._rng.choice("0123456789") for _ in range(count))

    def _once(self, draw: Callable[[], str]) -> str:
        value = draw()
        while value in self._seen:
            value = draw()
        self._seen.add(value)
        return value


_LETTERS = "abcdefghjkmnpqrstuvwxyz"


def _with_check_digit(digits: str) -> str:
    return digits + luhn_check_digit(digits)
