"""What the table of a screen's candidates costs with thousands of them, beside reading it bare.

The application runs in this process, with its guard, its accounts and its database; a request is
timed from its first byte in to its first and last byte out.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from api.conduct import Wish
from api.hiring.screens import NewScreen, Screens, Texts
from api.hiring.tables import decisions, invites, results, seen
from api.hiring.tables import devices as devices_table
from api.identity.accounts import Accounts
from api.identity.caller import Caller
from api.identity.gate import SESSION
from api.identity.sessions import Sessions
from api.identity.tokens import hashed
from api.service import Service
from api.settings import Settings
from api.tables import events, interviews
from api.web.app import make_app
from evals.bench_service.servers import new_database, postgres
from knowledge.database import Database

MANY = 5_000
TIMES = 7
ANSWER = "I would partition the table by day, measure the load first and agree on it with the team."
VERDICTS = ("likely shown", "could be either", "not shown in this interview")
REQUESTS = {
    "first page": "",
    "search": "?q=candidate+49",
    "filter and sort": "?status=not+decided&verdict=likely+shown&flag=red&sort=verdict&order=up",
    "a page far back": "?sort=name&page=80",
    "100 a page": "?per_page=100",
}


class Cost(NamedTuple):
    """Seconds to the first and to the last byte, those of this process's own work, and the bytes
    before compression."""

    first: float
    last: float
    work: float
    size: int


async def furnish(service: Service, many: int) -> tuple[str, str]:
    """A workspace with an admin and a screen of so many candidates; its id and the session."""
    accounts = Accounts(service.store.database)
    workspace = await accounts.add_workspace("Bench")
    sessions = Sessions(service.store.database)
    email, password = "admin@example.org", "correct horse battery"
    await accounts.add(email, name="Admin", role="admin", workspace=workspace, password=password)
    token = await sessions.sign_in(email, password, "bench")
    assert token
    caller = await sessions.by_session(token)
    assert caller
    screen = await _screen(service, caller)
    await _fill(service, caller, screen, many)
    return screen, token


async def _screen(service: Service, caller: Caller) -> str:
    screens = Screens(service.store.database)
    kit = (await service.kits())[0].name
    texts = Texts(company="Acme", contact="people@example.org")
    screen = await screens.make(
        caller, NewScreen(title="Bench", kit=kit, minutes=20.0, texts=texts)
    )
    await screens.open(caller, screen)
    return screen


async def _fill(service: Service, caller: Caller, screen: str, many: int) -> None:
    """Nine in ten have been interviewed: copies of one that was held, its results varied."""
    workspace = caller.workspace or ""
    model = await _held(service, workspace, screen)
    now = time.time()
    async with service.store.database.write() as connection:
        own = sa.select(interviews).where(interviews.c.id == model)
        row = dict((await connection.execute(own)).mappings().one())
        log = sa.select(events).where(events.c.interview_id == model)
        lines = [dict(each) for each in (await connection.execute(log)).mappings()]
        made = sa.select(results).where(results.c.interview_id == model)
        result = dict((await connection.execute(made)).mappings().one())
        await connection.execute(sa.delete(interviews).where(interviews.c.id == model))
        held = range(many * 9 // 10)
        for table, rows in (
            (invites, (_invite(n, workspace, screen, now) for n in range(many))),
            (interviews, (_interview(n, row, now) for n in held)),
            (events, ({**each, "interview_id": f"h{n}"} for n in held[:50] for each in lines)),
            (results, (_result(n, result) for n in held if _is_over(n))),
            (decisions, (_decision(n, workspace, now) for n in held[::4])),
            (seen, ({"interview_id": f"h{n}", "reader": caller.id, "at": now} for n in held[::2])),
            (devices_table, (_device(n, now) for n in range(many))),
        ):
            await _insert(connection, table, rows)


async def _analyze(database: Database) -> None:
    """As Postgres does by itself a minute after so much was written."""
    async with database.write() as connection:
        await connection.execute(sa.text("analyze"))


async def _insert(connection: Any, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    rest = list(rows)
    for at in range(0, len(rest), 500):
        await connection.execute(sa.insert(table), rest[at : at + 500])


async def _held(service: Service, workspace: str, screen: str) -> str:
    """One real interview of the screen, to its end, with its result."""
    found = await Screens(service.store.database).get(workspace, screen)
    wish = Wish(
        kit=found.kit, mode="screen", minutes=20.0, workspace=workspace, screen=screen,
        invite="model", attempt=1,
    )  # fmt: skip
    id_ = await service.start(wish)
    for number in range(80):
        while (look := await service.store.look(id_)).pending:
            await service.turns.run(look.pending)
        if look.interview.status == "ended":
            break
        await service.send(
            id_, turn_id=f"turn-{number:04}", question=None, kind="answer", text=ANSWER
        )
    await service.results.catch_up(screen)
    return id_


def _invite(n: int, workspace: str, screen: str, now: float) -> dict[str, Any]:
    return {
        "id": f"i{n}",
        "workspace_id": workspace,
        "screen_id": screen,
        "hash": hashed(f"invite {n}"),
        "name": f"Candidate {n} of many",
        "email": f"candidate{n}@example.org",
        "reference": f"R-{n:05}",
        "extra_time": 1.0 + n % 3 / 4,
        "asked": [],
        "until": now + 1e6,
        "created": now - n,
        "opened": now - n / 2,
    }


def _interview(n: int, row: dict[str, Any], now: float) -> dict[str, Any]:
    status = "ended" if _is_over(n) else "running"
    when: dict[str, float | None] = {"created": now - 9_000 - n, "updated": now - 5_000 - n}
    when["ended"] = when["updated"] if status == "ended" else None
    return {**row, "id": f"h{n}", "invite_id": f"i{n}", "status": status, **when}


def _is_over(n: int) -> bool:
    return n % 20 != 0


def _result(n: int, result: dict[str, Any]) -> dict[str, Any]:
    level = n % 300 / 100
    chance = n % 100 / 100
    known = {"probability": chance, "level": level, "low": level - 0.9, "high": level + 0.8}
    flags = {"red": n % 3, "green": n % 2, "critical": int(n % 40 == 0)}
    open_ = {"ungraded": n % 5 // 4, "needs_person": n % 7 // 6, "contests": n % 11 // 10}
    told = {
        "interview_id": f"h{n}",
        "verdict": VERDICTS[(chance < 0.8) + (chance <= 0.2)],
        "ended": "complete",
    }
    return {**result, **told, **known, **flags, **open_}


def _decision(n: int, workspace: str, now: float) -> dict[str, Any]:
    told = {"outcome": ("advance", "hold", "decline")[n % 3], "reason": "As it stands", "by": "A"}
    return {"id": f"d{n}", "workspace_id": workspace, "interview_id": f"h{n}", **told, "at": now}


def _device(n: int, now: float) -> dict[str, Any]:
    return {"hash": hashed(f"device {n}"), "invite_id": f"i{n}", "agent": "bench", "created": now}


async def ask(app: Any, path: str, token: str) -> Cost:
    """One request, as the server would hand it to the application."""
    path, _, query = path.partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"cookie", f"{SESSION}={token}".encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    began, worked = time.perf_counter(), time.process_time()
    first, size, status = 0.0, 0, 0

    sent = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        if (message := next(sent, None)) is None:
            await asyncio.Event().wait()  # nobody goes away
        return message or {}

    async def send(message: dict[str, Any]) -> None:
        nonlocal first, size, status
        status = message.get("status", status)
        if message.get("body"):
            first = first or time.perf_counter() - began
            size += len(message["body"])

    await app(scope, receive, send)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    work = time.process_time() - worked
    return Cost(first, time.perf_counter() - began, work, size)


async def bare(database: Database, screen: str) -> float:
    """Reading the invites and results of the screen, and nothing else: the best of several."""
    joined = invites.outerjoin(interviews, interviews.c.invite_id == invites.c.id).outerjoin(
        results, results.c.interview_id == interviews.c.id
    )
    columns = [invites.c.name, invites.c.email, interviews.c.id, results.c.verdict]
    query = sa.select(*columns).select_from(joined).where(invites.c.screen_id == screen)
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        async with database.read() as connection:
            assert len((await connection.execute(query)).all()) >= 1
        took.append(time.perf_counter() - began)
    return min(took)


async def measure(name: str, settings: Settings, many: int) -> None:
    """Print a line for each request, and for the exports."""
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        service: Service = app.state.service
        screen, token = await furnish(service, many)
        await _analyze(service.store.database)
        least = await bare(service.store.database, screen)
        print(f"\n{name}: {many:,} candidates; reading them bare {1000 * least:.0f} ms")
        print("| asked for | first byte | all of it, median | best | own work | beside bare | kB |")
        print("|---|---|---|---|---|---|---|")
        path = f"/screens/{screen}/candidates"
        for what, query in REQUESTS.items():
            await _line(app, what, path + query, token, least)
        for form in ("csv", "json"):
            await _line(app, f"export as {form}", f"{path}.{form}", token, least)


async def _line(app: Any, what: str, path: str, token: str, least: float) -> None:
    costs = [await ask(app, path, token) for _ in range(TIMES)]
    first = statistics.median(cost.first for cost in costs)
    last = statistics.median(cost.last for cost in costs)
    best = min(cost.last for cost in costs)
    work = statistics.median(cost.work for cost in costs)
    size = costs[0].size / 1000
    print(
        f"| {what} | {1000 * first:.0f} ms | {1000 * last:.0f} ms | {1000 * best:.0f} ms"
        f" | {1000 * work:.0f} ms | {last / least:.1f} | {size:,.0f} |"
    )


async def main(many: int = MANY) -> None:
    """SQLite, then Postgres where there is one."""
    with tempfile.TemporaryDirectory() as folder:
        common: dict[str, Any] = {"secret": "a-secret-for-the-bench", "embedder": "light"}
        home = Path(folder)
        await measure("SQLite", Settings(home=home, **common), many)
        with postgres() as pattern:
            url = await new_database(pattern)
            await measure("Postgres", Settings(home=home, database_url=url, **common), many)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
