"""A kit's collection on a Chroma server that several processes share.

A collection is filled under a name of its own and takes the shared name once it is whole. The
server lets one collection have a name, so that whoever finds it finds all of it.
"""

import hashlib
import logging
import secrets
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from knowledge.atoms import Kind, Kit
from knowledge.collection import fill, nearest, quiet_chroma
from knowledge.embedder import FloatArray
from knowledge.errors import StorageFailed

if TYPE_CHECKING:
    from chromadb import Collection as ChromaCollection
    from chromadb.api import ClientAPI

PATIENCE = 5.0
"""Seconds that one request may take."""
AT_ONCE = 500
"""Atoms in one request, so that it takes a fraction of that."""
TRIES = 3
"""Fillings of a collection: one in a few hundred has an atom that a search does not reach."""
REST = 30.0
"""Seconds that a server is left alone after it has not answered."""
SAME = 0.999

log = logging.getLogger("viva.index")


class Served:
    """The collection of one kit version and embedder on the server at `url`, filled if need be.

    Raises:
        StorageFailed: the server does not answer, or does not keep what it is given.
    """

    def __init__(self, url: str, kit: Kit, identity: str, matrix: FloatArray) -> None:
        with _clear_errors(url):
            self._collection = _whole(_client(url), _name(kit, identity), kit, matrix)
        self._rests_until = 0.0

    def nearest(
        self, vectors: FloatArray, kinds: Collection[Kind], k: int
    ) -> list[list[str]] | None:
        """For each row the ids of the nearest atoms; None while the server does not answer."""
        from chromadb.errors import ChromaError
        from httpx import HTTPError

        if time.monotonic() < self._rests_until:
            return None
        try:
            return nearest(self._collection, vectors, kinds, k)
        except (ChromaError, HTTPError):
            self._rests_until = time.monotonic() + REST
            log.warning("the Chroma server does not answer; this process searches by itself")
            return None


def check(url: str) -> None:
    """Ask the server whether it is there.

    Raises:
        StorageFailed: it does not answer.
    """
    with _clear_errors(url), urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=PATIENCE):
        pass


@contextmanager
def _clear_errors(url: str) -> Iterator[None]:
    from chromadb.errors import ChromaError
    from httpx import HTTPError

    try:
        yield
    except (ChromaError, HTTPError, OSError, ValueError) as error:
        raise StorageFailed(
            f"The Chroma server at {url} does not answer as one: {type(error).__name__}.",
            "Start it (`chroma run`), or mend VIVA_CHROMA_URL; without it each process keeps its"
            " own index.",
        ) from error


@cache
def _client(url: str) -> "ClientAPI":
    check(url)  # chromadb would wait without end
    settings = quiet_chroma()
    import chromadb

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    client: Any = chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if secure else 80),
        ssl=secure,
        settings=settings,
    )
    client._server._session.timeout = PATIENCE  # there is no setting for it
    return cast("ClientAPI", client)


def _name(kit: Kit, identity: str) -> str:
    return f"kit-{kit.version}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def _whole(client: "ClientAPI", name: str, kit: Kit, matrix: FloatArray) -> "ChromaCollection":
    found = _found(client, name)
    if found and _is_sound(found, kit, matrix):
        return found
    if found:
        client.delete_collection(name)
    for _ in range(TRIES):
        made = fill(client, f"{name}-{secrets.token_hex(4)}", kit, matrix, AT_ONCE)
        if _is_sound(made, kit, matrix):
            return _published(client, made, name)
        client.delete_collection(made.name)
    raise ValueError("the server does not find what it was given")


def _found(client: "ClientAPI", name: str) -> "ChromaCollection | None":
    from chromadb.errors import NotFoundError

    try:
        return client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return None


def _published(client: "ClientAPI", made: "ChromaCollection", name: str) -> "ChromaCollection":
    from chromadb.errors import ChromaError

    own = made.name
    try:
        made.modify(name=name)
    except ChromaError:  # another process was first
        first = client.get_collection(name, embedding_function=None)
        client.delete_collection(own)
        return first
    return made


def _is_sound(collection: "ChromaCollection", kit: Kit, matrix: FloatArray) -> bool:
    """Whether all atoms are there, and a few of them are found by their own vectors."""
    if collection.count() != len(kit.atoms):
        return False
    rows = {atom.id: row for row, atom in enumerate(kit.atoms)}
    few = matrix[:: max(1, len(kit.atoms) // 3)][:3]
    if not len(few):
        return True
    found = nearest(collection, few, (), 1)
    return all(
        len(ids) == 1 and ids[0] in rows and float(matrix[rows[ids[0]]] @ vector) >= SAME
        for ids, vector in zip(found, few, strict=True)
    )
