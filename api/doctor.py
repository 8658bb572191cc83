"""What `viva doctor` looks at: each check says how it is, and what to do where it is not well.

The quick checks come first. Nothing is changed, but that a first start makes the database.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from api.settings import FILE, Settings, database_url, open_database, strangers
from knowledge.database import Database, unix_now
from knowledge.embedder import open_embedder
from knowledge.errors import BadInput, NotFound, VivaError

State = Literal["ok", "warn", "fail"]
LEAST_FREE = 200 * 2**20
"""Bytes: a day of interviews, and room for SQLite's log beside its file."""
LOW_FREE = 2 * 2**30
MOST_SKEW = 5.0
RELEASED = 1_760_000_000.0
"""Unix seconds before which no clock of a machine that runs this can be right."""
ALIKE = ("The job can run twice and nothing changes.", "Running the job again has no effect.")
APART = "The cat sleeps on the sofa."


@dataclass(frozen=True)
class Check:
    """One line of the doctor's; `remedy` is empty where there is nothing to do."""

    name: str
    state: State
    words: str
    remedy: str = ""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return asdict(self)


_loaded = cache(open_embedder)

Finding = tuple[State, str, str]
Look = Callable[[Settings], Awaitable[Finding]]


async def examine(kit: str) -> AsyncIterator[Check]:
    """Check everything the settings lead to, one after another; `kit` is indexed as a trial."""
    began = time.monotonic()
    try:
        settings = Settings()
    except BadInput as wrong:
        yield Check("settings", "fail", wrong.message, wrong.remedy, _since(began))
        return
    looks: list[tuple[str, Look]] = [
        ("settings", _settings),
        ("secret", _secret),
        ("disk", _disk),
        ("clock", _clock),
        ("database", _database),
        ("accounts", _accounts),
        ("chroma", _chroma),
        ("embedder", _embedder),
        ("index", lambda settings: _index(settings, kit)),
        ("model", _model),
    ]
    for name, look in looks:
        yield await _checked(name, look, settings)


async def _checked(name: str, look: Look, settings: Settings) -> Check:
    began = time.monotonic()
    try:
        state, words, remedy = await look(settings)
    except VivaError as wrong:
        state, words, remedy = "fail", wrong.message, wrong.remedy
    return Check(name, state, words, remedy, _since(began))


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


async def _settings(settings: Settings) -> Finding:
    unknown = strangers()
    if unknown:
        return "warn", " ".join(unknown), "Mend or remove the names that are not settings."
    return "ok", f"from the environment{_file_read()}", ""


def _file_read() -> str:
    file = Path(FILE).absolute()
    return f" and {file}" if file.is_file() else ""


async def _secret(settings: Settings) -> Finding:
    if settings.secret is None:
        remedy = "Set VIVA_SECRET before serving other machines."
        if settings.origin:
            return "fail", f"VIVA_ORIGIN is {settings.origin}, and there is no VIVA_SECRET", remedy
        return "ok", "none is set: only this machine can be served", ""
    if settings.origin and settings.origin.startswith("http:"):
        words = f"{settings.origin} is not encrypted: the secret crosses the network in the clear"
        return "warn", words, "Have the proxy serve https, and set VIVA_ORIGIN to it."
    return "ok", "set", ""


async def _disk(settings: Settings) -> Finding:
    folder = settings.home.expanduser().absolute()
    if settings.database_url is None:
        database_url(settings)  # makes the folder, or says why it cannot be made
    while not folder.is_dir():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{free / 2**30:.1f} GiB are free at {folder}"
    if free >= LOW_FREE:
        return "ok", words, ""
    remedy = "Free some space; when the disk is full no answer can be accepted."
    return ("warn" if free >= LEAST_FREE else "fail"), words, remedy


async def _clock(settings: Settings) -> Finding:
    now = time.time()
    told = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now))
    if now < RELEASED:
        return "fail", f"it is {told}", "Set this machine's clock, and keep it set with NTP."
    return "ok", f"it is {told}", ""


async def _database(settings: Settings) -> Finding:
    from api.migrations import HEAD

    async with _opened(settings) as database:
        version, now = await _tables(database)
        if version is None:
            await (await open_database(settings)).close()
            version = HEAD
        kind = database.engine.dialect.name
        if version != HEAD:
            return await _other_tables(version, HEAD)
        await _write_nothing(database)
    skew = abs(now - time.time())
    if skew > MOST_SKEW:
        words = f"{kind}: its clock and this machine's are {skew:.0f} s apart"
        return "warn", words, "Set both by NTP; times in reports are of this machine's clock."
    return "ok", f"{kind}, tables {version}, can be written", ""


