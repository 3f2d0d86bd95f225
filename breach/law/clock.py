"""Deadline arithmetic: hours run through weekends; calendar days end at 23:59 where the organisation lives."""

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from breach.errors import BadInput
from breach.law.deadline import (
    LATER,
    Asap,
    Asked,
    At,
    Choose,
    Each,
    Given,
    IfNotAfter,
    Node,
    Order,
    Param,
    Pick,
    Plus,
    Unit,
    UnlessHeld,
    YearEnd,
)
from breach.law.events import Moment, anchor_moment, check_times, recorded_moment, say_anchor
from breach.law.words import say_time
from breach.law.workdays import add_business_days
from schemas.incident import Facts, Organisation
from schemas.law_facts import Anchor, Hold

__all__ = ["Clock", "Reckoned", "add", "check_times", "zone_of"]

DAY_ENDS = time(23, 59)


def zone_of(organisation: Organisation) -> ZoneInfo:
    """The zone in which local deadlines end. Raises BadInput for a name that is not in the IANA table."""
    try:
        return ZoneInfo(organisation.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            "organisation.time_zone is not a time zone that exists.",
            "No duty was decided; nothing was sent.",
            "Give an IANA name such as Europe/Berlin or America/Los_Angeles.",
        ) from None


def add(start: datetime, count: int, unit: Unit, zone: ZoneInfo, calendar: str = "") -> datetime:
    """The end of a stretch after `start`, in the organisation's zone.

    Hours are counted in real time, through a change to or from daylight saving. With days and months the start's own
    day is not counted, and the last one ends at 23:59. `calendar` names whose business days they are.
    """
    if unit is Unit.HOURS:
        return (start.astimezone(UTC) + timedelta(hours=count)).astimezone(zone)
    first = start.astimezone(zone).date()
    if unit is Unit.CALENDAR_DAYS:
        last = first + timedelta(days=count)
    elif unit is Unit.BUSINESS_DAYS:
        last = add_business_days(first, count, calendar)
    else:
        last = _add_months(first, count)
    return datetime.combine(last, DAY_ENDS, zone)


def _add_months(day: date, count: int) -> date:
    """The same day of a later month; its last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a deadline comes to: a time or none, what was taken for granted, and what a clock still waits for."""

    at: datetime | None
    notes: tuple[str, ...] = ()
    waits: str = ""
    begun: datetime | None = None
    """When the stretch began that ends there; None: it is no stretch."""


NO_TIME = Reckoned(None)


