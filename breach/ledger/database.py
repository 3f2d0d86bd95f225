"""One database, short transactions, and errors in our own words: the same promises on SQLite and on PostgreSQL.

Writers are one after the other on both: SQLite's BEGIN IMMEDIATE, and on PostgreSQL one lock that every write
transaction takes first. So what a transaction reads cannot change under it, nothing has to be tried again because two
met, and every test of the one database says something about the other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from breach.errors import BadInput, BreachError, LedgerBusy
from breach.ledger.postgres import PostgresServer
from breach.ledger.sqlite import SqliteFile

BUSY_SECONDS = 20
"""How long a writer queues behind another. A transaction takes milliseconds; 20 s means something is wrong."""


class Kind(Protocol):
    """What differs between the databases."""

    @property
    def engine(self) -> Engine:
        """Connections whose transactions queue for writing, unless they carry the options of a snapshot."""
        ...

    @property
    def snapshot(self) -> Mapping[str, Any]:
        """Execution options of a connection that sees one moment and blocks nobody."""
        ...

    def named(self, error: DBAPIError) -> BreachError:
        """The driver's error in our words. Nothing was committed."""
        ...

    def named_at_commit(self, error: DBAPIError) -> BreachError:
        """The same for an error that came while committing."""
        ...

    def keep_copy(self, name: str) -> None:
        """Keep the ledger as it is before its tables change, where that is ours to do."""
        ...


class Database:
    """Transactions on the ledger's database. Writers are one after the other, readers see one moment."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet. Raises BadInput for an address that is neither a SQLite file nor a PostgreSQL database."""
        self._kind = _kind(url)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its first statement: what it reads cannot change under it.

        Raises LedgerBusy when it could not be written, and also when it is not known whether it was: a PostgreSQL
        that went away while committing. The caller's step is run again then, as after a kill at that moment.
        """
        with _in_our_words(self._kind), self._kind.engine.connect() as connection, connection.begin() as transaction:
            yield connection
            try:
                transaction.commit()
            except DBAPIError as error:
                raise self._kind.named_at_commit(error) from None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment and blocks nobody."""
        with _in_our_words(self._kind), self._kind.engine.connect() as connection:
            snapshot = connection.execution_options(**self._kind.snapshot)
            with snapshot.begin():
                yield snapshot

    def keep_copy(self, name: str) -> None:
        """Keep the ledger as it is now beside it, under its name and this one; PostgreSQL's copies are its owner's."""
        with _in_our_words(self._kind):
            self._kind.keep_copy(name)

    def close(self) -> None:
        """Closes the connections held ready."""
        self._kind.engine.dispose()


def _kind(url: str) -> Kind:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: what stands where the port should; it may be half a password
        raise BadInput("The ledger's address cannot be read.", "Nothing was opened.", _ADDRESS) from None
    if address.drivername in {"postgres", "postgresql", "postgresql+psycopg"} and address.database:
        return PostgresServer(address, BUSY_SECONDS)
    if address.drivername == "sqlite" and address.database not in {None, "", ":memory:"} and not address.query:
        return SqliteFile(address, BUSY_SECONDS)
    raise BadInput(
        "The ledger's address is neither a SQLite file nor a PostgreSQL database.", "Nothing was opened.", _ADDRESS
    )


_ADDRESS = (
    "Give it as sqlite:////path/to/ledger.db on a local disk, or as postgresql://user:password@host/database "
    "with special characters in the password written as %-codes."
)


@contextmanager
def _in_our_words(kind: Kind) -> Iterator[None]:
    """Translate what the driver raises; its messages are matched there and never passed on."""
    try:
        yield
    except IntegrityError:
        raise LedgerBusy(
            "Two writers met in the ledger and this one lost.", "Nothing was written by it.", "Try again."
        ) from None
    except PoolTimeout:
        raise LedgerBusy("No connection to the ledger came free.", "Nothing was written.", "Try again.") from None
    except DBAPIError as error:
        raise kind.named(error) from None
    except StatementError as error:
        # A value that could not be bound: the refusal of a time without a zone comes wrapped in this.
        raise error.orig if isinstance(error.orig, BreachError) else _unanswered(error) from None
    except SQLAlchemyError as error:
        raise _unanswered(error) from None


def _unanswered(error: SQLAlchemyError) -> LedgerBusy:
    return LedgerBusy(f"The ledger did not answer ({type(error).__name__}).", "Nothing was written.")
