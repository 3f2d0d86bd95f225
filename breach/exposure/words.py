"""The scope, and what a newer assessment changed, in sentences for whoever reads the case."""

from breach.exposure.scope import has_ended
from schemas.exposure import ExposureChanges
from schemas.incident import Answer, IncidentFacts


def describe_scope(incident: IncidentFacts) -> list[str]:
    """The rule in sentences."""
    direct = _DIRECT[incident.narrowing.direct_messages]
    return [*_describe_posts(incident), direct, *_describe_records(incident), describe_special(incident)]


def _describe_posts(incident: IncidentFacts) -> list[str]:
    if incident.narrowing.posts is Answer.NO:
        return ["Posts were not reachable: none is counted."]
    areas = ", ".join(incident.areas)
    said = [f"Messages in: {areas}." if areas else "The areas are unknown: messages of every area are counted."]
    if incident.narrowing.posts is Answer.UNKNOWN:
        said.append("Whether posts were reachable is not known: they are counted.")
    if has_ended(incident):
        said.append(
            f"Messages written at or before {incident.leak_until.isoformat()} are counted, also those older than the "
            f"leak, because they could be read during it."
        )
    elif incident.span_known:
        said.append("Nobody has said that it has stopped: messages of every date are counted.")
    else:
        said.append("The time span is unknown: messages of every date are counted.")
    return said


def _describe_records(incident: IncidentFacts) -> list[str]:
    listed = incident.narrowing.member_ids
    said = [
        {
            Answer.YES: "Member records were reachable: "
            + ("those on the list of member ids count." if listed else "every member of the roster counts."),
            Answer.NO: "Member records were not reachable: only what stands in messages counts.",
            Answer.UNKNOWN: "Whether member records were reachable is not known: "
            + ("those on the list of member ids count." if listed else "every member of the roster counts."),
        }[incident.profiles_exposed],
        _ATTACHMENTS[incident.narrowing.attachments],
    ]
    if incident.narrowing.message_ids:
        said.append("Of the messages only those on the list of message ids count.")
    return said


def describe_special(incident: IncidentFacts) -> str:
    """Where health, belief and the like come from; and where nobody looked."""
    unread = "what members wrote was not searched for health, belief, politics, sexuality or origin."
    if not incident.sensitive_areas:
        return f"No area is declared to be about a special category; {unread}"
    named = ", ".join(f"{one.area} ({one.category.value})" for one in incident.sensitive_areas)
    return f"Whoever wrote in an area declared as sensitive counts with what it is about: {named}; {unread}"


_DIRECT = {
    Answer.YES: "Direct messages were reachable: those in the exports count.",
    Answer.NO: "Direct messages were not reachable: none is counted.",
    Answer.UNKNOWN: "Whether direct messages were reachable is not known: those in the exports count.",
}
_ATTACHMENTS = {
    Answer.YES: "Attachments were reachable; they are counted, not read.",
    Answer.NO: "Attachments were not reachable.",
    Answer.UNKNOWN: "Whether attachments were reachable is not known; they are counted, not read.",
}


def describe_changes(changes: ExposureChanges) -> list[str]:
    """The same in sentences."""
    said = [
        f"Accounts affected: {changes.affected_before} before, {changes.affected_after} now.",
        f"{changes.newly_affected} are newly affected, {changes.no_longer_affected} are no longer.",
    ]
    if changes.moved:
        said.append(f"{changes.moved} are counted to another jurisdiction than before.")
    said += [f"{count} lost {kind.value} besides what was known." for kind, count in changes.types_added.items()]
    said += [f"{count} did not lose {kind.value} after all." for kind, count in changes.types_removed.items()]
    files = (changes.files_added, changes.files_removed, changes.files_changed)
    told = ("{} files are new", "{} files are gone", "{} files came in another version")
    parts = [text.format(len(some)) for some, text in zip(files, told, strict=True) if some]
    said.append("; ".join([*parts, f"{changes.files_same} files are the same"]) + ".")
    return said
