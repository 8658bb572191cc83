"""Commands about people who sign in: account add, list, password, disable, enable, workspace."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from api.opened import opened_database
from knowledge.errors import BadInput, NotFound

if TYPE_CHECKING:
    from api.identity.accounts import TeamRole, User, Workspace
    from knowledge.database import Database

Email = Annotated[str, typer.Argument(help="The address that they sign in with.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    accounts = typer.Typer(help="People who sign in to a served Viva.", no_args_is_help=True)
    accounts.command("add")(add)
    accounts.command("list")(list_accounts)
    accounts.command("password")(password)
    accounts.command("disable")(disable)
    accounts.command("enable")(enable)
    accounts.command("workspace")(workspace)
    app.add_typer(accounts, name="account")


def add(
    email: Email,
    role: Annotated[str, typer.Option(help="admin, recruiter or evaluator.")],
    name: Annotated[str, typer.Option(help="As colleagues know them; else the address.")] = "",
    in_: Annotated[
        str | None,
        typer.Option("--workspace", help="Its name or id; else the one of this machine."),
    ] = None,
    password_stdin: FromStdin = False,
) -> None:
    """Add somebody; asks for their password, which they can change on the page /password."""
    checked, given = _role(role), _password(password_stdin)
    place = asyncio.run(_add(email, name, checked, in_, given))
    print(f"{email} can sign in as {role} of {place.name}.")


def list_accounts(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the people there are, by workspace."""
    people, places = asyncio.run(_list())
    names = {each.id: each.name for each in places}
    if as_json:
        lines = [vars(each) | {"workspace": names[each.workspace_id]} for each in people]
        print(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    if not people:
        print("No accounts yet. Make one with `viva account add EMAIL --role admin`.")
    for each in sorted(people, key=lambda user: (names[user.workspace_id], user.email)):
        parts = (each.email, each.role, names[each.workspace_id], _state(each), each.name)
        print("  ".join(parts))


def password(email: Email, password_stdin: FromStdin = False) -> None:
    """Set somebody's password; they are signed out everywhere."""
    asyncio.run(_set_password(email, _password(password_stdin)))
    print(f"{email} signs in with the new password from now on.")


def disable(email: Email) -> None:
    """Keep somebody from signing in, and sign them out at once. What they did stays."""
    asyncio.run(_disable(email, disabled=True))
    print(f"{email} cannot sign in any more.")


def enable(email: Email) -> None:
    """Let somebody sign in again."""
    asyncio.run(_disable(email, disabled=False))
    print(f"{email} can sign in again.")


def workspace(
    name: Annotated[str | None, typer.Argument(help="Of a new one; left out, list them.")] = None,
) -> None:
    """Make a workspace, which sees nothing of the others; or list those there are."""
    for each in asyncio.run(_workspaces(name)):
        print(f"{each.id}  {each.name}")


async def _add(
    email: str, name: str, role: "TeamRole", place: str | None, password: str
) -> "Workspace":
    from api.identity.accounts import Accounts

    async with opened_database() as database:
        accounts = Accounts(database)
        found = _named(await accounts.workspaces(), place)
        await accounts.add(email, name=name, role=role, workspace=found.id, password=password)
    return found


async def _list() -> "tuple[list[User], list[Workspace]]":
    from api.identity.accounts import Accounts

    async with opened_database() as database:
        accounts = Accounts(database)
        return await accounts.of(), await accounts.workspaces()


async def _set_password(email: str, password: str) -> None:
    from api.identity.accounts import Accounts

    async with opened_database() as database:
        user = await _user(database, email)
        await Accounts(database).set_password(user.id, password)


async def _disable(email: str, *, disabled: bool) -> None:
    from api.identity.accounts import Accounts

    async with opened_database() as database:
        user = await _user(database, email)
        await Accounts(database).change(user.workspace_id, user.id, disabled=disabled)


async def _workspaces(name: str | None) -> "list[Workspace]":
    from api.identity.accounts import Accounts

    async with opened_database() as database:
        accounts = Accounts(database)
        made = None if name is None else await accounts.add_workspace(name)
        found = await accounts.workspaces()
    return [each for each in found if made in (None, each.id)]


async def _user(database: "Database", email: str) -> "User":
    from api.identity.accounts import Accounts

    found = await Accounts(database).find(email)
    if found is None:
        raise NotFound(f"There is no account for {email}.", "List them: viva account list.")
    return found


def _named(places: "Sequence[Workspace]", wanted: str | None) -> "Workspace":
    from api.hiring.tables import LOCAL

    wanted = wanted or LOCAL
    found = [each for each in places if wanted in (each.id, each.name)]
    if not found:
        raise NotFound(
            f"There is no workspace {wanted!r}.", "Make it: viva account workspace NAME."
        )
    if len(found) > 1:
        ids = ", ".join(each.id for each in found)
        raise BadInput(f"{len(found)} workspaces have that name.", f"Give an id: {ids}.")
    return found[0]


def _role(text: str) -> "TeamRole":
    from api.identity.accounts import TEAM_ROLES

    for role in TEAM_ROLES:
        if role == text:
            return role
    raise BadInput(f"{text!r} is no role.", f"Choose {', '.join(TEAM_ROLES)}.")


def _password(from_stdin: bool) -> str:
    from api.identity.passwords import check_password

    if from_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        text = typer.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    else:
        raise BadInput(
            "There is no terminal to ask for the password.",
            "Give it on standard input: --password-stdin.",
        )
    check_password(text)
    return text


def _state(user: "User") -> str:
    if user.disabled is not None:
        return f"disabled {datetime.fromtimestamp(user.disabled, UTC):%Y-%m-%d}"
    return "can sign in" if user.has_password else "no password yet"
