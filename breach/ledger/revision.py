"""Whether a ledger's tables are what this code expects: two reads, made at every opening."""

from sqlalchemy import Connection, inspect, text

from breach.ledger.database import Database
from breach.ledger.tables import REVISION


def is_current(database: Database) -> bool:
    """True when nothing has to be made or migrated."""
    with database.read() as connection:
        return find_revision(connection) == REVISION


def find_revision(connection: Connection) -> str | None:
    """The revision of the ledger's tables; None before there are any, and for those older than migrations."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    # More than one, or another program's, is no number of ours.
    return ",".join(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) or None
