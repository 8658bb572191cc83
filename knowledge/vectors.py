"""Vectors kept in SQL under the hash of their text and the embedder that made them."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

import numpy as np
import sqlalchemy as sa

from knowledge.database import Database, insert_into
from knowledge.embedder import Embedder, FloatArray
from knowledge.tables import vectors

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

AT_ONCE = 256  # texts embedded and committed together
LOOKED_UP = 500  # hashes in one question to the database


async def vectors_for(
    database: Database,
    embedder: Embedder,
    texts: Sequence[str],
    progress: Progress | None = None,
) -> FloatArray:
    """The vectors of these texts, [n, dim] float32 in their order; the missing are made first."""
    await ensure_vectors(database, embedder, texts, progress)
    hashes = [_hash(text) for text in texts]
    found: dict[str, bytes] = {}
    async with database.read() as connection:
        for some in _chunks(list(dict.fromkeys(hashes)), LOOKED_UP):
            query = sa.select(vectors.c.text_hash, vectors.c.vector).where(_of(embedder, some))
            found |= {row.text_hash: row.vector for row in await connection.execute(query)}
    if not texts:
        return np.zeros((0, embedder.dimension), dtype=np.float32)
    rows = b"".join(found[text_hash] for text_hash in hashes)
    return np.frombuffer(rows, dtype="<f4").reshape(len(texts), -1).astype(np.float32)


async def ensure_vectors(
    database: Database,
    embedder: Embedder,
    texts: Sequence[str],
    progress: Progress | None = None,
) -> int:
    """Embed and store what is not stored yet, and say how many texts that were.

    Each batch is committed on its own, so an interruption costs one batch.
    """
    missing = await _missing(database, embedder, texts)
    done = 0
    for batch in _chunks(sorted(missing, key=len), AT_ONCE):
        if progress:
            progress("Embedding", done, len(missing))
        rows = await asyncio.to_thread(embedder.embed, batch)
        await _store(database, embedder, batch, rows)
        done += len(batch)
    return done


async def _store(
    database: Database, embedder: Embedder, texts: list[str], rows: FloatArray
) -> None:
    packed = [
        {"text_hash": _hash(text), "model": embedder.identity, "vector": _pack(row)}
        for text, row in zip(texts, rows, strict=True)
    ]
    async with database.write() as connection:
        await connection.execute(insert_into(vectors, connection).on_conflict_do_nothing(), packed)


async def _missing(database: Database, embedder: Embedder, texts: Sequence[str]) -> list[str]:
    by_hash = {_hash(text): text for text in texts}
    async with database.read() as connection:
        for some in _chunks(list(by_hash), LOOKED_UP):
            query = sa.select(vectors.c.text_hash).where(_of(embedder, some))
            for stored in await connection.scalars(query):
                del by_hash[stored]
    return list(by_hash.values())


def _of(embedder: Embedder, hashes: list[str]) -> sa.ColumnElement[bool]:
    return sa.and_(vectors.c.model == embedder.identity, vectors.c.text_hash.in_(hashes))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _pack(row: FloatArray) -> bytes:
    return row.astype("<f4").tobytes()


def _chunks(items: list[str], size: int) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
