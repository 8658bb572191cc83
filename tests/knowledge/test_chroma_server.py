"""The index on a real Chroma server: shared, filled once, and done without when it is gone."""

import multiprocessing
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest

from knowledge import index as index_module
from knowledge.atoms import Atom, Kit
from knowledge.chroma_server import Served, _client
from knowledge.database import Database
from knowledge.embedder import FloatArray, WordHash
from knowledge.errors import StorageFailed
from knowledge.index import KitIndex, open_index

ATOMS = tuple(
    Atom(id=f"a{number}", kind="point" if number % 2 else "fact", text=f"number {number} of many")
    for number in range(300)
)
KIT = Kit(name="x", atoms=ATOMS)


class ChromaServer:
    """`chroma run` as an operator starts it."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it where it does not run."""
        if self._answers():
            return
        command = [str(Path(sys.executable).with_name("chroma")), "run", "--host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port), "--path", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, "the server did not start"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def chroma(one_server: ChromaServer) -> Iterator[ChromaServer]:
    """A server that runs and holds nothing; what this process knew of indexes is forgotten."""
    index_module._open.clear()
    yield one_server
    one_server.start()
    for name in names(one_server):
        _client(one_server.url).delete_collection(name)
    index_module._open.clear()


@pytest.fixture(scope="module")
def matrix() -> FloatArray:
    return WordHash().embed([atom.text for atom in ATOMS])


def names(server: ChromaServer) -> list[str]:
    return sorted(each.name for each in _client(server.url).list_collections())


def ids(index: KitIndex, vector: FloatArray, **how: Any) -> list[str]:
    return [hit.atom.id for hit in index.query(vector, **how)]


async def test_a_server_answers_as_memory_does(
    chroma: ChromaServer, database: Database, light: WordHash, matrix: FloatArray
) -> None:
    here = await open_index(database, light, KIT)
    there = await open_index(database, light, KIT, server=chroma.url)
    for row in (0, 7, 299):
        found = there.query(matrix[row], kinds=["point", "fact"], k=1)
        assert found[0].atom.id == ATOMS[row].id
        assert found == here.query(matrix[row], k=1)
    assert {ATOMS[int(i[1:])].kind for i in ids(there, matrix[1], kinds=["fact"])} == {"fact"}
    assert await open_index(database, light, KIT, server=chroma.url) is there


async def test_a_second_process_finds_what_the_first_has_filled(
    chroma: ChromaServer, matrix: FloatArray
) -> None:
    first = Served(chroma.url, KIT, "light", matrix)
    before = names(chroma)
    second = Served(chroma.url, KIT, "light", matrix)
    assert first._collection.id == second._collection.id
    assert names(chroma) == before
    assert len(before) == 1


async def test_another_embedder_has_a_collection_of_its_own(
    chroma: ChromaServer, matrix: FloatArray
) -> None:
    Served(chroma.url, KIT, "light", matrix)
    Served(chroma.url, KIT, "another", np.ascontiguousarray(matrix[:, ::-1]))
    assert len(names(chroma)) == 2


def _serve(url: str, matrix: FloatArray, ready: Any, told: Any) -> None:
    ready.wait()
    served = Served(url, KIT, "light", matrix)
    told.put((str(served._collection.id), served.nearest(matrix[:3], (), 1)))


async def test_processes_that_fill_at_once_end_up_with_one_whole_collection(
    chroma: ChromaServer, matrix: FloatArray
) -> None:
    context = multiprocessing.get_context("spawn")
    ready, told = context.Barrier(2), context.Queue()
    workers = [
        context.Process(target=_serve, args=(chroma.url, matrix, ready, told)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    results = [told.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    assert len({collection for collection, _ in results}) == 1
    assert all(found == [["a0"], ["a1"], ["a2"]] for _, found in results)
    assert len(names(chroma)) == 1


async def test_a_collection_that_lacks_something_is_filled_anew(
    chroma: ChromaServer, matrix: FloatArray
) -> None:
    broken = Served(chroma.url, KIT, "light", matrix)._collection
    broken.delete(ids=["a5"])
    mended = Served(chroma.url, KIT, "light", matrix)
    assert mended._collection.count() == len(ATOMS)
    swapped = np.ascontiguousarray(np.roll(matrix, 1, axis=0))
    mended._collection.update(ids=[atom.id for atom in ATOMS], embeddings=swapped)
    again = Served(chroma.url, KIT, "light", matrix)
    assert again._collection.id != mended._collection.id
    assert again.nearest(matrix[:1], (), 1) == [["a0"]]


async def test_an_interview_goes_on_when_the_server_is_gone_and_uses_it_when_it_is_back(
    chroma: ChromaServer, database: Database, light: WordHash, matrix: FloatArray
) -> None:
    index = await open_index(database, light, KIT, server=chroma.url)
    assert index._served
    asked = {"kinds": ["point"], "k": 5}
    before = ids(index, matrix[3], **asked)
    chroma.stop()
    assert ids(index, matrix[3], **asked)[0] == before[0] == "a3"
    assert index._served.nearest(matrix[:1], (), 1) is None
    chroma.start()
    index._served._rests_until = 0.0
    assert index._served.nearest(matrix[:1], (), 1) == [["a0"]]


async def test_a_server_that_hangs_holds_nobody_up(
    chroma: ChromaServer, matrix: FloatArray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.chroma_server.PATIENCE", 0.3)
    served = Served(chroma.url, KIT, "light", matrix)
    chroma.stop()
    with socket.create_server(("127.0.0.1", chroma.port)) as silent:
        taken: list[socket.socket] = []
        Thread(target=lambda: taken.append(silent.accept()[0]), daemon=True).start()
        began = time.monotonic()
        assert served.nearest(matrix[:1], (), 1) is None
        assert time.monotonic() - began < 10
        assert served.nearest(matrix[:1], (), 1) is None
    for connection in taken:
        connection.close()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://localhost:9"])
async def test_an_unreachable_server_is_one_clear_error(
    address: str, database: Database, light: WordHash
) -> None:
    with pytest.raises(StorageFailed) as told:
        await open_index(database, light, KIT, server=address)
    assert address in told.value.message
    assert "VIVA_CHROMA_URL" in told.value.remedy
