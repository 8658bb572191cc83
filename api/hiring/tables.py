"""Workspaces and what belongs to them: people, screens, invites, what was decided and by whom."""

import sqlalchemy as sa

from knowledge.tables import metadata

LOCAL = "local"
"""The workspace of whoever has the machine; it stands in every database."""

_json = sa.JSON(none_as_null=True)


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.String(16), primary_key=True)


def _of(table: str, *, required: bool = True, cascade: bool = True) -> sa.Column[str]:
    goes = "CASCADE" if cascade else "SET NULL"
    parent = sa.ForeignKey(f"{table}.id", ondelete=goes)
    return sa.Column(f"{table[:-1]}_id", sa.String(16), parent, nullable=not required, index=True)


def _when(name: str, *, required: bool = False, comment: str | None = None) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=not required, comment=comment or "Unix seconds")


def _hash(comment: str) -> sa.Column[str]:
    return sa.Column("hash", sa.String(64), nullable=False, unique=True, comment=comment)


workspaces = sa.Table(
    "workspaces",
    metadata,
    _id(),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("settings", _json, nullable=False, comment="retention, caps, hold, webhook"),
    _when("created", required=True),
)

users = sa.Table(
    "users",
    metadata,
    _id(),
    _of("workspaces"),
    sa.Column("email", sa.String(320), nullable=False, unique=True, comment="casefolded"),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(16), nullable=False, comment="admin, recruiter or evaluator"),
    sa.Column("password", sa.String(200), comment="argon2; null until it is set"),
    _when("created", required=True),
    _when("disabled"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True, comment="SHA-256 of the cookie"),
    _of("users"),
    _when("created", required=True),
    _when("until", required=True),
    sa.Column("agent", sa.String(200), nullable=False, comment="the browser, as it calls itself"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    _id(),
    _of("workspaces"),
    sa.Column("name", sa.String(200), nullable=False),
    _hash("SHA-256 of the key"),
    sa.Column("role", sa.String(16), nullable=False, comment="recruiter or evaluator"),
    sa.Column("writes", sa.Boolean, nullable=False, comment="false: it may only read"),
    sa.Column("made_by", sa.String(200), nullable=False),
    _when("created", required=True),
    _when("used"),
    _when("revoked"),
)

screens = sa.Table(
    "screens",
    metadata,
    _id(),
    _of("workspaces"),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("mode", sa.String(16), nullable=False, comment="screen or practice"),
    sa.Column("status", sa.String(16), nullable=False, comment="draft, open or closed"),
    sa.Column("kit", sa.String(200), nullable=False),
    sa.Column("kit_version", sa.String(12), nullable=False),
    sa.Column("level", sa.String(40), nullable=False),
    sa.Column("minutes", sa.Float, nullable=False),
    sa.Column("examiner", sa.String(200), nullable=False),
    sa.Column("subjects", _json, nullable=False, comment="competencies; empty: the richest"),
    sa.Column("attempts", sa.Integer, nullable=False, comment="how often one may take it"),
    sa.Column("policy", _json, comment="as it was when the screen opened"),
    sa.Column("texts", _json, nullable=False, comment="who, contact, notice, brief, message"),
    sa.Column("blind_share", sa.Float, nullable=False, comment="marked by people first, 0 to 1"),
    _when("opens", comment="Unix seconds; null: at once"),
    _when("closes", comment="Unix seconds; nobody begins after"),
    sa.Column("made_by", sa.String(200), nullable=False),
    _when("created", required=True),
    _when("closed"),
)

links = sa.Table(
    "links",
    metadata,
    _id(),
    _of("workspaces"),
    sa.Column("kind", sa.String(16), nullable=False, comment="view or password"),
    _of("screens", required=False),
    _of("users", required=False),
    sa.Column("name", sa.String(200), nullable=False, comment="for whom"),
    _hash("SHA-256 of the link's token"),
    sa.Column("made_by", sa.String(200), nullable=False),
    _when("created", required=True),
    _when("until", required=True),
    _when("used"),
    _when("revoked"),
)

invites = sa.Table(
    "invites",
    metadata,
    _id(),
    _of("workspaces"),
    _of("screens"),
    _hash("SHA-256 of the invite's token"),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("reference", sa.String(200), nullable=False, comment="the team's own number"),
    sa.Column("extra_time", sa.Float, nullable=False, comment="factor on the minutes, from 1"),
    sa.Column("asked", _json, nullable=False, comment="accommodations asked for, [{at, text}]"),
    _when("until", required=True),
    _when("created", required=True),
    _when("waits", comment="Unix seconds; since when something asked for waits for the team"),
    _when("opened", comment="Unix seconds; when its link was first used"),
    _when("declined"),
    _when("revoked"),
    _when("erased"),
)

