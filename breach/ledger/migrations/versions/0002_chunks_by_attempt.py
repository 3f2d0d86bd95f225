"""An index on the chunks' attempts, and the last word to the code before there were migrations.

Every claim looks its attempt up twice; without the index each look reads all chunks of the ledger.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index; old code finds version 2 from now on and opens nothing."""
    op.create_index("chunks_by_attempt", "chunks", ["attempt_id"])
    op.execute("DELETE FROM schema_versions")
    op.execute("INSERT INTO schema_versions (version) VALUES (2)")
