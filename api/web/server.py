"""The HTTP server, one process: it lets streams end before it waits for them."""

import socket
import sys
import threading
import webbrowser
from types import FrameType

import uvicorn

from api.settings import Settings
from api.web.app import make_app

STOP_WITHIN = 15
"""Seconds that open requests get once the process is told to stop."""


class Server(uvicorn.Server):
    """Streams last for an hour; they are told to end as soon as the process is."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        service = getattr(self.config.app.state, "service", None)  # type: ignore[union-attr]
        if service is not None:
            service.watching.close()
        super().handle_exit(sig, frame)


def run(settings: Settings, host: str, port: int, *, open_page: bool = False) -> bool:
    """Serve until told to stop; False where the address cannot be listened on."""
    try:
        listening = _listen(host, port)
    except OSError:
        return False
    config = uvicorn.Config(
        make_app(settings),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    address = _address(host, listening.getsockname()[1])
    print(f"Viva is at {address}", file=sys.stderr, flush=True)
    if open_page:
        threading.Timer(1.0, _open, (address,)).start()
    Server(config).run(sockets=[listening])
    return True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(2048)
    return listening


def _address(host: str, port: int) -> str:
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _open(address: str) -> None:
    """Where there is no browser, the address on the screen is enough."""
    try:
        webbrowser.open(address)
    except webbrowser.Error:
        return
