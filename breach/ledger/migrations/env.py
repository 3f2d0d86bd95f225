"""What Alembic runs to migrate: on the connection it is given, inside the transaction that is open on it.

That transaction holds the writers' lock, so two processes that open a ledger never migrate it twice, and a migration
that fails half-way has changed nothing, on SQLite, too: its CREATE and ALTER are undone with the rest.
"""

from alembic import context

from breach.ledger.tables import metadata


def migrate() -> None:
    """Run what is asked for on the given connection."""
    # Batches: SQLite can alter little of a table, so that Alembic makes it anew and copies the rows.
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
    )
    context.run_migrations()


if __name__ == "env_py":  # the name that Alembic gives this file; whoever else imports it migrates nothing
    migrate()
