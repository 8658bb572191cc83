"""Keys to the practice door, and the interviews begun with them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the secret"),
        sa.Column(
            "created", sa.Float(), nullable=False, comment="Unix seconds, the database's clock"
        ),
        sa.Column("revoked", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "practice_interviews",
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("start", sa.String(length=64), nullable=False, comment="hash of what began it"),
        sa.Column("nth", sa.Integer(), nullable=False, comment="of those begun by the same"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["key_id"], ["practice_keys.id"]),
        sa.PrimaryKeyConstraint("interview_id"),
        sa.UniqueConstraint("key_id", "start", "nth", name="one_interview_by_start"),
    )
