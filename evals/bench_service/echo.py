"""What cannot be avoided: FastAPI, a LangGraph of one node, one commit, one stream. It echoes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypedDict

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel

from knowledge.database import Database

metadata = sa.MetaData()
said = sa.Table(
    "said",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("reply", sa.Text, nullable=False),
)


class Turn(BaseModel):
    """A message."""

    message: str


class State(TypedDict):
    """What the graph's one node sees."""

    message: str
    reply: str


def make_echo(url: str) -> FastAPI:
    """The application; `synchronous=FULL` as ours."""
    from langgraph.graph import END, START, StateGraph

    database, told = Database(url), list[asyncio.Queue[int]]()
    graph: Any = StateGraph(State)
    graph.add_node("echo", lambda state: {"reply": state["message"]})
    graph.add_edge(START, "echo")
    graph.add_edge("echo", END)
    echo = graph.compile()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with database.write() as connection:
            await connection.run_sync(metadata.create_all)
        yield
        await database.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/turns")
    async def take(turn: Turn) -> dict[str, int]:
        result = await echo.ainvoke({"message": turn.message, "reply": ""})
        async with database.write() as connection:
            made = await connection.execute(sa.insert(said).values(**result).returning(said))
            number: int = made.one().number
        for queue in told:
            queue.put_nowait(number)
        return {"turn": number}

    @app.get("/events")
    async def events() -> EventSourceResponse:
        async def follow() -> AsyncIterator[bytes]:
            queue: asyncio.Queue[int] = asyncio.Queue()
            told.append(queue)
            yield format_sse_event(comment="echo")
            while True:
                yield format_sse_event(data_str=f'{{"turn": {await queue.get()}}}', event="done")

        return EventSourceResponse(follow())

    return app


def serve_echo(port: int) -> None:
    """Serve it in this process."""
    import uvicorn

    url = f"sqlite+aiosqlite:///{Path(os.environ['VIVA_HOME']) / 'echo.db'}"
    uvicorn.run(make_echo(url), port=port, log_level="warning", access_log=False)
