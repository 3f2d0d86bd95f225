"""Registering a frozen send plan: its waves and chunks, once for each approved basis."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, func, insert, select, update

from breach.errors import Conflict
from breach.ledger.database import Database
from breach.ledger.rows import WaveKey
from breach.ledger.tables import chunks, groups, messages, waves
from breach.ledger.transitions import FROM, UNSETTLED, Move
from schemas.sending import ChunkState, SendPlan, WavePlan


class Messages:
    """Messages of a case: 'notice', 'update-001'. One plan of each is in force; older ones keep what they did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan_message(
        self, case_id: str, message: str, basis_hash: str, plan: SendPlan, *, plan_key: str, now: datetime
    ) -> bool:
        """Register a plan; True when it is new, False when it stood already.

        An older plan of the same message ends here: its planned chunks are cancelled. Raises Conflict when one of
        its chunks is claimed, requested or in doubt; when somebody was told after the plan's list of people told
        before was read; and when the plan was replaced already.
        """
        if (plan.case_id, plan.message) != (case_id, message):
            raise Conflict("The plan is of another case or message.", "Nothing was registered.")
        with self._database.write() as connection:
            known = connection.execute(
                select(messages).filter_by(case_id=case_id, message=message, basis_hash=basis_hash)
            ).one_or_none()
            if known is not None:
                _must_stand(same_plan=known.plan_key == plan_key, in_force=known.superseded_at is None)
                return False
            _end_older(connection, plan, now)
            made = connection.execute(
                insert(messages).values(
                    case_id=case_id,
                    message=message,
                    basis_hash=basis_hash,
                    plan_key=plan_key,
                    observe_minutes=plan.observe_minutes,
                    planned_at=now,
                )
            )
            for wave in plan.waves:
                _register(connection, _new_id(made), wave)
            return True

    def changes(self, case_id: str, message: str) -> int:
        """A number that rises whenever somebody may have been told. Read it before reading who was told."""
        with self._database.read() as connection:
            return _changes(connection, case_id, message)

    def current_basis(self, case_id: str, message: str) -> str | None:
        """The basis of the plan in force, or None before the first."""
        with self._database.read() as connection:
            return connection.execute(
                select(messages.c.basis_hash).filter_by(case_id=case_id, message=message, superseded_at=None)
            ).scalar_one_or_none()

    def plan_key(self, case_id: str, message: str, basis_hash: str) -> str | None:
        """Where the plan of a basis lies in the case, or None when it is not registered."""
        with self._database.read() as connection:
            return connection.execute(
                select(messages.c.plan_key).filter_by(case_id=case_id, message=message, basis_hash=basis_hash)
            ).scalar_one_or_none()

    def of_case(self, case_id: str) -> tuple[str, ...]:
        """Names of all messages of a case, in the order they were first planned."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(messages.c.message).filter_by(case_id=case_id).order_by(messages.c.id)
            ).scalars()
            return tuple(dict.fromkeys(rows))

    def waves_of(self, case_id: str, message: str) -> tuple[WaveKey, ...]:
        """Waves of the plan in force, in order."""
        return self._waves(case_id, message, only_unsettled=False)

    def unsettled(self, case_id: str, message: str) -> tuple[WaveKey, ...]:
        """Waves with chunks claimed, requested or in doubt: what must be settled before another plan."""
        return self._waves(case_id, message, only_unsettled=True)

    def _waves(self, case_id: str, message: str, *, only_unsettled: bool) -> tuple[WaveKey, ...]:
        rows = (
            select(messages.c.basis_hash, waves.c.n)
            .join_from(messages, waves)
            .where(messages.c.case_id == case_id, messages.c.message == message, messages.c.superseded_at.is_(None))
            .order_by(waves.c.n)
        )
        if only_unsettled:
            rows = rows.where(waves.c.id.in_(select(chunks.c.wave_id).where(chunks.c.state.in_(UNSETTLED))))
        with self._database.read() as connection:
            return tuple(WaveKey(case_id, message, row.basis_hash, row.n) for row in connection.execute(rows))


def _must_stand(*, same_plan: bool, in_force: bool) -> None:
    if not same_plan:
        raise Conflict("This basis is registered with another plan.", "The registered plan stands.", "Plan again.")
    if not in_force:
        raise Conflict(
            "A newer plan has taken the place of this one.",
            "Nothing was changed.",
            "Ask the gates again for the plan that fits the case as it is now.",
        )


def _changes(connection: Connection, case_id: str, message: str) -> int:
    total = select(func.sum(messages.c.changes)).filter_by(case_id=case_id, message=message)
    return int(connection.execute(total).scalar_one() or 0)


def _end_older(connection: Connection, plan: SendPlan, now: datetime) -> None:
    """Close the door behind older plans; what they have done stays theirs."""
    older = select(messages.c.id).filter_by(case_id=plan.case_id, message=plan.message)
    of_older = chunks.c.message_id.in_(older)
    unsettled = connection.execute(
        select(func.count()).select_from(chunks).where(of_older, chunks.c.state.in_(UNSETTLED))
    ).scalar_one()
    if unsettled:
        raise Conflict(
            f"{unsettled} chunks of the plan before are claimed, requested or in doubt.",
            "The plan before stands; nothing of the new one was registered.",
            "Settle those chunks first, then plan again.",
        )
    if _changes(connection, plan.case_id, plan.message) != plan.told_as_of:
        raise Conflict(
            "Somebody was told after this plan was made.",
            "The plan before stands; nothing of the new one was registered.",
            "Plan again: the new plan leaves out everybody told by now.",
        )
    connection.execute(
        update(chunks)
        .where(of_older, chunks.c.state.in_(FROM[Move.CANCEL]))
        .values(state=ChunkState.CANCELLED, note="another plan took its place")
    )
    connection.execute(
        update(messages).where(messages.c.id.in_(older), messages.c.superseded_at.is_(None)).values(superseded_at=now)
    )


def _register(connection: Connection, message_id: int, wave: WavePlan) -> None:
    made = connection.execute(insert(waves).values(message_id=message_id, n=wave.n, name=wave.name.value))
    wave_id = _new_id(made)
    group = connection.execute(insert(groups).values(wave_id=wave_id, n=0))
    group_id = _new_id(group)
    rows = [
        {
            "message_id": message_id,
            "wave_id": wave_id,
            "group_id": group_id,
            "state": ChunkState.PLANNED,
            **chunk.model_dump(),
        }
        for chunk in wave.chunks
    ]
    if rows:
        connection.execute(insert(chunks), rows)


def _new_id(made: CursorResult[Any]) -> int:
    """The number the database gave to the row just inserted."""
    key = made.inserted_primary_key
    if key is None:
        raise Conflict("The ledger gave no number to a new row.", "Nothing was registered.")
    return int(key[0])
