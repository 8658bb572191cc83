"""A real `viva serve` in a process of its own, to be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

VIVA = [sys.executable, "-c", "from api.cli import main; main()"]
START_WITHIN = 60.0

Visit = Callable[..., Any]
"""Opens a page of the service in a browser; see the fixture of that name."""


class Served:
    """A `viva serve` in a process and a home of its own; it keeps its port when started again."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = home / "serve.log"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("VIVA_")}
        own = {"VIVA_HOME": str(home), "VIVA_EMBEDDER": "light", "HF_HUB_OFFLINE": "1"}
        self.environment = {**clean, **own, **settings}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*VIVA, "serve", "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_WITHIN
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()[-2000:]
            assert time.monotonic() < deadline, f"no answer within {START_WITHIN:g} s"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/health", timeout=5.0).status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30.0)
            self._process = None

    def interview(self, **wish: Any) -> str:
        """A new interview's id."""
        body = {"kit": "data-engineer", "questions": 1, **wish}
        answer = httpx2.post(f"{self.url}/api/interviews", json=body, timeout=30.0)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def heard(self, interview: str) -> list[str]:
        """What the transcript has of the candidate's words, in order."""
        path = f"{self.url}/api/interviews/{interview}/transcript"
        events = httpx2.get(path, timeout=30.0).json()
        return [event["text"] for event in events if event["type"] == "heard"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
