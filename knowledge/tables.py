"""Kits and vectors as they stand in SQL."""

import sqlalchemy as sa

metadata = sa.MetaData()

kits = sa.Table(
    "kits",
    metadata,
    sa.Column("version", sa.String(12), primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("created", sa.Float, nullable=False, comment="Unix seconds, the database's clock"),
    sa.Column("body", sa.JSON, nullable=False, comment="the kit, as `Kit.model_dump`"),
    sa.Column("shipped", sa.String(64), comment="SHA-256 of the file it came in with Viva"),
)

current_kits = sa.Table(
    "current_kits",
    metadata,
    sa.Column("shelf", sa.String(16), primary_key=True, comment="a workspace, or empty: shared"),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("version", sa.String(12), nullable=False, comment="what a new interview takes"),
)

shelved_kits = sa.Table(
    "shelved_kits",
    metadata,
    sa.Column("shelf", sa.String(16), primary_key=True, comment="a workspace, or empty: shared"),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("version", sa.String(12), primary_key=True),
    sa.Column("at", sa.Float, nullable=False, comment="Unix seconds; when it last became current"),
    sa.Column("by", sa.String(200), nullable=False, comment="who made it; empty: from documents"),
)
"""Every version that was ever the current one of a shelf."""

vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("text_hash", sa.String(64), primary_key=True, comment="SHA-256 of the text"),
    sa.Column("model", sa.String(200), primary_key=True, comment="the embedder's identity"),
    sa.Column("vector", sa.LargeBinary, nullable=False, comment="float32, little-endian, unit"),
)
