"""The difference between two lists of duties, in sentences. Nothing disappears without its reason."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from breach.law.apply import OPEN
from breach.law.words import say_time
from schemas.law import Change, ChangeKind, Duty, DutyChanges, DutyList

Key = tuple[str, str, int]
ORDER = tuple(ChangeKind)


def compare_duties(
    before: DutyList, after: DutyList, revisions: tuple[str, str], facts_revision: int, zone: ZoneInfo
) -> DutyChanges:
    """What was added, what fell away and why, which deadline moved, what is done; times in the organisation's zone."""
    old, new = _keyed(before), _keyed(after)
    found = [
        change
        for key in dict.fromkeys([*new, *old])
        if (change := _change(old.get(key), new.get(key) or _rule_now(key, after), zone, there=key in new))
    ]
    found.sort(key=lambda change: (ORDER.index(change.what), change.rule_id, change.jurisdiction))
    return DutyChanges(before=revisions[0], after=revisions[1], facts_revision=facts_revision, changes=tuple(found))


def say_changes(changes: DutyChanges) -> list[str]:
    """One line a change: what, which duty, from, to, why."""
    return [
        f"{one.what.value.upper()}: {one.regime} ({one.rule_id}, {one.jurisdiction}), {one.recipient_name}: "
        f"{f'{one.before} → ' if one.before else ''}{one.after}. {one.why}"
        for one in changes.changes
    ]


def _keyed(duties: DutyList) -> dict[Key, Duty]:
    """By rule and place; several contracts of one kind are told apart by their order, which only grows."""
    found: dict[Key, Duty] = {}
    for duty in duties.duties:
        n = 0
        while (duty.rule_id, duty.jurisdiction, n) in found:
            n += 1
        found[duty.rule_id, duty.jurisdiction, n] = duty
    return found


def _rule_now(key: Key, after: DutyList) -> Duty | None:
    """What the rule says now of whomever it reaches: the reason why it does not reach this place any more."""
    return next((duty for duty in after.duties if duty.rule_id == key[0]), None)


def _change(old: Duty | None, new: Duty | None, zone: ZoneInfo, *, there: bool) -> Change | None:
    was, is_ = old is not None and old.status in OPEN, there and new is not None and new.status in OPEN
    kind = next(_kinds(old, new, was=was, is_=is_), None)
    shown = new if there else old
    if kind is None or shown is None:
        return None
    gone = "no rule reaches this place any more" if new is None else new.reason
    return Change(
        rule_id=shown.rule_id,
        jurisdiction=shown.jurisdiction,
        regime=shown.regime,
        recipient_name=shown.recipient_name,
        what=kind,
        before=_say(old, zone) if old else "",
        after=_say(new, zone) if there and new else "not asked any more",
        why=gone,
    )


def _kinds(old: Duty | None, new: Duty | None, *, was: bool, is_: bool) -> Iterator[ChangeKind]:
    if is_ and not was:
        yield ChangeKind.ADDED
    if was and not is_:
        yield ChangeKind.REMOVED
    if old is None or new is None or not (was and is_):
        return
    if new.done_at and not old.done_at:
        yield ChangeKind.DONE
    if old.by != new.by:
        yield ChangeKind.MOVED
    if old.status is not new.status:
        yield ChangeKind.STATE


def _say(duty: Duty, zone: ZoneInfo) -> str:
    if duty.done_at:
        return f"done {say_time(duty.done_at, zone)}"
    if duty.by is None:
        return duty.status.value
    return f"{duty.status.value}, {'due' if duty.due_at else 'work by'} {say_time(duty.by, zone)}"
