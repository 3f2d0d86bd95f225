"""What the leak reached: which areas, up to when; and how sure that is."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from schemas.exposure import Certainty, DataType
from schemas.incident import Answer, IncidentFacts, Ongoing


def slug_of(name: str) -> str:
    """An area's name as its slug: letters and digits in lower case, everything else one hyphen."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "-", text).strip("-")


@dataclass(frozen=True, slots=True)
class Scope:
    """The rule that says which messages the leak reached.

    A message written long before the leak was readable during it, so there is an end and no beginning.
    """

    areas: frozenset[str]
    """Slugs or ids; empty: unknown, so everything."""
    until: datetime | None
    """Messages up to here, this moment included; None: unknown, so everything."""
    profiles: bool
    special: tuple[tuple[str, DataType], ...] = ()
    """Slug of an area, and what it tells about everybody who writes there."""

    def reaches_area(self, *names: str) -> bool:
        """Whether one of a channel's names (its own, its category's or parent's, its id) is an area of the leak."""
        slugs = {slug_of(name) for name in names if name}
        # A channel that does not say its name cannot be proven to lie outside.
        return not self.areas or not slugs or bool(slugs & self.areas)

    def declared_for(self, *names: str) -> tuple[DataType, ...]:
        """What the facts declare an area of these names to be about."""
        slugs = {slug_of(name) for name in names if name}
        return tuple(dict.fromkeys(kind for slug, kind in self.special if slug in slugs))

    def reaches_time(self, written: datetime | None) -> bool:
        """Whether a message of this moment existed during the leak; an unknown moment counts as yes."""
        return self.until is None or written is None or written <= self.until


def scope_of(incident: IncidentFacts) -> Scope:
    """The scope by the facts; what is unknown widens it."""
    return Scope(
        areas=frozenset(slug for area in incident.areas if (slug := slug_of(area))),
        until=incident.leak_until if _has_ended(incident) else None,
        profiles=incident.profiles_exposed is not Answer.NO,
        special=tuple((slug_of(one.area), one.category) for one in incident.sensitive_areas),
    )


def _has_ended(incident: IncidentFacts) -> bool:
    """Whether there is an end that can be relied on. A leak that may go on reaches what is written after its 'end'."""
    return incident.span_known and incident.ongoing is Ongoing.NO


def profile_certainty(incident: IncidentFacts) -> Certainty:
    """How sure it is that profile records leaked at all."""
    return Certainty.UNKNOWN if incident.profiles_exposed is Answer.UNKNOWN else Certainty.EXACT


def describe_scope(incident: IncidentFacts) -> list[str]:
    """The rule in sentences."""
    areas = ", ".join(incident.areas)
    said = [f"Messages in: {areas}." if areas else "The areas are unknown: messages of every area are counted."]
    if _has_ended(incident):
        said.append(
            f"Messages written at or before {incident.leak_until.isoformat()} are counted, also those older than the "
            f"leak, because they could be read during it."
        )
    elif incident.span_known:
        said.append("Nobody has said that it has stopped: messages of every date are counted.")
    else:
        said.append("The time span is unknown: messages of every date are counted.")
    said.append(
        {
            Answer.YES: "Member records were reachable: every member of the roster counts.",
            Answer.NO: "Member records were not reachable: only what stands in messages counts.",
            Answer.UNKNOWN: "Whether member records were reachable is not known: every member of the roster counts.",
        }[incident.profiles_exposed]
    )
    return [*said, describe_special(incident)]


def describe_special(incident: IncidentFacts) -> str:
    """Where health, belief and the like come from; and where nobody looked."""
    unread = "what members wrote was not searched for health, belief, politics, sexuality or origin."
    if not incident.sensitive_areas:
        return f"No area is declared to be about a special category; {unread}"
    named = ", ".join(f"{one.area} ({one.category.value})" for one in incident.sensitive_areas)
    return f"Whoever wrote in an area declared as sensitive counts with what it is about: {named}; {unread}"
