"""The tables. One definition for SQLite and PostgreSQL; no member's value in any of them, only tokens."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from breach.ledger.moments import Moment
from schemas.sending import ChunkState

REVISION = "0002"
"""The newest migration. Every change of a table is a migration, and this number rises with it."""

State = Enum(
    ChunkState,
    name="chunk_state",
    native_enum=False,
    length=20,
    values_callable=lambda kind: [one.value for one in kind],
)
"""Stored as its words; a plain text column on every database."""

metadata = MetaData()

schema_versions = Table(
    "schema_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)
"""Says 2 for ever. The code before there were migrations looks here, opens version 1 alone, and so leaves us alone."""

case_leases = Table(
    "case_leases",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("gate", String(60), nullable=False),
    Column("case_id", String(60), nullable=False),
    Column("basis_hash", String(64), nullable=False),
    Column("approver", String(60), nullable=False),
    Column("code_step", BigInteger, nullable=False),
    Column("decision", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("run_id", String(60), nullable=False),
    UniqueConstraint("approver", "code_step", name="one_code_one_decision"),
    UniqueConstraint("case_id", "gate", "basis_hash", name="one_decision_for_one_basis"),
)

gate_attempts = Table(
    "gate_attempts",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("gate", String(60), primary_key=True),
    Column("basis_hash", String(64), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("outcome", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("run_id", String(60), nullable=False),
)

halts = Table(
    "halts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", String(60), nullable=False, index=True),
    Column("halted_by", String(60), nullable=False),
    Column("reason", Text, nullable=False),
    Column("halted_at", Moment, nullable=False),
    Column("lifted_by", String(60)),
    Column("lift_reason", Text),
    Column("lifted_at", Moment),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", String(60), nullable=False),
    Column("message", String(60), nullable=False),
    Column("basis_hash", String(64), nullable=False),
    Column("plan_key", String(200), nullable=False),
    Column("observe_minutes", Integer, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("superseded_at", Moment),
    Column("changes", Integer, nullable=False, default=0),
    UniqueConstraint("case_id", "message", "basis_hash", name="one_plan_for_one_basis"),
)

waves = Table(
    "waves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("name", String(20), nullable=False),
    Column("holder", String(200), nullable=False, default=""),
    Column("epoch", Integer, nullable=False, default=0),
    Column("lease_seconds", Integer, nullable=False, default=0),
    Column("expires_at", Moment),
    Column("opened_at", Moment),
    Column("closed_at", Moment),
    Column("next_at", Moment),
    UniqueConstraint("message_id", "n", name="one_wave_of_one_number"),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wave_id", ForeignKey("waves.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("batch_id", String(200), nullable=False, default=""),
    UniqueConstraint("wave_id", "n", name="one_group_of_one_number"),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    Column("wave_id", ForeignKey("waves.id"), nullable=False),
    Column("group_id", ForeignKey("groups.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("variant", String(100), nullable=False),
    Column("key", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("state", State, nullable=False),
    Column("attempt_id", String(200)),
    Column("attempts", Integer, nullable=False, default=0),
    Column("epoch", Integer, nullable=False, default=0),
    Column("requested_at", Moment),
    Column("finished_at", Moment),
    Column("accepted", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("proven", Boolean, nullable=False, default=False),
    Column("note", Text, nullable=False, default=""),
    UniqueConstraint("message_id", "n", name="one_chunk_of_one_number"),
    Index("chunks_by_wave_and_state", "wave_id", "state", "n"),
    # Every claim looks its attempt up twice: among 10,000 chunks 0.02 ms a look, and 1.7 ms without this.
    Index("chunks_by_attempt", "attempt_id"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("attempt_id", String(200), primary_key=True),
    Column("chunk_id", ForeignKey("chunks.id"), nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("requested_at", Moment),
    Column("finished_at", Moment),
    Column("provider_ref", String(200), nullable=False, default=""),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("chunk_id", ForeignKey("chunks.id"), primary_key=True),
    Column("token", String(26), primary_key=True),
    Column("state", State, nullable=False),
    Column("reason", Text, nullable=False),
)
"""One row only for a token whose fate differs from its chunk's: refused in an accepted chunk, or taken in one that
must be tried again."""

children = Table(
    "children",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("stage", String(60), primary_key=True),
    Column("hash12", String(12), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("run_id", String(60), nullable=False),
    Column("recorded_at", Moment, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("alert_key", String(200), primary_key=True),
    Column("first_at", Moment, nullable=False),
)

heads = Table(
    "heads",
    metadata,
    Column("case_id", String(60), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("recorded_at", Moment, nullable=False),
)
