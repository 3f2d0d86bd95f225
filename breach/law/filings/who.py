"""What a report says of the organisation, of those it works with, and of whom else it tells."""

from breach.law.filings.known import NOBODY_KNOWS, Known, Said, exactly, filing_id
from breach.law.words import place_name
from schemas.incident import Cause


def organisation(known: Known) -> Said:
    """Its name and role."""
    who = known.facts.incident.organisation
    return exactly(f"{who.name} ({who.role.value.partition(':')[0]})")


def established(known: Known) -> Said:
    """Where it is established."""
    return exactly(place_name(known.facts.incident.organisation.established_in))


def contact(known: Known) -> Said:
    """Where an answer is read: the contact that the members' notice names, too."""
    sender = known.case.sender
    return exactly(sender.name, sender.contact, sender.phone) if sender else NOBODY_KNOWS


def postal(known: Known) -> Said:
    """The postal address, if the mailer's block has one."""
    return exactly(known.case.sender.postal) if known.case.sender else NOBODY_KNOWS


def processor(known: Known) -> Said:
    """The company behind the platform."""
    incident = known.facts.incident
    at_fault = {
        Cause.PLATFORM: "the breach began there",
        Cause.MEMBER: "the breach did not begin there",
        Cause.UNKNOWN: "whether the breach began there is not known yet",
    }
    return exactly(f"{incident.provider}, which runs the platform {incident.platform}; {at_fault[incident.cause]}")


def small_agent(known: Known) -> Said:
    """Whether it is a small processing agent, if somebody has said so."""
    small = known.facts.incident.law.small_agent
    return NOBODY_KNOWS if small is None else exactly("Yes" if small else "No")


def others(known: Known) -> Said:
    """Authorities that have a report of this case, by its own record."""
    told = [words for name, words in sorted(known.case.filed_with.items()) if name != filing_id(known.duty)]
    return exactly(*told) if told else exactly("None so far, by the record of this case")


def police(known: Known) -> Said:
    """Whether law enforcement has asked for silence."""
    hold = known.facts.incident.law.hold
    if hold is None:
        return NOBODY_KNOWS
    until = f" until {hold.until:%Y-%m-%d}" if hold.until else "; it still stands"
    return exactly(f"Yes: {hold.agency} has asked for silence since {hold.since:%Y-%m-%d}{until}")
