"""Whom a rule protects in this case: affected people gathered by where they live, or by where we are established."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from breach.law.catalog import Catalog
from breach.law.rule import Link, Rule
from breach.law.words import place_name
from schemas.exposure import DataType, ExposureSummary

CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


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

    @property
    def unplaced(self) -> int:
        """How many people might live in any place."""
        return self.nowhere.total + self.unmatched

    def everyone(self) -> People:
        """All of them together."""
        return _together([*self.by_place.values(), self.nowhere])


def spread_people(exposure: ExposureSummary) -> Spread:
    """Sort the summary's people by place. What is not a code (somebody's free text) is never shown: it is nowhere."""
    people = {
        place: People(total, exposure.matrix.get(place, {}))
        for place, total in sorted(exposure.by_jurisdiction.items())
        if total > 0
    }
    placed = {place: group for place, group in people.items() if CODE.fullmatch(place)}
    nowhere = _together(group for place, group in people.items() if place not in placed)
    return Spread(placed, nowhere, exposure.authors_unmatched)


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
    people: People
    unplaced: int
    """People who might belong here, too."""
    established: bool
    reason: str


def find_targets(rule: Rule, spread: Spread, home: str, catalog: Catalog) -> tuple[Target, ...] | str:
    """The rule's targets; or, when it reaches nobody, the reason why."""
    reach = rule.reach
    if reach.unless_established_in and catalog.includes(reach.unless_established_in, home):
        return f"You are established in {place_name(home)}: one filing there stands for all."
    established = Link.ESTABLISHMENT in reach.by and catalog.includes(reach.place, home)
    if established and not reach.each_state:
        return (_at_home(spread, home, reach.place),)
    residents = _residents(rule, spread, catalog)
    targets = [_abroad(rule, spread, place, people) for place, people in residents.items()]
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


def _at_home(spread: Spread, home: str, jurisdiction: str) -> Target:
    everywhere = (
        f"You are established in {place_name(home)}: the law protects every affected person, wherever they live."
    )
    return Target(jurisdiction, spread.everyone(), spread.unmatched, established=True, reason=everywhere)


def _abroad(rule: Rule, spread: Spread, place: str, people: People) -> Target:
    reason = f"{people.total} affected people live in {place_name(place)}. {rule.reach.doubt}".rstrip()
    return Target(place, people, spread.unplaced, established=False, reason=reason)


def _residents(rule: Rule, spread: Spread, catalog: Catalog) -> dict[str, People]:
    if Link.RESIDENTS not in rule.reach.by:
        return {}
    gathered: dict[str, list[People]] = {}
    for place, people in spread.by_place.items():
        if catalog.includes(rule.reach.place, place):
            key = _state(rule.reach.place, place, catalog) if rule.reach.each_state else rule.reach.place
            gathered.setdefault(key, []).append(people)
    return {place: _together(groups) for place, groups in gathered.items()}


def _state(place: str, jurisdiction: str, catalog: Catalog) -> str:
    """The member of a group a code belongs to: DE for DE-BY."""
    members = catalog.groups.get(place, frozenset({place}))
    return jurisdiction if jurisdiction in members else jurisdiction.partition("-")[0]
