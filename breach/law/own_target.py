"""Our own date for a duty that the law wants "as soon as possible": so that it rings, and never dressed as law."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from breach.law.clock import Clock
from breach.law.deadline import Asap, UnlessHeld
from breach.law.deadline_parser import parse_deadline
from breach.law.events import anchor_moment
from breach.law.graph import walk
from breach.law.rule import Rule
from schemas.law_facts import Anchor


def own_target(rule: Rule, clock: Clock) -> datetime | None:
    """The hours we gave ourselves (facts.law.targets), from the event that the rule names or the end of a silence.

    None where the rule does not say "as soon as possible", where it waits for an act of our own, and while law
    enforcement asks for silence without an end.
    """
    anchors, may_wait = _as_soon_as_possible(rule.deadline)
    moments = [moment.at for anchor in anchors if (moment := anchor_moment(anchor, clock.facts))]
    hold = clock.facts.incident.law.hold if may_wait else None
    if not moments or (hold and hold.until is None):
        return None
    start = max(min(moments), hold.until) if hold and hold.until else min(moments)
    hours = timedelta(hours=clock.facts.incident.law.targets.asap_hours)
    return (start.astimezone(UTC) + hours).astimezone(clock.zone)


@lru_cache(maxsize=1024)
def _as_soon_as_possible(deadline: str) -> tuple[tuple[Anchor, ...], bool]:
    parts = tuple(walk(parse_deadline(deadline)))
    anchors = tuple(part.start for part in parts if isinstance(part, Asap))
    return anchors, any(isinstance(part, UnlessHeld) for part in parts)
