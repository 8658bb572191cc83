"""Practice keys: made once, kept hashed, listed, revoked; and the interviews begun with them."""

import asyncio
import json
import subprocess
import sys

import pytest

from api.practice_keys import PREFIX, Key, Keys
from api.store import Store
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound
from tests.api.stored import KIT, answer, opened

VIVA = [sys.executable, "-c", "from api.cli import main; main()", "key"]


def viva(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*VIVA, *words], capture_output=True, text=True, check=False)


async def made(sql: Database, name: str | None = None) -> tuple[Keys, Key, str]:
    keys = Keys(sql)
    return keys, *(await keys.make(name))


async def test_a_key_is_found_by_its_secret_alone(sql: Database) -> None:
    keys, key, secret = await made(sql, "anna")
    assert await keys.find(secret) == key
    assert await keys.find(secret[:-1]) is None
    assert await keys.find(key.id) is None
    assert len(secret.removeprefix(PREFIX)) >= 32


async def test_a_revoked_key_is_found_no_more_and_still_listed(sql: Database) -> None:
    keys, key, secret = await made(sql)
    await keys.revoke(key.name)
    assert await keys.find(secret) is None
    assert [each.revoked is not None for each in await keys.all()] == [True]
    with pytest.raises(NotFound, match="no key"):
        await keys.revoke(key.id)


async def test_a_name_is_had_by_one_key_at_a_time(sql: Database) -> None:
    keys, key, _ = await made(sql, "anna")
    with pytest.raises(BadInput, match="There is a key named"):
        await keys.make("anna")
    await keys.revoke(key.id)
    assert (await keys.make("anna"))[0].name == "anna"


@pytest.mark.parametrize("name", [" ", "a\nb", "x" * 101, " anna"])
async def test_a_name_must_be_one(sql: Database, name: str) -> None:
    with pytest.raises(BadInput, match="no name"):
        await Keys(sql).make(name)


async def test_an_interview_belongs_to_the_key_that_began_it(sql: Database) -> None:
    keys, key, _ = await made(sql)
    other, _ = await keys.make()
    code = await Store(sql).create(KIT)
    assert await keys.keep(key, "start", code) == code
    assert await keys.holds(key, code)
    assert not await keys.holds(other, code)
    assert await keys.begun(key, "start") == code
    assert await keys.begun(other, "start") is None


async def test_once_it_is_answered_the_same_words_begin_another(sql: Database) -> None:
    keys, key, _ = await made(sql)
    first, _ = await opened(Store(sql))
    await keys.keep(key, "start", first)
    assert await keys.begun(key, "start") == first
    await answer(Store(sql), first, "second-turn")
    assert await keys.begun(key, "start") is None
    second = await Store(sql).create(KIT)
    assert await keys.keep(key, "start", second) == second
    assert await keys.begun(key, "start") == second


async def test_what_was_begun_long_ago_is_not_begun_again(
    sql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, key, _ = await made(sql)
    await keys.keep(key, "start", await Store(sql).create(KIT))
    monkeypatch.setattr("api.practice_keys.FRESH", -1.0)
    assert await keys.begun(key, "start") is None


async def test_of_two_begun_at_once_both_get_the_first(sql: Database, other: Database) -> None:
    keys, key, _ = await made(sql)
    codes = [await Store(sql).create(KIT) for _ in range(6)]
    doors = [Keys(each) for each in (sql, other)] * 3
    async with asyncio.timeout(30):
        kept = await asyncio.gather(
            *(door.keep(key, "start", code) for door, code in zip(doors, codes, strict=True))
        )
    assert set(kept) <= {code for code in codes if await keys.holds(key, code)}


def test_a_key_is_made_listed_and_revoked_on_the_command_line() -> None:
    shown = viva("practice", "--name", "anna")
    secret = shown.stdout.strip()
    assert secret.startswith(PREFIX)
    assert "cannot be shown again" in shown.stderr
    (listed,) = json.loads(viva("list", "--json").stdout)
    assert (listed["name"], listed["revoked"]) == ("anna", None)
    assert secret not in viva("list").stdout
    assert viva("revoke", "anna").stdout == f"Revoked key {listed['id']} (anna).\n"
    again = viva("revoke", "anna")
    assert (again.returncode, again.stdout) == (2, "")
    assert "viva key list" in again.stderr
