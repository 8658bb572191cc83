"""Further gradings of interviews, kept beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gradings",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=400), nullable=False, comment="what differs, in words"),
        sa.Column("kit_version", sa.String(length=12), nullable=False),
        sa.Column("examiner", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column(
            "policy",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="numbers that are not the interview's own",
        ),
        sa.Column(
            "events",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="bodies of `regraded` events",
        ),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_gradings_interview_id", "gradings", ["interview_id"], unique=False)
