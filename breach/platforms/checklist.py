"""A containment plan as a checklist a person can print, tick and sign."""

import re

from schemas.containment import Action, ActionKind, ContainmentPlan
from schemas.incident import Mode

MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def checklist(plan: ContainmentPlan) -> str:
    """Markdown. Area names and announcements are quoted so that they cannot format anything."""
    lines = [f"# Closing areas: case {plan.case_id}", ""]
    if plan.mode is Mode.REHEARSAL:
        lines += ["**Rehearsal: read it, do not do it on the real platform.**", ""]
    lines += [f"Platform: {quoted(plan.platform)}", ""]
    lines += [f"- {quoted(note)}" for note in plan.notes]
    lines += ["", "Never delete anything: it is evidence. Hide it by rights and permissions.", ""]
    for action in plan.actions:
        lines += _item(action, by_hand=plan.by_hand)
    return "\n".join(lines).rstrip() + "\n"


def _item(action: Action, *, by_hand: bool) -> list[str]:
    mark = " — **by hand**" if by_hand else ""
    lines = [f"- [ ] {action.n}. {quoted(action.title)}{mark}"]
    if by_hand:
        lines.append("  - Before: write down exactly how it is set now, or take a picture of the settings page.")
    if action.kind is ActionKind.ANNOUNCE:
        lines += ["  - Text:", *(f"    > {quoted(line)}" for line in action.after.splitlines())]
    lines.append(f"  - {_check(action, by_hand=by_hand)}")
    lines.append(f"  - Can be taken back: {action.reversible}. {quoted(action.inverse)}")
    if by_hand:
        lines.append("  - Done by, at (with time zone): ____________")
    return [*lines, ""]


def _check(action: Action, *, by_hand: bool) -> str:
    if not by_hand:
        return (
            f"Verified automatically, as a stranger: {quoted(action.path)}" if action.path else "Read back afterwards."
        )
    if action.kind in {ActionKind.CLOSE_AREA, ActionKind.CHANGE_SETTING}:
        return "Check: in a private browser window, without logging in, nothing of it may be shown any more."
    return "Check: look at it with an ordinary member's account."


def quoted(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))
