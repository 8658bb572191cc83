"""Vectors in SQL: in order, and nothing unchanged embedded twice."""

from collections.abc import Sequence

import numpy as np

from knowledge.database import Database
from knowledge.embedder import FloatArray, WordHash
from knowledge.vectors import AT_ONCE, LOOKED_UP, ensure_vectors, vectors_for


class Counting(WordHash):
    """Remembers every text it was asked for."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> FloatArray:
        self.embedded += texts
        return super().embed(texts)


async def test_nothing_unchanged_is_embedded_twice(database: Database) -> None:
    embedder = Counting()
    await vectors_for(database, embedder, ["grain", "partition", "grain"])
    await vectors_for(database, embedder, ["partition", "watermark", "grain"])
    assert sorted(embedder.embedded) == ["grain", "partition", "watermark"]


async def test_vectors_come_back_as_they_were_made_in_the_order_asked_for(
    database: Database, light: WordHash
) -> None:
    texts = [f"text number {n}" for n in range(LOOKED_UP + AT_ONCE + 1)]
    await ensure_vectors(database, light, texts[::2])
    shuffled = texts[::-1] + texts[:5]
    assert np.array_equal(await vectors_for(database, light, shuffled), light.embed(shuffled))


async def test_another_embedder_has_vectors_of_its_own(database: Database, light: WordHash) -> None:
    other = Counting()
    other.identity = "light@2"
    await ensure_vectors(database, light, ["grain"])
    assert await ensure_vectors(database, other, ["grain"]) == 1


async def test_no_texts_are_no_vectors(database: Database, light: WordHash) -> None:
    assert (await vectors_for(database, light, [])).shape == (0, 64)


async def test_progress_tells_how_much_of_what_is_missing_is_done(
    database: Database, light: WordHash
) -> None:
    told: list[tuple[int, int]] = []
    texts = [str(n) for n in range(AT_ONCE + 10)]
    await ensure_vectors(database, light, texts, lambda _, done, total: told.append((done, total)))
    assert told == [(0, len(texts)), (AT_ONCE, len(texts))]
