"""Webhooks: what is told, how it is signed, when it is tried again, and where nothing may go."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from room import Room, furnished
from scored import BAD, scored

from api.hiring import webhooks
from api.hiring.deliveries import REST, Deliveries
from api.hiring.erasing import Erasing
from api.hiring.judging import Judging
from api.hiring.tables import deliveries, workspaces
from api.settings import Settings
from api.tables import interviews
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput

HOSTS = "hooks.example.org, localhost:9000 [::1]:9000"


class Receiver:
    """A system of somebody's, on this machine: it keeps what it was sent, and answers as told."""

    def __init__(self) -> None:
        self.port = 0
        self.answers: list[str] = []
        self.heard: list[tuple[str, dict[str, str], str]] = []
        self.came = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/viva"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.heard]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(": ") for line in head[1:] if line)
        headers = {name.casefold(): value for name, _, value in pairs}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        answer = self.answers.pop(0) if self.answers else "204 No Content"
        writer.write(f"HTTP/1.1 {answer}\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        async with self.came:
            self.heard.append((head[0], headers, body))
            self.came.notify_all()

    async def until(self, many: int) -> None:
        """Wait until so many messages have come."""
        async with asyncio.timeout(30), self.came:
            await self.came.wait_for(lambda: len(self.heard) >= many)


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver


def settings(home: Path, **more: Any) -> Settings:
    return Settings(home=home, **{"webhook_hosts": HOSTS, **more})


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/viva?of=us",
        "https://HOOKS.example.org:443/",
        "http://localhost:9000/x",
        "http://[::1]:9000/x",
    ],
)
def test_an_allowed_host_can_be_told(url: str, tmp_path: Path) -> None:
    webhooks.check_url(settings(tmp_path), url)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://hooks.example.org:8443/",
        "https://hooks.example.org.evil.test/",
        "https://evil.test/?hooks.example.org",
        "https://hooks.example.org@evil.test/",
        "https://evil.test#@hooks.example.org/",
        "https://hooks.example.org\\@evil.test/",
        "https://169.254.169.254/latest/meta-data",
        "http://localhost:9001/",
        "http://127.0.0.1:9000/",
        "http://2130706433:9000/",
        "https://localhost/",
        "file:///etc/passwd",
        "gopher://hooks.example.org/",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:99999999/",
        "https://[hooks.example.org/",
        "//hooks.example.org/",
        "https://hooks.example.org/\r\nX: y",
        "https://hooks.example.org/" + "x" * 600,
        "",
    ],
)
def test_nothing_goes_anywhere_else(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        webhooks.check_url(settings(tmp_path), url)


def test_a_public_server_tells_nobody_without_tls_and_by_default_nobody_at_all(
    tmp_path: Path,
) -> None:
    public = settings(tmp_path, origin="https://viva.example.org", secret="x" * 20)
    with pytest.raises(BadInput, match="over HTTPS"):
        webhooks.check_url(public, "http://localhost:9000/x")
    with pytest.raises(BadInput, match="off on this server"):
        webhooks.check_url(settings(tmp_path, webhook_hosts=""), "https://hooks.example.org/")


def test_hosts_are_hosts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="VIVA_WEBHOOK_HOSTS"):
        settings(tmp_path, webhook_hosts="https://hooks.example.org/")


async def test_from_the_end_of_an_interview_to_erasure_all_is_told_signed(tmp_path: Path) -> None:
    async with receiving() as receiver, _room(tmp_path, receiver) as room:
        secret = await webhooks.save(
            room.database, room.callers["admin"], receiver.url, room.service.settings
        )
        assert secret
        made = await scored(room, BAD, blind_share=0.0)
        judging, caller = Judging(room.database), room.callers["recruiter"]
        await judging.read(caller, made.id)
        await judging.decide(caller, made.id, "hold", "Cleo said something private", "Rita")
        await receiver.until(2)
        invite = receiver.told[0]["invite"]
        await Erasing(room.database).invite(room.callers["admin"], invite)
        await receiver.until(3)
        told = {each["event"]: each for each in receiver.told}
        assert set(told) == {"interview.ended", "decision.made", "candidate.erased"}
        assert told["interview.ended"]["interview"] == made.id
        assert told["interview.ended"]["screen"] == made.screen
        assert told["decision.made"]["outcome"] == "hold"
        for request, headers, body in receiver.heard:
            assert request == "POST /viva HTTP/1.1"
            assert "Cleo" not in body
            assert "private" not in body
            assert headers["viva-delivery"] == json.loads(body)["id"]
            _check_signature(headers["viva-signature"], secret, body)


def _check_signature(header: str, secret: str, body: str) -> None:
    """As docs/screens.md tells receivers to."""
    at, _, given = header.removeprefix("t=").partition(",v1=")
    wanted = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    assert hmac.compare_digest(given, wanted)


@asynccontextmanager
async def _room(home: Path, receiver: Receiver) -> AsyncIterator[Room]:
    async with furnished(home / "viva", webhook_hosts=f"127.0.0.1:{receiver.port}") as room:
        yield room


