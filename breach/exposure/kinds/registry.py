"""The kinds that are looked for, in the order in which they are asked at one place of a text.

A new kind is one more entry here. Order counts where two kinds could be meant: what has the stronger check goes first.
"""

from enum import StrEnum

from breach.exposure.kinds import cards, emails, ibans, networks, phones, ssn
from breach.exposure.kinds.kind import Kind


class Profile(StrEnum):
    """How much is looked for."""

    FULL = "every kind"
    SHARED = "the five kinds that other tools know as well"


BEFORE_LINKS: tuple[Kind, ...] = ()
"""Kinds whose values are links themselves, such as the address of a webhook."""

KINDS: tuple[Kind, ...] = (
    Kind("e-mail", emails.PATTERN, emails.check, in_links=True, gate=b"@"),
    Kind("iban", ibans.PATTERN, ibans.check),
    Kind("ip", networks.PATTERN, networks.check),
    Kind("card", cards.PATTERN, cards.check),
    Kind("ssn", ssn.PATTERN, ssn.check),
    Kind("phone", phones.PATTERN, phones.check),
)

_SHARED = frozenset({"e-mail", "iban", "ip", "card", "ssn"})


def kinds_of(profile: Profile) -> tuple[tuple[Kind, ...], tuple[Kind, ...]]:
    """Kinds to ask before links, and after."""
    if profile is Profile.FULL:
        return BEFORE_LINKS, KINDS
    return (), tuple(kind for kind in KINDS if kind.name in _SHARED)
