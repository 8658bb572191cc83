"""Kits, calibrations and interviews belong to a workspace."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _shelve_kits()
    _calibrations()
    _interviews()


def _shelve_kits() -> None:
    """What came with Viva goes on the shelf of all, the rest on that of this machine."""
    op.create_table(
        "shelved_kits",
        sa.Column(
            "shelf", sa.String(length=16), nullable=False, comment="a workspace, or empty: shared"
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "version", sa.String(length=12), nullable=False, comment="what a new interview takes"
        ),
        sa.PrimaryKeyConstraint("shelf", "name"),
    )
    op.execute(
        "insert into shelved_kits (shelf, name, version)"
        " select case when kits.shipped is null then 'local' else '' end, kits.name, kits.version"
        " from current_kits join kits on kits.name = current_kits.name"
        " and kits.version = current_kits.version"
    )
    op.drop_table("current_kits")
    op.rename_table("shelved_kits", "current_kits")
    _versions_of_shelves()


def _versions_of_shelves() -> None:
    """A version that came with Viva was everybody's, any other this machine's."""
    op.create_table(
        "shelved_kits",
        sa.Column(
            "shelf", sa.String(length=16), nullable=False, comment="a workspace, or empty: shared"
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column(
            "at",
            sa.Float(),
            nullable=False,
            comment="Unix seconds; when it last became current",
        ),
        sa.Column(
            "by",
            sa.String(length=200),
            nullable=False,
            comment="who made it; empty: from documents",
        ),
        sa.PrimaryKeyConstraint("shelf", "name", "version"),
    )
    op.execute(
        'insert into shelved_kits (shelf, name, version, at, "by")'
        " select case when shipped is null then 'local' else '' end, name, version, created, ''"
        " from kits"
    )


def _calibrations() -> None:
    op.create_table(
        "calibrations_by_workspace",
        sa.Column("workspace_id", sa.String(length=16), nullable=False, server_default="local"),
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
        sa.PrimaryKeyConstraint("workspace_id", "kit", "question"),
    )
    columns = "kit, question, kit_version, author, difficulty, error, answers, made"
    op.execute(
        f"insert into calibrations_by_workspace ({columns}) select {columns} from calibrations"
    )
    op.drop_table("calibrations")
    op.rename_table("calibrations_by_workspace", "calibrations")


def _interviews() -> None:
    new: list[sa.Column[Any]] = [
        sa.Column("workspace_id", sa.String(16), nullable=False, server_default="local"),
        sa.Column(
            "screen_id", sa.String(16), nullable=True, comment="null: begun without a screen"
        ),
        sa.Column(
            "invite_id",
            sa.String(16),
            nullable=True,
            comment="whose it is; null: nobody was invited",
        ),
        sa.Column(
            "attempt", sa.Integer(), nullable=True, comment="of those of the same invite, from 1"
        ),
        sa.Column(
            "user_id",
            sa.String(16),
            nullable=True,
            comment="who practises; null: whoever has the machine",
        ),
    ]
    for column in new:
        op.add_column("interviews", column)
    op.create_index("interviews_by_workspace", "interviews", ["workspace_id", "created"])
    op.create_index("ix_interviews_screen_id", "interviews", ["screen_id"])
    op.create_index("one_interview_by_attempt", "interviews", ["invite_id", "attempt"], unique=True)
    op.create_index(
        "interviews_of_screens",
        "interviews",
        [
            "screen_id",
            "invite_id",
            "attempt",
            "id",
            "status",
            "state_version",
            "created",
            "updated",
            "ended",
        ],
        sqlite_where=sa.text("screen_id IS NOT NULL"),
        postgresql_where=sa.text("screen_id IS NOT NULL"),
    )
    op.create_index(
        "turns_that_failed",
        "turns",
        ["interview_id", "number"],
        sqlite_where=sa.text("attempt > 3"),
        postgresql_where=sa.text("attempt > 3"),
    )
