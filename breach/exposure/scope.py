"""What the leak reached: which areas, up to when, which kinds and ids; and how sure that is."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from breach.exposure.id_list import IdList
from breach.exposure.identity import clean_id
from breach.exposure.readers.reading import DIRECT
from schemas.exposure import Certainty, DataType
from schemas.incident import Answer, IncidentFacts, Ongoing


def slug_of(name: str) -> str:
    """An area's name as its slug: letters and digits in lower case, everything else one hyphen."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", "-", text).strip("-")


@dataclass(frozen=True, slots=True)
class Scope:
    """The rule that says which messages and profiles the leak reached.

    A message written long before the leak was readable during it, so there is an end and no beginning.
    """

    areas: frozenset[str]
    """Slugs or ids; empty: unknown, so everything."""
    until: datetime | None
    """Messages up to here, this moment included; None: unknown, so everything."""
    profiles: bool
    posts: bool = True
    direct: bool = True
    messages: IdList | None = None
    """Ids of the messages that were reached; None: no such list, so all of them."""
    members: IdList | None = None
    """Ids of the members whose records were reached; None: all of them."""
    attachments: IdList | None = None
    """Attachments are not read, so this list is counted and limits nothing."""
    special: tuple[tuple[str, DataType], ...] = ()
    """Slug of an area, and what it tells about everybody who writes there."""

    def reaches_area(self, *names: str) -> bool:
        """Whether one of a channel's names (its own, its category's or parent's, its id) is an area of the leak.

        Direct messages stand in no area: they count unless somebody has said that they were not readable.
        """
        if DIRECT in names:
            return self.direct
        slugs = {slug_of(name) for name in names if name}
        # A channel that does not say its name cannot be proven to lie outside.
        return self.posts and (not self.areas or not slugs or bool(slugs & self.areas))

    def declared_for(self, *names: str) -> tuple[DataType, ...]:
        """What the facts declare an area of these names to be about."""
        slugs = {slug_of(name) for name in names if name}
        return tuple(dict.fromkeys(kind for slug, kind in self.special if slug in slugs))

    def reaches_time(self, written: datetime | None) -> bool:
        """Whether a message of this moment existed during the leak; an unknown moment counts as yes."""
        return self.until is None or written is None or written <= self.until

    def reaches_message(self, message_id: str) -> bool:
        """Whether a message is on the list of ids, if there is one.

        Where an id is unique in its conversation only, records are named conversation/id; whoever writes a list may
        know the id alone. Of two messages with one id in two conversations both count then: that widens.
        """
        if self.messages is None or message_id in self.messages:
            return True
        alone = clean_id(message_id.rpartition("/")[2])
        return alone in self.messages


@dataclass(frozen=True, slots=True)
class IdLists:
    """The lists of ids that the facts name, as files."""

    messages: IdList | None = None
    members: IdList | None = None
    attachments: IdList | None = None


def scope_of(incident: IncidentFacts, lists: IdLists | None = None) -> Scope:
    """The scope by the facts; what is unknown widens it. Lists: of ids, where the facts name some."""
    given = lists or IdLists()
    return Scope(
        areas=frozenset(slug for area in incident.areas if (slug := slug_of(area))),
        until=incident.leak_until if has_ended(incident) else None,
        profiles=incident.profiles_exposed is not Answer.NO,
        special=tuple((slug_of(one.area), one.category) for one in incident.sensitive_areas),
        posts=incident.narrowing.posts is not Answer.NO,
        direct=incident.narrowing.direct_messages is not Answer.NO,
        messages=given.messages,
        members=given.members,
        attachments=given.attachments,
    )


def has_ended(incident: IncidentFacts) -> bool:
    """Whether there is an end that can be relied on. A leak that may go on reaches what is written after its 'end'."""
    return incident.span_known and incident.ongoing is Ongoing.NO


def profile_certainty(incident: IncidentFacts) -> Certainty:
    """How sure it is that profile records leaked at all."""
    return Certainty.UNKNOWN if incident.profiles_exposed is Answer.UNKNOWN else Certainty.EXACT
