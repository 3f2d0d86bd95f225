"""What a report says of people and data: counts as they were counted, and how sure they are."""

from breach.law.filings.known import NOBODY_KNOWS, Known, Said, exactly, roughly
from schemas.exposure import UNKNOWN_JURISDICTION, Certainty, DataType
from schemas.law_facts import Protection

CONSEQUENCES = {
    DataType.EMAIL: "unwanted and fraudulent messages to the addresses that became known (phishing)",
    DataType.PHONE: "fraudulent calls and text messages",
    DataType.NAME: "people can be recognised by name as members of the community",
    DataType.USERNAME: "accounts elsewhere under the same user name can be linked to the person",
    DataType.DATE_OF_BIRTH: "identity fraud with the date of birth",
    DataType.IP_ADDRESS: "a rough location, and a link to other traces",
    DataType.LOCATION: "people can be found",
    DataType.PAYMENT_CARD: "payments that the holder did not make",
    DataType.PROFILE_DETAILS: "people can be described and approached by what their profile says",
    DataType.CLOSED_AREA_POSTS: "loss of confidence, and damage to reputation, by what was written in a closed area",
}
"""Likely at most: what each kind of data makes possible. Nothing here says that it has happened."""


def people_kinds(known: Known) -> Said:
    """Members of an online community; who among them is under age has a field of its own."""
    return exactly(f"Registered members of the online community {known.facts.incident.organisation.name}")


def people_count(known: Known) -> Said:
    """Affected accounts without bots."""
    summary = known.exposure
    people = summary.affected - summary.bots
    doubts = list(_doubts(known))
    if not doubts:
        return exactly(f"{people} (exact)")
    return roughly(f"About {people} (approximate: {'; '.join(doubts)})")


def people_here(known: Known) -> Said:
    """Of the people whom this duty protects."""
    people, nowhere = known.duty.people, known.exposure.by_jurisdiction.get(UNKNOWN_JURISDICTION, 0)
    if people is None:
        return NOBODY_KNOWS
    if nowhere or known.exposure.authors_unmatched:
        more = nowhere + known.exposure.authors_unmatched
        return roughly(f"About {people} (approximate: {more} more people's place of residence is not known)")
    return exactly(f"{people} (exact, by the residence on record)")


def people_total(known: Known) -> Said:
    """Everybody in the roster."""
    return exactly(f"{known.exposure.members_in_roster} in the member list")


def countries(known: Known) -> Said:
    """Affected people by country, most first."""
    by_place = known.exposure.by_jurisdiction
    places = sorted((place for place in by_place if place != UNKNOWN_JURISDICTION), key=lambda p: (-by_place[p], p))
    nowhere = by_place.get(UNKNOWN_JURISDICTION, 0)
    lines = [", ".join(f"{place}: {by_place[place]}" for place in places)]
    return roughly(*lines, f"not known: {nowhere}") if nowhere else exactly(*lines)


def record_kinds(known: Known) -> Said:
    """Data types found, and what somebody knows to have leaked beside them."""
    counted = [f"{kind.value} ({count.persons} people)" for kind, count in known.exposure.by_type.items()]
    declared = [f"{one.element.replace('_', ' ')} (as stated)" for one in known.facts.incident.law.elements]
    return exactly(*sorted(counted), *sorted(set(declared)))


def record_count(known: Known) -> Said:
    """All counted records together; as sure as the weakest of the counts."""
    counts = known.exposure.by_type.values()
    if not counts or any(count.certainty is Certainty.UNKNOWN for count in counts):
        return NOBODY_KNOWS
    total = sum(count.records for count in counts)
    doubts = list(_doubts(known))
    if doubts or any(count.certainty is Certainty.APPROXIMATE for count in counts):
        return roughly(f"About {total} (approximate{': ' if doubts else ''}{'; '.join(doubts)})")
    return exactly(f"{total} (exact)")


def minors(known: Known) -> Said:
    """Known minors; of special categories the record knows nothing."""
    young = known.exposure.minors
    return roughly(f"{young} people are known to have been under 18") if young else NOBODY_KNOWS


def protection(known: Known) -> Said:
    """How each stated element lay in the data; what was only counted lay readable."""
    said = [f"{one.element.replace('_', ' ')}: {one.protection.value}" for one in known.facts.incident.law.elements]
    plain = known.exposure.by_type
    return exactly(*sorted(said), f"other data: {Protection.PLAIN.value}") if said and plain else exactly(*sorted(said))


def consequences(known: Known) -> Said:
    """What the kinds of data that were found make possible."""
    return exactly(*(CONSEQUENCES[kind] for kind in DataType if kind in known.exposure.by_type))


def risk(known: Known) -> Said:
    """What named persons found of the risk, each for one law's test."""
    return exactly(
        *(
            f"{finding.test.value}: {'yes' if finding.met else 'no'}. {finding.reason}"
            for finding in known.facts.incident.law.risks
        )
    )


def risk_elements(known: Known) -> Said:
    """The same; a test that nobody has answered leaves it unknown."""
    return risk(known)


def _doubts(known: Known) -> list[str]:
    summary, incident = known.exposure, known.facts.incident
    doubts = []
    if summary.authors_unmatched:
        doubts.append(f"{summary.authors_unmatched} authors of exposed content are not in the member list")
    if any(item.scanned != "fully" or item.not_scanned for item in summary.coverage):
        doubts.append("not everything could be read")
    if not incident.span_known or not incident.areas:
        doubts.append("where or when the leak reached is not fully known, so everything counts as reached")
    if any(count.certainty is not Certainty.EXACT for count in summary.by_type.values()):
        doubts.append("some kinds of data could not be counted exactly")
    return doubts
