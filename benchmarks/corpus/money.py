"""Cards, accounts and wallets: numbers that are valid and nobody's, made from random digits."""

from collections.abc import Callable
from random import Random

from benchmarks.corpus.checks import base58check, iban_of, luhn_digit, raised, segwit, weighted
from benchmarks.corpus.planting import Author, Maker, Plant, digits, grouped

Account = Callable[[Random], str]
"""Makes the part of an IBAN that the country writes."""
BRANDS = (
    # prefixes, length, how it is embossed
    (("4",), 16, (4,)),
    (("4",), 16, (4,)),
    (("51", "52", "53", "54", "55", "2221", "2400", "2720"), 16, (4,)),
    (("34", "37"), 15, (4, 6, 5)),
    (("6011", "644", "65"), 16, (4,)),
    (("3528", "3589"), 16, (4,)),
    (("300", "36", "38"), 14, (4, 6, 4)),
)
"""Issuers by ISO/IEC 7812. Lengths of 17 to 19 are left out: bare, they are the platform's ids."""


def card(rng: Random) -> tuple[str, tuple[int, ...]]:
    """A number that passes Luhn, and its groups."""
    prefixes, length, groups = rng.choice(BRANDS)
    prefix = rng.choice(prefixes)
    body = prefix + "".join(rng.choices("0123456789", k=length - 1 - len(prefix)))
    return body + luhn_digit(body), groups


def _card(separator: str) -> Maker:
    def make(rng: Random, _: Author) -> tuple[str, str]:
        number, groups = card(rng)
        return grouped(number, groups, separator), number

    return make


def _full_width_card(rng: Random, _: Author) -> tuple[str, str]:
    number, groups = card(rng)
    return grouped(number, groups, " ").translate(FULL_WIDTH), number


FULL_WIDTH = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}
"""Digits as East Asian keyboards write them."""


def _numeric(length: int) -> Account:
    return lambda rng: "".join(rng.choices("0123456789", k=length))


def _bank(letters: str, length: int) -> Account:
    return lambda rng: rng.choice(letters.split()) + "".join(rng.choices("0123456789", k=length))


def _belgian(rng: Random) -> str:
    body = digits(rng, 10)
    return f"{body}{int(body) % 97 or 97:02d}"


def _french(rng: Random) -> str:
    bank, branch, account = digits(rng, 5), digits(rng, 5), digits(rng, 11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02d}"


def _spanish(rng: Random) -> str:
    bank, account = digits(rng, 8), digits(rng, 10)
    first = 11 - weighted("00" + bank, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11
    second = 11 - weighted(account, (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11
    return bank + "".join({10: "1", 11: "0"}.get(check, str(check)) for check in (first, second)) + account


ACCOUNTS = {
    "DE": _numeric(18),
    "GB": _bank("NWBK BARC LOYD HBUK", 14),
    "NL": _bank("ABNA RABO INGB BUNQ", 10),
    "AT": _numeric(16),
    "CH": _numeric(17),
    "IE": _bank("AIBK BOFI", 14),
    "BE": _belgian,
    "FR": _french,
    "ES": _spanish,
    "LU": _numeric(16),
}
"""Account parts by country (SWIFT's registry of IBAN formats), with the country's own check digits if it has some."""


def iban(rng: Random) -> str:
    """A valid IBAN of one of ACCOUNTS."""
    country = rng.choice(tuple(ACCOUNTS))
    return iban_of(country, ACCOUNTS[country](rng))


def _iban(rng: Random, _: Author) -> tuple[str, str]:
    number = iban(rng)
    return number, number


def _spaced_iban(rng: Random, _: Author) -> tuple[str, str]:
    number = iban(rng)
    return grouped(number, (4,), " "), number


def _lower_iban(rng: Random, _: Author) -> tuple[str, str]:
    number = iban(rng)
    return number.lower(), number


def _bitcoin(rng: Random, _: Author) -> tuple[str, str]:
    address = base58check(rng.choice((0, 5)), rng.randbytes(20))
    return address, address


def _segwit(rng: Random, _: Author) -> tuple[str, str]:
    address = segwit(rng.randbytes(20))
    return address, address


def _ether(rng: Random, _: Author) -> tuple[str, str]:
    address = raised(rng.randbytes(20))
    return address, address.lower()


def _lower_ether(rng: Random, _: Author) -> tuple[str, str]:
    address = f"0x{rng.randbytes(20).hex()}"
    return address, address


_PAY = ("my card is", "card number", "pay with", "", "charged")
_BANK = ("IBAN", "my iban is", "send it to", "account:", "")
PLANTS = (
    Plant("card", "plain", 1.7, _card(""), _PAY),
    Plant("card", "spaced", 2.4, _card(" "), _PAY),
    Plant("card", "dashed", 1.1, _card("-"), _PAY),
    Plant("iban", "plain", 2.1, _iban, _BANK),
    Plant("iban", "spaced", 2.1, _spaced_iban, _BANK),
    Plant("crypto", "bitcoin", 0.4, _bitcoin, ("btc", "my wallet", "tip me at", "")),
    Plant("crypto", "segwit", 0.3, _segwit, ("btc", "my wallet", "")),
    Plant("crypto", "ether", 0.3, _ether, ("eth", "my wallet", "tip me at", "")),
    # Any 40 hexadecimal digits could be one: only a word beside it makes it an address.
    Plant("crypto", "ether, lower-case", 0.1, _lower_ether, ("eth", "my eth wallet", "send eth to")),
)
HIDDEN = (
    Plant("card", "full-width", 0.2, _full_width_card, _PAY),
    Plant("iban", "lower-case", 0.2, _lower_iban, ("IBAN", "my iban is")),
)
"""Forms in which people write around a rule: looked for by the full profile only."""
