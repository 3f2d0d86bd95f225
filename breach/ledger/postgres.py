"""The ledger in a PostgreSQL database, for senders on several machines.

Every write transaction first takes one advisory lock of the database, and holds it until it ends. That is SQLite's
BEGIN IMMEDIATE: writers are one after the other, and what one reads cannot change under it. SERIALIZABLE would let two
run at once and throw one away at its end, so that every caller had to be able to run again; locks on rows do not hold
off a row that is not there yet. The price is one writer at a time. A transaction takes about 5 ms, a chunk of 1,000
notices three of them: 60,000 notices a second, far above what a mailer takes.

The isolation is READ COMMITTED, not more: a stricter one takes its snapshot while it still waits for the lock, and
would then read the past. Readers take no lock; they see one moment by REPEATABLE READ, READ ONLY.

A client that goes away or stands still with the lock in its hand is cut off by the server: see IDLE_SECONDS.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError

from breach.errors import BadInput, BreachError, Conflict, LedgerBusy

WRITERS = 0x627265616368
"""The number of the lock that writers take: "breach" in ASCII. Whoever else takes it stops all senders."""
IDLE_SECONDS = 10.0
"""How long an open transaction may wait for its client. Ours wait for microseconds; after 10 s the client is frozen or
its machine is gone, and the server undoes the transaction, so that others can send."""
SNAPSHOT = "ledger_snapshot"

CONNECTING: Mapping[str, str | int] = MappingProxyType(
    {
        "application_name": "breach-ledger",
        "connect_timeout": 10,
        # A server whose machine is gone says nothing: found out after 30 + 3 × 10 s instead of 2 hours.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
)
"""What libpq is told unless the address says otherwise; seconds, and milliseconds for the last."""

_NOTHING = "Nothing was written."


class PostgresServer:
    """One database of a server, or one schema of it where the address sets the search path."""

    snapshot: Mapping[str, Any] = MappingProxyType(
        {SNAPSHOT: True, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )

    def __init__(self, address: URL, wait: float) -> None:
        """Connects to nothing yet. wait: seconds that a writer queues."""
        self._wait = wait
        self.engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            hide_parameters=True,  # a statement in an error message must not carry what was bound to it
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,  # a server that was restarted meanwhile costs a new connection, not a failed step
            connect_args={name: value for name, value in CONNECTING.items() if name not in address.query},
        )
        event.listen(self.engine, "connect", self._prepare)
        event.listen(self.engine, "begin", _queue)

    def _prepare(self, connection: DBAPIConnection, _record: object) -> None:
        """Times after which the server gives up, in milliseconds, and synced commits whatever the server's default."""
        wait, idle = round(self._wait * 1000), round(IDLE_SECONDS * 1000)
        cursor = connection.cursor()
        cursor.execute(
            f"SET lock_timeout = {wait}; SET statement_timeout = {wait + 10_000}; "
            f"SET idle_in_transaction_session_timeout = {idle}; SET synchronous_commit = on"
        )
        cursor.close()
        connection.commit()

    def named(self, error: DBAPIError) -> BreachError:
        """The driver's error in our words, by its SQLSTATE; before there is a connection there is none."""
        code = str(getattr(error.orig, "sqlstate", None) or "")
        if code in _BY_CODE:
            return _BY_CODE[code]()
        if error.connection_invalidated or code[:2] in {"08", "57"}:
            return LedgerBusy("The connection to the ledger was lost.", _NOTHING, "Try again.")
        if isinstance(error, DataError) or code[:2] == "22":
            return BadInput("A text or a number does not fit into the ledger.", _NOTHING, "Shorten it and try again.")
        if code[:2] == "42":
            return Conflict(
                f"The ledger's tables are not what this code expects (SQLSTATE {code}).",
                _NOTHING,
                "Look at what else uses this database; give the ledger one of its own.",
            )
        if code:
            return LedgerBusy(f"The ledger could not be read or written (SQLSTATE {code}).", _NOTHING, "Try again.")
        return _not_connected(error)

    def named_at_commit(self, error: DBAPIError) -> BreachError:
        """A server that answers has undone everything; one that went away may have committed first."""
        code = str(getattr(error.orig, "sqlstate", None) or "")
        if code and code[:2] not in {"08", "57"}:
            return self.named(error)
        return LedgerBusy(
            "The connection to the ledger was lost while it was writing.",
            "Whether this step was written is not known.",
            "Run it again; what was written already is found and kept.",
        )

    def keep_copy(self, name: str) -> None:
        """Nothing: a migration here is one transaction, and backups are the server's (pg_dump, its own schedule)."""


def _queue(connection: Connection) -> None:
    """Take the writers' lock, before anything is read."""
    if not connection.get_execution_options().get(SNAPSHOT, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def _not_connected(error: DBAPIError) -> BreachError:
    """No code comes with a refused connection: its words decide, and those that are not known may pass by."""
    said = str(error.orig).lower()
    if isinstance(error, ProgrammingError):
        return BadInput("The ledger's address holds an option that PostgreSQL does not know.", _NOTHING, _LOOK)
    if any(refusal in said for refusal in ("password", "authentication failed", "does not exist", "pg_hba.conf")):
        return BadInput("The ledger's server does not let this user into this database.", _NOTHING, _LOOK)
    return LedgerBusy("The ledger's server cannot be reached.", _NOTHING, "Look at the server; then try again.")


_LOOK = "Look at user, password and database in the ledger's address."


def _locked() -> LedgerBusy:
    return LedgerBusy("The ledger is locked by another writer.", _NOTHING, "Try again.")


def _damaged() -> Conflict:
    return Conflict(
        "The ledger's database is damaged.",
        _NOTHING,
        "Stop all senders and restore the database from its backup before anything is sent.",
    )


_BY_CODE: Mapping[str, Callable[[], BreachError]] = MappingProxyType(
    {
        "40001": _locked,  # serialization failure, deadlock, lock not available, statement timeout
        "40P01": _locked,
        "55P03": _locked,
        "57014": _locked,
        "XX001": _damaged,
        "XX002": _damaged,
        "25006": lambda: LedgerBusy(
            "The ledger's server takes no writes now: it is a standby.", _NOTHING, "Try again when one has taken over."
        ),
        "25P03": lambda: LedgerBusy(
            f"This step stood still for {IDLE_SECONDS:.0f} s in the middle of writing, and the ledger undid it.",
            _NOTHING,
            "Try again.",
        ),
        "42501": lambda: BadInput(
            "The ledger's user may not do this in its database.", _NOTHING, "Make the user owner of the database."
        ),
        "53100": lambda: BadInput(
            "The disk of the ledger is full.",
            "What was committed before is kept; nothing was sent by this step.",
            "Free some space and run the case again; it continues where it stopped.",
        ),
    }
)
"""SQLSTATE to what is said; each makes a new error."""
