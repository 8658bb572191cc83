"""A kit's atoms in a Chroma collection, wherever that is kept."""

import warnings
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from knowledge.atoms import Kind, Kit
from knowledge.embedder import FloatArray

if TYPE_CHECKING:
    from chromadb import Collection as ChromaCollection
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}


def quiet_chroma() -> "Settings":
    """Chroma's settings with its telemetry off."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import chromadb  # noqa: F401
        from chromadb.config import Settings

        return Settings(anonymized_telemetry=False)


def fill(
    client: "ClientAPI", name: str, kit: Kit, matrix: FloatArray, at_once: int | None = None
) -> "ChromaCollection":
    """A new collection of this kit's atoms under their vectors, the rows of `matrix`."""
    collection = client.create_collection(
        name, configuration={"hnsw": HNSW}, embedding_function=None
    )
    size = at_once or client.get_max_batch_size()
    for first in range(0, len(kit.atoms), size):
        atoms = kit.atoms[first : first + size]
        collection.add(
            ids=[atom.id for atom in atoms],
            embeddings=matrix[first : first + size],
            metadatas=[{"kind": atom.kind} for atom in atoms],
        )
    return collection


def nearest(
    collection: "ChromaCollection", vectors: FloatArray, kinds: Collection[Kind], k: int
) -> list[list[str]]:
    """For each row of `vectors` [n, dim] the ids of the `k` nearest atoms of these kinds."""
    where: Any = {"kind": {"$in": sorted(kinds)}} if kinds else None
    found = collection.query(
        query_embeddings=vectors.tolist(), n_results=k, where=where, include=[]
    )
    return found["ids"]
