"""The ledger in a SQLite file on a local disk: private, in WAL mode, synced at every commit."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DBAPIError

from breach.errors import BadInput, BreachError, Conflict, LedgerBusy

SNAPSHOT = "ledger_snapshot"


class SqliteFile:
    """One file; nobody opens it beside SQLite, and its copies are made by SQLite's own backup."""

    snapshot: Mapping[str, Any] = {SNAPSHOT: True}

    def __init__(self, address: URL, wait: float) -> None:
        """Makes the file when it is missing. wait: seconds that a writer queues. Raises LedgerBusy when it cannot."""
        self._file = Path(str(address.database))
        _make_private(self._file)
        # hide_parameters: a statement in an error message must not carry what was bound to it.
        self.engine = create_engine(address, hide_parameters=True, connect_args={"timeout": wait})
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)

    def named(self, error: DBAPIError) -> BreachError:
        """The driver's error in our words: SQLite says what is wrong in English and nowhere else."""
        said = str(error.orig).lower()
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

    def named_at_commit(self, error: DBAPIError) -> BreachError:
        """The same: a commit that fails in this process has written nothing."""
        return self.named(error)

    def keep_copy(self, name: str) -> None:
        """Write the ledger as it is now to `<file>.<name>`, for its owner alone, by SQLite's backup.

        It is written under another name first: a copy that has its name is whole. Raises LedgerBusy when the folder
        takes no file, and as `named` does.
        """
        copy = self._file.with_name(f"{self._file.name}.{name}")
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        with closing(self.engine.raw_connection()) as ours:
            source = ours.driver_connection
            if not isinstance(source, sqlite3.Connection):
                raise LedgerBusy("The ledger gave no connection to copy it from.", "Nothing was changed.")
            unfinished.unlink(missing_ok=True)
            _make_private(unfinished)
            with closing(sqlite3.connect(unfinished)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE").close()  # one file, without a WAL of its own
        unfinished.replace(copy)


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
            f"The ledger cannot be opened: {os.strerror(error.errno or 0)}.",
            "Nothing was written.",
            "Give it as sqlite:////path/to/ledger.db on a local disk.",
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