@dataclass(frozen=True, slots=True)
class Clock:
    """One rule's view of time."""

    facts: Facts
    zone: ZoneInfo
    calendar: str
    leader: str | None
    """The rule whose notice the anchors of our own acts mean."""
    ends_of: Callable[[str], Reckoned]
    """When another rule's duty is done, or ends."""
    hours: int | None = None
    """What the contract at hand says."""

    def told(self, rule: str | None) -> datetime | None:
        """When the first notice under a rule was given."""
        return min((told.at for told in self.facts.incident.law.told if told.rule_id == rule), default=None)

    def reckon(self, node: Node, *, strict: bool = False) -> Reckoned:  # noqa: C901, PLR0911 - one case a part
        """Work a deadline out. With `strict`, no event is taken in another's place."""
        match node:
            case At(anchor):
                return self._at(anchor, strict=strict)
            case Given(rule):
                given = self.told(rule)
                return Reckoned(given) if given else Reckoned(None, (), f"{rule} has not been given yet")
            case Param():
                return self._param()
            case Plus(start, least, most, unit):
                return self._plus(self.reckon(start, strict=strict), least, most, unit)
            case Pick():
                return self._pick(node)
            case Choose():
                return self._choose(node, strict=strict)
            case IfNotAfter(left, right, yes, no):
                first, then = self.reckon(left), self.reckon(right)
                holds = first.at is not None and then.at is not None and first.at <= then.at
                return self.reckon(yes if holds else no, strict=strict)
            case Each(inner):
                return self.reckon(inner, strict=strict)
            case YearEnd(start):
                begun = self.reckon(start, strict=strict)
                return replace(begun, at=self._year_end(begun.at)) if begun.at else begun
            case UnlessHeld(inner, then, unit):
                return self._held(self.reckon(inner, strict=strict), then, unit)
            case Order(_, rule):
                return self.ends_of(rule)
            case Asap(Anchor.NEW_INFORMATION) if not recorded_moment(Anchor.NEW_INFORMATION, self.facts):
                return Reckoned(None, (), "there is no new information yet")
        return NO_TIME

    def _at(self, anchor: Anchor, *, strict: bool) -> Reckoned:
        if anchor in LATER:
            given = self.told(self.leader)
            return Reckoned(given) if given else Reckoned(None, (), f"{say_anchor(anchor)} has not been sent")
        moment = (recorded_moment if strict else anchor_moment)(anchor, self.facts)
        if moment is None:
            return Reckoned(None, (), f"{say_anchor(anchor)} is not on record")
        return _from(moment)

    def _param(self) -> Reckoned:
        if self.hours is None:
            return Reckoned(None, (), "the clause names no number of hours")
        begun = self._at(Anchor.AWARE, strict=False)
        return self._plus(begun, self.hours, self.hours, Unit.HOURS)

    def _plus(self, start: Reckoned, least: int, most: int, unit: Unit) -> Reckoned:
        if start.at is None:
            return start
        notes = start.notes if least == most else (*start.notes, f"Between {least} and {most}: the earlier is taken.")
        return Reckoned(add(start.at, least, unit, self.zone, self.calendar), notes, begun=start.begun or start.at)

    def _pick(self, node: Pick) -> Reckoned:
        """What has no time yet is left out; when nothing has one, the earliest event on record stands in."""
        found = [self.reckon(part, strict=True) for part in node.parts]
        if not any(part.at for part in found):
            found = [self.reckon(part) for part in node.parts]
        timed = [part for part in found if part.at is not None]
        if not timed:
            return found[0]
        return (min if node.earliest else max)(timed, key=lambda part: part.at or datetime.max.replace(tzinfo=UTC))

    def _choose(self, node: Choose, *, strict: bool) -> Reckoned:
        law = self.facts.incident.law
        answer = law.small_agent if node.asked is Asked.SMALL_AGENT else law.attack
        yes, no = self.reckon(node.yes, strict=strict), self.reckon(node.no, strict=strict)
        if answer is not None:
            return yes if answer else no
        earlier = min((yes, no), key=lambda part: part.at or datetime.max.replace(tzinfo=UTC))
        open_ = f"Whether this is so is not known: {node.asked.value.replace('_', ' ')}; the shorter time is taken."
        return replace(earlier, notes=(*earlier.notes, open_))

    def _held(self, plain: Reckoned, then: int, unit: Unit) -> Reckoned:
        hold = self.facts.incident.law.hold
        if hold is None or (plain.at is not None and plain.at <= hold.since):
            return plain
        if hold.until is None:
            return Reckoned(None, (*plain.notes, _say_hold(hold)))
        resumed = add(hold.until, then, unit, self.zone, self.calendar) if then else hold.until
        if plain.at is None and not then:
            return plain
        # An end that lies ahead sets the date already: when it comes, nobody may be there to record it.
        over = hold.until <= self.facts.recorded_at
        when = "is over; the clock went on" if over else f"ends {say_time(hold.until, self.zone)}; the clock goes on"
        lifted = f"The silence that {hold.agency} asked for {when} from there."
        at = max(plain.at or resumed, resumed).astimezone(self.zone)
        return Reckoned(at, (*plain.notes, lifted), begun=hold.until if at == resumed else plain.begun)

    def _year_end(self, at: datetime) -> datetime:
        return datetime.combine(date(at.astimezone(self.zone).year, 12, 31), DAY_ENDS, self.zone)


def _from(moment: Moment) -> Reckoned:
    return Reckoned(moment.at, (moment.note,) if moment.note else ())


def _say_hold(hold: Hold) -> str:
    return (
        f"{hold.agency} has asked for silence since {hold.since:%Y-%m-%d %H:%M %Z}: the clock waits and goes on when "
        "that ends. The duty stands. Get the request in writing."
    )
