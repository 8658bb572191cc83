"""Commands about kits as people edit them: kit check, diff, merge."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.opened import opened_database

if TYPE_CHECKING:
    from knowledge.atoms import Kit
    from knowledge.library import Library
    from knowledge.lint import Checked

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Which = Annotated[str, typer.Argument(help="A kit's name, NAME@VERSION, or a YAML file.")]


def register(kits: typer.Typer) -> None:
    """Add these commands to those of `viva kit`."""
    kits.command("check")(check)
    kits.command("diff")(diff)
    kits.command("merge")(merge)


def check(
    kit: Which,
    strict: Annotated[bool, typer.Option(help="Exit with 1 for warnings too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look a kit through: what is missing, doubled, given away or never reached.

    The exit status is 0 if there is nothing to mend, 1 for errors (with --strict for warnings
    too), 2 if there is no such kit.
    """
    from api import kit_check_text

    checked = asyncio.run(_checked(kit))
    if as_json:
        _print_json(checked.model_dump(mode="json"))
    else:
        kit_check_text.print_checked(checked)
    raise typer.Exit(checked.exit_status(strict=strict))


def diff(before: Which, after: Which, as_json: AsJson = False) -> None:
    """Tell what differs between two kits; the exit status is 1 if anything does."""
    from api import kit_check_text
    from knowledge.kit_diff import differences

    one, other = asyncio.run(_opened([before, after]))
    found = differences(one, other)
    if as_json:
        _print_json([each.model_dump(mode="json") for each in found])
    else:
        kit_check_text.print_differences(found)
    raise typer.Exit(int(bool(found)))


def merge(
    first: Which,
    second: Which,
    name: Annotated[str, typer.Option(help="The name of the kit that is made.")],
    only: Annotated[
        list[str] | None,
        typer.Option(help="Of the second only this competency or technology; may be repeated."),
    ] = None,
) -> None:
    """Make one kit of two, such as a role's and a company's; what both hold stands once."""
    asyncio.run(_merge(first, second, name, only or ()))


async def _merge(first: str, second: str, name: str, only: Sequence[str]) -> None:
    from knowledge.atoms import About
    from knowledge.errors import BadInput, NotFound
    from knowledge.library import Library
    from knowledge.merging import merge, part

    one, other = await _opened([first, second])
    if only:
        try:
            other = part(other, only).changed(title=None, about=About())
        except NotFound as error:
            raise BadInput(f"{error.message}.", error.remedy) from error
    made = merge(one, other, name)
    async with opened_database() as database:
        await Library(database).save(made)
    print(f"Kit {made.name} is now at version {made.version}: {len(made.atoms)} atoms.")


async def _checked(kit: str) -> "Checked":
    from api.settings import Settings
    from knowledge.embedder import open_embedder
    from knowledge.library import Library
    from knowledge.lint import check, texts_of
    from knowledge.vectors import vectors_for

    embedder = open_embedder(Settings().embedder)
    async with opened_database() as database:
        found = await open_kit(Library(database), kit)
        rows = await vectors_for(database, embedder, texts_of(found))
    return await asyncio.to_thread(check, found, embedder, rows)


async def _opened(names: Sequence[str]) -> "list[Kit]":
    """The kits of these names, NAME@VERSIONs and YAML files."""
    from knowledge.library import Library

    async with opened_database() as database:
        library = Library(database)
        return [await open_kit(library, name) for name in names]


async def open_kit(library: "Library", name: str) -> "Kit":
    """A kit by its name, NAME@VERSION, or its YAML file with what that merges.

    Raises:
        NotFound: there is none.
        BadInput: the file is no kit.
    """
    if name.lower().endswith((".yaml", ".yml")):
        return await open_file(library, Path(name))
    stem, at, version = name.rpartition("@")
    return await library.get(stem, version) if at and stem else await library.get(name)


async def open_file(library: "Library", file: Path) -> "Kit":
    """The kit in a YAML file; kits of the library come first among those that it merges.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no kit.
    """
    from knowledge.errors import NotFound
    from knowledge.kit_yaml import load_kit, merged_names, read_kit_text

    known = {}
    for merged in merged_names(read_kit_text(file), file.name):
        try:
            known[merged] = await library.get(merged)
        except NotFound:
            continue  # it may stand beside the file
    return load_kit(file, known)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
