"""A case with as many invented members as a test wants."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from breach.digest import digest_bytes
from breach.folder_store import FolderStore
from breach.recipients.build import build_recipients
from breach.recipients.checks import broken_rows
from breach.steps import Work
from schemas.expectations import RECIPIENT_SUITE, FailedExpectation, Validation
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
from schemas.receipt import Chapter, Receipt

CASE_KEY = bytes(range(32))
ACCOUNT = {
    "email": "",
    "name": "Some One",
    "username": "someone",
    "phone": "",
    "locale": "",
    "jurisdiction": "unknown",
    "types": ["email address"],
    "minor": False,
    "is_bot": False,
    "suspended": False,
    "staged": False,
    "deleted": False,
    "opted_out": False,
}


def row_checks(work: Work, table: pa.Table) -> Validation:
    """A validator of few means: our own row predicates, and at least one row."""
    broken = broken_rows(table, RECIPIENT_SUITE)
    failed = tuple(FailedExpectation(name=name, rows=len(rows)) for name, rows in broken.items())
    if not table.num_rows:
        failed += (FailedExpectation(name="expect_table_row_count_to_be_between", rows=0),)
    return Validation(passed=not failed, expectations=len(RECIPIENT_SUITE), failed=failed)


def facts() -> Facts:
    at = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
    return Facts(
        revision=1,
        recorded_at=at,
        recorded_by="lead-one",
        source="our own logs",
        incident=IncidentFacts(
            what_happened="A private area was open to anonymous visitors.",
            platform="Harbor Board",
            provider="Boardworks",
            learned_how=LearnedHow.OURSELVES,
            aware_at=at,
            cause=Cause.PLATFORM,
            certainty=Certainty.CONFIRMED,
            ongoing=Ongoing.NO,
            span_known=True,
            leak_from=datetime(2026, 10, 20, 6, 0, tzinfo=UTC),
            leak_until=datetime(2026, 11, 8, 6, 0, tzinfo=UTC),
            profiles_exposed=Answer.YES,
            roster_export="members.csv",
            organisation=Organisation(
                name="Harbor",
                established_in="DE",
                role=Role.CONTROLLER,
                turnover_over_aud_3m=Answer.NO,
            ),
            lead="lead-one",
            platform_connection="manual-checklist/default",
        ),
    )


class Scene:
    """A store, a roster, an exposure: and what the chapter makes of them."""

    def __init__(self, root: Path) -> None:
        self.store = FolderStore(root)
        case = Case(case_id="harbor-test", mode=Mode.REHEARSAL, opened_at=facts().recorded_at, opened_by_run="test")
        self.work = Work(self.store, case, facts(), "0123456789ab")

    def write(self, accounts: dict[str, dict[str, Any]], lost: frozenset[str] = frozenset()) -> None:
        """Accounts by member id; those in `lost` are affected but not in the roster."""
        rows = [ACCOUNT | account | {"member_id": member_id} for member_id, account in accounts.items()]
        people = [row for row in rows if row["member_id"] not in lost]
        self._put("roster/aaaaaaaaaaaa/people.parquet", people or [dict.fromkeys(ACCOUNT | {"member_id": 0}, "")])
        self._put("exposure/bbbbbbbbbbbb/members.parquet", rows)

    def build(self, validate: Callable[[Work, pa.Table], Validation] = row_checks) -> Receipt:
        return build_recipients(
            self.work,
            self.receipt(Chapter.ROSTER, "roster/aaaaaaaaaaaa/people.parquet"),
            self.receipt(Chapter.EXPOSURES, "exposure/bbbbbbbbbbbb/summary.json"),
            CASE_KEY,
            validate,
        )

    def table(self, name: str, revision: str = "0123456789ab") -> list[dict[str, Any]]:
        held = self.store.get(f"recipients/{revision}/{name}")
        assert held is not None
        rows: list[dict[str, Any]] = pq.ParquetFile(pa.BufferReader(held.data)).read(use_threads=False).to_pylist()
        return rows

    def receipt(self, chapter: Chapter, key: str) -> Receipt:
        revision = key.split("/")[1]
        return Receipt(case_id="harbor-test", chapter=chapter, revision=revision, key=key, digest=digest_bytes(b""))

    def _put(self, key: str, rows: list[dict[str, Any]]) -> None:
        sink = pa.BufferOutputStream()
        empty = pa.table({name: pa.array([], pa.string()) for name in (*ACCOUNT, "member_id")})
        pq.write_table(pa.Table.from_pylist(rows) if rows else empty, sink)
        self.store.put_new(key, sink.getvalue().to_pybytes())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "case")


@pytest.fixture
def new_scene(tmp_path: Path) -> Callable[[], Scene]:
    """For properties: a fresh case for each example."""
    made = iter(range(1_000_000))
    return lambda: Scene(tmp_path / f"case-{next(made)}")
