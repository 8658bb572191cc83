"""What the service keeps: who is away, and which turn an addition is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("interviews") as table:
        table.add_column(
            sa.Column(
                "left_at",
                sa.Float(),
                nullable=True,
                comment="when nobody watched any more; null while somebody does",
            )
        )
        table.add_column(
            sa.Column(
                "away",
                sa.Float(),
                nullable=False,
                server_default="0",
                comment="seconds since said",
            )
        )
    with op.batch_alter_table("turns") as table:
        table.add_column(
            sa.Column(
                "about",
                sa.Integer(),
                nullable=True,
                comment="the turn that an addition is about",
            )
        )
