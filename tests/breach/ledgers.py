"""Places for ledgers: a SQLite file each, or a database each of a real PostgreSQL. In memory where the system can."""

import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from breach.ledger import open_ledger
from breach.ledger.postgres import WRITERS

QUICK = Path("/dev/shm")  # noqa: S108 - where the system keeps files in memory: commits are synced, tests make thousands
BOTH = ("sqlite", "postgresql")


class Ledgers(Protocol):
    """Makes ledgers of one kind."""

    def blank(self) -> str:
        """Address of a place without any table."""
        ...

    def make(self) -> str:
        """Address of a new ledger."""
        ...

    def copy(self, url: str) -> str:
        """Address of a copy; nobody may be connected to the original."""
        ...

    def drop(self, url: str) -> None: ...

    def is_free(self, url: str) -> bool:
        """True when nobody is writing."""
        ...


class SqliteLedgers:
    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()
        self._empty = ""

    def blank(self) -> str:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return f"sqlite:///{folder}/ledger.db"

    def make(self) -> str:
        if not self._empty:
            self._empty = self.blank()
            open_ledger(self._empty).close()
        return self.copy(self._empty)

    def copy(self, url: str) -> str:
        new = self.blank()
        shutil.copy(_file(url), _file(new))
        return new

    def drop(self, url: str) -> None:
        shutil.rmtree(_file(url).parent)

    def is_free(self, url: str) -> bool:
        with closing(sqlite3.connect(_file(url), isolation_level=None, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return False
        return True


class PostgresLedgers:
    def __init__(self, uri: str) -> None:
        self._address, self._numbers = make_url(uri), count()
        self._server = psycopg.connect(uri, autocommit=True)
        self._empty = ""

    def blank(self) -> str:
        return self._create("template0")

    def make(self) -> str:
        if not self._empty:
            self._empty = self.blank()
            open_ledger(self._empty).close()
        return self.copy(self._empty)

    def copy(self, url: str) -> str:
        return self._create(_name(url))

    def _create(self, template: str) -> str:
        name = f"ledger_{next(self._numbers)}"
        self._server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
        return self._address.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(_name(url))))

    def is_free(self, url: str) -> bool:
        with psycopg.connect(url) as other:
            row = other.execute(SQL("SELECT pg_try_advisory_xact_lock({})").format(WRITERS)).fetchone()
            other.rollback()
        return row == (True,)

    def close(self) -> None:
        self._server.close()


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))


def _name(url: str) -> str:
    return str(make_url(url).database)
