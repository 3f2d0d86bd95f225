"""Who acts for a case: one holder at a time, each with a higher epoch than the one before."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from breach.errors import Superseded
from breach.ledger.database import Database
from breach.ledger.tables import case_leases


class CaseLeases:
    """Leases on cases. A lease that has run out may be taken by anybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_case(self, case_id: str, holder: str, now: datetime, ttl: timedelta) -> int:
        """Take the case and return the new epoch. Raises Superseded while another holder's lease runs."""
        with self._database.write() as connection:
            held = connection.execute(select(case_leases).where(case_leases.c.case_id == case_id)).one_or_none()
            if held is None:
                connection.execute(
                    insert(case_leases).values(case_id=case_id, holder=holder, epoch=1, expires_at=now + ttl)
                )
                return 1
            if held.holder != holder and held.expires_at > now:
                raise _held_by_another(case_id, held.expires_at)
            epoch: int = held.epoch + 1
            connection.execute(
                update(case_leases)
                .where(case_leases.c.case_id == case_id)
                .values(holder=holder, epoch=epoch, expires_at=now + ttl)
            )
            return epoch

    def holder(self, case_id: str, now: datetime) -> str | None:
        """Who holds the case now; None when nobody does."""
        with self._database.read() as connection:
            held = connection.execute(select(case_leases).where(case_leases.c.case_id == case_id)).one_or_none()
        return held.holder if held is not None and held.expires_at > now else None

    def seize_case(self, case_id: str, holder: str, dead: str, *, now: datetime, ttl: timedelta) -> int:
        """Take the case from a holder that is known to have ended; returns the new epoch.

        Raises Superseded when somebody else has taken it meanwhile.
        """
        with self._database.write() as connection:
            seized = connection.execute(
                update(case_leases)
                .where(case_leases.c.case_id == case_id, case_leases.c.holder == dead)
                .values(holder=holder, epoch=case_leases.c.epoch + 1, expires_at=now + ttl)
            )
            held = connection.execute(select(case_leases).where(case_leases.c.case_id == case_id)).one_or_none()
            if seized.rowcount != 1 or held is None:
                raise _held_by_another(case_id, held.expires_at if held else now)
            epoch: int = held.epoch
            return epoch

    def renew_case(self, case_id: str, holder: str, now: datetime, ttl: timedelta) -> None:
        """Extend one's own lease, also a lapsed one nobody took. Raises Superseded when another run took it."""
        with self._database.write() as connection:
            renewed = connection.execute(
                update(case_leases)
                .where(case_leases.c.case_id == case_id, case_leases.c.holder == holder)
                .values(expires_at=now + ttl)
            )
            if renewed.rowcount != 1:
                raise Superseded(
                    f"Case {case_id} is no longer held by this run.", "This run ends.", "Look at the newer run."
                )

    def release_case(self, case_id: str, holder: str, now: datetime) -> bool:
        """Let go of one's own lease; False when it is another's."""
        with self._database.write() as connection:
            released = connection.execute(
                update(case_leases)
                .where(case_leases.c.case_id == case_id, case_leases.c.holder == holder)
                .values(expires_at=now)
            )
            return released.rowcount == 1


def _held_by_another(case_id: str, until: datetime) -> Superseded:
    return Superseded(
        f"Another run acts for case {case_id}.",
        f"Its lease runs until {until.isoformat(timespec='seconds')}; this run did nothing.",
        "Look at the other run; start again after that time if it is dead.",
    )
