"""Members of the invented community, each made from its number alone: a million of them take no memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random

FIRST_EPOCH_MS = 1_420_070_400_000
"""Where the platform's ids begin to count (2015-01-01 UTC), in milliseconds."""
_JOINED_MS = 1_609_459_200_000

_FIRST_NAMES = (
    "mira tomas ines jonas petra lukas sanna viktor elif oskar nadia felix greta hugo ilse matteo noor pavel "
    "rosa silas tilda umar vera wanda yara zeno anouk bruno clea dario esra finn gwen hanne ivo jule kasia "
    "leon marit nils"
)
FIRST = _FIRST_NAMES.split()
_LAST_NAMES = (
    "quayle fenwick harrow tidewell brandt osterholm lindqvist moreau ferrari kowalczyk devries castellan "
    "okafor tanaka pereira haldane wexford thorne ashdown merrow calloway drexler engel faulk garnier hollis "
    "ivanova jansen kestrel lund"
)
LAST = _LAST_NAMES.split()
_RESIDENCES = "US US US US US US GB GB GB DE DE DE DE FR FR FR ES ES IT IT NL NL PL PL SE BR BR AU CA CH AT IE"
COUNTRIES = _RESIDENCES.split()
"""Where members live; a country's share is how often it stands here."""
HOSTS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org", "inbox.eu.example.net")
"""Reserved names (RFC 2606) below top-level domains that exist, as the other tools ask the list of those."""


@dataclass(frozen=True, slots=True)
class Member:
    """One invented person. `id` is the platform's, `roster_id` the community's own."""

    id: str
    roster_id: str
    handle: str
    name: str
    email: str
    country: str


class Members:
    """All of them, by number from 0."""

    def __init__(self, seed: int, count: int) -> None:
        """Count: how many there are."""
        self._countries = bytes(Random(f"{seed}/countries").choices(range(len(COUNTRIES)), k=count))
        self.count = count
        self.member = lru_cache(maxsize=1 << 16)(self._make)

    def __iter__(self) -> Iterator[Member]:
        """Everybody, each made anew."""
        return (self._make(number) for number in range(self.count))

    def _make(self, number: int) -> Member:
        first = FIRST[number % len(FIRST)]
        last = LAST[number // len(FIRST) % len(LAST)]
        # 21 seconds between two of them: a million members joined within eight months.
        snowflake = (_JOINED_MS + number * 21_013 - FIRST_EPOCH_MS << 22) + (number * 2_654_435_761 & 0x3FFFFF)
        return Member(
            id=str(snowflake),
            roster_id=str(1000 + number),
            handle=f"{first}_{last[:4]}{number}",
            name=f"{first.title()} {last.title()}",
            email=f"{first}.{last}{number}@{HOSTS[number * 7 % len(HOSTS)]}",
            country=COUNTRIES[self._countries[number]],
        )
