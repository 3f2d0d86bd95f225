"""Chunks whose outcome is not known, and how a doubt ends: by evidence or by a named human, never by a blind retry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from breach.errors import Conflict, Superseded
from breach.ledger.claims import bump_changes
from breach.ledger.database import Database
from breach.ledger.reading import find_chunks, find_wave
from breach.ledger.rows import ChunkRow, WaveKey
from breach.ledger.tables import attempts, chunks, messages, outcomes, waves
from breach.ledger.transitions import FROM, Move, Resolution
from schemas.sending import ChunkState


@dataclass(frozen=True, slots=True)
class Standing:
    """All plans of one message at one moment: the chunks, and the tokens whose fate differs from their chunk's."""

    chunks: tuple[ChunkRow, ...]
    exceptions: dict[int, dict[str, tuple[ChunkState, str]]]
    """chunk_id -> token -> (accepted or rejected, reason)."""


class Doubts:
    """Doubts, and what is known for certain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def doubt(self, attempt_id: str, reason: str, now: datetime) -> bool:
        """The request left and its outcome is unknown. False when the chunk has moved on."""
        with self._database.write() as connection:
            doubted = connection.execute(
                update(chunks)
                .where(
                    chunks.c.id == select(attempts.c.chunk_id).filter_by(attempt_id=attempt_id).scalar_subquery(),
                    chunks.c.attempt_id == attempt_id,
                    chunks.c.state.in_(FROM[Move.DOUBT]),
                )
                .values(state=ChunkState.IN_DOUBT, note=f"{reason}, {now.isoformat(timespec='seconds')}")
            )
            return doubted.rowcount == 1

    def requested_of_older_epochs(
        self, wave: WaveKey, epoch: int, now: datetime, margin: timedelta
    ) -> tuple[ChunkRow, ...]:
        """Doubt the chunks that an older holder requested at least `margin` ago; returns the younger ones.

        The margin is the request's timeout and some: before that the older holder may still get its answer.
        Raises Superseded for an old epoch.
        """
        with self._database.write() as connection:
            row = find_wave(connection, wave)
            if row.epoch != epoch:
                raise Superseded(f"A newer run sends wave {wave.n} of {wave.message}.", "Nothing was settled.")
            older = (
                chunks.c.wave_id == row.id,
                chunks.c.epoch < epoch,
                chunks.c.state.in_(FROM[Move.DOUBT]),
            )
            connection.execute(
                update(chunks)
                .where(*older, chunks.c.requested_at <= now - margin)
                .values(state=ChunkState.IN_DOUBT, note="its sender gave no answer in time")
            )
            return find_chunks(connection, *older)

    def in_wave(self, wave: WaveKey) -> tuple[ChunkRow, ...]:
        """Chunks of a wave that are in doubt."""
        with self._database.read() as connection:
            row = find_wave(connection, wave)
            return find_chunks(connection, chunks.c.wave_id == row.id, chunks.c.state == ChunkState.IN_DOUBT)

    def of_case(self, case_id: str) -> tuple[ChunkRow, ...]:
        """Chunks of a case that are in doubt, for the list a human settles."""
        with self._database.read() as connection:
            return find_chunks(connection, messages.c.case_id == case_id, chunks.c.state == ChunkState.IN_DOUBT)

    def resolve(
        self,
        chunk_id: int,
        resolution: Resolution,
        by: str,
        reason: str,
        now: datetime,
        *,
        taken: Collection[str] = (),
        proven: bool = False,
    ) -> None:
        """End a doubt. taken: tokens known to be delivered; they are not sent again, whatever the resolution.

        Raises Conflict when the chunk is not in doubt.
        """
        with self._database.write() as connection:
            chunk = connection.execute(select(chunks).where(chunks.c.id == chunk_id)).one_or_none()
            if chunk is None or chunk.state not in FROM[Move.SETTLE_AGAIN]:
                raise Conflict("This chunk is not in doubt.", "Nothing was changed.", "Read the list of doubts again.")
            known = _keep_taken(connection, chunk, taken)
            note = f"{resolution.value}; {by}: {reason}"
            if resolution is Resolution.ACCEPTED or known == chunk.recipients:
                connection.execute(delete(outcomes).where(outcomes.c.chunk_id == chunk_id))
                values = {"state": ChunkState.ACCEPTED, "accepted": chunk.recipients, "finished_at": now}
            elif resolution is Resolution.SEND_AGAIN:
                values = {"state": ChunkState.PLANNED, "accepted": known}
            else:
                values = {"state": ChunkState.CANCELLED, "accepted": known}
            connection.execute(update(chunks).where(chunks.c.id == chunk_id).values(**values, proven=proven, note=note))
            bump_changes(connection, chunk.message_id)

    def known_taken(self, chunk_id: int) -> frozenset[str]:
        """Tokens of an unfinished chunk that are known to be delivered."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(outcomes.c.token).filter_by(chunk_id=chunk_id, state=ChunkState.ACCEPTED)
            ).scalars()
            return frozenset(rows)

    def standing(self, case_id: str, message: str) -> Standing:
        """Everything known about a message, replaced plans included, as of one moment."""
        with self._database.read() as connection:
            found = find_chunks(connection, messages.c.case_id == case_id, messages.c.message == message)
            rows = connection.execute(
                select(outcomes)
                .join_from(outcomes, chunks)
                .join(waves, chunks.c.wave_id == waves.c.id)
                .join(messages, waves.c.message_id == messages.c.id)
                .where(messages.c.case_id == case_id, messages.c.message == message)
            )
            exceptions: dict[int, dict[str, tuple[ChunkState, str]]] = {}
            for row in rows:
                exceptions.setdefault(row.chunk_id, {})[row.token] = (row.state, row.reason)
            return Standing(found, exceptions)


def _keep_taken(connection: Connection, chunk: Row[Any], taken: Collection[str]) -> int:
    """Write down the tokens known to be taken; returns how many there are now."""
    known = set(connection.execute(select(outcomes.c.token).filter_by(chunk_id=chunk.id)).scalars())
    fresh = sorted(set(taken) - known)
    if fresh:
        connection.execute(
            insert(outcomes),
            [
                {"chunk_id": chunk.id, "token": token, "state": ChunkState.ACCEPTED, "reason": "found by evidence"}
                for token in fresh
            ],
        )
    total = select(func.count()).select_from(outcomes).where(outcomes.c.chunk_id == chunk.id)
    return int(connection.execute(total).scalar_one())
