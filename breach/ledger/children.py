"""Runs started for a case: the attempt numbers that make starting one twice harmless."""

from datetime import datetime

from sqlalchemy import func, insert, select

from breach.errors import Conflict
from breach.ledger.database import Database
from breach.ledger.rows import Child
from breach.ledger.tables import children


class Children:
    """Child runs by case, stage and the first 12 digits of what they act on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_attempt(self, case_id: str, stage: str, hash12: str) -> int:
        """One more than the highest recorded attempt; 1 at first."""
        with self._database.read() as connection:
            highest = select(func.max(children.c.attempt)).filter_by(case_id=case_id, stage=stage, hash12=hash12)
            return (connection.execute(highest).scalar_one() or 0) + 1

    def latest(self, case_id: str, stage: str, hash12: str) -> Child | None:
        """The newest recorded child, or None."""
        with self._database.read() as connection:
            newest = (
                select(children)
                .filter_by(case_id=case_id, stage=stage, hash12=hash12)
                .order_by(children.c.attempt.desc())
                .limit(1)
            )
            row = connection.execute(newest).one_or_none()
            return None if row is None else Child(row.case_id, row.stage, row.hash12, row.attempt, row.run_id)

    def record_child(self, child: Child, now: datetime) -> None:
        """Write which run answered a key; the same again is fine. Raises Conflict when the key names another run."""
        key = {
            "case_id": child.case_id,
            "stage": child.stage,
            "hash12": child.hash12,
            "attempt": child.attempt,
        }
        with self._database.write() as connection:
            run_id = connection.execute(select(children.c.run_id).filter_by(**key)).scalar_one_or_none()
            if run_id is None:
                connection.execute(insert(children).values(**key, run_id=child.run_id, recorded_at=now))
            elif run_id != child.run_id:
                raise Conflict(
                    f"{child.key} names two runs.", "The first stays recorded.", "Look at both before starting more."
                )

    def of_case(self, case_id: str) -> tuple[Child, ...]:
        """Every child of a case, in the order they were recorded."""
        with self._database.read() as connection:
            rows = connection.execute(select(children).where(children.c.case_id == case_id)).all()
        # Sorted here: databases differ in how they sort words.
        ordered = sorted(rows, key=lambda row: (row.recorded_at, row.stage, row.attempt, row.hash12))
        return tuple(Child(row.case_id, row.stage, row.hash12, row.attempt, row.run_id) for row in ordered)
