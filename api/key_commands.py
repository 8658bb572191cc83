"""Commands about keys to the practice door: key practice, key list, key revoke."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from api.opened import opened_database

if TYPE_CHECKING:
    from api.practice_keys import Key


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    keys = typer.Typer(help="Keys to practise from a chat client.", no_args_is_help=True)
    keys.command("practice")(practice)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="key")


def practice(
    name: Annotated[
        str | None, typer.Option(help="Whose it is; a name of its own by default.")
    ] = None,
) -> None:
    """Make a key for OpenAI-compatible chat clients. It is shown once and kept hashed."""
    key, secret = asyncio.run(_make(name))
    print(secret)
    print(
        f"This is key {key.id} ({key.name}); it cannot be shown again. In a chat client, set the "
        "base URL to http://127.0.0.1:8000/v1 (or where `viva serve` listens) and this as API key.",
        file=sys.stderr,
    )


def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the keys there are, without their secrets."""
    keys = asyncio.run(_list())
    if as_json:
        lines = [vars(k) | {"created": _day(k.created), "revoked": _day(k.revoked)} for k in keys]
        print(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    if not keys:
        print("No keys yet. Make one with `viva key practice`.")
    for key in keys:
        state = "in use" if key.revoked is None else f"revoked {_day(key.revoked)}"
        print(f"{key.id}  {_day(key.created)}  {key.name}  {state}")


def revoke(
    which: Annotated[str, typer.Argument(metavar="KEY", help="The key's id or name.")],
) -> None:
    """Revoke a key at once. Interviews begun with it stay."""
    for key in asyncio.run(_revoke(which)):
        print(f"Revoked key {key.id} ({key.name}).")


async def _make(name: str | None) -> "tuple[Key, str]":
    from api.practice_keys import Keys

    async with opened_database() as database:
        return await Keys(database).make(name)


async def _list() -> "list[Key]":
    from api.practice_keys import Keys

    async with opened_database() as database:
        return await Keys(database).all()


async def _revoke(which: str) -> "list[Key]":
    from api.practice_keys import Keys

    async with opened_database() as database:
        return await Keys(database).revoke(which)


def _day(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
