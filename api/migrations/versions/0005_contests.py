"""Contests and withdrawals of all interviews are found without reading every log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    about = sa.text("type in ('contested', 'decided', 'withdrawn')")
    op.create_index(
        "events_about_contests",
        "events",
        ["interview_id", "seq"],
        sqlite_where=about,
        postgresql_where=about,
    )
