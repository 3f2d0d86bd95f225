"""Read the rule pack: every file, closed, cross-checked. What cannot be read stops the case; it is never skipped."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from breach.errors import LawUnknown
from breach.law.deadline import Each, OrderKind
from breach.law.graph import find_circle, orders_in, rules_in
from breach.law.rule import Data, Definition, Places, Rule, RuleFile
from breach.law.vocabulary import Link
from breach.law.workdays import check_calendar

PLACES = "places.yaml"
NOT_COUNTRIES = {"EU", "EZ", "UN"}
"""Two letters that ISO 3166 reserves for groups: without a list of members they would reach nobody."""
R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All rules, in the order of their files' names."""

    rules: tuple[Rule, ...]
    groups: dict[str, frozenset[str]]
    pack_hash: str
    """64 hex: which bytes these rules were read from."""
    definitions: tuple[Definition, ...]
    by_id: dict[str, Rule]
    data_of: dict[str, Data]
    """Rule id: the data that trigger it, its own, its place's, or those of the rule it follows."""
    orders: dict[str, tuple[str, ...]]
    """Rule id: how it stands to others in time, in words, from both sides."""
    version: str
    """The latest day on which one of the rules was checked: a name for people; the hash is the proof."""

    def includes(self, place: str, jurisdiction: str) -> bool:
        """Whether a jurisdiction (DE, US-CA, GB-SCT) lies in a place (EU, US-CA, GB)."""
        country = jurisdiction.partition("-")[0]
        states = self.groups.get(place)
        return place in {jurisdiction, country} if states is None else jurisdiction in states or country in states

    def data(self, rule: Rule) -> Data:
        """The data that trigger a rule."""
        return self.data_of[rule.id]

    def leader(self, rule: Rule) -> Rule | None:
        """The rule that must be due first; None when it follows none."""
        return self.by_id[rule.follows] if rule.follows else None


def load_catalog(folder: Traversable | None = None) -> Catalog:
    """All rules of the pack, or of another folder. Raises LawUnknown naming the file and the key that is wrong."""
    return _shipped() if folder is None else _load(folder)


def rule_pack_hash(folder: Traversable | None = None) -> str:
    """64 hex over the names and bytes of the rule files: what a case records and an approval binds to."""
    return load_catalog(folder).pack_hash


@cache
def _shipped() -> Catalog:
    """Read once in a process, so that a pack edited while a case runs cannot change half of its duties."""
    return _load(files("breach.law").joinpath("rules"))


def _load(folder: Traversable) -> Catalog:
    texts = dict(_rule_texts(folder))
    listed = "".join(f"{hashlib.sha256(text).hexdigest()}  {name}\n" for name, text in texts.items())
    places = texts.pop(PLACES, b"groups: {}")
    if not texts:
        raise LawUnknown(
            "The rule pack is empty.", "No duty was decided.", "Put the rule files back into breach/law/rules."
        )
    groups = _read(PLACES, places, Places).groups
    read = [_read(name, text, RuleFile) for name, text in texts.items()]
    rules = tuple(rule for file in read for rule in file.rules)
    if not rules:
        raise _unreadable("the folder", "it holds no rule")
    by_id = _check_together(rules, set(groups))
    return Catalog(
        rules=rules,
        groups={name: frozenset(group.members) for name, group in groups.items()},
        pack_hash=hashlib.sha256(listed.encode()).hexdigest(),
        definitions=tuple(one for file in read for one in file.definitions),
        by_id=by_id,
        data_of=dict(_data_of(read, by_id)),
        orders=_orders(rules),
        version=str(max(rule.as_of for rule in rules)),
    )


MIRRORED = {
    OrderKind.BEFORE: "after",
    OrderKind.NOT_LATER: "not before",
    OrderKind.TOGETHER: "at the same time as",
    OrderKind.AFTER: "not later than",
}