devices = sa.Table(
    "devices",
    metadata,
    sa.Column("hash", sa.String(64), primary_key=True, comment="SHA-256 of the cookie"),
    _of("invites"),
    sa.Column("agent", sa.String(200), nullable=False, comment="the browser, as it calls itself"),
    _when("created", required=True),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _id(),
    _of("workspaces"),
    _of("interviews"),
    sa.Column("outcome", sa.String(16), nullable=False, comment="advance, hold or decline"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    _when("at", required=True),
)

overrides = sa.Table(
    "overrides",
    metadata,
    _id(),
    _of("workspaces"),
    _of("interviews"),
    sa.Column("subject", sa.Text, nullable=False, comment="verdict, or an atom's id"),
    sa.Column("question", sa.Integer, comment="the question's place, for a mark"),
    sa.Column("machine", sa.String(200), nullable=False, comment="what the machine said"),
    sa.Column("value", sa.String(200), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    _when("at", required=True),
)

notes = sa.Table(
    "notes",
    metadata,
    _id(),
    _of("workspaces"),
    _of("interviews"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    _when("at", required=True),
)

reviews = sa.Table(
    "reviews",
    metadata,
    _id(),
    _of("workspaces"),
    _of("interviews"),
    sa.Column("reviewer", sa.String(200), nullable=False),
    sa.Column("blind", sa.Boolean, nullable=False, comment="before the machine's was seen"),
    sa.Column("is_author", sa.Boolean, nullable=False, comment="wrote the kit: no human agreement"),
    sa.Column("marks", _json, nullable=False, comment="[{question, atom, verdict, words}]"),
    sa.Column("text", sa.Text, nullable=False),
    _when("at", required=True),
)

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("interview_id", sa.ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("reader", sa.String(200), primary_key=True),
    _when("at", required=True),
)
"""Who has looked at which scorecard, and when last."""

results = sa.Table(
    "results",
    metadata,
    sa.Column("interview_id", sa.ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("state_version", sa.Integer, nullable=False, comment="of the interview it tells of"),
    sa.Column("ended", sa.String(16), comment="complete, candidate, expired, ..."),
    sa.Column("failed", sa.Boolean, nullable=False, comment="by our own fault"),
    sa.Column("verdict", sa.String(40), nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("probability", sa.Float, comment="of the level asked for, or more"),
    sa.Column("level", sa.Float),
    sa.Column("low", sa.Float),
    sa.Column("high", sa.Float),
    sa.Column(
        "red", sa.Integer, nullable=False, comment="flags seen; critical ones are among them"
    ),
    sa.Column("green", sa.Integer, nullable=False),
    sa.Column("critical", sa.Integer, nullable=False),
    sa.Column("ungraded", sa.Integer, nullable=False, comment="answers that could not be marked"),
    sa.Column("needs_person", sa.Integer, nullable=False, comment="questions"),
    sa.Column("contests", sa.Integer, nullable=False, comment="open ones"),
    sa.Column("body", _json, nullable=False, comment="all of the result, for the export"),
)
"""What interviews came to, so that a table of thousands reads no logs."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("workspace_id", sa.String(16), nullable=False, index=True),
    _when("at", required=True),
    sa.Column("actor", sa.String(64), nullable=False, comment="an id, never a name"),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("object", sa.String(64), nullable=False, comment="kind:id, never a name"),
    sa.Column("detail", _json, nullable=False, comment="ids, numbers and words of ours alone"),
    sa.Column("before", sa.String(64), nullable=False, comment="hash of the line before"),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)

usage = sa.Table(
    "usage",
    metadata,
    sa.Column("scope", sa.String(80), primary_key=True, comment="workspace:id or interview:id"),
    sa.Column("day", sa.String(10), primary_key=True, comment="2026-11-21, UTC; empty: in all"),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("characters", sa.Integer, nullable=False),
    sa.Column("tokens", sa.Integer, nullable=False),
    sa.Column("cost", sa.Float, nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _id(),
    _of("workspaces"),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    _when("created", required=True),
    _when("next", comment="Unix seconds of the next attempt; null: delivered or given up"),
    _when("delivered"),
    sa.Column("error", sa.String(200)),
)

_due = deliveries.c.next.is_not(None)
sa.Index("deliveries_due", deliveries.c.next, sqlite_where=_due, postgresql_where=_due)

_now = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "extract(epoch from now())",
}
for _dialect, _clock in _now.items():
    sa.event.listen(
        workspaces,
        "after_create",
        sa.DDL(  # type: ignore[no-untyped-call]
            "insert into workspaces (id, name, settings, created)"
            f" values ('{LOCAL}', 'This machine', '{{}}', {_clock})"
        ).execute_if(dialect=_dialect),
    )
