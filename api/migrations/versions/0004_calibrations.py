"""Difficulties of questions worked out from stored interviews."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calibrations",
        sa.Column("kit", sa.String(length=200), nullable=False, comment="its name"),
        sa.Column(
            "question",
            sa.Text(),
            nullable=False,
            comment="an atom's id, in any version",
        ),
        sa.Column(
            "kit_version",
            sa.String(length=12),
            nullable=False,
            comment="current when it was made",
        ),
        sa.Column("author", sa.Float(), nullable=False, comment="the level it was put at"),
        sa.Column(
            "difficulty", sa.Float(), nullable=False, comment="in levels, junior 0 to principal 3"
        ),
        sa.Column("error", sa.Float(), nullable=False, comment="its standard error"),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("made", sa.Float(), nullable=False, comment="Unix seconds, the database's clock"),
        sa.PrimaryKeyConstraint("kit", "question"),
    )
