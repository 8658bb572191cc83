"""A chat-completions endpoint on loopback whose model is a script, and whose faults are real.

    with OpenAIEndpoint(["{...}", Reply(status=429, retry_after="1"), "{...}"]) as server:
        endpoint = Endpoint("desk", base_url=server.url)

The script is a list, played in order, or a function of the request. Probes of the connection
are answered by the server itself, in the forms it supports, and never use up the script.
"""

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

Request = dict[str, Any]
Form = Literal["json_schema", "tools", "json_object"]
FORMS: tuple[Form, ...] = ("json_schema", "tools", "json_object")
Fault = Literal["hang", "trickle", "drop", "quiet_drop", "broken"]
"""Never a byte; a byte every `pause` seconds; the connection reset half-way; a reply that ends
half-way as if it were whole; a body that is no JSON."""
PROBE = "probe of the connection"
PROBED = '{"word": "viva", "number": 7}'
PROSE = "Of course! The word is viva and the number is seven."


@dataclass(frozen=True)
class Reply:
    """What the model says to one request, and how the line plays up while it does."""

    text: str = ""
    status: int = 200
    retry_after: str | None = None
    refusal: str | None = None
    usage: tuple[int, int] | None = (100, 20)
    """Tokens in and out, or None from a server that does not count."""
    finish: str = "stop"
    fault: Fault | None = None
    pause: float = 1.0


Script = Iterable[Reply | str] | Callable[[Request], Reply | str]


class OpenAIEndpoint:
    """The server; use it as a context manager. `requests` and `probes` keep what it was asked.

    `supports` are the structured forms it knows; for the others it answers 400, or, with
    `others="ignored"`, in prose as if nothing had been asked. With `key` another key is a 401,
    a model not in `models` is a 404. `probe` plays instead of the answer to every probe.
    """

    def __init__(
        self,
        script: Script = (),
        *,
        supports: Collection[Form] = FORMS,
        others: Literal["refused", "ignored"] = "refused",
        stream_options: Literal["known", "refused", "ignored"] = "known",
        temperature: bool = True,
        key: str | None = None,
        models: Collection[str] = (),
        probe: Reply | None = None,
    ) -> None:
        self._function = script if callable(script) else None
        self._queue = deque[Reply | str]() if callable(script) else deque(script)
        self.supports, self.others, self.stream_options = supports, others, stream_options
        self.temperature, self.key, self.models, self.probe = temperature, key, models, probe
        self.requests: list[Request] = []
        self.probes: list[Request] = []
        self.surprises: list[str] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.endpoint = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, error: object, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if error is None:
            assert not self.surprises, self.surprises

    def assert_done(self) -> None:
        """Fail where something of the script was never asked for."""
        assert not self._queue, f"{len(self._queue)} replies were never asked for"

    def answer(self, request: Request, authorization: str) -> Reply:
        """The reply to a request, in the order of the script."""
        with self._lock:
            probe = PROBE in json.dumps(request["messages"])
            (self.probes if probe else self.requests).append(request)
            refused = self._refused(request, authorization)
            if refused or probe:
                return (
                    refused or self.probe or Reply(PROBED if _form_kept(self, request) else PROSE)
                )
            return self._scripted(request)

    def _refused(self, request: Request, authorization: str) -> Reply | None:
        if self.key is not None and authorization != f"Bearer {self.key}":
            return Reply("Incorrect API key provided.", status=401)
        if self.models and request["model"] not in self.models:
            return Reply(f"The model {request['model']} does not exist.", status=404)
        if not self.temperature and "temperature" in request:
            return Reply("Unsupported value: 'temperature'.", status=400)
        if request.get("stream_options") and self.stream_options == "refused":
            return Reply("Unknown field: stream_options.", status=400)
        form = form_of(request)
        if form and form not in self.supports and self.others == "refused":
            return Reply(f"{form} is not supported.", status=400)
        return None

    def _scripted(self, request: Request) -> Reply:
        if self._function is None and not self._queue:
            self.surprises.append(f"no reply is left for {request['messages'][-1]}")
            return Reply("off script", status=500)
        reply = self._function(request) if self._function else self._queue.popleft()
        return Reply(reply) if isinstance(reply, str) else reply


def form_of(request: Request) -> Form | None:
    """The structured form a request asks for."""
    if request.get("tools"):
        return "tools"
    kind = request.get("response_format", {}).get("type")
    return next((form for form in FORMS if form == kind), None)


