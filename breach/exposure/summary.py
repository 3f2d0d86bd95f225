"""The assessment in numbers and sentences: what the scope was, what was covered, who is affected."""

from collections.abc import Sequence

from breach.exposure.merge import Merged
from breach.exposure.scan import ScanResult
from breach.exposure.scope import describe_scope, profile_certainty, scope_of, slug_of
from schemas.exposure import SPECIAL_CATEGORIES, Certainty, DataType, ExposureSummary, FileCoverage, TypeCount
from schemas.incident import IncidentFacts


def summarise(
    incident: IncidentFacts, members_in_roster: int, roster: FileCoverage, scans: Sequence[ScanResult], merged: Merged
) -> ExposureSummary:
    """The summary record. Roster: coverage of the member list. Scans: one per content file, in fixed order."""
    certainty = _Certainties(incident, scans, merged)
    return ExposureSummary(
        members_in_roster=members_in_roster,
        affected=merged.affected,
        bots=merged.bots,
        by_type={
            kind: TypeCount(
                persons=merged.people_by_type[kind.value],
                records=merged.records_by_type.get(kind.value, 0),
                certainty=certainty.of(kind),
            )
            for kind in DataType
            if merged.people_by_type.get(kind.value)
        },
        by_jurisdiction=merged.people_by_jurisdiction,
        matrix={
            place: {kind: row[kind.value] for kind in DataType if kind.value in row}
            for place, row in merged.matrix.items()
        },
        minors=merged.minors,
        findings=merged.findings,
        messages_in_scope=merged.messages,
        authors_unmatched=merged.authors_unmatched,
        authors_matched=merged.authors_matched,
        messages_unmatched=merged.messages_unmatched,
        members_without_platform_id=merged.members_without_platform_id,
        platform_ids_shared=merged.platform_ids_shared,
        coverage=(roster, *_lines(scans)),
        scope_note=" ".join(_notes(incident, scans, merged)),
    )


class _Certainties:
    """How sure the count of each type is."""

    def __init__(self, incident: IncidentFacts, scans: Sequence[ScanResult], merged: Merged) -> None:
        self._profiles = profile_certainty(incident) if scope_of(incident).profiles else None
        self._detected = merged.detected_types
        self._declared = merged.marked_types & {kind.value for kind in SPECIAL_CATEGORIES}
        bounds_known = incident.span_known and bool(incident.areas)
        all_read = all(scan.counted_exactly for scan in scans)
        covered = not uncovered_areas(incident, scans)
        self._posts = Certainty.EXACT if bounds_known and all_read and covered else Certainty.APPROXIMATE

    def of(self, kind: DataType) -> Certainty:
        """Posts are counted; profile types are as sure as the record leaked; what a pattern found is never exact."""
        if kind in {DataType.CLOSED_AREA_POSTS, DataType.PRIVATE_MESSAGES}:
            return self._posts
        if kind.value in self._declared:
            return Certainty.DECLARED
        if self._profiles is Certainty.UNKNOWN:
            return Certainty.UNKNOWN
        return Certainty.APPROXIMATE if kind.value in self._detected else Certainty.EXACT


def uncovered_areas(incident: IncidentFacts, scans: Sequence[ScanResult]) -> list[str]:
    """Areas of the facts that no export covers, in the facts' own words."""
    covered = {name for scan in scans for name in scan.areas}
    return [area for area in incident.areas if slug_of(area) not in covered]


def _lines(scans: Sequence[ScanResult]) -> list[FileCoverage]:
    return [line for scan in scans for line in scan.coverage]


def _notes(incident: IncidentFacts, scans: Sequence[ScanResult], merged: Merged) -> list[str]:
    said = describe_scope(incident)
    if not scans:
        said.append("No message export was given: what members wrote was not looked at.")
    elif missing := uncovered_areas(incident, scans):
        said.append(f"Named in the facts, but in no export given, so not counted: {', '.join(missing)}.")
    outside = sum(not scan.area_reached for scan in scans)
    if outside:
        said.append(f"{outside} exports hold other areas and were counted out of scope.")
    lines = _lines(scans)
    if partly := sum(line.scanned == "partly" for line in lines):
        said.append(f"{partly} exports were read partly: see the coverage.")
    if unread := sum(line.scanned == "not" for line in lines):
        said.append(f"{unread} files could not be read at all; what stands in them is unknown: see the coverage.")
    if repeated := sum(scan.in_scope for scan in scans) - merged.messages:
        said.append(f"The exports overlap: {repeated} messages stand in them again and count once.")
    said += _losses(merged)
    if not merged.affected:
        said.append("By these facts nobody is affected: check the scope before relying on it.")
    return said


def _losses(merged: Merged) -> list[str]:
    """What the join of authors on the roster lost; no chat export of Discord or Telegram carries an address."""
    told = (
        (merged.authors_unmatched, "authors in scope are not in the roster and cannot be told"),
        (merged.messages_unmatched, "messages in scope are of nobody in the roster"),
        (
            merged.members_without_platform_id,
            "members have no id of the platform, so none of the posts are known as theirs",
        ),
        (merged.platform_ids_shared, "ids of the platform stand with several members; their posts count for each"),
    )
    return [f"{count} {what}." for count, what in told if count]
