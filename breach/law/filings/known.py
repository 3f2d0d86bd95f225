"""What the case's own record knows when a report is drafted, and what one field of it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from schemas.containment import ContainmentResult
from schemas.exposure import Certainty, ExposureSummary
from schemas.filing import Annex, AnswerName, FilingKind
from schemas.incident import Facts, Mode
from schemas.law import Duty
from schemas.notice import Sender


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything the drafts of one revision are made of. Counts and sentences; nobody's data."""

    case_id: str
    mode: Mode
    facts: Facts
    zone: ZoneInfo
    exposure: ExposureSummary
    counts_revision: int
    rule_pack: str
    sender: Sender | None = None
    contained: ContainmentResult | None = None
    lifted: bool = False
    evidence_files: int = 0
    samples: Mapping[str, Annex] = field(default_factory=dict)
    """Residence -> the notice to people there, as an invented person reads it."""
    notices: int | None = None
    """How many notices are written; None: none was drafted."""
    told_since: datetime | None = None
    """When the notices were handed over to the sender."""
    filed_with: Mapping[str, str] = field(default_factory=dict)
    """Report -> the authority that has this case's report, and since when, in words."""


@dataclass(frozen=True, slots=True)
class Known:
    """The same, for one duty."""

    case: CaseView
    duty: Duty
    kind: FilingKind
    late: bool
    stated: frozenset[AnswerName]

    @property
    def facts(self) -> Facts:
        """The facts of the drafts' revision."""
        return self.case.facts

    @property
    def exposure(self) -> ExposureSummary:
        """The assessment in numbers."""
        return self.case.exposure


def filing_id(duty: Duty) -> str:
    """Such as eu-gdpr-33-1, and eu-gdpr-33-1-noneu-fr where a rule asks for one report a country."""
    rule, place = duty.rule_id.lower(), duty.jurisdiction.lower()
    return rule if rule.startswith(f"{place}-") else f"{rule}-{place}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a field says; no line at all when nobody knows."""

    lines: tuple[str, ...] = ()
    certainty: Certainty = Certainty.EXACT


NOBODY_KNOWS = Said((), Certainty.UNKNOWN)


def exactly(*lines: str) -> Said:
    """A thing that is known; empty lines say nothing."""
    kept = tuple(line for line in lines if line.strip())
    return Said(kept) if kept else NOBODY_KNOWS


def roughly(*lines: str) -> Said:
    """A thing that is known by and large."""
    return Said(tuple(lines), Certainty.APPROXIMATE)
