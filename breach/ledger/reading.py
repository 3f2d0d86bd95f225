"""Finding waves and chunks inside a running transaction."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, select

from breach.errors import Conflict
from breach.ledger.rows import ChunkRow, WaveKey
from breach.ledger.tables import chunks, messages, waves

_WAVE: list[Column[Any]] = [
    waves.c.id,
    waves.c.n,
    waves.c.name,
    waves.c.holder,
    waves.c.epoch,
    waves.c.lease_seconds,
    waves.c.expires_at,
    waves.c.opened_at,
    waves.c.closed_at,
    waves.c.next_at,
    waves.c.message_id,
    messages.c.case_id,
    messages.c.message,
    messages.c.basis_hash,
    messages.c.superseded_at,
    messages.c.observe_minutes,
]


def find_wave(connection: Connection, key: WaveKey) -> Row[Any]:
    """The wave with its message's columns. Raises Conflict when it was never planned."""
    row: Row[Any] | None = connection.execute(
        select(*_WAVE)
        .join_from(waves, messages)
        .where(
            messages.c.case_id == key.case_id,
            messages.c.message == key.message,
            messages.c.basis_hash == key.basis_hash,
            waves.c.n == key.n,
        )
    ).one_or_none()
    if row is None:
        raise Conflict(
            f"Wave {key.n} of {key.message} is not planned under this basis.", "Nothing was sent.", "Plan it first."
        )
    return row


def wave_of_chunk(connection: Connection, wave_id: int) -> Row[Any]:
    """The wave a chunk belongs to, by the ledger's own number."""
    row: Row[Any] = connection.execute(select(*_WAVE).join_from(waves, messages).where(waves.c.id == wave_id)).one()
    return row


def find_chunks(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[ChunkRow, ...]:
    """Chunks that meet the conditions, by plan and number."""
    rows = connection.execute(
        select(
            chunks,
            messages.c.case_id,
            messages.c.message,
            messages.c.basis_hash,
            waves.c.n.label("wave_n"),
            waves.c.name.label("wave_name"),
        )
        .join_from(chunks, waves, chunks.c.wave_id == waves.c.id)
        .join(messages, waves.c.message_id == messages.c.id)
        .where(*conditions)
        .order_by(chunks.c.message_id, chunks.c.n)
    )
    return tuple(_chunk(row) for row in rows)


def _chunk(row: Row[Any]) -> ChunkRow:
    return ChunkRow(
        chunk_id=row.id,
        wave=WaveKey(row.case_id, row.message, row.basis_hash, row.wave_n),
        wave_name=row.wave_name,
        n=row.n,
        variant=row.variant,
        key=row.key,
        digest=row.digest,
        recipients=row.recipients,
        members=row.members,
        state=row.state,
        attempt_id=row.attempt_id or "",
        attempts=row.attempts,
        requested_at=row.requested_at,
        finished_at=row.finished_at,
        accepted=row.accepted,
        rejected=row.rejected,
        proven=row.proven,
        note=row.note,
    )
