"""Migrating a ledger's tables with Alembic. Imported only when there is something to migrate: it takes 0.1 s."""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from breach.errors import Conflict
from breach.ledger.database import Database
from breach.ledger.revision import find_revision
from breach.ledger.tables import metadata, schema_versions

FIRST = "0001"
"""The tables as they were before there were migrations."""

_ALEMBIC = Lock()
"""Alembic keeps the migration under way in a module: one at a time in a process."""


def upgrade(database: Database, folder: Path, wanted: str) -> None:
    """Make or migrate the tables in one transaction that holds the writers' lock; all of it happens, or nothing.

    A ledger that held something is copied first, under the name `before-<revision>`. Raises Conflict when the tables
    are newer than the migrations in the folder, or are no ledger's.
    """
    with _ALEMBIC, database.write() as connection:
        found = find_revision(connection)
        if found == wanted:  # another process was quicker
            return
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        script = ScriptDirectory.from_config(config)
        if found is not None:
            _must_be_known(found, script, wanted)
        adopted = found is None and _is_older_than_migrations(connection)
        if found is not None or adopted:
            database.keep_copy(f"before-{wanted}")
        if adopted:
            MigrationContext.configure(connection).stamp(script, FIRST)
        if connection.dialect.name == "postgresql":  # a migration may take longer than a claim
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        command.upgrade(config, wanted)


def _must_be_known(found: str, script: ScriptDirectory, wanted: str) -> None:
    if found not in {step.revision for step in script.walk_revisions()}:
        raise Conflict(
            f"The ledger's tables are of revision {found}; this code knows them up to {wanted}.",
            "Nothing was changed.",
            "Use the version of the product that wrote it, or give the ledger a database of its own.",
        )


def _is_older_than_migrations(connection: Connection) -> bool:
    """True for tables from before there were migrations, False for none. Raises Conflict for anything else."""
    ours = set(inspect(connection).get_table_names()) & set(metadata.tables)
    if not ours:
        return False
    version = None
    if schema_versions.name in ours:
        version = connection.execute(select(schema_versions.c.version)).scalar_one_or_none()
    if version != 1:
        raise Conflict(
            f"The database holds {len(ours)} tables with names of the ledger's, and is no ledger that this code knows.",
            "Nothing was changed.",
            "Give the ledger a database of its own, or restore this one from its backup.",
        )
    return True
