"""The assessment in numbers and sentences: what the scope was, what was covered, who is affected."""

from collections.abc import Sequence
from dataclasses import dataclass

from breach.exposure.merge import Merged
from breach.exposure.readers.reading import DIRECT
from breach.exposure.scan import ScanResult
from breach.exposure.scope import Scope, profile_certainty, slug_of
from breach.exposure.words import describe_scope
from schemas.exposure import (
    SPECIAL_CATEGORIES,
    Certainty,
    CountryEvidence,
    DataType,
    ExposureSummary,
    FileCoverage,
    FindingExample,
    TypeCount,
)
from schemas.incident import Answer, IncidentFacts


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the numbers are made of."""

    incident: IncidentFacts
    members_in_roster: int
    roster: FileCoverage
    ip_countries: str
    """What IP addresses were looked up in; empty when there were none."""
    scans: Sequence[ScanResult]
    """One per content file, in fixed order."""
    merged: Merged
    scope: Scope
    examples: tuple[FindingExample, ...] = ()
    members_listed: int | None = None
    """Members of the roster who stand on the list of member ids; None: there is no such list."""


def summarise(assessed: Assessed) -> ExposureSummary:
    """The summary record."""
    incident, scans, merged = assessed.incident, assessed.scans, assessed.merged
    certainty = _Certainties(assessed)
    return ExposureSummary(
        members_in_roster=assessed.members_in_roster,
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
        by_evidence={
            one: merged.people_by_evidence[one.value]
            for one in CountryEvidence
            if one.value in merged.people_by_evidence
        },
        minors=merged.minors,
        findings=merged.findings,
        messages_in_scope=merged.messages,
        authors_unmatched=merged.authors_unmatched,
        authors_matched=merged.authors_matched,
        messages_unmatched=merged.messages_unmatched,
        members_without_platform_id=merged.members_without_platform_id,
        platform_ids_shared=merged.platform_ids_shared,
        parts_not_read=sum(line.not_scanned for line in _lines(scans)),
        most_sensitive=assessed.examples,
        coverage=(assessed.roster, *_lines(scans)),
        scope_note=" ".join([*describe_scope(incident), *_notes(incident, scans, merged), *_listed(assessed)]),
    )


class _Certainties:
    """How sure the count of each type is."""

    def __init__(self, assessed: Assessed) -> None:
        incident, scans = assessed.incident, assessed.scans
        self._profiles = profile_certainty(incident) if assessed.scope.profiles else None
        self._detected = assessed.merged.detected_types
        self._declared = assessed.merged.marked_types & {kind.value for kind in SPECIAL_CATEGORIES}
        bounds_known = (incident.span_known and bool(incident.areas)) or assessed.scope.messages is not None
        all_read = all(scan.counted_exactly for scan in scans) and not _messages_missing(assessed)
        covered = not uncovered_areas(incident, scans)
        exact = bounds_known and all_read and covered and not _direct_in_doubt(incident, scans)
        self._posts = Certainty.EXACT if exact else Certainty.APPROXIMATE
        if incident.narrowing.posts is Answer.UNKNOWN:
            self._posts = Certainty.UNKNOWN

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


def _direct_in_doubt(incident: IncidentFacts, scans: Sequence[ScanResult]) -> bool:
    """Direct messages stand in an export, and whether they were readable is not known."""
    unknown = incident.narrowing.direct_messages is Answer.UNKNOWN
    return unknown and any(slug_of(DIRECT) in scan.areas for scan in scans)


def _messages_missing(assessed: Assessed) -> int:
    """Messages of the list that no export holds within the scope."""
    listed = assessed.scope.messages
    found = assessed.merged.messages - sum(scan.unlisted for scan in assessed.scans)
    return max(0, len(listed) - max(0, found)) if listed is not None else 0


def _listed(assessed: Assessed) -> list[str]:
    """What became of the lists of ids, of attachments and of IP addresses."""
    said, scope = [], assessed.scope
    if scope.messages is not None:
        said.append(
            f"The list of message ids names {len(scope.messages)}; {_messages_missing(assessed)} of them stand in no "
            "export in scope."
        )
    if scope.members is not None and assessed.members_listed is not None:
        missing = max(0, len(scope.members) - assessed.members_listed)
        said.append(
            f"The list of member ids names {len(scope.members)}; {assessed.members_listed} members of the roster stand "
            "on it" + (f", and {missing} ids are of nobody in it." if missing else ".")
        )
    if scope.attachments is not None:
        said.append(
            f"The list of attachment ids names {len(scope.attachments)}: none was read, and no member is known by them."
        )
    if parts := sum(line.not_scanned for line in _lines(assessed.scans)):
        said.append(f"{parts} attachments and other parts were counted and not read; what stands in them is unknown.")
    if assessed.ip_countries:
        said.append(f"IP addresses and countries: {assessed.ip_countries}.")
    return said


def _notes(incident: IncidentFacts, scans: Sequence[ScanResult], merged: Merged) -> list[str]:
    said = []
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
