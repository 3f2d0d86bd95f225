"""What a report says was done: only what the case's own record proves, or a person has stated."""

from breach.law.filings.known import NOBODY_KNOWS, Known, Said, exactly, roughly
from breach.law.filings.meaning import ADVICE, leaked_kinds
from breach.law.words import say_time
from schemas.filing import Annex
from schemas.incident import Locale

BY_EVERYBODY = "Be wary of messages that refer to this community or to this incident, and do not follow their links"


def taken(known: Known) -> Said:
    """Areas closed and checked, evidence kept, the organisation's own words."""
    lines = []
    contained = known.case.contained
    if contained is not None and not known.case.lifted:
        lines.append(f"Containment on {contained.platform}: {contained.verified} measures verified from outside")
        if contained.not_verified:
            lines.append(f"{len(contained.not_verified)} further measures are not verified")
    if known.case.evidence_files:
        lines.append(f"Evidence preserved: {known.case.evidence_files} files with digests and custody entries")
    own = next((one.what_we_have_done for one in known.facts.incident.own_words if one.locale is Locale.EN), "")
    return exactly(*lines, *own.splitlines())


def planned(known: Known) -> Said:
    """The notices that are written and the updates that are promised; further plans are a person's to state."""
    case = known.case
    if case.notices is None or case.told_since is not None:
        return NOBODY_KNOWS
    plan = known.facts.incident.sending
    return roughly(
        f"{case.notices} notices to the people, then {plan.updates} updates every {plan.update_after_days} days"
    )


def telling(known: Known) -> Said:
    """Whether the people are being told."""
    case = known.case
    if case.told_since is not None:
        return exactly(
            f"{case.notices or 0} notices by e-mail, being sent since {say_time(case.told_since, case.zone)}"
        )
    if case.notices is not None:
        return roughly(f"Not yet. {case.notices} notices by e-mail are drafted")
    return NOBODY_KNOWS


def told_on(known: Known) -> Said:
    """When the notices went out; a date that has not come is not stated."""
    since = known.case.told_since
    return exactly(f"From {say_time(since, known.case.zone)}, by e-mail") if since else NOBODY_KNOWS


def sample(known: Known) -> Said:
    """The notice to people of this place goes with the report."""
    annex = sample_of(known)
    return exactly(f"Attached: {annex.title}, SHA-256 {annex.digest}") if annex else NOBODY_KNOWS


def sample_of(known: Known) -> Annex | None:
    """The annex itself: the place's own variant, else the general one."""
    place = known.duty.jurisdiction.lower()
    return known.case.samples.get(place) or known.case.samples.get("default")


def recommendations(known: Known) -> Said:
    """What the people should do, by the kinds of data that were found or stated."""
    kinds = leaked_kinds(known.exposure, known.facts.incident.law.elements)
    if not kinds:
        return NOBODY_KNOWS
    return exactly(BY_EVERYBODY, *dict.fromkeys(ADVICE[kind] for kind in kinds if kind in ADVICE))


def own_list(known: Known) -> Said:
    """The rule's own list of contents, for the person who fills in the state's form."""
    return exactly(*known.duty.content) if known.duty.content else exactly("The rule lists nothing of its own")
