"""Opening a ledger: the one object through which everything else is reached."""

from pathlib import Path

from breach.ledger.alerts import Alerts
from breach.ledger.approvals import Approvals
from breach.ledger.children import Children
from breach.ledger.claims import Claims
from breach.ledger.database import Database
from breach.ledger.doubts import Doubts
from breach.ledger.halts import Halts
from breach.ledger.heads import Heads
from breach.ledger.leases import CaseLeases
from breach.ledger.messages import Messages
from breach.ledger.revision import is_current
from breach.ledger.tables import REVISION
from breach.ledger.waves import Waves

MIGRATIONS = Path(__file__).with_name("migrations")


class Ledger:
    """The ledger's parts, over one database. Every method is one transaction and may raise LedgerBusy."""

    def __init__(self, database: Database) -> None:
        """Over a database whose tables exist; use open_ledger."""
        self._database = database
        self.leases = CaseLeases(database)
        self.approvals = Approvals(database)
        self.halts = Halts(database)
        self.messages = Messages(database)
        self.waves = Waves(database)
        self.claims = Claims(database)
        self.doubts = Doubts(database)
        self.children = Children(database)
        self.alerts = Alerts(database)
        self.heads = Heads(database)

    def close(self) -> None:
        """Closes the connections held ready; the ledger can be used again."""
        self._database.close()


def open_ledger(url: str) -> Ledger:
    """Open the ledger at `sqlite:////path` or `postgresql://…`, making its tables when it is new, migrating older ones.

    Raises BadInput for another kind of address and for one the server refuses, Conflict when it was written by a
    newer version, LedgerBusy when it cannot be reached.
    """
    database = Database(url)
    if not is_current(database):
        from breach.ledger.upgrade import upgrade  # noqa: PLC0415 - 0.1 s that nearly no opening needs

        upgrade(database, MIGRATIONS, REVISION)
    return Ledger(database)
