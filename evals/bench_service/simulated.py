"""A language model behind HTTP that takes its time and no processor: for load, not for sense.

It meets every point by the whole answer, and speaks one sentence, a word at a time.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from evals.bench_service.servers import FORKS, free_port

SECONDS = 0.8
"""What each call takes: the marks at once after it, the words spread over it."""
SPOKEN = "You spoke about how you keep the rows right."

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_message = re.compile(r"<message (\w+)>\n(.*?)\n</message \1>", re.S)
_point = re.compile(r"^(p\d+) \(", re.M)


class SimulatedModel:
    """The endpoint in a process of its own; use it as a context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._process = FORKS.Process(target=_serve, args=(self.port, seconds), daemon=True)

    def __enter__(self) -> "SimulatedModel":
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    @property
    def settings(self) -> dict[str, str]:
        """What a server needs to use it."""
        return {"VIVA_MODEL": "simulated", "VIVA_BASE_URL": self.url, "VIVA_TIMEOUT": "20"}


def _serve(port: int, seconds: float) -> None:
    import uvicorn

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = json.loads(await _body(receive))
        head = b"text/event-stream" if request.get("stream") else b"application/json"
        headers = [(b"content-type", head)]
        if request.get("stream"):
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await _speak(send, seconds)
            return
        reply = _reply(request)
        await asyncio.sleep(0.0 if reply == PROBED else seconds)
        body = json.dumps(_completion({"role": "assistant", "content": reply})).encode()
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(app, port=port, lifespan="off", log_level="warning", access_log=False)


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def _speak(send: Send, seconds: float) -> None:
    words = SPOKEN.split(" ")
    for number, word in enumerate(words):
        await asyncio.sleep(seconds / len(words))
        delta = {"role": "assistant", "content": f"{' ' * bool(number)}{word}"}
        await _piece(send, _chunk(delta, None))
    await _piece(send, _chunk({}, "stop"))
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


async def _piece(send: Send, body: dict[str, Any]) -> None:
    data = f"data: {json.dumps(body)}\n\n".encode()
    await send({"type": "http.response.body", "body": data, "more_body": True})


def _completion(message: dict[str, str]) -> dict[str, Any]:
    usage = {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return _base("chat.completion") | {"choices": [choice], "usage": usage}


def _chunk(delta: dict[str, str], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _base("chat.completion.chunk") | {"choices": [choice]}


def _base(kind: str) -> dict[str, Any]:
    return {"id": "c-1", "object": kind, "created": 0, "model": "simulated"}


PROBED = '{"word": "viva", "number": 7}'


def _reply(request: dict[str, Any]) -> str:
    prompt = "\n".join(str(message["content"]) for message in request["messages"])
    if "probe of the connection" in prompt:
        return PROBED
    found = _message.search(prompt)
    quote = found[2] if found else ""
    told = {"verdict": "met", "quote": quote, "reason": "", "certainty": "high"}
    return json.dumps(
        {
            "readable": True,
            "intents": ["dont_know" if quote.startswith("I do not know") else "answer"],
            "mentions": [],
            "steering": "",
            "marks": [{"id": id_, **told} for id_ in sorted(set(_point.findall(prompt)))],
            "communicated": ["answered what was asked"],
            "way_to_find_out": "",
            "other_road": "",
        }
    )
