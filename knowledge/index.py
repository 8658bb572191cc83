"""A kit's atoms by meaning: Chroma in memory or on a server, filled from the vectors in SQL."""

import asyncio
import threading
import weakref
from collections import OrderedDict
from collections.abc import Collection, Sequence
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from knowledge.atoms import Atom, Kind, Kit
from knowledge.collection import fill, nearest, quiet_chroma
from knowledge.database import Database
from knowledge.embedder import Embedder, FloatArray
from knowledge.vectors import Progress, vectors_for

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

    from knowledge.chroma_server import Served

Key: TypeAlias = tuple[str, str, str | None]

KEPT_OPEN = 16

_open: OrderedDict[Key, "KitIndex"] = OrderedDict()
_filling = threading.Lock()
_numbers = count()


class Hit(NamedTuple):
    """An atom that was found; `score` is the cosine of its vector and the one asked for."""

    atom: Atom
    score: float


class KitIndex:
    """The atoms of one kit version, under the vectors of one embedder.

    `served` is their collection on a server; without one they are kept in this process.
    """

    def __init__(self, kit: Kit, matrix: FloatArray, served: "Served | None" = None) -> None:
        self.kit = kit
        self._matrix = matrix
        self._rows = {atom.id: row for row, atom in enumerate(kit.atoms)}
        self._served = served
        if served:
            return
        self._collection = fill(_client(), f"kit-{kit.version}-{next(_numbers)}", kit, matrix)
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
        gone = self.kit.unused
        found = self._nearest(vectors, kinds, min(k + len(gone), wanted))
        standing = ([id_ for id_ in ids if id_ not in gone] for ids in found)
        return [self._hits(ids, row)[:k] for ids, row in zip(standing, vectors, strict=True)]

    def among(self, vector: FloatArray, atom_ids: Sequence[str], k: int = 10) -> list[Hit]:
        """The `k` nearest of these atoms, best first; each of them is looked at."""
        if not atom_ids:
            return []
        scores = self.vectors(atom_ids) @ vector
        best = (-scores).argsort(kind="stable")[:k]
        return [Hit(self.kit.by_id[atom_ids[i]], float(scores[i])) for i in best]

    def _nearest(self, vectors: FloatArray, kinds: Collection[Kind], k: int) -> list[list[str]]:
        if self._served is None:
            return nearest(self._collection, vectors, kinds, k)
        found = self._served.nearest(vectors, kinds, k)
        return self._compared(vectors, kinds, k) if found is None else found

    def _compared(self, vectors: FloatArray, kinds: Collection[Kind], k: int) -> list[list[str]]:
        """The same without any index: every vector is looked at."""
        atoms = self.kit.atoms
        rows = [row for row, atom in enumerate(atoms) if not kinds or atom.kind in kinds]
        scores = vectors @ self._matrix[rows].T
        return [[atoms[rows[i]].id for i in (-one).argsort()[:k]] for one in scores]

    def _hits(self, ids: list[str], vector: FloatArray) -> list[Hit]:
        scores = self.vectors(ids) @ vector
        hits = [Hit(self.kit.by_id[i], float(s)) for i, s in zip(ids, scores, strict=True)]
        return sorted(hits, key=lambda hit: -hit.score)


async def open_index(
    database: Database,
    embedder: Embedder,
    kit: Kit,
    progress: Progress | None = None,
    *,
    server: str | None = None,
) -> KitIndex:
    """The index of this kit, kept open in this process; missing vectors are made first.

    `server` is the address of a Chroma server to keep it on.

    Raises:
        StorageFailed: the server does not answer.
    """
    key = (kit.version, embedder.identity, server)
    if key in _open:
        _open.move_to_end(key)
        return _open[key]
    texts = [atom.text for atom in kit.atoms]
    matrix = await vectors_for(database, embedder, texts, progress)
    return await asyncio.to_thread(_fill, key, kit, matrix)


def _fill(key: Key, kit: Kit, matrix: FloatArray) -> KitIndex:
    with _filling:
        index = _open.get(key) or _made(key, kit, matrix)
        _open[key] = index
        while len(_open) > KEPT_OPEN:
            _open.popitem(last=False)
    return index


def _made(key: Key, kit: Kit, matrix: FloatArray) -> KitIndex:
    _, identity, server = key
    if server is None:
        return KitIndex(kit, matrix)
    from knowledge.chroma_server import Served

    return KitIndex(kit, matrix, Served(server, kit, identity, matrix))


@cache
def _client() -> "ClientAPI":
    settings = quiet_chroma()
    import chromadb

    return chromadb.EphemeralClient(settings)
