"""One chunk's way through a sender: claimed, requested, then the mailer's answer. Each step is one transaction."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from breach.errors import Conflict, Halted, NotApproved, Superseded
from breach.ledger.approvals import is_approved
from breach.ledger.database import Database
from breach.ledger.halts import in_force, is_halted
from breach.ledger.reading import find_chunks, find_wave, wave_of_chunk
from breach.ledger.rows import ChunkRow, WaveKey
from breach.ledger.tables import attempts, chunks, messages, outcomes, waves
from breach.ledger.transitions import FROM, Completion, Move
from breach.mail import Delivery
from schemas.sending import ChunkState


class Claims:
    """Claims are fenced by the wave's epoch; answers are taken by attempt, from any epoch."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim_next(self, wave: WaveKey, epoch: int, attempt_id: str, now: datetime) -> ChunkRow | None:
        """Take the next planned chunk of a wave, or None when none is left.

        The same attempt_id again returns the chunk it holds. Raises NotApproved without two approvals for exactly
        this basis or when the plan was replaced, Halted, and Superseded for an old epoch; nothing is claimed then.
        """
        with self._database.write() as connection:
            row = find_wave(connection, wave)
            _must_be_approved(connection, row)
            _must_run(connection, row, epoch)
            mine = find_chunks(connection, chunks.c.attempt_id == attempt_id, chunks.c.state == ChunkState.CLAIMED)
            if mine:
                return mine[0]
            planned = chunks.alias("planned")
            first = select(func.min(planned.c.n)).where(
                planned.c.wave_id == row.id, planned.c.state.in_(FROM[Move.CLAIM])
            )
            # The checks above give the reason; these conditions are the fence, in the statement that claims.
            claimed = connection.execute(
                update(chunks)
                .where(
                    chunks.c.wave_id == row.id,
                    chunks.c.n == first.scalar_subquery(),
                    chunks.c.state.in_(FROM[Move.CLAIM]),
                    exists().where(waves.c.id == row.id, waves.c.epoch == epoch, waves.c.closed_at.is_(None)),
                    ~in_force(wave.case_id),
                )
                .values(
                    state=ChunkState.CLAIMED,
                    attempt_id=attempt_id,
                    attempts=chunks.c.attempts + 1,
                    epoch=epoch,
                    requested_at=None,
                )
            )
            if claimed.rowcount == 0:
                return None
            chunk = find_chunks(connection, chunks.c.attempt_id == attempt_id)[0]
            connection.execute(
                insert(attempts).values(attempt_id=attempt_id, chunk_id=chunk.chunk_id, epoch=epoch, claimed_at=now)
            )
            _renew(connection, row, epoch, now)
            return chunk

    def mark_requested(self, attempt_id: str, epoch: int, now: datetime) -> bool:
        """Say that the request is about to leave; from here on its outcome may be unknown.

        False when an older attempt's answer has settled the chunk meanwhile: there is nothing to send. Raises
        Halted, and Superseded when a newer holder has the wave; the request must not leave then.
        """
        with self._database.write() as connection:
            attempt = _attempt(connection, attempt_id)
            chunk = connection.execute(select(chunks).where(chunks.c.id == attempt.chunk_id)).one()
            row = wave_of_chunk(connection, chunk.wave_id)
            _must_run(connection, row, epoch)
            if attempt.epoch != epoch:
                raise Superseded("This attempt belongs to an older holder of the wave.", "Nothing was sent by it.")
            if chunk.attempt_id != attempt_id or chunk.state not in FROM[Move.REQUEST]:
                return False
            connection.execute(
                update(chunks)
                .where(chunks.c.id == chunk.id, chunks.c.state.in_(FROM[Move.REQUEST]))
                .values(state=ChunkState.REQUESTED, requested_at=now)
            )
            connection.execute(update(attempts).where(attempts.c.attempt_id == attempt_id).values(requested_at=now))
            _renew(connection, row, epoch, now)
            return True

    def put_back(self, attempt_id: str, now: datetime, note: str) -> bool:
        """The attempt says that nothing was taken: plan its chunk again. False when the chunk has moved on."""
        with self._database.write() as connection:
            attempt = _attempt(connection, attempt_id)
            connection.execute(update(attempts).where(attempts.c.attempt_id == attempt_id).values(finished_at=now))
            put = connection.execute(
                update(chunks)
                .where(
                    chunks.c.id == attempt.chunk_id,
                    chunks.c.attempt_id == attempt_id,
                    chunks.c.state.in_(FROM[Move.PUT_BACK]),
                )
                .values(state=ChunkState.PLANNED, note=note)
            )
            return put.rowcount == 1

    def complete(self, attempt_id: str, delivery: Delivery, now: datetime, *, proven: bool = False) -> Completion:
        """Write the mailer's answer, also from a holder that was superseded long ago: a true answer is kept.

        A token that any attempt saw accepted is accepted. proven: acceptance itself is delivery. Raises Conflict
        for an attempt that never requested anything and for an answer that does not count the whole chunk.
        """
        with self._database.write() as connection:
            attempt = _attempt(connection, attempt_id)
            chunk = connection.execute(select(chunks).where(chunks.c.id == attempt.chunk_id)).one()
            _must_fit(attempt, chunk, delivery)
            if attempt.finished_at is not None:
                return Completion.ALREADY
            current = chunk.attempt_id == attempt_id
            rejected = _rejected_by_all(connection, chunk, delivery, current=current)
            _write_answer(connection, chunk, rejected, now, proven=proven)
            connection.execute(
                update(attempts)
                .where(attempts.c.attempt_id == attempt_id)
                .values(finished_at=now, provider_ref=delivery.provider_ref)
            )
            _renew(connection, wave_of_chunk(connection, chunk.wave_id), attempt.epoch, now)
            return Completion.RECORDED if current and chunk.state is ChunkState.REQUESTED else Completion.LATE