async def test_what_fails_is_tried_again_and_at_last_given_up(
    sql: Database, tmp_path: Path
) -> None:
    async with receiving() as receiver:
        own = settings(tmp_path, webhook_hosts=f"127.0.0.1:{receiver.port}")
        outbox, other = Deliveries(sql, own), Deliveries(sql, own)
        await _set(sql, receiver.url)
        await _due(sql, "one")
        moved = "302 Found\r\nLocation: http://127.0.0.1:1/"
        receiver.answers = ["500 Oops", moved, *["503 Later"] * len(REST)]
        assert await outbox.send_due() == 1
        assert await outbox.send_due() == 0  # it rests
        row = await _row(sql, "one")
        assert (row.attempts, row.error, row.delivered) == (1, "It answered 500.", None)
        assert row.next > row.now
        await _hurry(sql)
        assert sum(await asyncio.gather(outbox.send_due(), other.send_due())) == 1
        assert (await _row(sql, "one")).error == "It answered 302."
        for _ in range(len(REST) - 1):
            await _hurry(sql)
            assert await outbox.send_due() == 1
        row = await _row(sql, "one")
        assert (row.next, row.attempts, row.error) == (None, len(REST) + 1, "It answered 503.")
        receiver.answers = []
        await _due(sql, "two")
        assert await outbox.send_due() == 1
        row = await _row(sql, "two")
        assert row.delivered
        assert (row.next, row.error) == (None, None)
        assert [each["id"] for each in receiver.told].count("two") == 1


async def test_many_are_each_sent_once_by_two_processes(
    sql: Database, other: Database, tmp_path: Path
) -> None:
    async with receiving() as receiver:
        own = settings(tmp_path, webhook_hosts=f"127.0.0.1:{receiver.port}")
        await _set(sql, receiver.url)
        for n in range(30):
            await _due(sql, f"d{n}")
        boxes = [Deliveries(sql, own), Deliveries(other, own)]
        while sum(await asyncio.gather(*(box.send_due() for box in boxes))):
            pass
        assert sorted(each["id"] for each in receiver.told) == sorted(f"d{n}" for n in range(30))


async def test_an_address_that_is_no_longer_allowed_is_not_told(
    sql: Database, tmp_path: Path
) -> None:
    async with receiving() as receiver:
        await _set(sql, receiver.url)
        await _due(sql, "one")
        assert await Deliveries(sql, settings(tmp_path)).send_due() == 1
        assert "Nothing may be sent" in (await _row(sql, "one")).error
        assert receiver.heard == []


async def test_nothing_is_written_where_nobody_listens(sql: Database) -> None:
    async with sql.write() as connection:
        await webhooks.tell(connection, "local", "interview.ended", interview="nobody")
    await _set(sql, "https://hooks.example.org/")
    async with sql.write() as connection:  # an interview of no screen
        await webhooks.tell(connection, "local", "interview.ended", interview="nobody")
        assert await connection.scalar(sa.select(sa.func.count()).select_from(deliveries)) == 0
        assert await connection.scalar(sa.select(sa.func.count()).select_from(interviews)) == 0


async def _set(database: Database, url: str) -> None:
    hook = {"webhook": {"url": url, "secret": "viva_hook_x"}}
    async with database.write() as connection:
        await connection.execute(sa.update(workspaces).values(settings=hook))


async def _due(database: Database, id_: str) -> None:
    row = {"id": id_, "workspace_id": "local", "event": "test", "attempts": 0}
    async with database.write() as connection:
        body = json.dumps({"id": id_, "event": "test"})
        new = sa.insert(deliveries).values(**row, body=body, created=unix_now(), next=unix_now())
        await connection.execute(new)


async def _hurry(database: Database) -> None:
    async with database.write() as connection:
        waits = deliveries.c.next.is_not(None)
        await connection.execute(sa.update(deliveries).where(waits).values(next=unix_now()))


async def _row(database: Database, id_: str) -> Any:
    query = sa.select(deliveries, unix_now().label("now")).where(deliveries.c.id == id_)
    async with database.read() as connection:
        return (await connection.execute(query)).one()


async def test_an_admin_sets_it_sees_its_secret_once_and_tries_it(tmp_path: Path) -> None:
    async with receiving() as receiver, _room(tmp_path, receiver) as room:
        admin, path = room.clients["admin"], "/settings/webhook"
        assert (await room.clients["recruiter"].get(path)).status_code == 403
        refused = await admin.post(path, data={"url": "https://evil.test/<script>"})
        assert refused.status_code == 400
        assert "Nothing may be sent to evil.test" in refused.text
        assert "<script>" not in refused.text.partition("<body")[2]
        assert webhooks.SECRET in (await admin.post(path, data={"url": receiver.url})).text
        assert (await admin.post(f"{path}/test")).status_code == 303
        await receiver.until(1)
        assert receiver.told[0]["event"] == "test"
        shown = (await admin.get(path)).text
        assert receiver.told[0]["id"] in shown
        assert webhooks.SECRET not in shown
        assert (await admin.post(path, data={"url": ""})).status_code == 303
        assert await webhooks.read(room.database, room.ours) is None
        assert (await admin.post(f"{path}/test")).status_code == 400
