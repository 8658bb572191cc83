"""Kits, vectors, interviews with their turns and logs, leases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "current_kits",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "version", sa.String(length=12), nullable=False, comment="what a new interview takes"
        ),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "interviews",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kit", sa.String(length=200), nullable=False),
        sa.Column("kit_version", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("examiner", sa.String(length=200), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "status", sa.String(length=16), nullable=False, comment="running, paused or ended"
        ),
        sa.Column(
            "question", sa.Integer(), nullable=False, comment="the open question; 0 unopened"
        ),
        sa.Column(
            "state",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="the graph's; null until the opening is committed",
        ),
        sa.Column("state_version", sa.Integer(), nullable=False, comment="grows with every commit"),
        sa.Column(
            "created", sa.Float(), nullable=False, comment="Unix seconds, the database's clock"
        ),
        sa.Column("updated", sa.Float(), nullable=False),
        sa.Column("ended", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "kits",
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "created", sa.Float(), nullable=False, comment="Unix seconds, the database's clock"
        ),
        sa.Column("body", sa.JSON(), nullable=False, comment="the kit, as `Kit.model_dump`"),
        sa.Column(
            "shipped",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of the file it came in with Viva",
        ),
        sa.PrimaryKeyConstraint("version", "name"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "owner",
            sa.String(length=200),
            nullable=False,
            comment="host:pid:random; empty when free",
        ),
        sa.Column("attempt", sa.Integer(), nullable=False, comment="grows with each new owner"),
        sa.Column(
            "until", sa.Float(), nullable=False, comment="Unix seconds, the database's clock"
        ),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "vectors",
        sa.Column("text_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the text"),
        sa.Column(
            "model", sa.String(length=200), nullable=False, comment="the embedder's identity"
        ),
        sa.Column(
            "vector", sa.LargeBinary(), nullable=False, comment="float32, little-endian, unit"
        ),
        sa.PrimaryKeyConstraint("text_hash", "model"),
    )
    op.create_table(
        "events",
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column(
            "seq", sa.Integer(), autoincrement=False, nullable=False, comment="from 1, no gaps"
        ),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds, the interview's clock"),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column(
            "body", sa.JSON(none_as_null=True), nullable=False, comment="the type's own fields"
        ),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id", "seq"),
    )
    op.create_table(
        "turns",
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="from 1"),
        sa.Column("turn_id", sa.String(length=64), nullable=False, comment="made by the client"),
        sa.Column("question", sa.Integer(), nullable=False, comment="the question it answers"),
        sa.Column(
            "kind", sa.String(length=40), nullable=False, comment="open, answer or an action"
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False, comment="accepted or committed"),
        sa.Column("attempt", sa.Integer(), nullable=False, comment="how often a worker began it"),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("accepted", sa.Float(), nullable=False),
        sa.Column("committed", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id", "number"),
        sa.UniqueConstraint("interview_id", "turn_id", name="one_turn_by_id"),
    )
    op.create_index(
        "one_turn_in_flight",
        "turns",
        ["interview_id"],
        unique=True,
        sqlite_where=sa.text("status = 'accepted'"),
        postgresql_where=sa.text("status = 'accepted'"),
    )
