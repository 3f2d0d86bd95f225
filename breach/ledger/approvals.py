"""What people decided at gates: one person, one code, one decision, for exactly one basis."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select

from breach.ledger.database import Database
from breach.ledger.rows import Approval, Attempt
from breach.ledger.tables import approvals, gate_attempts

APPROVE = "approve"
"""The one decision that lets notices out; every other keeps them in."""
GATES = ("content", "sending")
"""The two gates before sending; two different people."""


class RefusalReason(StrEnum):
    """Why an answer did not become a decision."""

    REPLAYED_CODE = "this code was used before"
    SAME_PERSON = "this person decided at another gate of this basis"
    DECIDED = "this gate was decided already for this basis"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that was not taken; it stands in the gate's attempts."""

    reason: RefusalReason


class Approvals:
    """Decisions and attempts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_decision(
        self,
        *,
        gate: str,
        case_id: str,
        basis_hash: str,
        approver: str,
        code_step: int,
        decision: str,
        reason: str,
        decided_at: datetime,
        run_id: str,
        forbid: Collection[str] = (),
        n: int | None = None,
    ) -> Approval | Refusal:
        """Write the decision together with the used code, or refuse and write the refusal as attempt n.

        code_step is the number of the 30-second step of the authenticator code. The same person, code and
        decision given again for the same gate (a step that runs twice) returns the decision that stands.
        n None: the next attempt number.
        """
        asked = Approval(gate, case_id, basis_hash, approver, code_step, decision, reason, decided_at, run_id)
        with self._database.write() as connection:
            stands = _find(connection, case_id, gate, basis_hash)
            if stands is not None and _is_same(stands, asked):
                return stands
            refused = _why_not(connection, asked, forbid, decided=stands is not None)
            if refused is not None:
                _attempt(connection, asked, n, refused)
                return Refusal(refused)
            connection.execute(insert(approvals).values(**asdict(asked)))
        return asked

    def find_decision(self, case_id: str, gate: str, basis_hash: str) -> Approval | None:
        """The decision at a gate for exactly this basis."""
        with self._database.read() as connection:
            return _find(connection, case_id, gate, basis_hash)

    def decisions(self, case_id: str) -> tuple[Approval, ...]:
        """All decisions of a case, in the order they were written."""
        with self._database.read() as connection:
            every = select(*_FIELDS).where(approvals.c.case_id == case_id).order_by(approvals.c.id)
            return tuple(Approval(*row) for row in connection.execute(every))

    def attempts(self, case_id: str, gate: str, basis_hash: str) -> int:
        """How many answers at this gate for this basis were refused."""
        with self._database.read() as connection:
            return _highest(connection, case_id, gate, basis_hash)

    def record_attempt(
        self, case_id: str, gate: str, basis_hash: str, n: int, *, outcome: str, at: datetime, run_id: str
    ) -> None:
        """Write that answer n was refused, and why; the first record of a number stands."""
        with self._database.write() as connection:
            _write_attempt(connection, Attempt(gate, basis_hash, n, outcome, at, run_id), case_id)

    def refused_attempts(self, case_id: str) -> tuple[Attempt, ...]:
        """All refused answers of a case, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(gate_attempts).where(gate_attempts.c.case_id == case_id)).all()
        # Sorted here: databases differ in how they sort words, and in what they do with equal ones.
        ordered = sorted(rows, key=lambda row: (row.at, row.gate, row.basis_hash, row.n))
        return tuple(Attempt(row.gate, row.basis_hash, row.n, row.outcome, row.at, row.run_id) for row in ordered)

    def approved(self, case_id: str, basis_hash: str, gates: Sequence[str] = GATES) -> bool:
        """True when every gate was approved for exactly this hash, each by another person."""
        with self._database.read() as connection:
            return is_approved(connection, case_id, basis_hash, gates)


def is_approved(connection: Connection, case_id: str, basis_hash: str, gates: Sequence[str] = GATES) -> bool:
    """The same question inside a running transaction."""
    rows = connection.execute(
        select(approvals.c.gate, approvals.c.approver).where(
            approvals.c.case_id == case_id,
            approvals.c.basis_hash == basis_hash,
            approvals.c.decision == APPROVE,
            approvals.c.gate.in_(gates),
        )
    ).all()
    return {row.gate for row in rows} == set(gates) and len({row.approver for row in rows}) == len(set(gates))


def _why_not(
    connection: Connection, asked: Approval, forbid: Collection[str], *, decided: bool
) -> RefusalReason | None:
    used = select(approvals.c.id).where(
        approvals.c.approver == asked.approver, approvals.c.code_step == asked.code_step
    )
    elsewhere = select(approvals.c.id).where(
        approvals.c.case_id == asked.case_id,
        approvals.c.basis_hash == asked.basis_hash,
        approvals.c.approver == asked.approver,
        approvals.c.gate != asked.gate,
    )
    if connection.execute(used).first() is not None:
        return RefusalReason.REPLAYED_CODE
    if decided:
        return RefusalReason.DECIDED
    if asked.approver in forbid or connection.execute(elsewhere).first() is not None:
        return RefusalReason.SAME_PERSON
    return None


def _attempt(connection: Connection, asked: Approval, n: int | None, outcome: str) -> None:
    number = n if n is not None else _highest(connection, asked.case_id, asked.gate, asked.basis_hash) + 1
    refused = Attempt(asked.gate, asked.basis_hash, number, outcome, asked.decided_at, asked.run_id)
    _write_attempt(connection, refused, asked.case_id)


def _write_attempt(connection: Connection, attempt: Attempt, case_id: str) -> None:
    key = {"case_id": case_id, "gate": attempt.gate, "basis_hash": attempt.basis_hash, "n": attempt.n}
    if connection.execute(select(gate_attempts.c.n).filter_by(**key)).first() is None:
        connection.execute(insert(gate_attempts).values(case_id=case_id, **asdict(attempt)))


def _highest(connection: Connection, case_id: str, gate: str, basis_hash: str) -> int:
    highest = select(func.max(gate_attempts.c.n)).filter_by(case_id=case_id, gate=gate, basis_hash=basis_hash)
    return connection.execute(highest).scalar_one() or 0


_FIELDS = tuple(approvals.c[field.name] for field in fields(Approval))


def _find(connection: Connection, case_id: str, gate: str, basis_hash: str) -> Approval | None:
    one = select(*_FIELDS).filter_by(case_id=case_id, gate=gate, basis_hash=basis_hash)
    row = connection.execute(one).one_or_none()
    return None if row is None else Approval(*row)


def _is_same(stands: Approval, asked: Approval) -> bool:
    """A step that ran twice; the time of asking may differ, the proof may not."""
    return (stands.approver, stands.code_step, stands.decision) == (asked.approver, asked.code_step, asked.decision)
