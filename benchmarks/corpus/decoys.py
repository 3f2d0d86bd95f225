"""What looks like personal data and is none: half of what a scanner meets, and what its precision is measured on."""

from collections.abc import Callable
from random import Random

from benchmarks.corpus.checks import iban_of, luhn_digit
from benchmarks.corpus.money import card
from benchmarks.corpus.planting import Author, digits, grouped

Decoy = Callable[[Random, Author], str]


def _snowflake(rng: Random) -> str:
    return str(rng.randrange(150 * 10**15, 1_400 * 10**15))


def _mention(rng: Random, author: Author) -> str:
    return rng.choice(("<@{}>", "<@!{}>", "hey <@{}>")).format(author.other.id)


def _channel(rng: Random, _: Author) -> str:
    return rng.choice(("<#{}>", "<@&{}>", "<:wave:{}>", "<a:dance:{}>")).format(_snowflake(rng))


def _bare_id(rng: Random, _: Author) -> str:
    return f"message id {_snowflake(rng)}"


def _link(rng: Random, _: Author) -> str:
    return rng.choice(
        (
            f"https://discord.example.com/channels/{_snowflake(rng)}/{_snowflake(rng)}",
            f"https://cdn.example.net/a/{digits(rng, 16)}/pic{rng.randrange(99)}.png?ex={rng.getrandbits(32):08x}",
            f"https://shop.example.org/item/{digits(rng, 13)}",
            f"http://www.example.com/?t={digits(rng, 10)}&v={rng.randrange(9)}.{rng.randrange(99)}",
        )
    )


def _bad_card(rng: Random, _: Author) -> str:
    """The wrong check digit."""
    number, groups = card(rng)
    number = number[:-1] + str((int(number[-1]) + rng.randrange(1, 10)) % 10)
    return grouped(number, groups, rng.choice((" ", "-", "")))


def _no_issuer(rng: Random, _: Author) -> str:
    """Passes Luhn, and no issuer has the range."""
    body = f"{rng.choice('19')}{digits(rng, 14)}"
    return f"serial {body}{luhn_digit(body)}"


def _bad_iban(rng: Random, _: Author) -> str:
    number = iban_of("DE", digits(rng, 18))
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _bad_ssn(rng: Random, _: Author) -> str:
    """Areas that are never given; below 50 in the middle, 9xx is no taxpayer number either."""
    area = rng.choice(("000", "666", f"9{rng.randrange(100):02d}"))
    return f"{area}-{rng.randrange(1, 50):02d}-{rng.randrange(1, 10_000):04d}"


def _date(rng: Random, _: Author) -> str:
    year, month, day = rng.randrange(2015, 2027), rng.randrange(1, 13), rng.randrange(1, 29)
    return rng.choice(
        (
            f"{year}-{month:02d}-{day:02d}",
            f"{day:02d}.{month:02d}.{year}",
            f"{month}/{day}/{year}",
            f"{year}-{month:02d}-{day:02d} {rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}",
            f"{day:02d}/{month:02d}/{year % 100:02d}",
        )
    )


def _price(rng: Random, _: Author) -> str:
    return rng.choice(
        (f"${rng.randrange(1, 9999)}.99", f"{rng.randrange(1, 999)},50 €", f"{rng.randrange(1, 99)} 000 kr")
    )


def _version(rng: Random, _: Author) -> str:
    parts = ".".join(str(rng.randrange(40)) for _ in range(rng.choice((3, 4))))
    return rng.choice((f"v{parts}", f"version {parts}", f"build {parts}", f"release {parts}-beta"))


def _order(rng: Random, _: Author) -> str:
    return rng.choice(
        (f"order #{rng.randrange(100, 999)}-{digits(rng, 6)}", f"ticket {digits(rng, 7)}", f"SKU{digits(rng, 8)}")
    )


def _no_ip(rng: Random, _: Author) -> str:
    first, second = rng.randrange(256, 999), rng.randrange(256)
    return rng.choice(
        (f"{first}.{second}.1.7", f"192.168.{second}.{rng.randrange(1, 255)}", f"10.0.{second}.1", "127.0.0.1")
    )


def _at_sign(rng: Random, _: Author) -> str:
    name = rng.choice(("nobody", "everyone", "somebody", "mod_team", "newsbot"))
    return rng.choice(
        (f"@{name}", f"@{name}@social.example.org", f"logo{rng.randrange(9)}@2x.png", "git@git.example.com:a/b.git")
    )


def _hex(rng: Random, _: Author) -> str:
    text = rng.randbytes(16).hex()
    return rng.choice(
        (
            f"#{text[:6]}",
            f"commit {text[:10]}",
            f"md5 {text}",
            f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}",
        )
    )


def _measure(rng: Random, _: Author) -> str:
    return rng.choice(
        (
            f"{rng.randrange(90)}.{digits(rng, 4)}, {rng.randrange(180)}.{digits(rng, 4)}",
            f"{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}",
            f"{rng.randrange(9)} {digits(rng, 3)} {digits(rng, 3)} views",
            f"{rng.randrange(800, 4000)}x{rng.randrange(600, 2200)}",
        )
    )


DECOYS: tuple[Decoy, ...] = (
    _mention, _mention, _mention, _channel, _channel, _bare_id, _link, _link, _bad_card, _no_issuer, _bad_iban,
    _bad_ssn, _date, _date, _price, _version, _order, _no_ip, _at_sign, _hex, _measure,
)  # fmt: skip
"""Drawn evenly; what stands twice is twice as common."""
