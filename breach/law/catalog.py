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
from breach.law.rule import Data, Places, Rule, RuleFile

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

    def includes(self, place: str, jurisdiction: str) -> bool:
        """Whether a jurisdiction (DE, US-CA, GB-SCT) lies in a place (EU, US-CA, GB)."""
        states = self.groups.get(place, frozenset({place}))
        return jurisdiction in states or jurisdiction.partition("-")[0] in states

    def data(self, rule: Rule) -> Data:
        """The data that trigger a rule: its own, or those of the rule it follows."""
        leader = rule if rule.follows is None else next(r for r in self.rules if r.id == rule.follows)
        assert leader.trigger.data is not None, leader.id  # noqa: S101 - checked when the pack is loaded
        return leader.trigger.data


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
    rules = tuple(rule for name, text in texts.items() for rule in _read(name, text, RuleFile).rules)
    _check_together(rules, set(groups))
    members = {name: frozenset(group.members) for name, group in groups.items()}
    return Catalog(rules, members, hashlib.sha256(listed.encode()).hexdigest())


def _rule_texts(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith((".yaml", ".yml")):
            yield file.name, file.read_bytes()


class _NoDoubles(yaml.SafeLoader):
    """YAML lets the last of two equal keys win without a word; in law that is a lost rule."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        double = next((key for n, key in enumerate(keys) if key in keys[:n]), None)
        if double is not None:
            raise yaml.constructor.ConstructorError(None, None, f"key {double!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _read(name: str, text: bytes, kind: type[R]) -> R:
    try:
        return kind.model_validate(yaml.load(text, Loader=_NoDoubles))  # noqa: S506 - a SafeLoader
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _unreadable(name, f"{where or 'the file'}: {first['msg']}") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _unreadable(name, f"line {line}: {error.problem}") from None
    except (yaml.YAMLError, ValueError):  # bytes that are no text; a date such as 2022-13-01
        raise _unreadable(name, "it is not a YAML text, or holds a date that does not exist") from None


def _check_together(rules: tuple[Rule, ...], groups: set[str]) -> None:
    """What no single rule can know: ids that stand twice, rules that follow nothing, groups that do not exist."""
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            raise _unreadable(rule.id, "this id stands twice")
        by_id[rule.id] = rule
    for rule in rules:
        leader = by_id.get(rule.follows) if rule.follows else rule
        if leader is None or leader.trigger.data is None:
            raise _unreadable(rule.id, "it follows a rule that is missing or follows another one itself")
        for place in filter(None, (rule.reach.place, rule.reach.unless_established_in)):
            if place not in groups and (place in NOT_COUNTRIES or len(place.partition("-")[0]) != 2):
                raise _unreadable(rule.id, f"the group {place} is not in {PLACES}")


def _unreadable(name: str, what: str) -> LawUnknown:
    return LawUnknown(
        f"The rule pack cannot be read: {name}: {what}.",
        "No duty was decided; no rule is skipped.",
        "Correct the file; docs/add-a-law.md shows every key.",
    )
