"""What a report says of people and data: counts as they were counted, and how sure they are."""

from breach.exposure.taxonomy import taxonomy
from breach.law.filings.known import NOBODY_KNOWS, Known, Said, exactly, roughly
from breach.law.filings.meaning import CONSEQUENCES, leaked_kinds
from schemas.exposure import SPECIAL_CATEGORIES, UNKNOWN_JURISDICTION, Certainty
from schemas.law_facts import Protection


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
    """Known minors; how many more there are, nobody knows."""
    young = known.exposure.minors
    return roughly(f"{young} people are known to have been under 18") if young else NOBODY_KNOWS


def sensitive(known: Known) -> Said:
    """Known minors, and the special categories that were found or stated."""
    by_type, stated = known.exposure.by_type, known.facts.incident.law.elements
    special = [kind for kind in leaked_kinds(known.exposure, stated) if kind in SPECIAL_CATEGORIES]
    found = [
        f"{kind.value} ({f'{by_type[kind].persons} people' if kind in by_type else 'as stated'})" for kind in special
    ]
    if any(one.element == "special_category" for one in stated):
        found.append("belief, health, politics, sexuality or other sensitive data (as stated)")
    lines = [*minors(known).lines, *([f"Special categories: {', '.join(found)}"] if found else [])]
    return roughly(*lines) if lines else NOBODY_KNOWS


def protection(known: Known) -> Said:
    """How each element lay in the data: as stated, or as its kind was found; nothing when all lay open."""
    said = {f"{one.element.replace('_', ' ')}: {one.protection.value}" for one in known.facts.incident.law.elements}
    lay = {kind: taxonomy()[kind].lay for kind in known.exposure.by_type}
    said |= {f"{kind.value}: {how.value}" for kind, how in lay.items() if how is not Protection.PLAIN}
    if not said:
        return NOBODY_KNOWS
    rest = [f"other data: {Protection.PLAIN.value}"] if Protection.PLAIN in lay.values() else []
    return exactly(*sorted(said), *rest)


def consequences(known: Known) -> Said:
    """What the kinds of data that were found or stated make possible."""
    kinds = leaked_kinds(known.exposure, known.facts.incident.law.elements)
    return exactly(*dict.fromkeys(CONSEQUENCES[kind] for kind in kinds))


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
