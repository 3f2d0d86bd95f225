"""The tables as they were before there were migrations: a ledger found with them and without a revision is this one."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.String(32).with_variant(sa.String(32, collation="C"), "postgresql")
"""Text in UTC; on PostgreSQL compared byte by byte."""


def upgrade() -> None:
    """Make every table."""
    _make_cases()
    _make_gates()
    _make_plans()
    _make_chunks()
    _make_records()


def _make_cases() -> None:
    op.create_table("schema_versions", sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))
    op.create_table(
        "case_leases",
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_table(
        "halts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.String(60), nullable=False, index=True),
        sa.Column("halted_by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("halted_at", MOMENT, nullable=False),
        sa.Column("lifted_by", sa.String(60)),
        sa.Column("lift_reason", sa.Text),
        sa.Column("lifted_at", MOMENT),
    )


def _make_gates() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("gate", sa.String(60), nullable=False),
        sa.Column("case_id", sa.String(60), nullable=False),
        sa.Column("basis_hash", sa.String(64), nullable=False),
        sa.Column("approver", sa.String(60), nullable=False),
        sa.Column("code_step", sa.BigInteger, nullable=False),
        sa.Column("decision", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("run_id", sa.String(60), nullable=False),
        sa.UniqueConstraint("approver", "code_step", name="one_code_one_decision"),
        sa.UniqueConstraint("case_id", "gate", "basis_hash", name="one_decision_for_one_basis"),
    )
    op.create_table(
        "gate_attempts",
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("gate", sa.String(60), primary_key=True),
        sa.Column("basis_hash", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("run_id", sa.String(60), nullable=False),
    )


def _make_plans() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.String(60), nullable=False),
        sa.Column("message", sa.String(60), nullable=False),
        sa.Column("basis_hash", sa.String(64), nullable=False),
        sa.Column("plan_key", sa.String(200), nullable=False),
        sa.Column("observe_minutes", sa.Integer, nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.UniqueConstraint("case_id", "message", "basis_hash", name="one_plan_for_one_basis"),
    )
    op.create_table(
        "waves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_seconds", sa.Integer, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("opened_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("next_at", MOMENT),
        sa.UniqueConstraint("message_id", "n", name="one_wave_of_one_number"),
    )
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("wave_id", sa.Integer, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.String(200), nullable=False),
        sa.UniqueConstraint("wave_id", "n", name="one_group_of_one_number"),
    )


def _make_chunks() -> None:
    op.create_table(
        "chunks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("wave_id", sa.Integer, sa.ForeignKey("waves.id"), nullable=False),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("variant", sa.String(100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempt_id", sa.String(200)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("requested_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("proven", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.UniqueConstraint("message_id", "n", name="one_chunk_of_one_number"),
    )
    op.create_index("chunks_by_wave_and_state", "chunks", ["wave_id", "state", "n"])
    op.create_table(
        "attempts",
        sa.Column("attempt_id", sa.String(200), primary_key=True),
        sa.Column("chunk_id", sa.Integer, sa.ForeignKey("chunks.id"), nullable=False, index=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("requested_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("provider_ref", sa.String(200), nullable=False),
    )
    op.create_table(
        "outcomes",
        sa.Column("chunk_id", sa.Integer, sa.ForeignKey("chunks.id"), primary_key=True),
        sa.Column("token", sa.String(26), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def _make_records() -> None:
    op.create_table(
        "children",
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("stage", sa.String(60), primary_key=True),
        sa.Column("hash12", sa.String(12), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.String(60), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
    )
    op.create_table(
        "alerts",
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("alert_key", sa.String(200), primary_key=True),
        sa.Column("first_at", MOMENT, nullable=False),
    )
    op.create_table(
        "heads",
        sa.Column("case_id", sa.String(60), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
    )
