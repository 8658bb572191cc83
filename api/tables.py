"""Interviews as they stand in SQL: one row each, their turns, their log, and who holds them."""

import sqlalchemy as sa

import api.marking.tables  # noqa: F401 (tables of the same metadata)
from api.hiring.tables import LOCAL
from knowledge.tables import metadata

_json = sa.JSON(none_as_null=True)


def _interview() -> sa.Column[str]:
    parent = sa.ForeignKey("interviews.id", ondelete="CASCADE")
    return sa.Column("interview_id", sa.String(16), parent, primary_key=True)


interviews = sa.Table(
    "interviews",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("kit", sa.String(200), nullable=False),
    sa.Column("kit_version", sa.String(12), nullable=False),
    sa.Column("level", sa.String(40), nullable=False),
    sa.Column("mode", sa.String(40), nullable=False),
    sa.Column("examiner", sa.String(200), nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    sa.Column("options", _json, nullable=False),
    sa.Column("status", sa.String(16), nullable=False, comment="running, paused or ended"),
    sa.Column("question", sa.Integer, nullable=False, comment="the open question; 0 unopened"),
    sa.Column("state", _json, comment="the graph's; null until the opening is committed"),
    sa.Column("state_version", sa.Integer, nullable=False, comment="grows with every commit"),
    sa.Column("created", sa.Float, nullable=False, comment="Unix seconds, the database's clock"),
    sa.Column("updated", sa.Float, nullable=False),
    sa.Column("ended", sa.Float),
    sa.Column(
        "left_at", sa.Float, comment="when nobody watched any more; null while somebody does"
    ),
    sa.Column("away", sa.Float, nullable=False, server_default="0", comment="seconds since said"),
    sa.Column("workspace_id", sa.String(16), nullable=False, server_default=LOCAL),
    sa.Column("screen_id", sa.String(16), index=True, comment="null: begun without a screen"),
    sa.Column("invite_id", sa.String(16), comment="whose it is; null: nobody was invited"),
    sa.Column("attempt", sa.Integer, comment="of those of the same invite, from 1"),
    sa.Column("user_id", sa.String(16), comment="who practises; null: whoever has the machine"),
)

sa.Index("interviews_by_workspace", interviews.c.workspace_id, interviews.c.created)
sa.Index("one_interview_by_attempt", interviews.c.invite_id, interviews.c.attempt, unique=True)

_of_a_screen = interviews.c.screen_id.is_not(None)
sa.Index(
    "interviews_of_screens",
    *(
        interviews.c[name]
        for name in (
            "screen_id",
            "invite_id",
            "attempt",
            "id",
            "status",
            "state_version",
            "created",
            "updated",
            "ended",
        )
    ),
    sqlite_where=_of_a_screen,
    postgresql_where=_of_a_screen,
)
"""All that a table of candidates reads of them: their rows are long, for the state is in them."""

turns = sa.Table(
    "turns",
    metadata,
    _interview(),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False, comment="from 1"),
    sa.Column("turn_id", sa.String(64), nullable=False, comment="made by the client"),
    sa.Column("question", sa.Integer, nullable=False, comment="the question it answers"),
    sa.Column("kind", sa.String(40), nullable=False, comment="open, answer or an action"),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("about", sa.Integer, comment="the turn that an addition is about"),
    sa.Column("status", sa.String(16), nullable=False, comment="accepted or committed"),
    sa.Column("attempt", sa.Integer, nullable=False, comment="how often a worker began it"),
    sa.Column("result", _json),
    sa.Column("accepted", sa.Float, nullable=False),
    sa.Column("committed", sa.Float),
    sa.UniqueConstraint("interview_id", "turn_id", name="one_turn_by_id"),
)

sa.Index(
    "one_turn_in_flight",
    turns.c.interview_id,
    unique=True,
    sqlite_where=turns.c.status == "accepted",
    postgresql_where=turns.c.status == "accepted",
)

THAT_FAILED = turns.c.attempt > sa.literal_column("3")
"""Turns that took down every worker that tried to grade them. No bound value: see below."""

sa.Index(
    "turns_that_failed",
    turns.c.interview_id,
    turns.c.number,
    sqlite_where=THAT_FAILED,
    postgresql_where=THAT_FAILED,
)

events = sa.Table(
    "events",
    metadata,
    _interview(),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False, comment="from 1, no gaps"),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False, comment="Unix seconds, the interview's clock"),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("body", _json, nullable=False, comment="the type's own fields"),
)

ABOUT_CONTESTS = sa.text("type in ('contested', 'decided', 'withdrawn')")
"""As a text: with bound values SQLite would not use the index."""

sa.Index(
    "events_about_contests",
    events.c.interview_id,
    events.c.seq,
    sqlite_where=ABOUT_CONTESTS,
    postgresql_where=ABOUT_CONTESTS,
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("owner", sa.String(200), nullable=False, comment="host:pid:random; empty when free"),
    sa.Column("attempt", sa.Integer, nullable=False, comment="grows with each new owner"),
    sa.Column("until", sa.Float, nullable=False, comment="Unix seconds, the database's clock"),
)

practice_keys = sa.Table(
    "practice_keys",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True, comment="SHA-256 of the secret"),
    sa.Column("created", sa.Float, nullable=False, comment="Unix seconds, the database's clock"),
    sa.Column("revoked", sa.Float),
)

practice_interviews = sa.Table(
    "practice_interviews",
    metadata,
    _interview(),
    sa.Column("key_id", sa.String(16), sa.ForeignKey("practice_keys.id"), nullable=False),
    sa.Column("start", sa.String(64), nullable=False, comment="hash of what began it"),
    sa.Column("nth", sa.Integer, nullable=False, comment="of those begun by the same"),
    sa.UniqueConstraint("key_id", "start", "nth", name="one_interview_by_start"),
)

calibrations = sa.Table(
    "calibrations",
    metadata,
    sa.Column("workspace_id", sa.String(16), primary_key=True, server_default=LOCAL),
    sa.Column("kit", sa.String(200), primary_key=True, comment="its name"),
    sa.Column("question", sa.Text, primary_key=True, comment="an atom's id, in any version"),
    sa.Column("kit_version", sa.String(12), nullable=False, comment="current when it was made"),
    sa.Column("author", sa.Float, nullable=False, comment="the level it was put at"),
    sa.Column("difficulty", sa.Float, nullable=False, comment="in levels, junior 0 to principal 3"),
    sa.Column("error", sa.Float, nullable=False, comment="its standard error"),
    sa.Column("answers", sa.Integer, nullable=False),
    sa.Column("made", sa.Float, nullable=False, comment="Unix seconds, the database's clock"),
)

gradings = sa.Table(
    "gradings",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("workspace_id", sa.String(16), nullable=False),
    sa.Column(
        "interview_id",
        sa.String(16),
        sa.ForeignKey("interviews.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("label", sa.String(400), nullable=False, comment="what differs, in words"),
    sa.Column("kit_version", sa.String(12), nullable=False),
    sa.Column("examiner", sa.String(200), nullable=False),
    sa.Column("model", sa.String(200)),
    sa.Column("policy", _json, nullable=False, comment="numbers that are not the interview's own"),
    sa.Column("events", _json, nullable=False, comment="bodies of `regraded` events"),
    sa.Column("at", sa.Float, nullable=False, comment="Unix seconds"),
)
"""Further gradings of an interview, kept beside its own marks."""
