"""Sets of interviews to mark, what people marked, what was settled, and who had looked before."""

import sqlalchemy as sa

from knowledge.tables import metadata

_json = sa.JSON(none_as_null=True)


def _of(table: str, *, key: bool = True) -> sa.Column[str]:
    parent = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    name = "set_id" if table == "marking_sets" else f"{table[:-1]}_id"
    return sa.Column(name, sa.String(16), parent, primary_key=key, nullable=False)


def _when(name: str, *, required: bool = False, comment: str = "Unix seconds") -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=not required, comment=comment)


marking_sets = sa.Table(
    "marking_sets",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    _of("workspaces", key=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("needed", sa.Integer, nullable=False, comment="how many mark each interview"),
    sa.Column("markers", _json, nullable=False, comment="users' ids; empty: all of the team"),
    sa.Column("made_by", sa.String(200), nullable=False),
    _when("created", required=True),
    _when("closed"),
    sa.Index("ix_marking_sets_workspace_id", "workspace_id"),
)

marking_items = sa.Table(
    "marking_items",
    metadata,
    _of("marking_sets"),
    _of("interviews"),
    sa.Column("number", sa.Integer, nullable=False, comment="shown instead of a name"),
    sa.UniqueConstraint("set_id", "number", name="one_marking_item_by_number"),
    sa.Index("ix_marking_items_interview_id", "interview_id"),
)

marking_sheets = sa.Table(
    "marking_sheets",
    metadata,
    _of("marking_sets"),
    _of("interviews"),
    sa.Column("marker", sa.Text, primary_key=True, comment="who, as an id or a typed name"),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("draft", _json, comment="fields of the form that are not kept yet"),
    sa.Column("marks", _json, comment="[{question, asked, atom, verdict, words}]; null: not yet"),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("is_author", sa.Boolean, nullable=False, comment="wrote the kit: not independent"),
    sa.Column("blind", sa.Boolean, nullable=False, comment="before the machine's was seen"),
    _when("touched", required=True, comment="Unix seconds; taken, or a draft kept last"),
    _when("at", comment="Unix seconds; when the marks were kept; null: not yet"),
    sa.Index("ix_marking_sheets_interview_id", "interview_id"),
)

marking_rulings = sa.Table(
    "marking_rulings",
    metadata,
    _of("marking_sets"),
    _of("interviews"),
    sa.Column("question", sa.Integer, primary_key=True, autoincrement=False, comment="its place"),
    sa.Column("atom", sa.Text, primary_key=True),
    sa.Column("asked", sa.Text, nullable=False, comment="the question's atom"),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("is_marker", sa.Boolean, nullable=False, comment="ruled on marks of their own too"),
    _when("at", required=True),
    sa.Index("ix_marking_rulings_interview_id", "interview_id"),
)

looks = sa.Table(
    "looks",
    metadata,
    _of("interviews"),
    sa.Column("reader", sa.String(200), primary_key=True, comment="an id, never a name"),
    _when("at", required=True, comment="Unix seconds; the first time"),
)
"""Who of the team has seen what the machine, or others, made of which interview."""
