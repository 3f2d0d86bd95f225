"""What a report says of the breach itself: what, when, how it became known."""

from breach.law.filings.known import NOBODY_KNOWS, Known, Said, exactly
from breach.law.words import say_time
from schemas.filing import FilingKind
from schemas.incident import Cause, Certainty, Locale, Ongoing

CAUSES = {
    Cause.PLATFORM: "A fault on the side of the platform's provider",
    Cause.MEMBER: "An act of somebody within the community",
}
KINDS = {
    FilingKind.COMPLETE: "Initial and complete report",
    FilingKind.INCOMPLETE: "Initial report, preliminary: what is not known yet follows",
    FilingKind.FOLLOW_UP: "Follow-up report, complementing the one named above",
    FilingKind.WITHDRAWAL: "Withdrawal of the report named above",
}


def report_kind(known: Known) -> Said:
    """Initial, preliminary, follow-up or withdrawal."""
    return exactly(KINDS[known.kind])


def nature(known: Known) -> Said:
    """What happened, in the line of the record and the organisation's own English words."""
    incident = known.facts.incident
    own = next((words.what_happened for words in incident.own_words if words.locale is Locale.EN), "")
    sure = "This is a suspicion, not yet confirmed." if incident.certainty is Certainty.SUSPICION else ""
    where = f"Areas reached: {', '.join(incident.areas)}." if incident.areas else ""
    return exactly(incident.what_happened, *own.splitlines(), where, sure)


def breach_kind(known: Known) -> Said:
    """Confidentiality, as data became readable; of integrity and availability the record knows nothing."""
    if not known.exposure.affected:
        return NOBODY_KNOWS
    return exactly("Confidentiality: personal data became accessible to people who had no right to it")


def cause(known: Known) -> Said:
    """Whose fault it was, as far as that is settled."""
    why = CAUSES.get(known.facts.incident.cause)
    return exactly(why) if why else NOBODY_KNOWS


def attack(known: Known) -> Said:
    """Whether somebody attacked from outside, if somebody has said so."""
    said = known.facts.incident.law.attack
    return NOBODY_KNOWS if said is None else exactly("Yes" if said else "No")


def span(known: Known) -> Said:
    """From when until when data was reachable."""
    incident = known.facts.incident
    if not incident.span_known:
        return NOBODY_KNOWS
    zone = known.case.zone
    return exactly(f"From {say_time(incident.leak_from, zone)} until {say_time(incident.leak_until, zone)}")


def aware(known: Known) -> Said:
    """When the organisation became aware, and the platform."""
    incident, zone = known.facts.incident, known.case.zone
    theirs = incident.platform_aware_at
    other = f"The platform's provider knew on {say_time(theirs, zone)}" if theirs else ""
    return exactly(say_time(incident.aware_at, zone), other)


def learned(known: Known) -> Said:
    """How it became known."""
    words = known.facts.incident.learned_how.value
    return exactly(words[0].upper() + words[1:])


def ongoing(known: Known) -> Said:
    """Whether data is still reachable."""
    still = known.facts.incident.ongoing
    return (
        NOBODY_KNOWS if still is Ongoing.UNKNOWN else exactly("Yes" if still is Ongoing.YES else "No, it has stopped")
    )


def delay(_known: Known) -> Said:
    """The reasons for a delay are a person's to give."""
    return NOBODY_KNOWS
