"""Which alerts went out already: nobody is woken twice for one thing."""

from datetime import datetime

from sqlalchemy import insert, select

from breach.ledger.database import Database
from breach.ledger.tables import alerts


class Alerts:
    """Alerts by case and key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def first_time(self, case_id: str, alert_key: str, now: datetime) -> bool:
        """True for exactly one caller per key; that one sends the alert."""
        key = {"case_id": case_id, "alert_key": alert_key}
        with self._database.write() as connection:
            if connection.execute(select(alerts.c.case_id).filter_by(**key)).first() is not None:
                return False
            connection.execute(insert(alerts).values(**key, first_at=now))
            return True

    def was_told(self, case_id: str, alert_key: str) -> bool:
        """Whether it went out. Who asks first and notes it with `first_time` after telling loses none to a kill."""
        key = {"case_id": case_id, "alert_key": alert_key}
        with self._database.read() as connection:
            return connection.execute(select(alerts.c.case_id).filter_by(**key)).first() is not None
