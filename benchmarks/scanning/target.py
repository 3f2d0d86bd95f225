"""The one file that knows the scan under test: its entry points, its profiles, and its names for kinds of values."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.corpus.generate import Corpus
from breach.exposure.assess import find_exposures
from breach.exposure.country import region_of
from breach.exposure.detect import detect
from breach.exposure.kinds import registry
from breach.exposure.member_names import Named, names_of
from breach.exposure.pool import scan_all
from breach.exposure.roster import load_roster
from breach.exposure.scan import ScanJob
from breach.exposure.survey import EVERYTHING
from breach.exposure.tables import AUTHORS, TableWriter
from breach.folder_store import FolderStore
from breach.steps import Work
from schemas.incident import (
    Answer,
    Case,
    Cause,
    Certainty,
    Facts,
    IncidentFacts,
    LearnedHow,
    Mode,
    Ongoing,
    Organisation,
    Role,
)

CASE_KEY = bytes(32)
"""Invented people have nothing to protect; a fixed key makes the hashes comparable."""
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Profile(StrEnum):
    """What is looked for, as the reports call it."""

    FIVE = "five"
    FULL = "full"


OURS = {Profile.FIVE: registry.Profile.SHARED, Profile.FULL: registry.Profile.FULL}

KINDS = {
    "email address": "email",
    "payment card number": "card",
    "bank account number": "iban",
    "social security number": "ssn",
    "IP address": "ip",
    "phone number": "phone",
    "network card address": "mac",
    "crypto wallet address": "crypto",
    "access token or key": "secret",
    "national identity number": "national id",
    "taxpayer number": "national id",
    "health insurance number": "national id",
    "username": "handle",
}
"""Our data types by the truth's names of kinds. A kind of the truth that stands nowhere here is not looked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A value found: in which record, of which kind, from which character to which."""

    record: str
    kind: str
    start: int
    end: int


def write_authors(corpus: Corpus, target: Path) -> None:
    """The lookup of authors that the roster chapter would hand over."""
    with corpus.roster.open(encoding="utf-8", newline="") as file, TableWriter(target, AUTHORS) as table:
        for row in csv.DictReader(file):
            region = region_of(row["country"]) or ""
            table.add({"author_id": row["discord id"], "member_id": row["id"], "region": region})


def named_members(corpus: Corpus, profile: Profile) -> Named | None:
    """The members to look for in what others wrote: the full profile only."""
    if profile is Profile.FIVE:
        return None
    with corpus.roster.open(encoding="utf-8", newline="") as file:
        return names_of((row["id"], row["username"], row["name"]) for row in csv.DictReader(file))


def scan_exports(
    exports: Sequence[Path], authors: Path, named: Named | None, folder: Path, *, workers: int, profile: Profile
) -> list[Path]:
    """The map step over all exports, as a case runs it. Returns the tables of findings."""
    jobs = []
    for number, export in enumerate(exports):
        place = folder / f"{number:05d}"
        place.mkdir(parents=True)
        jobs.append(ScanJob(export, EVERYTHING, CASE_KEY, place, OURS[profile]))
    return [one.findings for one in scan_all(jobs, authors, workers, None, named)]


def read_hits(tables: Sequence[Path]) -> Iterator[Hit]:
    """What the map step found."""
    for table in tables:
        columns = pq.read_table(table, columns=["record", "type", "start", "end"]).to_pydict()
        for record, kind, start, end in zip(*columns.values(), strict=True):
            yield Hit(record, KINDS.get(kind, kind), start, end)


def detect_texts(
    texts: Sequence[str], countries: Sequence[str], profile: Profile
) -> Iterator[tuple[int, str, int, int]]:
    """Detection alone, on texts in memory: (number of the text, kind, start, end)."""
    regions = [country or None for country in countries]
    for number, value in detect(texts, lambda at: regions[at], OURS[profile]):
        yield number, KINDS.get(value.type.value, value.type.value), value.start, value.end


def assess(corpus: Corpus, home: Path, workers: int) -> dict[str, int]:
    """From the exports to the table of members, both chapters of a case. Returns the receipt's counts."""
    case = Case(case_id="rehearsal-bench", mode=Mode.REHEARSAL, opened_at=MOMENT, opened_by_run="command line")
    facts = Facts(revision=1, recorded_at=MOMENT, recorded_by="mara", source="a benchmark", incident=_INCIDENT)
    work = Work(FolderStore(home / "case"), case, facts, "0123456789ab")
    roster = load_roster(work, corpus.roster)
    return dict(find_exposures(work, roster, corpus.exports, CASE_KEY, workers).counts)


_INCIDENT = IncidentFacts(
    what_happened="An invented leak of everything.",
    platform="Invented platform",
    provider="Invented provider",
    learned_how=LearnedHow.MEMBER,
    aware_at=MOMENT,
    cause=Cause.PLATFORM,
    certainty=Certainty.CONFIRMED,
    ongoing=Ongoing.NO,
    areas=(),
    span_known=False,
    leak_from=MOMENT,
    leak_until=MOMENT,
    profiles_exposed=Answer.YES,
    roster_export="members.csv",
    organisation=Organisation(name="Harbor", established_in="DE", role=Role.CONTROLLER, turnover_over_aud_3m=Answer.NO),
    lead="mara",
    platform_connection="manual-checklist/harbor",
)
