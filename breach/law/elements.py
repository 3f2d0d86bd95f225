"""Elements that laws name beside the taxonomy, and how many people's lay in the data, for sure and perhaps.

Which data types an element is counted from, and how they lay there, stands in breach/exposure/taxonomy.yaml. Beside
what was counted, a person can say what leaked (facts.law.elements); and any of them may lie wherever nobody has looked.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

from breach.exposure.taxonomy import taxonomy
from breach.law.expression import ATOMS, Bounds
from schemas.exposure import DataType
from schemas.law_facts import LeakedElement, Protection

LAW_ELEMENTS = {
    "ssn": "social security numbers",
    "drivers_license": "driver's licence or state identity numbers",
    "government_id": "passport or other government numbers",
    "tax_id": "taxpayer numbers",
    "account_with_code": "account or card numbers with the code that opens them",
    "account_number": "bank account numbers",
    "medical": "medical information",
    "health_insurance": "health insurance numbers",
    "biometric": "biometric data",
    "genetic": "genetic data",
    "password": "passwords or security answers",
    "email_password": "passwords that open the e-mail account itself",
    "financial_login": "logins that open a financial account",
    "sensitive_login": "logins that open an account with sensitive data",
    "precise_location": "precise location",
    "special_category": "belief, health, politics, sexuality and other sensitive data",
}
"""Name in an expression: how it is called for a person."""

LOOKED_NOWHERE = ("closed_area_posts", "profile_details")
"""Free text may hold anything; nobody has read it for these elements."""
CARRIED_BY = {
    "account_with_code": ("payment_card", "account_number"),
    "password": ("access_token", "session"),
    "email_password": ("password",),
    "financial_login": ("password",),
    "sensitive_login": ("password",),
    "precise_location": ("location",),
}
"""What is known to be there may be this, too: a card number may have come with its code, a password may be reused.

A token that opens an account is no password in the words of most laws, and may be one in the eyes of a regulator.
"""
OPEN = {Protection.PLAIN, Protection.WEAK, Protection.KEY_TAKEN}

Look = Callable[[str], Bounds]


@dataclass(frozen=True, slots=True)
class Held:
    """What lay in the data of some people: counted, declared, and perhaps."""

    total: int
    persons: Mapping[DataType, int]
    declared: tuple[LeakedElement, ...] = ()
    spare: int = 0
    """Affected people elsewhere: what was declared without a place may be theirs."""
    vague: frozenset[DataType] = frozenset()
    """Types whose count nobody vouches for."""

    def readable(self, name: str) -> Bounds:
        """People whose element lay open, as far as counted or declared."""
        return self._known(name, OPEN)

    def hashed_too(self, name: str) -> Bounds:
        """The same, hashed ones included."""
        return self._known(name, OPEN | {Protection.HASHED})

    def perhaps(self, name: str) -> Bounds:
        """The same, with everybody in whose data it may lie though nobody has looked."""
        known = self.hashed_too(name)
        if name not in LAW_ELEMENTS and name != "name":
            return known
        carriers = [self.hashed_too(kind) for kind in (*LOOKED_NOWHERE, *CARRIED_BY.get(name, ()))]
        return Bounds(known.low, min(self.total, known.high + sum(bounds.high for bounds in carriers)))

    def _known(self, name: str, protections: Collection[Protection]) -> Bounds:
        counted, declared = self._counted(name, protections), self._declared(name, protections)
        return Bounds(max(counted.low, declared.low), max(counted.high, declared.high))

    def _counted(self, name: str, protections: Collection[Protection]) -> Bounds:
        """Of several types that are this element nobody knows whether they lay with the same people."""
        found = [self._of(kind) for kind, lay in counted_from(name) if lay in protections]
        low, high = max((one.low for one in found), default=0), sum(one.high for one in found)
        return Bounds(low, min(self.total, high))

    def _of(self, kind: DataType) -> Bounds:
        held = min(self.persons.get(kind, 0), self.total)
        return Bounds(held, self.total if held and kind in self.vague else held)

    def _declared(self, name: str, protections: Collection[Protection]) -> Bounds:
        bounds = Bounds(0, 0)
        for one in self.declared:
            if one.element == name and one.protection in protections:
                bounds = bounds + self._persons(one)
        return Bounds(min(bounds.low, self.total), min(bounds.high, self.total))

    def _persons(self, one: LeakedElement) -> Bounds:
        if one.persons is None:
            return Bounds(0, self.total)
        spare = self.spare if one.jurisdiction is None else 0
        return Bounds(max(0, min(one.persons, self.total + spare) - spare), min(one.persons, self.total))


@cache
def counted_from(name: str) -> tuple[tuple[DataType, Protection], ...]:
    """The data types that are this element, each with how it lay there; none when only a person can tell."""
    own = ATOMS.get(name)
    return tuple((kind, entry.lay) for kind, entry in taxonomy().items() if kind is own or name in entry.law)


def say_element(name: str) -> str:
    """An atom of an expression in words."""
    return LAW_ELEMENTS[name] if name in LAW_ELEMENTS else ATOMS[name].value