def _attempt(connection: Connection, attempt_id: str) -> Row[Any]:
    found = connection.execute(select(attempts).where(attempts.c.attempt_id == attempt_id)).one_or_none()
    if found is None:
        raise Conflict(f"No chunk was ever claimed by attempt {attempt_id}.", "Nothing was written.")
    return found


def _must_be_approved(connection: Connection, row: Row[Any]) -> None:
    if row.superseded_at is not None:
        raise NotApproved(
            f"Another plan of {row.message} has taken the place of this one.",
            "Nothing was claimed.",
            "Start the sender for the new plan.",
        )
    if not is_approved(connection, row.case_id, row.basis_hash):
        raise NotApproved(
            f"{row.message} of case {row.case_id} is not approved by two people in exactly this form.",
            "Nothing was claimed.",
            "Answer the gates of breach-response or security-update, which ask for it.",
        )


def _must_run(connection: Connection, row: Row[Any], epoch: int) -> None:
    if is_halted(connection, row.case_id):
        raise Halted(
            f"Sending for case {row.case_id} is halted.",
            "What was sent before stands; nothing more was begun.",
            "Lift the halt when its reason is gone, then start the sender again.",
        )
    if row.epoch != epoch or row.closed_at is not None:
        raise Superseded(
            f"A newer run sends wave {row.n} of {row.message}, or has closed it.",
            "This run begins nothing more.",
            "Look at the newer run.",
        )


def _must_fit(attempt: Row[Any], chunk: Row[Any], delivery: Delivery) -> None:
    taken, refused = set(delivery.accepted), set(delivery.rejected)
    if attempt.requested_at is None:
        raise Conflict(f"Attempt {attempt.attempt_id} never requested anything.", "Its answer was not written.")
    if taken & refused or len(taken) + len(refused) != chunk.recipients:
        raise Conflict(
            f"The answer for chunk {chunk.n} counts {len(taken)} taken and {len(refused)} refused "
            f"of {chunk.recipients} notices.",
            "It was not written.",
            "Settle the chunk by evidence.",
        )


def _rejected_by_all(connection: Connection, chunk: Row[Any], delivery: Delivery, *, current: bool) -> dict[str, str]:
    """Tokens that no attempt saw accepted, with the newest reason."""
    known = connection.execute(select(outcomes).where(outcomes.c.chunk_id == chunk.id)).all()
    taken = {one.token for one in known if one.state is ChunkState.ACCEPTED}
    answered = chunk.state in {ChunkState.ACCEPTED, ChunkState.REJECTED}
    if answered and not current:
        before = {one.token: one.reason for one in known if one.state is ChunkState.REJECTED}
        return {token: reason for token, reason in before.items() if token not in delivery.accepted}
    return {token: reason for token, reason in delivery.rejected.items() if token not in taken}


def _write_answer(
    connection: Connection, chunk: Row[Any], rejected: dict[str, str], now: datetime, *, proven: bool
) -> None:
    connection.execute(delete(outcomes).where(outcomes.c.chunk_id == chunk.id))
    if rejected:
        connection.execute(
            insert(outcomes),
            [
                {"chunk_id": chunk.id, "token": token, "state": ChunkState.REJECTED, "reason": reason}
                for token, reason in sorted(rejected.items())
            ],
        )
    accepted = chunk.recipients - len(rejected)
    connection.execute(
        update(chunks)
        .where(chunks.c.id == chunk.id)
        .values(
            state=ChunkState.ACCEPTED if accepted else ChunkState.REJECTED,
            accepted=accepted,
            rejected=len(rejected),
            finished_at=chunk.finished_at or now,
            proven=proven,
        )
    )
    bump_changes(connection, chunk.message_id)


def bump_changes(connection: Connection, message_id: int) -> None:
    """Somebody may have been told: a plan made before this moment no longer fits."""
    connection.execute(update(messages).where(messages.c.id == message_id).values(changes=messages.c.changes + 1))


def _renew(connection: Connection, row: Row[Any], epoch: int, now: datetime) -> None:
    """A holder that works keeps its lease; an old epoch renews nothing."""
    connection.execute(
        update(waves)
        .where(waves.c.id == row.id, waves.c.epoch == epoch, waves.c.closed_at.is_(None))
        .values(expires_at=now + timedelta(seconds=row.lease_seconds))
    )
