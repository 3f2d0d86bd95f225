"""Opening a ledger: the one object through which everything else is reached."""

from sqlalchemy import insert, select

from breach.errors import Conflict
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
from breach.ledger.tables import SCHEMA_VERSION, metadata, schema_versions
from breach.ledger.waves import Waves


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
    """Open the ledger at `sqlite:////path`, making its tables when it is new.

    Raises BadInput for another kind of address, Conflict when it was written by another version, LedgerBusy when
    it cannot be reached.
    """
    database = Database(url)
    with database.write() as connection:
        metadata.create_all(connection)
        found = connection.execute(select(schema_versions.c.version)).scalar_one_or_none()
        if found is None:
            connection.execute(insert(schema_versions).values(version=SCHEMA_VERSION))
        elif found != SCHEMA_VERSION:
            raise Conflict(
                f"The ledger has schema version {found}; this code writes version {SCHEMA_VERSION}.",
                "Nothing was changed.",
                "Use the version of the product that wrote it, or migrate the ledger.",
            )
    return Ledger(database)
