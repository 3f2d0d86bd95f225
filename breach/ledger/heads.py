"""Heads of the chronology and digests of dossiers, kept apart from what they vouch for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from breach.errors import Tampered
from breach.ledger.database import Database
from breach.ledger.tables import heads

CHRONOLOGY = "chronology"
DOSSIER = "dossier"


@dataclass(frozen=True, slots=True)
class Head:
    """The digest of entry or dossier n, and when it was seen."""

    n: int
    digest: str
    recorded_at: datetime


class Heads:
    """Digests by case, kind and number. What was recorded once never changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_head(self, case_id: str, n: int, digest: str, now: datetime) -> None:
        """Keep the chronology's head after entry n. Raises Tampered when n had another digest."""
        self._record(case_id, CHRONOLOGY, n, digest, now)

    def record_dossier(self, case_id: str, number: int, digest: str, now: datetime) -> None:
        """Keep a dossier's digest. Raises Tampered when that number had another digest."""
        self._record(case_id, DOSSIER, number, digest, now)

    def chronology_head(self, case_id: str) -> Head | None:
        """The newest head known, or None. Asked by every task: one row, however long the chronology is."""
        newest = select(heads).filter_by(case_id=case_id, kind=CHRONOLOGY).order_by(heads.c.n.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(newest).one_or_none()
        return Head(row.n, row.digest, row.recorded_at) if row else None

    def dossiers(self, case_id: str) -> tuple[Head, ...]:
        """Every dossier's digest, by number."""
        return self._all(case_id, DOSSIER)

    def _record(self, case_id: str, kind: str, n: int, digest: str, now: datetime) -> None:
        key = {"case_id": case_id, "kind": kind, "n": n}
        with self._database.write() as connection:
            known = connection.execute(select(heads.c.digest).filter_by(**key)).scalar_one_or_none()
            if known is None:
                connection.execute(insert(heads).values(**key, digest=digest, recorded_at=now))
            elif known != digest:
                raise Tampered(
                    f"{kind} {n} of case {case_id} has another digest than the ledger saw.",
                    "The ledger keeps the first.",
                    "Compare with the heads shown at gates and in alerts before going on.",
                )

    def _all(self, case_id: str, kind: str) -> tuple[Head, ...]:
        with self._database.read() as connection:
            rows = connection.execute(select(heads).filter_by(case_id=case_id, kind=kind).order_by(heads.c.n))
            return tuple(Head(row.n, row.digest, row.recorded_at) for row in rows)