async def _accounts(settings: Settings) -> Finding:
    from api.identity.accounts import Accounts
    from api.web.guard import MAKE_ONE, NO_ACCOUNT

    if settings.secret is None:
        return "ok", "none is needed: only this machine is served", ""
    from api.migrations import HEAD

    async with _opened(settings) as database:
        if (await _tables(database))[0] != HEAD:
            return "ok", "not looked at: the tables are of another version", ""
        if await Accounts(database).any():
            return "ok", "somebody can sign in", ""
    return "warn", NO_ACCOUNT, MAKE_ONE


async def _other_tables(version: str, head: str) -> Finding:
    from api.migrate import is_known

    if is_known(version):
        words = f"tables {version}; the next start of viva brings them to {head}"
        return "warn", words, "Back the database up, then start viva."
    raise BadInput(
        f"A newer version of Viva wrote this database: tables {version}, we know {head}.",
        "Upgrade Viva, or point VIVA_HOME or VIVA_DATABASE_URL at another one.",
    )


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    """The database as it is, without a migration."""
    database = Database(database_url(settings))
    try:
        yield database
    finally:
        await database.close()


async def _tables(database: Database) -> tuple[str | None, float]:
    """The version of the tables, if there are any, and the time by the database's clock."""
    from api.migrate import tables_version

    async with database.read() as connection:
        now = float(await connection.scalar(sa.select(unix_now())) or 0.0)
        return await connection.run_sync(tables_version), now


async def _write_nothing(database: Database) -> None:
    from api.tables import leases

    row = {"name": f"doctor:{time.time()}", "owner": "", "attempt": 0, "until": 0.0}
    async with database.write() as connection:
        await connection.execute(sa.insert(leases).values(**row))
        await connection.rollback()


async def _chroma(settings: Settings) -> Finding:
    if settings.chroma_url is None:
        return "ok", "in memory in each process", ""
    from knowledge.chroma_server import check

    await asyncio.to_thread(check, settings.chroma_url)
    return "ok", f"the server at {settings.chroma_url} answers", ""


async def _embedder(settings: Settings) -> Finding:
    embedder = _loaded(settings.embedder)
    began = time.monotonic()
    one, other, apart = await asyncio.to_thread(embedder.embed, [*ALIKE, APART])
    words = f"{embedder.identity}, {embedder.dimension} numbers, loaded in {_since(began):.1f} s"
    if settings.embedder == "light":
        remedy = "Unset VIVA_EMBEDDER for interviews with people."
        return "warn", f"{words}; it knows words and no meaning", remedy
    length, near, far = float(one @ one), float(one @ other), float(one @ apart)
    if not (abs(length - 1) < 0.01 and near > far):
        told = f"{words}; two sentences that mean the same have {near:.2f}, two others {far:.2f}"
        return "fail", told, "Set VIVA_EMBEDDER to another model, or unset it for the one we ship."
    return "ok", words, ""


async def _index(settings: Settings, kit: str) -> Finding:
    from knowledge.index import open_index
    from knowledge.library import Library

    embedder = _loaded(settings.embedder)
    async with _opened(settings) as database:
        try:
            found = await Library(database).get(kit)
        except NotFound as missing:
            return "warn", missing.message, "Start viva once, or load a kit."
        index = await open_index(database, embedder, found, server=settings.chroma_url)
    first = found.atoms[0]
    hits = await asyncio.to_thread(index.query, index.vectors([first.id])[0], k=1)
    if not hits or hits[0].score < 0.99:
        return "fail", f"the kit {kit} does not find its own atoms", "Report this as a bug."
    return "ok", f"the kit {kit}, {len(found.atoms)} atoms", ""


async def _model(settings: Settings) -> Finding:
    if settings.model is None:
        return "ok", "none is set: the local examiner marks", ""
    from agent.model import Endpoint

    endpoint = Endpoint(settings)
    began = time.monotonic()
    try:
        form = await endpoint.probe()
    finally:
        await endpoint.close()
    words = f"{settings.model} at {endpoint.url} replies by {form}, probed in {_since(began):.1f} s"
    return "ok", words, ""
