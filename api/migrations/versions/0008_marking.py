"""The marking queue: sets, marks, what was settled, and who had looked before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sets()
    _marks()
    _looks()


def _sets() -> None:
    op.create_table(
        "marking_sets",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False, comment="how many mark each interview"),
        sa.Column(
            "markers",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="users' ids; empty: all of the team",
        ),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("closed", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_marking_sets_workspace_id", "marking_sets", ["workspace_id"], unique=False)
    op.create_table(
        "marking_items",
        sa.Column("set_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="shown instead of a name"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["set_id"], ["marking_sets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("set_id", "interview_id"),
        sa.UniqueConstraint("set_id", "number", name="one_marking_item_by_number"),
    )
    op.create_index(
        "ix_marking_items_interview_id", "marking_items", ["interview_id"], unique=False
    )


def _marks() -> None:
    op.create_table(
        "marking_sheets",
        sa.Column("set_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False, comment="who, as an id or a typed name"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "draft",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="fields of the form that are not kept yet",
        ),
        sa.Column(
            "marks",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="[{question, asked, atom, verdict, words}]; null: not yet",
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "is_author", sa.Boolean(), nullable=False, comment="wrote the kit: not independent"
        ),
        sa.Column("blind", sa.Boolean(), nullable=False, comment="before the machine's was seen"),
        sa.Column(
            "touched",
            sa.Float(),
            nullable=False,
            comment="Unix seconds; taken, or a draft kept last",
        ),
        sa.Column(
            "at",
            sa.Float(),
            nullable=True,
            comment="Unix seconds; when the marks were kept; null: not yet",
        ),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["set_id"], ["marking_sets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("set_id", "interview_id", "marker"),
    )
    op.create_index(
        "ix_marking_sheets_interview_id", "marking_sheets", ["interview_id"], unique=False
    )
    op.create_table(
        "marking_rulings",
        sa.Column("set_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column(
            "question", sa.Integer(), autoincrement=False, nullable=False, comment="its place"
        ),
        sa.Column("atom", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False, comment="the question's atom"),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column(
            "is_marker", sa.Boolean(), nullable=False, comment="ruled on marks of their own too"
        ),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["set_id"], ["marking_sets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("set_id", "interview_id", "question", "atom"),
    )
    op.create_index(
        "ix_marking_rulings_interview_id", "marking_rulings", ["interview_id"], unique=False
    )


def _looks() -> None:
    """Whoever has had a scorecard open has seen the marks on it."""
    op.create_table(
        "looks",
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=False, comment="an id, never a name"),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds; the first time"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id", "reader"),
    )
    op.execute(
        "insert into looks (interview_id, reader, at) select interview_id, reader, at from seen"
    )
