"""The service in a process of its own, which can be killed and started again."""

import multiprocessing
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from api.settings import Settings

forkserver = multiprocessing.get_context("forkserver")
forkserver.set_forkserver_preload(["api.web.app", "agent.turn", "agent.local", "chromadb"])


class Process:
    """Its socket outlives it: who connects while it is down is served by the next."""

    def __init__(self, settings: Settings) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.settings = settings
        self.begin()

    def begin(self) -> None:
        """Start it; there is no need to wait."""
        given = (str(self.settings.home), self.settings.database_url)
        self.child: ForkServerProcess = forkserver.Process(
            target=_serve, args=(*given, self.listening), daemon=True
        )
        self.child.start()

    def kill(self) -> None:
        """As a power failure does it."""
        self.child.kill()
        self.child.join()

    def stop(self) -> int | None:
        """As an operator does it; its exit status."""
        self.child.terminate()
        self.child.join(30)
        return self.child.exitcode


@contextmanager
def running(settings: Settings) -> Iterator[Process]:
    process = Process(settings)
    try:
        yield process
    finally:
        process.kill()
        process.listening.close()


def _serve(home: str, database_url: str, listening: socket.socket) -> None:
    import uvicorn

    from api.telemetry import configure_logging
    from api.web.app import make_app
    from api.web.server import STOP_WITHIN, Server

    with Path(os.devnull).open("w") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
    settings = Settings(home=Path(home), database_url=database_url, embedder="light")
    configure_logging(settings)
    config = uvicorn.Config(
        make_app(settings),
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    Server(config).run(sockets=[listening])
