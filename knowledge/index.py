"""A kit's atoms by meaning: Chroma in memory, filled from the vectors in SQL."""

import asyncio
import threading
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Collection, Sequence
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from knowledge.atoms import Atom, Kind, Kit
from knowledge.database import Database
from knowledge.embedder import Embedder, FloatArray
from knowledge.vectors import Progress, vectors_for

if TYPE_CHECKING:
    from chromadb import Collection as ChromaCollection
    from chromadb.api import ClientAPI

Key: TypeAlias = tuple[str, str]

HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
KEPT_OPEN = 8

_open: OrderedDict[Key, "KitIndex"] = OrderedDict()
_filling = threading.Lock()
_numbers = count()


class Hit(NamedTuple):
    """An atom that was found; `score` is the cosine of its vector and the one asked for."""

    atom: Atom
    score: float


class KitIndex:
    """The atoms of one kit version, under the vectors of one embedder."""

    def __init__(self, kit: Kit, matrix: FloatArray) -> None:
        self.kit = kit
        self._matrix = matrix
        self._rows = {atom.id: row for row, atom in enumerate(kit.atoms)}
        self._collection = _collection(kit, matrix)
        gone = weakref.finalize(self, _client().delete_collection, self._collection.name)
        gone.atexit = False

    def vectors(self, atom_ids: Sequence[str]) -> FloatArray:
        """The vectors of these atoms, [n, dim] in their order."""
        rows: FloatArray = self._matrix[[self._rows[atom_id] for atom_id in atom_ids]]
        return rows

    def query(
        self,
        vector: FloatArray,
        *,
        kinds: Collection[Kind] = (),
        k: int = 10,
    ) -> list[Hit]:
        """The `k` nearest atoms of these kinds (of any, if none is named), best first."""
        return self.query_each(vector[None, :], kinds=kinds, k=k)[0]

    def query_each(
        self,
        vectors: FloatArray,
        *,
        kinds: Collection[Kind] = (),
        k: int = 10,
    ) -> list[list[Hit]]:
        """The same for each row of `vectors` [n, dim], in one query."""
        wanted = sum(not kinds or atom.kind in kinds for atom in self.kit.atoms)
        if not wanted:
            return [[] for _ in vectors]
        where: Any = {"kind": {"$in": sorted(kinds)}} if kinds else None
        found = self._collection.query(
            query_embeddings=vectors.tolist(),
            n_results=min(k, wanted),
            where=where,
            include=[],
        )
        return [self._hits(ids, row) for ids, row in zip(found["ids"], vectors, strict=True)]

    def _hits(self, ids: list[str], vector: FloatArray) -> list[Hit]:
        scores = self.vectors(ids) @ vector
        hits = [Hit(self.kit.by_id[i], float(s)) for i, s in zip(ids, scores, strict=True)]
        return sorted(hits, key=lambda hit: -hit.score)


async def open_index(
    database: Database, embedder: Embedder, kit: Kit, progress: Progress | None = None
) -> KitIndex:
    """The index of this kit, kept open in this process; missing vectors are made first."""
    key = (kit.version, embedder.identity)
    if key in _open:
        _open.move_to_end(key)
        return _open[key]
    texts = [atom.text for atom in kit.atoms]
    matrix = await vectors_for(database, embedder, texts, progress)
    return await asyncio.to_thread(_fill, key, kit, matrix)


def _fill(key: Key, kit: Kit, matrix: FloatArray) -> KitIndex:
    with _filling:
        index = _open.get(key) or KitIndex(kit, matrix)
        _open[key] = index
        while len(_open) > KEPT_OPEN:
            _open.popitem(last=False)
    return index


@cache
def _client() -> "ClientAPI":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chromadb
        from chromadb.config import Settings

        return chromadb.EphemeralClient(Settings(anonymized_telemetry=False))


def _collection(kit: Kit, matrix: FloatArray) -> "ChromaCollection":
    client = _client()
    collection = client.create_collection(
        f"kit-{kit.version}-{next(_numbers)}",
        configuration={"hnsw": HNSW},
        embedding_function=None,
    )
    size = client.get_max_batch_size()
    for first in range(0, len(kit.atoms), size):
        atoms = kit.atoms[first : first + size]
        collection.add(
            ids=[atom.id for atom in atoms],
            embeddings=matrix[first : first + size],
            metadatas=[{"kind": atom.kind} for atom in atoms],
        )
    return collection
