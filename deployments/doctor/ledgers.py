"""Whether the ledger of each mode would hold: its database, its durability, its tables. Nothing is migrated here."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ArgumentError

from breach.errors import BreachError
from breach.ledger.database import Database
from breach.ledger.open import MIGRATIONS
from breach.ledger.revision import find_revision
from breach.ledger.tables import REVISION
from deployments.doctor.disks import filesystem_of, is_share, standing
from deployments.doctor.finding import Finding, refused
from deployments.home import Home
from schemas.incident import Mode

Look = Callable[[Connection], tuple[str, str]]
"""What is wrong, empty when nothing is; and what was seen."""
FULL = 2
"""PRAGMA synchronous: 2 is FULL, every commit is synced."""
OLDEST_POSTGRES = 14
"""The oldest that Prefect's server takes, and the oldest we would try."""
RESTORE = "Stop all senders and restore it from its backup before anything is sent."


def look_at_ledgers(home: Home) -> Iterator[Finding]:
    """The ledger of each mode, and that they are two."""
    seen: dict[Mode, str] = {}
    for mode in Mode:
        name, url = f"ledger, {mode}", home.ledger_url(mode)
        if is_file(url):
            file = Path(str(make_url(url).database))
            yield from look_at_sqlite(name, url, file)
            seen[mode] = str(file.resolve())
        else:
            findings, identity = look_at_postgres(name, url)
            yield from findings
            seen[mode] = identity or f"{mode}: not known"
    if len(set(seen.values())) < len(seen):
        what = "Rehearsal and live use one and the same database, whatever their addresses say."
        yield Finding.wrong(
            "ledgers", what, "Give each mode its own in walls.toml: a rehearsal never meets a live case."
        )


def is_file(url: str) -> bool:
    """Whether an address is of a SQLite file."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # said in the ledger's words where it is opened
        return False
    return address.drivername == "sqlite" and bool(address.database)


def look_at_sqlite(name: str, url: str, file: Path) -> Iterator[Finding]:
    """A file: where it lies, whether it is sound, WAL, synced, and of which revision."""
    kind = filesystem_of(file)
    if is_share(kind):
        what = f"{file} lies on a network share ({kind}); SQLite's locks do not hold there."
        yield Finding.wrong(name, what, "Move it to a local disk, or use PostgreSQL (docs/growing.md).")
    if not file.exists():
        above = standing(file.parent)
        yield Finding.ok(name, f"There is no {file.name} yet; the first case makes it in {above}.")
        return
    if wrong := _damage(file):
        yield Finding.wrong(name, wrong, RESTORE)
        return
    mode = _journal_mode(file)
    if mode != "wal":
        what = f"Its journal mode is {mode} and not wal: a program that is not ours has changed it."
        mend = "Find out which, then run 'breach waiting' and start a case again: opening the ledger puts it back."
        yield Finding.wrong(name, what, mend)
        return
    yield from _asked(name, url, _synchronous)


def _damage(file: Path) -> str:
    """What SQLite's quick check says; empty when the file is sound. Opened as it is: only our engine sets WAL."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=5)) as connection:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        return f"{file.name} could not be read ({type(error).__name__}): it is damaged, locked or no ledger."
    return "" if said == "ok" else f"{file.name} is damaged: SQLite's quick check fails."


def _journal_mode(file: Path) -> str:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=5)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _synchronous(connection: Connection) -> tuple[str, str]:
    level = int(connection.execute(text("PRAGMA synchronous")).scalar_one())
    wrong = "" if level >= FULL else f"Commits are not synced (synchronous is {level})."
    return wrong, "SQLite, sound, WAL, every commit synced"


def look_at_postgres(name: str, url: str) -> tuple[list[Finding], str]:
    """A server's database: reached, its version, its durability, its revision; and what tells it from every other."""
    identity: list[str] = []

    def durable(connection: Connection) -> tuple[str, str]:
        identity.append(_identity(connection))
        return _durability(connection)

    return list(_asked(name, url, durable)), "".join(identity)


def _durability(connection: Connection) -> tuple[str, str]:
    version = str(connection.execute(text("SHOW server_version")).scalar_one())
    major = int(version.partition(".")[0].partition(" ")[0])
    if major < OLDEST_POSTGRES:
        return f"PostgreSQL {version} is older than {OLDEST_POSTGRES}.", ""
    off = [
        setting
        for setting in ("fsync", "synchronous_commit", "full_page_writes")
        if connection.execute(text(f"SHOW {setting}")).scalar_one() == "off"
    ]
    standby = bool(connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one())
    wrong = f"The server's setting {' and '.join(off)} is off: a power cut loses claims." if off else ""
    wrong = wrong or ("The server is a standby and takes no writes." if standby else "")
    return wrong, f"PostgreSQL {version}, commits synced"


def _identity(connection: Connection) -> str:
    """The cluster's start and the numbers of database and schema: one server can be named in many ways."""
    said = connection.execute(
        text(
            "SELECT pg_postmaster_start_time()::text, current_schema()::text,"
            " (SELECT oid::text FROM pg_database WHERE datname = current_database())"
        )
    ).one()
    return "/".join(str(part) for part in said)


def _asked(name: str, url: str, look: Look) -> Iterator[Finding]:
    """What a look through the ledger's own connection says, and its revision."""
    database: Database | None = None
    try:
        database = Database(url)
        with database.read() as connection:
            wrong, seen = look(connection)
            revision = find_revision(connection)
    except BreachError as error:
        yield refused(name, error)
        return
    finally:
        if database:
            database.close()
    if wrong:
        yield Finding.wrong(
            name, wrong, "Change the server's settings, or use another database, before a case is sent."
        )
        return
    yield _revision(name, seen, revision)


def _revision(name: str, seen: str, found: str | None) -> Finding:
    if found == REVISION:
        return Finding.ok(name, f"{seen}, revision {found}.")
    if found is None:
        return Finding.ok(name, f"{seen}; its tables are made or adopted at the first opening.")
    known = {step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if found in known:
        return Finding.ok(name, f"{seen}, revision {found}; the next opening migrates it to {REVISION}.")
    what = f"Its tables are of revision {found}; this code knows them up to {REVISION}."
    return Finding.wrong(name, what, "Use the version of the product that wrote it.")