def _orders(rules: tuple[Rule, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for rule in rules:
        for order in orders_in(rule.clock):
            found.setdefault(rule.id, []).append(f"{order.kind.value.replace('_', ' ')} {order.rule}")
            found.setdefault(order.rule, []).append(f"{MIRRORED[order.kind]} {rule.id}")
    return {rule: tuple(said) for rule, said in found.items()}


def _data_of(files_read: list[RuleFile], by_id: dict[str, Rule]) -> Iterator[tuple[str, Data]]:
    own: dict[str, Data] = {}
    for file in files_read:
        defined = {one.place: one.data for one in file.definitions}
        for rule in file.rules:
            if rule.trigger.data == "definition":
                if rule.reach.place not in defined:
                    raise _unreadable(rule.id, f"no definition for {rule.reach.place} in its file")
                own[rule.id] = defined[rule.reach.place]
            elif rule.trigger.data:
                own[rule.id] = rule.trigger.data
    for rule in by_id.values():
        leader = rule.follows or rule.id
        if leader not in own:
            raise _unreadable(rule.id, "it follows a rule that is missing or follows another one itself")
        yield rule.id, own[leader]


def _rule_texts(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith((".yaml", ".yml")):
            yield file.name, file.read_bytes()


class NoDoubles(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # in C: ten times faster
    """YAML lets the last of two equal keys win without a word; in law that is a lost rule."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping; an error that names the line of a key that stands twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        double = next((key for n, key in enumerate(keys) if key in keys[:n]), None)
        if double is not None:
            raise yaml.constructor.ConstructorError(None, None, f"key {double!r} stands twice", node.start_mark)
        return dict(super().construct_mapping(node, deep))


def _read(name: str, text: bytes, kind: type[R]) -> R:
    try:
        return kind.model_validate(yaml.load(text, Loader=NoDoubles))  # noqa: S506 - a SafeLoader
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _unreadable(name, f"{where or 'the file'}: {first['msg']}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _unreadable(name, f"line {line}: {error.problem}") from None
    except (yaml.YAMLError, ValueError):  # bytes that are no text; a date such as 2022-13-01
        raise _unreadable(name, "it is not a YAML text, or holds a date that does not exist") from None


def _check_together(rules: tuple[Rule, ...], groups: set[str]) -> dict[str, Rule]:
    """What no single rule can know: ids that stand twice, rules that follow nothing, groups that do not exist."""
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            raise _unreadable(rule.id, "this id stands twice")
        by_id[rule.id] = rule
    needs = {rule.id: rules_in(rule.clock) | {one for one in (rule.follows, rule.same_as) if one} for rule in rules}
    for rule in rules:
        for missing in sorted(needs[rule.id] - set(by_id)):
            raise _unreadable(rule.id, f"it follows a rule that is missing: {missing}")
        for problem in _misplaced(rule, groups):
            raise _unreadable(rule.id, problem)
    if circle := find_circle(needs):
        raise _unreadable(circle[0], f"duties wait for each other in a circle: {' -> '.join(circle)}")
    return by_id


def _misplaced(rule: Rule, groups: set[str]) -> Iterator[str]:
    for place in filter(None, (rule.reach.place, rule.reach.unless_established_in)):
        no_country = place in NOT_COUNTRIES or len(place.partition("-")[0]) != 2
        if place not in groups and no_country and rule.reach.by != (Link.CONTRACT,):
            yield f"the group {place} is not in {PLACES}"
    if isinstance(rule.clock, Each) and not rule.reach.each_state:
        yield "foreach(…) needs reach.each_state"
    if rule.calendar:
        try:
            check_calendar(rule.calendar)
        except LawUnknown as error:
            yield error.happened


def _unreadable(name: str, what: str) -> LawUnknown:
    return LawUnknown(
        f"The rule pack cannot be read: {name}: {what}.",
        "No duty was decided; no rule is skipped.",
        "Correct the file; docs/add-a-law.md shows every key.",
    )
