"""What every test stands on: a closed network, a home of its own, a real database."""

import ipaddress
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from api.settings import Settings
from knowledge.database import Database
from knowledge.embedder import MiniLM, WordHash
from knowledge.tables import metadata

os.environ["HF_HUB_OFFLINE"] = "1"
settings.register_profile("viva", deadline=None)
settings.load_profile("viva")


def _stays_here(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket's path
    host = address[0]
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    """Anything but this machine is out of reach."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any) -> None:
        assert _stays_here(address), f"a test reached for the network: {address}"
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any) -> int:
        assert _stays_here(address), f"a test reached for the network: {address}"
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket.socket, "connect_ex", guarded_ex)
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """VIVA_HOME: a folder of this test's own, not yet made."""
    folder = tmp_path / "home"
    for name in [name for name in os.environ if name.startswith("VIVA_")]:
        if name not in ("VIVA_SEEDS", "VIVA_GRADED"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("VIVA_HOME", str(folder))
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return folder


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite file with every table."""
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'viva.db'}")
    async with opened.write() as connection:
        await connection.run_sync(metadata.create_all)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def light() -> WordHash:
    """The embedder that needs no model."""
    return WordHash()


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    """The embedder that ships, loaded once for the whole run."""
    return MiniLM()


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of seed documents, which are not part of this repository."""
    beside = Path(__file__).parents[2] / "shared" / "seeds"
    folder = Path(os.environ.get("VIVA_SEEDS", beside))
    if not folder.is_dir():
        pytest.skip("the seed documents are not here; VIVA_SEEDS can name their folder")
    return folder
