"""`viva account`, and what `viva serve` wants before it lets others in."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from api.cli import main
from api.identity.sessions import Sessions
from api.settings import Settings, open_database
from api.web.guard import check_accounts
from knowledge.errors import BadInput

PASSWORD = "correct horse battery"
SECRET = "a-secret-of-these-tests"


class Result(NamedTuple):
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int


Viva = Callable[..., Result]


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Viva:
    """Runs a command in this process, with `typed` on its standard input."""

    def run(*arguments: str, typed: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["viva", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as done:
            main()
        captured = capsys.readouterr()
        return Result(captured.out, captured.err, int(done.value.code or 0))

    return run


def added(viva: Viva, email: str, role: str = "admin", *more: str) -> Result:
    given = (email, "--role", role, "--password-stdin", *more)
    return viva("account", "add", *given, typed=f"{PASSWORD}\n")


async def signs_in(email: str, password: str = PASSWORD) -> bool:
    database = await open_database(Settings())
    token = await Sessions(database).sign_in(email, password, "pytest")
    await database.close()
    return token is not None


def test_others_are_served_once_somebody_can_sign_in(
    viva: Viva, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_SECRET", SECRET)
    refused = viva("serve", "--host", "192.0.2.1")
    assert refused.status == 2
    assert refused.err == (
        "Nobody could sign in on 192.0.2.1: there is no account yet. "
        "Make the first one: viva account add EMAIL --role admin\n"
    )
    public = Settings(origin="https://viva.example.org")
    with pytest.raises(BadInput, match=r"on https://viva\.example\.org"):
        asyncio.run(check_accounts(public, "127.0.0.1"))
    here = asyncio.run(check_accounts(Settings(), "127.0.0.1"))  # this machine alone: a warning
    assert here == (
        "VIVA_SECRET is set and there is no account yet: nobody can sign in. "
        "Make the first one: viva account add EMAIL --role admin"
    )
    assert asyncio.run(check_accounts(Settings(secret=None), "127.0.0.1")) is None
    assert added(viva, "ann@example.org").status == 0
    asyncio.run(check_accounts(public, "0.0.0.0"))
    assert asyncio.run(check_accounts(Settings(), "127.0.0.1")) is None
    added(viva, "bea@example.org")
    viva("account", "disable", "ann@example.org")
    asyncio.run(check_accounts(public, "0.0.0.0"))


def test_an_account_from_its_making_to_its_end(viva: Viva) -> None:
    said = added(viva, "Ann@example.org")
    assert said.out == "Ann@example.org can sign in as admin of This machine.\n"
    assert asyncio.run(signs_in("ann@example.org"))
    added(viva, "bea@example.org", "recruiter", "--name", "Bea")
    assert viva("account", "disable", "bea@example.org").status == 0
    assert not asyncio.run(signs_in("bea@example.org"))
    lines = viva("account", "list").out.splitlines()
    assert lines[0] == "ann@example.org  admin  This machine  can sign in  ann@example.org"
    assert lines[1].startswith("bea@example.org  recruiter  This machine  disabled 2")
    viva("account", "enable", "BEA@example.org")
    new = viva("account", "password", "bea@example.org", "--password-stdin", typed=PASSWORD[::-1])
    assert new.status == 0
    assert asyncio.run(signs_in("bea@example.org", PASSWORD[::-1]))
    listed = json.loads(viva("account", "list", "--json").out)
    assert [each["name"] for each in listed] == ["ann@example.org", "Bea"], "by name"
    assert "argon2" not in str(listed)


def test_workspaces_are_named_or_given_by_id(viva: Viva) -> None:
    [first, second] = [viva("account", "workspace", "Team").out.split()[0] for _ in range(2)]
    unclear = added(viva, "ann@example.org", "admin", "--workspace", "Team")
    assert first in unclear.err
    assert second in unclear.err
    assert added(viva, "ann@example.org", "admin", "--workspace", second).status == 0
    none = added(viva, "bea@example.org", "admin", "--workspace", "Nobody's")
    assert "viva account workspace NAME" in none.err
    assert len(viva("account", "workspace").out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (["add", "ann@example.org", "--role", "admin"], "", "--password-stdin"),
        (["add", "ann", "--role", "admin", "--password-stdin"], PASSWORD, "no e-mail address"),
        (["add", "a@b.c", "--role", "owner", "--password-stdin"], PASSWORD, "'owner' is no role"),
        (["add", "a@b.c", "--role", "admin", "--password-stdin"], "short", "12 to 200"),
        (["add", "a@b.c", "--role", "admin", "--password-stdin"], "", "0 characters"),
        (["add", "a@b.c", "--role", "admin", "--password-stdin"], "a" * 20, "repeats"),
        (["password", "a@b.c", "--password-stdin"], PASSWORD, "no account for a@b.c"),
        (["disable", "a@b.c"], "", "no account for a@b.c"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    viva: Viva, arguments: list[str], typed: str, told: str
) -> None:
    result = viva("account", *arguments, typed=typed)
    assert result.status != 0
    assert told in result.err
    assert len(result.err.splitlines()) == 1
    assert PASSWORD not in result.out + result.err


def test_the_last_admin_stays(viva: Viva) -> None:
    added(viva, "ann@example.org")
    refused = viva("account", "disable", "ann@example.org")
    assert refused.status != 0
    assert "No admin who can sign in would be left" in refused.err