def prompt_of(request: Request) -> str:
    """All that was sent to the model, as one text."""
    return "\n".join(str(message["content"]) for message in request["messages"])


def _form_kept(endpoint: OpenAIEndpoint, request: Request) -> bool:
    return form_of(request) in endpoint.supports


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    endpoint: OpenAIEndpoint


class _Handler(BaseHTTPRequestHandler):
    """One request and its reply; the connection is closed after it."""

    protocol_version = "HTTP/1.1"
    timeout = 10.0
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_POST(self) -> None:
        self.close_connection = True
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        reply = self.server.endpoint.answer(request, self.headers.get("authorization", ""))
        try:
            self._play(request, reply)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client had enough

    def _play(self, request: Request, reply: Reply) -> None:
        if reply.fault == "hang":
            self.server.endpoint.closing.wait()
        elif reply.status != 200:
            self._send(json.dumps({"error": {"message": reply.text}}).encode(), reply)
        elif request.get("stream"):
            self._stream(request, reply)
        elif reply.fault == "broken":
            self._send(b'{"choices": [', reply)
        else:
            self._send(json.dumps(self._completion(request, reply)).encode(), reply)

    def _send(self, body: bytes, reply: Reply) -> None:
        self._head(reply, "application/json", [("content-length", str(len(body)))])
        self._write(body, reply)

    def _stream(self, request: Request, reply: Reply) -> None:
        self._head(reply, "text/event-stream", [("transfer-encoding", "chunked")])
        events = list(_events(request, reply, self.server.endpoint.stream_options))
        cut = reply.fault in {"drop", "quiet_drop"}
        for event in events[: len(events) // 2] if cut else events:
            self._write(b"%x\r\n%s\r\n" % (len(event), event), reply, cuts=False)
        if reply.fault == "drop":
            return self._reset()
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _head(self, reply: Reply, kind: str, headers: list[tuple[str, str]]) -> None:
        self.send_response(reply.status)
        retry = [("retry-after", reply.retry_after)] if reply.retry_after else []
        for name, value in [("content-type", kind), ("connection", "close"), *headers, *retry]:
            self.send_header(name, value)
        self.end_headers()

    def _write(self, data: bytes, reply: Reply, *, cuts: bool = True) -> None:
        if reply.fault == "trickle":
            for byte in data:
                self.wfile.write(bytes([byte]))
                if self.server.endpoint.closing.wait(reply.pause):
                    return
        elif reply.fault == "drop" and cuts:
            self.wfile.write(data[: len(data) // 2])
            self._reset()
        else:
            self.wfile.write(data)

    def _reset(self) -> None:
        """Close the hard way: the client sees a reset, not an end."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _completion(self, request: Request, reply: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": reply.text}
        if reply.refusal is not None:
            message |= {"content": None, "refusal": reply.refusal}
        elif form_of(request) == "tools" and "tools" in self.server.endpoint.supports:
            called = {"name": request["tools"][0]["function"]["name"], "arguments": reply.text}
            call = {"id": "call-1", "type": "function", "function": called}
            message |= {"content": None, "tool_calls": [call]}
        choice = {"index": 0, "message": message, "finish_reason": reply.finish}
        body = {"id": "c-1", "object": "chat.completion", "created": 0, "model": request["model"]}
        return body | {"choices": [choice]} | _usage(reply)


def _events(request: Request, reply: Reply, stream_options: str) -> Iterator[bytes]:
    """The server-sent events of a streamed reply, a word each."""
    body = {"id": "c-1", "object": "chat.completion.chunk", "created": 0, "model": request["model"]}
    if reply.fault == "broken":
        yield b'data: {"choices": [\n\n'
    elif reply.refusal is not None:
        yield _event(body | {"choices": [_delta({"role": "assistant", "refusal": reply.refusal})]})
    for piece in _words(reply.text):
        yield _event(body | {"choices": [_delta({"role": "assistant", "content": piece})]})
    yield _event(body | {"choices": [_delta({}, reply.finish)]})
    if request.get("stream_options", {}).get("include_usage") and stream_options == "known":
        yield _event(body | {"choices": []} | _usage(reply))
    yield b"data: [DONE]\n\n"


def _words(text: str) -> list[str]:
    first, *rest = text.split(" ")
    return [first, *(f" {word}" for word in rest)]


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _event(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


def _usage(reply: Reply) -> dict[str, Any]:
    if reply.usage is None:
        return {}
    tokens_in, tokens_out = reply.usage
    counts = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out}
    return {"usage": counts | {"total_tokens": tokens_in + tokens_out}}
