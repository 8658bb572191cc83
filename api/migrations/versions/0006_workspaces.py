"""Workspaces: people, screens, invites, what was decided, and the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQLITE = [
    f"create trigger audit_{what} before {what} on audit begin"
    " select raise(abort, 'the audit log is only added to'); end"
    for what in ("update", "delete")
]
POSTGRES = [
    "create function audit_stands() returns trigger language plpgsql as"
    " $$ begin raise exception 'the audit log is only added to'; end $$",
    "create trigger audit_stands before update or delete or truncate on audit"
    " execute function audit_stands()",
]


def upgrade() -> None:
    _people()
    _screens()
    _judgements()
    _records()
    now = (
        "extract(epoch from now())"
        if _is_postgres()
        else "(julianday('now') - 2440587.5) * 86400.0"
    )
    op.execute(
        "insert into workspaces (id, name, settings, created)"
        f" values ('local', 'This machine', '{{}}', {now})"
    )
    for statement in POSTGRES if _is_postgres() else SQLITE:
        op.execute(statement)


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _people() -> None:
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "settings",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="retention, caps, hold, webhook",
        ),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False, comment="casefolded"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role", sa.String(length=16), nullable=False, comment="admin, recruiter or evaluator"
        ),
        sa.Column(
            "password", sa.String(length=200), nullable=True, comment="argon2; null until it is set"
        ),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("disabled", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_index("ix_users_workspace_id", "users", ["workspace_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("user_id", sa.String(length=16), nullable=False),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("until", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column(
            "agent",
            sa.String(length=200),
            nullable=False,
            comment="the browser, as it calls itself",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the key"),
        sa.Column("role", sa.String(length=16), nullable=False, comment="recruiter or evaluator"),
        sa.Column("writes", sa.Boolean(), nullable=False, comment="false: it may only read"),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("used", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.Column("revoked", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_api_keys_workspace_id", "api_keys", ["workspace_id"], unique=False)


def _screens() -> None:
    op.create_table(
        "screens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False, comment="screen or practice"),
        sa.Column("status", sa.String(length=16), nullable=False, comment="draft, open or closed"),
        sa.Column("kit", sa.String(length=200), nullable=False),
        sa.Column("kit_version", sa.String(length=12), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.Column("examiner", sa.String(length=200), nullable=False),
        sa.Column(
            "subjects",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="competencies; empty: the richest",
        ),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="how often one may take it"),
        sa.Column(
            "policy",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="as it was when the screen opened",
        ),
        sa.Column(
            "texts",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="who, contact, notice, brief, message",
        ),
        sa.Column(
            "blind_share", sa.Float(), nullable=False, comment="marked by people first, 0 to 1"
        ),
        sa.Column("opens", sa.Float(), nullable=True, comment="Unix seconds; null: at once"),
        sa.Column("closes", sa.Float(), nullable=True, comment="Unix seconds; nobody begins after"),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("closed", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_screens_workspace_id", "screens", ["workspace_id"], unique=False)
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="view or password"),
        sa.Column("screen_id", sa.String(length=16), nullable=True),
        sa.Column("user_id", sa.String(length=16), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False, comment="for whom"),
        sa.Column(
            "hash", sa.String(length=64), nullable=False, comment="SHA-256 of the link's token"
        ),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("until", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("used", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.Column("revoked", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["screen_id"], ["screens.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_links_screen_id", "links", ["screen_id"], unique=False)
    op.create_index("ix_links_user_id", "links", ["user_id"], unique=False)
    op.create_index("ix_links_workspace_id", "links", ["workspace_id"], unique=False)
    op.create_table(
        "invites",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("screen_id", sa.String(length=16), nullable=False),
        sa.Column(
            "hash", sa.String(length=64), nullable=False, comment="SHA-256 of the invite's token"
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column(
            "reference", sa.String(length=200), nullable=False, comment="the team's own number"
        ),
        sa.Column(
            "extra_time", sa.Float(), nullable=False, comment="factor on the minutes, from 1"
        ),
        sa.Column(
            "asked",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="accommodations asked for, [{at, text}]",
        ),
        sa.Column("until", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column(
            "waits",
            sa.Float(),
            nullable=True,
            comment="Unix seconds; since when something asked for waits for the team",
        ),
        sa.Column(
            "opened",
            sa.Float(),
            nullable=True,
            comment="Unix seconds; when its link was first used",
        ),
        sa.Column("declined", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.Column("revoked", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.Column("erased", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["screen_id"], ["screens.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_invites_screen_id", "invites", ["screen_id"], unique=False)
    op.create_index("ix_invites_workspace_id", "invites", ["workspace_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("invite_id", sa.String(length=16), nullable=False),
        sa.Column(
            "agent",
            sa.String(length=200),
            nullable=False,
            comment="the browser, as it calls itself",
        ),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["invite_id"], ["invites.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_devices_invite_id", "devices", ["invite_id"], unique=False)


def _judgements() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column(
            "outcome", sa.String(length=16), nullable=False, comment="advance, hold or decline"
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decisions_interview_id", "decisions", ["interview_id"], unique=False)
    op.create_index("ix_decisions_workspace_id", "decisions", ["workspace_id"], unique=False)
    op.create_table(
        "overrides",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="verdict, or an atom's id"),
        sa.Column(
            "question", sa.Integer(), nullable=True, comment="the question's place, for a mark"
        ),
        sa.Column(
            "machine", sa.String(length=200), nullable=False, comment="what the machine said"
        ),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_overrides_interview_id", "overrides", ["interview_id"], unique=False)
    op.create_index("ix_overrides_workspace_id", "overrides", ["workspace_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notes_interview_id", "notes", ["interview_id"], unique=False)
    op.create_index("ix_notes_workspace_id", "notes", ["workspace_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False, comment="before the machine's was seen"),
        sa.Column(
            "is_author", sa.Boolean(), nullable=False, comment="wrote the kit: no human agreement"
        ),
        sa.Column(
            "marks",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="[{question, atom, verdict, words}]",
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reviews_interview_id", "reviews", ["interview_id"], unique=False)
    op.create_index("ix_reviews_workspace_id", "reviews", ["workspace_id"], unique=False)
    op.create_table(
        "seen",
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column("reader", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id", "reader"),
    )
    _results()


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("interview_id", sa.String(length=16), nullable=False),
        sa.Column(
            "state_version", sa.Integer(), nullable=False, comment="of the interview it tells of"
        ),
        sa.Column(
            "ended",
            sa.String(length=16),
            nullable=True,
            comment="complete, candidate, expired, ...",
        ),
        sa.Column("failed", sa.Boolean(), nullable=False, comment="by our own fault"),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column(
            "probability", sa.Float(), nullable=True, comment="of the level asked for, or more"
        ),
        sa.Column("level", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column(
            "red",
            sa.Integer(),
            nullable=False,
            comment="flags seen; critical ones are among them",
        ),
        sa.Column("green", sa.Integer(), nullable=False),
        sa.Column("critical", sa.Integer(), nullable=False),
        sa.Column(
            "ungraded", sa.Integer(), nullable=False, comment="answers that could not be marked"
        ),
        sa.Column("needs_person", sa.Integer(), nullable=False, comment="questions"),
        sa.Column("contests", sa.Integer(), nullable=False, comment="open ones"),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="all of the result, for the export",
        ),
        sa.ForeignKeyConstraint(["interview_id"], ["interviews.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("interview_id"),
    )


def _records() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column("actor", sa.String(length=64), nullable=False, comment="an id, never a name"),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object", sa.String(length=64), nullable=False, comment="kind:id, never a name"),
        sa.Column(
            "detail",
            sa.JSON(none_as_null=True),
            nullable=False,
            comment="ids, numbers and words of ours alone",
        ),
        sa.Column(
            "before", sa.String(length=64), nullable=False, comment="hash of the line before"
        ),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_audit_workspace_id", "audit", ["workspace_id"], unique=False)
    op.create_table(
        "usage",
        sa.Column(
            "scope", sa.String(length=80), nullable=False, comment="workspace:id or interview:id"
        ),
        sa.Column(
            "day", sa.String(length=10), nullable=False, comment="2026-11-21, UTC; empty: in all"
        ),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("workspace_id", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False, comment="Unix seconds"),
        sa.Column(
            "next",
            sa.Float(),
            nullable=True,
            comment="Unix seconds of the next attempt; null: delivered or given up",
        ),
        sa.Column("delivered", sa.Float(), nullable=True, comment="Unix seconds"),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_deliveries_workspace_id", "deliveries", ["workspace_id"], unique=False)
    op.create_index(
        "deliveries_due",
        "deliveries",
        ["next"],
        unique=False,
        sqlite_where=sa.text("next IS NOT NULL"),
        postgresql_where=sa.text("next IS NOT NULL"),
    )
