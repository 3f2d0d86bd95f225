"""Personal data planted in messages, and the decoys that only look like it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from examples.harbor.members import SAFE_DOMAINS, Member
from examples.harbor.mint import Mint
from examples.harbor.places import PLACES
from examples.harbor.sentences import DECOY, PLANT, fill
from schemas.exposure import UNKNOWN_JURISDICTION, DataType


@dataclass(frozen=True, slots=True)
class Mark:
    """One value in a message: personal data, or a decoy. Offsets are code points of the decoded `content`."""

    channel: str
    message_id: str
    author_id: str
    kind: str
    """A DataType's value, or what the decoy is."""
    form: str
    """How it is written: local, international, spaced, dashed, plain, IPv4, IPv6…"""
    start: int
    end: int
    in_scope: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence, with the place of what was put into it."""

    text: str
    kind: str = ""
    form: str = ""
    start: int = -1
    length: int = 0
    planted: bool = False


def plant(rng: Random, mint: Mint, author: Member | None) -> Piece:
    """A sentence with one piece of personal data, of the four kinds that content is searched for."""
    kind = rng.choices(("email", "phone", "ip", "card"), weights=(30, 35, 22, 13))[0]
    draw = {"email": _email, "phone": _phone, "ip": _ip, "card": _card}[kind]
    data_type, form, value = draw(rng, mint, author)
    text, start = fill(rng.choice(PLANT[kind]), mint.token(), value)
    return Piece(text, data_type.value, form, start, len(value), planted=True)


def _email(rng: Random, mint: Mint, author: Member | None) -> tuple[DataType, str, str]:
    own = author is not None and author.email and not author.traits & {"bad address", "twin in other case"}
    if author is not None and own and rng.random() < 0.25:
        return DataType.EMAIL, "own", author.email
    return DataType.EMAIL, "other", f"{rng.choice(('', 'boat.', 'my_', 'x+'))}{mint.token()}@{rng.choice(SAFE_DOMAINS)}"


def _phone(rng: Random, mint: Mint, author: Member | None) -> tuple[DataType, str, str]:
    """Locally written only by authors whose country the roster shows: for others nobody could read it."""
    if author is not None and author.jurisdiction != UNKNOWN_JURISDICTION and rng.random() < 0.5:
        return DataType.PHONE, "local", mint.phone(author.place.code)[1]
    international = mint.phone(author.place.code if author else rng.choice(PLACES).code)[0]
    if rng.random() < 0.4:
        international = international.replace(" ", "").replace("-", "")
    return DataType.PHONE, "international", international


def _ip(rng: Random, mint: Mint, _author: Member | None) -> tuple[DataType, str, str]:
    v6 = rng.random() < 0.3
    return DataType.IP_ADDRESS, "IPv6" if v6 else "IPv4", mint.ip(v6=v6)


def _card(rng: Random, mint: Mint, _author: Member | None) -> tuple[DataType, str, str]:
    digits = mint.card()
    form = rng.choice(("plain", "spaced", "dashed"))
    if form == "plain":
        return DataType.PAYMENT_CARD, form, digits
    ends = (0, 4, 10, 15) if len(digits) == 15 else (0, 4, 8, 12, 16)
    groups = [digits[start:end] for start, end in pairwise(ends)]
    return DataType.PAYMENT_CARD, form, (" " if form == "spaced" else "-").join(groups)


def decoy(rng: Random, mint: Mint, someone: Member) -> Piece:
    """A sentence with something that is no personal data of the four kinds, but looks like it to a hasty eye.

    Args:
        rng: the seeded source.
        mint: for values used once.
        someone: a member with a chat id, to be mentioned.
    """
    forms: dict[str, Callable[[], str]] = {
        "mention": lambda: f"<@{someone.chat_id}>",
        "channel mention": lambda: f"<#{mint.id_like(19, luhn=True)}>",
        "custom emoji": lambda: f"<:lantern:{mint.id_like(18, luhn=rng.random() < 0.5)}>",
        "snowflake, passes Luhn": lambda: mint.id_like(rng.randint(17, 19), luhn=True),
        "snowflake, fails Luhn": lambda: mint.id_like(rng.randint(17, 19), luhn=False),
        "16 digits, fails Luhn": mint.no_card,
        "date": lambda: rng.choice(("2026-10-31", "31.10.2026", "10/31/2026", "2026-10-31T21:30:00Z", "1. 11. 2026")),
        "price": lambda: rng.choice(("1,299.00 €", "$49.95", "12.345,67 EUR", "R$ 1.250,00", "¥128,000")),
        "version": lambda: f"v{rng.randint(1, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 9)}.{rng.randint(0, 9)}",
        "order number": lambda: f"HB-2026-{rng.randrange(10**6):06}",
        "address of a page": lambda: f"https://shop.example/item/{mint.id_like(18, luhn=True)}?ref={mint.token()}",
        "handle": lambda: f"@{someone.username}",
        "no IP address": lambda: rng.choice(("999.999.1.1", "256.18.300.4", "198.18.1", "1.2.3.4.5")),
        "clock": lambda: rng.choice(("21:30–23:15", "6:05 am", "00:00:00")),
    }
    kind = rng.choice(tuple(forms))
    value = forms[kind]()
    text, start = fill(rng.choice(DECOY), mint.token(), value)
    return Piece(text, kind, "", start, len(value))
