"""The audit log is only added to, and shows what was changed from outside."""

import json

import pytest
import sqlalchemy as sa
from room import Room

from api.hiring import audit
from api.hiring.tables import audit as table
from api.identity.caller import Caller
from knowledge.database import Database
from knowledge.errors import StorageFailed

ADA = Caller(roles=frozenset({"admin"}), workspace="ours", id="user:ada")
THEIRS = Caller(roles=frozenset({"admin"}), workspace="theirs", id="user:bob")


async def _write(database: Database, many: int = 3) -> None:
    for number in range(many):
        async with database.write() as connection:
            await audit.record(connection, ADA, "made", f"screen:{number}", kit="v1", size=1.5)
            await audit.record(connection, THEIRS, "opened", f"screen:{number}", names=["é", "x"])


@pytest.mark.parametrize("change", ["update", "delete"])
async def test_the_database_itself_refuses_to_change_a_line(sql: Database, change: str) -> None:
    await _write(sql, 1)
    statement = sa.delete(table) if change == "delete" else sa.update(table).values(actor="nobody")
    with pytest.raises((StorageFailed, sa.exc.IntegrityError), match="only added to"):
        async with sql.write() as connection:
            await connection.execute(statement)
    assert len(await audit.lines(sql, "ours")) == 1


async def test_a_line_changed_or_taken_out_from_outside_is_found(sql: Database) -> None:
    await _write(sql)
    assert await audit.first_broken(sql) is None
    last, head = await audit.newest(sql)
    assert (last, len(head)) == (6, 64)
    async with sql.write() as connection:
        for name in ("audit_update", "audit_delete"):
            drop = f"drop trigger {name}"
            if connection.dialect.name == "postgresql":
                drop = "drop trigger if exists audit_stands on audit"
            await connection.exec_driver_sql(drop)
        await connection.execute(sa.delete(table).where(table.c.seq == 3))
    assert await audit.first_broken(sql) == 4
    async with sql.write() as connection:
        await connection.execute(
            sa.update(table).where(table.c.seq == 2).values(detail={"names": []})
        )
    assert await audit.first_broken(sql) == 2


async def test_lines_are_filtered_and_paged_within_the_workspace(sql: Database) -> None:
    await _write(sql)
    newest = await audit.lines(sql, "ours", most=2)
    assert [line.seq for line in newest] == [5, 3]
    assert [line.seq for line in await audit.lines(sql, "ours", before=3)] == [1]
    assert [line.seq for line in await audit.lines(sql, "ours", object_="1")] == [3]
    assert [line.seq for line in await audit.lines(sql, "ours", object_="screen:1")] == [3]
    assert await audit.lines(sql, "ours", action="opened") == []
    assert await audit.names(sql, "theirs") == (["user:bob"], ["opened"])


async def test_records_are_an_admins_and_settings_leave_lines(room: Room) -> None:
    admin = room.clients["admin"]
    for role, status in (("recruiter", 403), ("nobody", 303), ("admin", 200)):
        answer = await room.clients[role].get("/records", headers={"accept": "text/html"})
        assert answer.status_code == status, role
    for path, sent in (
        ("/settings", {"name": "Ours & co", "company": "Acme", "contact": "a@example.org"}),
        ("/settings/retention", {"days": "183"}),
        ("/settings/hold", {"on": "yes"}),
        ("/settings/caps", {"interview.turns": "90", "day.cost": "2.5"}),
    ):
        assert (await admin.post(path, data=sent)).status_code == 303, path
    page = (await admin.get("/settings")).text
    assert 'value="Ours &amp; co"' in page
    assert 'value="183"' in page
    assert 'value="90"' in page
    for wrong in ("0", "-3", "4000", "ten", "1e3", "٣"):
        refused = await admin.post("/settings/retention", data={"days": wrong})
        assert refused.status_code == 422, wrong
    told = json.loads((await admin.get("/records.json?action=set")).text)
    assert [line["detail"] for line in told] == [
        {"changed": ["retention_days"], "retention_days": 183},
        {"changed": ["name", "screen_defaults"]},
    ]
    assert "Ours & co" not in (await admin.get("/records.csv")).text
    checked = await admin.post("/records/check")
    assert "stand as they were written" in checked.text
    theirs = json.loads((await room.clients["other"].get("/records.json")).text)
    assert theirs
    assert "set" not in {line["action"] for line in theirs}
