"""Whom a rule protects in this case: affected people gathered by where they live, or by where we are established."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from breach.law.catalog import Catalog
from breach.law.elements import Held
from breach.law.rule import Rule
from breach.law.vocabulary import Link
from breach.law.words import place_name
from schemas.exposure import Certainty, DataType, ExposureSummary
from schemas.law_facts import LawFacts, LeakedElement

CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
TERRITORIES = {"PR": "US-PR", "GU": "US-GU", "VI": "US-VI", "AS": "US-AS", "MP": "US-MP"}
"""Countries of ISO 3166-1 that are also parts of the United States, under whose codes their law is held."""


@dataclass(frozen=True, slots=True)
class People:
    """Affected people of one or more jurisdictions, in numbers."""

    total: int
    persons: Mapping[DataType, int]


@dataclass(frozen=True, slots=True)
class Spread:
    """The affected people by jurisdiction; those who could live anywhere stand apart."""

    by_place: dict[str, People]
    nowhere: People
    """Members without a known country, or with one that is no country code."""
    unmatched: int
    """Authors of exposed content who are not in the member list."""
    everyone: People
    """All of them together."""
    declared: tuple[LeakedElement, ...] = ()
    """What somebody knows to have leaked beside what was counted."""
    vague: frozenset[DataType] = field(default=frozenset())
    """Types whose count nobody vouches for."""

    @property
    def unplaced(self) -> int:
        """How many people might live in any place."""
        return self.nowhere.total + self.unmatched

    seen: dict[tuple[str, ...] | None, Held] = field(default_factory=dict)
    """What was gathered for one rule serves the next: fifty states ask the same four times over."""
    gathered: dict[tuple[str, bool], dict[str, list[str]]] = field(default_factory=dict)

    def held_by(self, places: Iterable[str] | None) -> Held:
        """What lay in the data of the people of some places; None means everybody."""
        key = None if places is None else tuple(places)
        if key not in self.seen:
            self.seen[key] = self._held_by(key)
        return self.seen[key]

    def _held_by(self, places: tuple[str, ...] | None) -> Held:
        everybody = self.everyone
        named = set(self.by_place) if places is None else set(places)
        groups = [self.by_place[place] for place in named]
        people = everybody if places is None else groups[0] if len(groups) == 1 else _together(groups)
        declared = tuple(
            one for one in self.declared if places is None or one.jurisdiction is None or one.jurisdiction in named
        )
        return Held(people.total, people.persons, declared, everybody.total - people.total, self.vague)


def spread_people(exposure: ExposureSummary, law: LawFacts) -> Spread:
    """Sort the summary's people by place. What is not a code (somebody's free text) is never shown: it is nowhere."""
    gathered: dict[str, list[People]] = {}
    for place, total in sorted(exposure.by_jurisdiction.items()):
        if total > 0:
            known = TERRITORIES.get(place, place) if CODE.fullmatch(place) else ""
            gathered.setdefault(known, []).append(People(total, exposure.matrix.get(place, {})))
    people = {place: _together(groups) for place, groups in gathered.items()}
    nowhere = people.pop("", People(0, {}))
    vague = frozenset(kind for kind, count in exposure.by_type.items() if count.certainty is Certainty.UNKNOWN)
    everyone = _together([*people.values(), nowhere])
    declared = tuple(_placed(one, people) for one in law.elements)
    return Spread(people, nowhere, exposure.authors_unmatched, everyone, declared, vague)


def _placed(one: LeakedElement, people: Mapping[str, People]) -> LeakedElement:
    """An element told of a place where nobody was counted (DE-BY, when all are in DE) may be anybody's."""
    place = TERRITORIES.get(one.jurisdiction or "", one.jurisdiction)
    return one.model_copy(update={"jurisdiction": place if place in people else None})


def _together(groups: Iterable[People]) -> People:
    total, persons = 0, Counter[DataType]()
    for group in groups:
        total += group.total
        persons.update(group.persons)
    return People(total, dict(persons))


