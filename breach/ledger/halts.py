"""Stopping the line: written at once, read before every claim and every request."""

from datetime import datetime

from sqlalchemy import Connection, Exists, exists, insert, select, update

from breach.ledger.database import Database
from breach.ledger.rows import Halt
from breach.ledger.tables import halts


class Halts:
    """Halts of cases. A case is halted while one of its halts is not lifted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def halt(self, case_id: str, by: str, reason: str, now: datetime) -> None:
        """Stop the line. The same halt said twice is one; two people's halts are two."""
        said = {"case_id": case_id, "halted_by": by, "reason": reason, "lifted_at": None}
        with self._database.write() as connection:
            if connection.execute(select(halts.c.id).filter_by(**said)).first() is None:
                connection.execute(insert(halts).values(**said, halted_at=now))

    def lift(self, case_id: str, by: str, reason: str, now: datetime) -> int:
        """Lift every halt in force; returns how many."""
        with self._database.write() as connection:
            lifted = connection.execute(
                update(halts)
                .where(halts.c.case_id == case_id, halts.c.lifted_at.is_(None))
                .values(lifted_by=by, lift_reason=reason, lifted_at=now)
            )
            return lifted.rowcount

    def halted(self, case_id: str) -> bool:
        """True while the line is stopped."""
        with self._database.read() as connection:
            return is_halted(connection, case_id)

    def of_case(self, case_id: str) -> tuple[Halt, ...]:
        """Every halt there was, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(halts).where(halts.c.case_id == case_id).order_by(halts.c.id))
            return tuple(
                Halt(row.halted_by, row.reason, row.halted_at, row.lifted_by, row.lift_reason, row.lifted_at)
                for row in rows
            )


def in_force(case_id: str) -> Exists:
    """The condition for a statement: the case is halted."""
    return exists().where(halts.c.case_id == case_id, halts.c.lifted_at.is_(None))


def is_halted(connection: Connection, case_id: str) -> bool:
    """The same question inside a running transaction."""
    return connection.execute(select(halts.c.id).where(in_force(case_id)).limit(1)).first() is not None
