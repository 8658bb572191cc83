"""A real server on loopback, with a practice key to it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import uvicorn
from openai import OpenAI

from api.settings import Settings
from api.web.app import make_app
from knowledge.database import Database
from tests.api.door.chatting import Site, made_key, other_client


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = Settings(home=tmp_path_factory.mktemp("door"), embedder="light")
    key, secret = asyncio.run(made_key(settings))
    config = uvicorn.Config(
        make_app(settings), port=0, lifespan="on", log_config=None, access_log=False, ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", settings, key, secret)
    server.should_exit = True
    thread.join()


@pytest.fixture
async def database(site: Site) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{site.settings.home / 'viva.db'}")
    yield opened
    await opened.close()


@pytest.fixture
def client(site: Site) -> Iterator[OpenAI]:
    with other_client(site, site.secret) as opened:
        yield opened