@dataclass(frozen=True, slots=True)
class Target:
    """One application of a rule: whom it protects, and what reaching them took for granted."""

    jurisdiction: str
    held: Held
    unplaced: int
    """People who might belong here, too."""
    established: bool
    reason: str
    hours: int | None = None
    """What the contract at hand says."""
    promised_to: str = ""
    """With whom that contract is."""

    @property
    def total(self) -> int:
        """How many affected people it protects."""
        return self.held.total


def find_targets(rule: Rule, spread: Spread, home: str, catalog: Catalog) -> tuple[Target, ...] | str:
    """The rule's targets; or, when it reaches nobody, the reason why."""
    reach = rule.reach
    if reach.unless_established_in and catalog.includes(reach.unless_established_in, home):
        return f"You are established in {place_name(home)}: one filing there stands for all."
    established = Link.ESTABLISHMENT in reach.by and catalog.includes(reach.place, home)
    if established and not reach.each_state:
        return (_at_home(spread, home, reach.place),)
    residents = _residents(rule, spread, catalog)
    targets = [_abroad(rule, spread, place, places) for place, places in residents.items()]
    if established:
        own = _state(reach.place, home, catalog)
        others = [target for target in targets if target.jurisdiction != own]
        return (_at_home(spread, home, own), *others)
    if targets:
        return tuple(targets)
    if Link.RESIDENTS not in reach.by:
        return f"You are not established in {place_name(reach.place)}, but in {place_name(home)}."
    open_ends = f" The {spread.unplaced} people without a known country have a line of their own."
    return f"No affected person is known to live in {place_name(reach.place)}.{open_ends if spread.unplaced else ''}"


def under_contract(law: LawFacts, rule: Rule, spread: Spread) -> tuple[Target, ...]:
    """One target for each contract on record that the rule speaks of."""
    return tuple(
        Target(
            jurisdiction="contract",
            held=spread.held_by(None),
            unplaced=spread.unmatched,
            established=False,
            reason=f"{one.recipient}: {one.clause}",
            hours=one.hours,
            promised_to=one.recipient,
        )
        for one in law.contracts
        if one.rule_id == rule.id
    )


def _at_home(spread: Spread, home: str, jurisdiction: str) -> Target:
    everywhere = (
        f"You are established in {place_name(home)}: the law protects every affected person, wherever they live."
    )
    return Target(jurisdiction, spread.held_by(None), spread.unmatched, established=True, reason=everywhere)


def _abroad(rule: Rule, spread: Spread, place: str, places: list[str]) -> Target:
    held = spread.held_by(places)
    reason = f"{held.total} affected people live in {place_name(place)}. {rule.reach.doubt}".rstrip()
    country, _, part = place.partition("-")
    loose = spread.by_place.get(country) if part else None
    unplaced = spread.unplaced + (loose.total if loose else 0)
    return Target(place, held, unplaced, established=False, reason=reason)


def _residents(rule: Rule, spread: Spread, catalog: Catalog) -> dict[str, list[str]]:
    if Link.RESIDENTS not in rule.reach.by:
        return {}
    asked = (rule.reach.place, rule.reach.each_state)
    if asked not in spread.gathered:
        spread.gathered[asked] = _gather(rule, spread, catalog)
    return spread.gathered[asked]


def _gather(rule: Rule, spread: Spread, catalog: Catalog) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for place in spread.by_place:
        if catalog.includes(rule.reach.place, place):
            key = _state(rule.reach.place, place, catalog) if rule.reach.each_state else rule.reach.place
            gathered.setdefault(key, []).append(place)
    return gathered


def _state(place: str, jurisdiction: str, catalog: Catalog) -> str:
    """The member of a group a code belongs to: DE for DE-BY."""
    members = catalog.groups.get(place, frozenset({place}))
    return jurisdiction if jurisdiction in members else jurisdiction.partition("-")[0]
