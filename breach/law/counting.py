"""How many people's data trigger a rule, and whether that is enough: exact, a range, or unknown."""

from collections.abc import Iterator
from dataclasses import dataclass

from breach.law.elements import LAW_ELEMENTS, Held, say_element
from breach.law.expression import Bounds, Expression, count_held, names_in
from breach.law.reach import Target
from breach.law.rule import Count, Data
from breach.law.verdict import Verdict
from breach.law.vocabulary import Encryption, Scope
from breach.law.words import place_name
from schemas.exposure import DataType
from schemas.law import DutyStatus
from schemas.law_facts import Protection

NOBODY = Bounds(0, 0)


@dataclass(frozen=True, slots=True)
class Reached:
    """People whose data fit a rule: readable, hashed too, and perhaps."""

    sure: Bounds
    hashed: Bounds
    perhaps: Bounds


def reach_people(data: Data, held: Held) -> Reached:
    """Bounds on how many of some people a rule's data reach."""
    certain, possible = data.certainly(), data.possibly()

    def bounds(expression: Expression | None, how: str) -> Bounds:
        return count_held(expression, getattr(held, how), held.total) if expression else NOBODY

    looked = bounds(possible, "hashed_too")
    unlooked = bounds(certain, "perhaps")
    return Reached(
        sure=bounds(certain, "readable"),
        hashed=bounds(certain, "hashed_too"),
        perhaps=Bounds(max(looked.low, unlooked.low), max(looked.high, unlooked.high)),
    )


def judge_data(data: Data, target: Target, reached: Reached) -> Verdict:
    """Whether the data that leaked are the data the law means."""
    sure, perhaps, held = reached.sure, reached.perhaps, target.held
    if target.total == 0:
        return Verdict(DutyStatus.MAY_BECOME_DUE, "No affected person has been found so far.")
    if sure.high:
        more = f"It may reach {perhaps.high} people: {_open_ends(data, held)}" if perhaps.high > sure.high else ""
        return Verdict(DutyStatus.DUE, more)
    if reached.hashed.high:
        return _hashed(data, reached.hashed)
    if perhaps.high:
        return Verdict(DutyStatus.MAY_BECOME_DUE, f"It may reach {perhaps.high} people. {_open_ends(data, held)}")
    kinds = [kind.value for kind in DataType if target.held.persons.get(kind, 0)]
    kinds += [say_element(one.element) for one in target.held.declared if one.element in LAW_ELEMENTS]
    found = f"Exposed of the {target.total} affected people there, as far as found: {', '.join(kinds) or 'nothing'}."
    return Verdict(DutyStatus.DOES_NOT_APPLY, " ".join(filter(None, [found, _locked(target.held), data.note])))


def _hashed(data: Data, hashed: Bounds) -> Verdict:
    said = f"For {hashed.high} people only salted, slow hashes lay there."
    if data.encryption is Encryption.NONE:
        return Verdict(DutyStatus.DUE, f"{said} This law knows no exemption for protected data.")
    return Verdict(DutyStatus.ASK_COUNSEL, f"{said} Whether that counts as protected is a question for counsel.")


def _locked(held: Held) -> str:
    locked = [say_element(one.element) for one in held.declared if one.protection is Protection.ENCRYPTED]
    if not locked:
        return ""
    return f"Strongly encrypted, and as recorded the key was not taken: {', '.join(dict.fromkeys(locked))}."


def _open_ends(data: Data, held: Held) -> str:
    if data.note:
        return data.note
    certain = data.certainly()
    names = list(dict.fromkeys(names_in(certain))) if certain else []
    unlooked = [name for name in names if name in LAW_ELEMENTS and not held.hashed_too(name).high]
    if unlooked:
        return f"Nobody has said yet whether these were among what leaked: {', '.join(map(say_element, unlooked))}."
    return f"More than was found may lie in free text: {', '.join(map(say_element, names))}."


def judge_count(count: Count | None, target: Target, reached: Reached, wide: Reached, attack: bool | None) -> Verdict:
    """A threshold. People without a known country may be residents, so they count towards 'at most'."""
    if count is None:
        return Verdict(DutyStatus.DUE)
    low, high = reached.sure.low, max(reached.sure.high, reached.perhaps.high)
    if count.scope is Scope.ONE_STATE:
        low, high = wide.sure.low, max(wide.sure.high, wide.perhaps.high)
    elif count.scope is not Scope.RESIDENTS:
        low = max(low, wide.sure.low) if count.scope is Scope.TOTAL else low
        high = max(high, wide.sure.high, wide.perhaps.high)
    high += target.unplaced
    return _fewer(count, low, high) if count.op == "<" else _enough(count, target, Bounds(low, high), attack)


def _enough(count: Count, target: Target, people: Bounds, attack: bool | None) -> Verdict:
    needed = count.number + (count.op == ">")
    who = f"{count.scope.value} ({place_name(target.jurisdiction)})"
    asked = f"the rule asks for {'more than' if count.op == '>' else 'at least'} {count.number}"
    if people.low >= needed:
        return Verdict(DutyStatus.DUE, f"{people.low} {who} are concerned; {asked}.")
    other = list(_other_ways(count, target, attack))
    sure = next((verdict for verdict in other if verdict.status is DutyStatus.DUE), None)
    if sure:
        return sure
    if people.high >= needed:
        between = f"Between {people.low} and {people.high} {who} are concerned, people without a known country among"
        return Verdict(DutyStatus.MAY_BECOME_DUE, f"{between} them; {asked}.")
    most = f"At most {people.high} {who} are concerned; {asked}"
    if other:
        ways = "; or ".join(verdict.reason for verdict in other)
        return Verdict(DutyStatus.MAY_BECOME_DUE, f"{most}, but fewer are enough if: {ways}.")
    return Verdict(DutyStatus.DOES_NOT_APPLY, f"{most}.")


def _fewer(count: Count, low: int, high: int) -> Verdict:
    if low >= count.number:
        said = f"{low} people or more are concerned; from {count.number} on, another duty of this law takes its place."
        return Verdict(DutyStatus.DOES_NOT_APPLY, said)
    if high >= count.number:
        said = f"Between {low} and {high} people are concerned; from {count.number} on, another duty takes its place."
        return Verdict(DutyStatus.MAY_BECOME_DUE, said)
    return Verdict(DutyStatus.DUE)


def _other_ways(count: Count, target: Target, attack: bool | None) -> Iterator[Verdict]:
    """What makes the number needless, as far as it is not ruled out."""
    if count.or_attack and attack:
        yield Verdict(DutyStatus.DUE, "Somebody broke in: the rule asks for no number then.")
    if count.or_attack and attack is None:
        yield Verdict(DutyStatus.MAY_BECOME_DUE, "somebody broke in, or may have")
    if count.or_data:
        reached = reach_people(Data(certain=count.or_data), target.held)
        names = ", ".join(say_element(name) for name in dict.fromkeys(names_in_text(count.or_data)))
        if reached.sure.high:
            yield Verdict(DutyStatus.DUE, f"Data leaked that count whatever the number of people: {names}.")
        elif reached.perhaps.high or reached.hashed.high:
            yield Verdict(DutyStatus.MAY_BECOME_DUE, f"these were among what leaked: {names}")
    if count.or_else:
        yield Verdict(DutyStatus.MAY_BECOME_DUE, count.or_else)


def names_in_text(text: str) -> Iterator[str]:
    """The data types and elements of an expression."""
    certain = Data(certain=text).certainly()
    if certain:
        yield from names_in(certain)
