"""One database, short transactions, and errors in our own words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from breach.errors import BadInput, BreachError, Conflict, LedgerBusy

BUSY_SECONDS = 20
"""How long a writer queues behind another. A transaction takes milliseconds; 20 s means something is wrong."""
SNAPSHOT = "ledger_snapshot"


class Database:
    """Transactions on the ledger's database. Writers are one after the other, readers see one moment."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet. Raises BadInput for an address that is not a SQLite file."""
        self._engine = _engine(url)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its first statement: what it reads cannot change under it."""
        with _in_our_words(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment and blocks nobody."""
        with _in_our_words(), self._engine.connect() as connection:
            snapshot = connection.execution_options(**{SNAPSHOT: True})
            with snapshot.begin():
                yield snapshot

    def close(self) -> None:
        """Closes the connections held ready."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadInput("The ledger's address cannot be read.", "Nothing was opened.", _ADDRESS) from None
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"} or address.query:
        raise BadInput("The ledger's address is not a SQLite file.", "Nothing was opened.", _ADDRESS)
    file = Path(str(address.database))
    _make_private(file)
    # hide_parameters: a statement in an error message must not carry what was bound to it.
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


_ADDRESS = "Give it as sqlite:////path/to/ledger.db on a local disk."


def _make_private(file: Path) -> None:
    """The file and its folder for the owner alone; the WAL beside it takes the file's rights.

    An existing file is never opened here: closing it again would drop every lock that this process's own connections
    hold on it (POSIX). Another process then takes itself for the last one, and removes the WAL under their feet.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise LedgerBusy(
            f"The ledger cannot be opened: {os.strerror(error.errno or 0)}.", "Nothing was written.", _ADDRESS
        ) from None


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    """WAL lets readers read while one writes; FULL syncs every commit: a claim must survive a power cut."""
    connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """IMMEDIATE for writers: a deferred transaction that read first would fail at its first write, unqueued."""
    deferred = connection.get_execution_options().get(SNAPSHOT, False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Translate what the driver raises; its messages are matched here and never passed on."""
    try:
        yield
    except IntegrityError:
        raise LedgerBusy(
            "Two writers met in the ledger and this one lost.", "Nothing was written by it.", "Try again."
        ) from None
    except PoolTimeout:
        raise LedgerBusy("No connection to the ledger came free.", "Nothing was written.", "Try again.") from None
    except DatabaseError as error:
        raise _named(str(error.orig).lower()) from None
    except StatementError as error:
        # A value that could not be bound: the refusal of a time without a zone comes wrapped in this.
        raise error.orig if isinstance(error.orig, BreachError) else _unanswered(error) from None
    except SQLAlchemyError as error:
        raise _unanswered(error) from None


def _unanswered(error: SQLAlchemyError) -> LedgerBusy:
    return LedgerBusy(f"The ledger did not answer ({type(error).__name__}).", "Nothing was written.")


def _named(said: str) -> BadInput | Conflict | LedgerBusy:
    if "full" in said:
        return BadInput(
            "The disk of the ledger is full.",
            "What was committed before is kept; nothing was sent by this step.",
            "Free some space and run the case again; it continues where it stopped.",
        )
    if "malformed" in said or "not a database" in said:
        return Conflict(
            "The ledger's file is damaged or is no ledger.",
            "Nothing was written.",
            "Stop all senders and restore the file from its backup before anything is sent.",
        )
    if "locked" in said or "busy" in said:
        return LedgerBusy("The ledger is locked by another writer.", "Nothing was written.", "Try again.")
    return LedgerBusy("The ledger could not be read or written.", "Nothing was written.", "Look at its disk.")
