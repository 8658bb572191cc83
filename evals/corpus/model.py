"""A chat-completions endpoint on loopback whose replies were typed by a person beforehand."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

MODEL = "typed-by-hand"
PROBE = "probe of the connection"
PROBED = '{"word": "viva", "number": 7}'


class Typed:
    """Plays the replies in their order; `missing` is the first request that none was left for."""

    def __init__(self, replies: list[Any]) -> None:
        self._left = deque(replies)
        self.missing: dict[str, Any] | None = None
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.typed = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The base address to give to a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reply(self, request: dict[str, Any]) -> str | None:
        """What was typed; None where nothing is left."""
        if PROBE in json.dumps(request["messages"]):
            return PROBED
        if not self._left:
            self.missing = self.missing or request
            return None
        typed = self._left.popleft()
        return typed if isinstance(typed, str) else json.dumps(typed, ensure_ascii=False)


class _Server(ThreadingHTTPServer):
    typed: Typed


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_POST(self) -> None:
        self.close_connection = True
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = self.server.typed.reply(request)
        if text is None:
            self._send(400, "application/json", b'{"error": {"message": "no reply is left"}}')
        elif request.get("stream"):
            self._send(200, "text/event-stream", _streamed(request["model"], text))
        else:
            choice = {"index": 0, "message": _message(text), "finish_reason": "stop"}
            self._send(200, "application/json", _body(request["model"], "", [choice], _used(text)))

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        headers = {"content-type": kind, "content-length": str(len(body)), "connection": "close"}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _message(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _used(text: str) -> dict[str, int]:
    """No tokenizer stands behind it; words are counted."""
    words = len(text.split())
    return {"prompt_tokens": 0, "completion_tokens": words, "total_tokens": words}


def _body(model: str, part: str, choices: list[Any], usage: dict[str, int] | None = None) -> bytes:
    kind = f"chat.completion{part}"
    body = {"id": "c-1", "object": kind, "created": 0, "model": model, "choices": choices}
    return json.dumps(body | ({"usage": usage} if usage else {})).encode()


def _streamed(model: str, text: str) -> bytes:
    said = [{"index": 0, "delta": _message(text), "finish_reason": None}]
    done = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    chunks = (_body(model, ".chunk", said), _body(model, ".chunk", done), b"[DONE]")
    return b"".join(b"data: " + chunk + b"\n\n" for chunk in chunks)
