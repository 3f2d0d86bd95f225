"""Waves: who sends one, under which epoch, and when the next may begin."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from breach.errors import Conflict, Superseded
from breach.ledger.database import Database
from breach.ledger.reading import find_wave
from breach.ledger.rows import WaveKey, WaveRow
from breach.ledger.tables import chunks, waves
from breach.ledger.transitions import DONE, FROM, Move
from schemas.sending import ChunkState


class Waves:
    """Leases on waves, their closing, and how they stand."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_wave(self, wave: WaveKey, holder: str, now: datetime, ttl: timedelta) -> int:
        """Take the wave and return its new epoch; whoever held it before can claim and request nothing more.

        Chunks that were claimed and not requested are planned again: nothing had left. The lease is renewed by
        every claim, request and completion. Raises Superseded while another holder's lease runs, Conflict when the
        wave is closed, replaced, or not yet due: the one before open or still being observed.
        """
        with self._database.write() as connection:
            row = find_wave(connection, wave)
            _must_be_due(connection, row, now)
            if row.holder not in {"", holder} and row.expires_at > now:
                raise Superseded(
                    f"Another run sends wave {wave.n} of {wave.message}.",
                    f"Its lease runs until {row.expires_at.isoformat(timespec='seconds')}; this run sent nothing.",
                    "Look at the other run; start again after that time if it is dead.",
                )
            epoch: int = row.epoch + 1
            connection.execute(
                update(waves)
                .where(waves.c.id == row.id)
                .values(
                    holder=holder,
                    epoch=epoch,
                    lease_seconds=round(ttl.total_seconds()),
                    expires_at=now + ttl,
                    opened_at=row.opened_at or now,
                )
            )
            connection.execute(
                update(chunks)
                .where(chunks.c.wave_id == row.id, chunks.c.state.in_(FROM[Move.RETURN]))
                .values(state=ChunkState.PLANNED)
            )
            return epoch

    def release_wave(self, wave: WaveKey, epoch: int, now: datetime) -> bool:
        """Let go of the lease, so that the next run need not wait for its end; False when a newer holder has it."""
        with self._database.write() as connection:
            row = find_wave(connection, wave)
            released = connection.execute(
                update(waves).where(waves.c.id == row.id, waves.c.epoch == epoch).values(expires_at=now)
            )
            return released.rowcount == 1

    def close_wave(self, wave: WaveKey, epoch: int, now: datetime) -> datetime:
        """Close a wave whose chunks are all done; returns when the next may begin.

        That is the last finished chunk plus the observation window. Closing twice returns the same. Raises
        Superseded for an old epoch and Conflict while a chunk is not done.
        """
        with self._database.write() as connection:
            row = find_wave(connection, wave)
            if row.closed_at is not None:
                closed: datetime = row.next_at
                return closed
            if row.epoch != epoch:
                raise Superseded(
                    f"A newer run sends wave {wave.n} of {wave.message}.", "It was not closed by this one."
                )
            in_wave = chunks.c.wave_id == row.id
            left = connection.execute(
                select(func.count()).select_from(chunks).where(in_wave, chunks.c.state.not_in(DONE))
            ).scalar_one()
            if left:
                raise Conflict(f"{left} chunks of wave {wave.n} are not done.", "The wave stays open.", "Settle them.")
            sent = (ChunkState.ACCEPTED, ChunkState.REJECTED)
            last = connection.execute(
                select(func.max(chunks.c.finished_at)).where(in_wave, chunks.c.state.in_(sent))
            ).scalar_one()
            next_at = (last or now) + timedelta(minutes=row.observe_minutes)
            connection.execute(
                update(waves).where(waves.c.id == row.id).values(closed_at=now, next_at=next_at, expires_at=now)
            )
            return next_at

    def row(self, wave: WaveKey) -> WaveRow:
        """How a wave stands. Raises Conflict when it was never planned."""
        with self._database.read() as connection:
            found = find_wave(connection, wave)
            counted = connection.execute(
                select(
                    chunks.c.state,
                    func.count().label("chunks"),
                    func.sum(chunks.c.recipients).label("recipients"),
                    func.sum(chunks.c.accepted).label("accepted"),
                    func.sum(chunks.c.rejected).label("rejected"),
                )
                .where(chunks.c.wave_id == found.id)
                .group_by(chunks.c.state)
            ).all()
        return WaveRow(
            key=wave,
            name=found.name,
            holder=found.holder,
            epoch=found.epoch,
            expires_at=found.expires_at,
            closed_at=found.closed_at,
            next_at=found.next_at,
            recipients=sum(int(one.recipients) for one in counted),
            accepted=sum(int(one.accepted) for one in counted),
            rejected=sum(int(one.rejected) for one in counted),
            states={one.state: int(one.chunks) for one in counted},
        )

    def rejected_since(self, wave: WaveKey, since: datetime | None) -> int:
        """How many notices of a wave were rejected by answers after a moment; None counts all."""
        with self._database.read() as connection:
            found = find_wave(connection, wave)
            total = select(func.sum(chunks.c.rejected)).where(chunks.c.wave_id == found.id)
            if since is not None:
                total = total.where(chunks.c.finished_at > since)
            return int(connection.execute(total).scalar_one() or 0)


def _must_be_due(connection: Connection, row: Row[Any], now: datetime) -> None:
    if row.superseded_at is not None:
        raise Conflict(
            f"Another plan of {row.message} has taken the place of this one.",
            "Nothing was sent under the old one.",
            "Start the sender for the new plan.",
        )
    if row.closed_at is not None:
        raise Conflict(f"Wave {row.n} of {row.message} is closed.", "Nothing more is sent in it.")
    before = connection.execute(
        select(waves.c.n, waves.c.closed_at, waves.c.next_at).where(
            waves.c.message_id == row.message_id, waves.c.n < row.n
        )
    ).all()
    for earlier in before:
        if earlier.closed_at is None:
            raise Conflict(
                f"Wave {earlier.n} of {row.message} is not closed.",
                f"Wave {row.n} was not begun.",
                f"Finish wave {earlier.n} first; it tries fewer people.",
            )
        if earlier.next_at > now:
            raise Conflict(
                f"Wave {earlier.n} of {row.message} is being observed until "
                f"{earlier.next_at.isoformat(timespec='seconds')}.",
                f"Wave {row.n} was not begun.",
                "Start it after that time.",
            )
