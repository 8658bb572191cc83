"""Commands about kits: ingest, kit, search."""

import asyncio
import errno
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api import kit_check_commands, proposal_commands
from api.opened import opened_database
from knowledge.errors import BadInput, StorageFailed

if TYPE_CHECKING:
    from agent.model import Endpoint
    from agent.proposing import Proposed
    from api.settings import Settings
    from knowledge.atoms import Kind, Kit, Level
    from knowledge.database import Database
    from knowledge.index import Hit
    from knowledge.ingest import Outcome
    from knowledge.library import KitSummary
    from knowledge.vectors import Progress

Named = Annotated[str, typer.Argument(metavar="NAME", help="The kit's name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Workspace = Annotated[
    str, typer.Option(help="The workspace (its id) whose kit it is; see `viva account workspace`.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    kits = typer.Typer(help="List, show, export and load kits.", no_args_is_help=True)
    kits.command("list")(list_kits)
    kits.command("show")(show)
    kits.command("export")(export)
    kits.command("load")(load)
    kits.command("topics")(topics)
    kit_check_commands.register(kits)
    proposal_commands.register(kits)
    app.command("ingest")(ingest)
    app.add_typer(kits, name="kit")
    app.command("search")(search)


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    name: Annotated[str, typer.Option(help="The kit's name.")],
    company: Annotated[
        str | None, typer.Option(help="The company they speak of, where they do not say.")
    ] = None,
    with_model: Annotated[
        bool,
        typer.Option("--with-model", help="Have the language model look at what was not placed."),
    ] = False,
    as_json: AsJson = False,
    workspace: Workspace = "local",
) -> None:
    """Make a kit of documents: text, HTML, PDF, Word, PowerPoint, spreadsheets, JSON, ZIP."""
    from api import kit_text, proposal_text

    outcome, proposed = asyncio.run(_ingest(paths, name, company, workspace, with_model))
    if as_json:
        further = {"proposed": proposed.model_dump(mode="json")} if proposed else {}
        _print_json(outcome.model_dump(mode="json") | further)
        return
    kit_text.print_outcome(outcome)
    if proposed:
        print()
        proposal_text.print_proposed(name, proposed)


def list_kits(as_json: AsJson = False) -> None:
    """List the kits there are."""
    from api import kit_text

    summaries = asyncio.run(_list())
    if as_json:
        _print_json([summary.model_dump(mode="json") for summary in summaries])
    else:
        kit_text.print_list(summaries)


def show(name: Named, as_json: AsJson = False) -> None:
    """Show all that a kit holds."""
    from api import kit_text

    kit = asyncio.run(_get(name))
    if as_json:
        content = kit.model_dump(mode="json")
        first = {"name": kit.name, "version": kit.version, "title": kit.title}
        _print_json(first | {"atoms": content["atoms"], "joins": content["joins"]})
    else:
        kit_text.print_kit(kit)


def topics(
    name: Named,
    find: Annotated[str, typer.Option(help="Only those whose name holds this.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what a kit asks about: its topics, and how many questions each has at which level."""
    from agent.contents import contents
    from api import kit_text

    found = contents(asyncio.run(_get(name)), find)
    if as_json:
        _print_json([topic.model_dump(mode="json") for topic in found])
    else:
        kit_text.print_contents(found)


def export(
    name: Named, file: Annotated[Path, typer.Argument(help="The YAML file to write.")]
) -> None:
    """Write a kit to a YAML file, to be read, edited and loaded."""
    from knowledge.kit_yaml import dump_kit

    kit = asyncio.run(_get(name))
    _write(file, dump_kit(kit))
    print(f"Wrote {kit.name} {kit.version} to {file}.")


def load(
    file: Annotated[Path, typer.Argument(help="A YAML file; see docs/kit-format.md.")],
    name: Annotated[str | None, typer.Option(help="Another name for the kit.")] = None,
) -> None:
    """Keep a kit from a YAML file; it becomes the current one of its name."""
    kit = asyncio.run(_load(file, name))
    print(f"Kit {kit.name} is now at version {kit.version}: {len(kit.atoms)} atoms.")


def search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    kit: Annotated[str, typer.Option(help="The kit's name.")],
    kind: Annotated[str | None, typer.Option(help="Only atoms of this kind.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only of topics whose name holds this.")] = None,
    level: Annotated[str | None, typer.Option(help="Only of this level.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find what a kit says about something."""
    from api import kit_text

    if not text.strip():
        raise BadInput(
            "There is nothing to search for.", 'Give some words: viva search "late events".'
        )
    hits = asyncio.run(_search(text, kit, _kind(kind), topic, _level(level)))
    if as_json:
        _print_json([{"score": h.score, "atom": h.atom.model_dump(mode="json")} for h in hits])
    else:
        kit_text.print_hits(hits)


async def _ingest(
    paths: list[Path], name: str, company: str | None, workspace: str, with_model: bool
) -> "tuple[Outcome, Proposed | None]":
    from api.hiring.workspace_settings import read_settings
    from api.progress import shown_progress
    from api.settings import Settings
    from knowledge.embedder import open_embedder
    from knowledge.ingest import ingest

    settings = Settings()
    endpoint = _endpoint(settings) if with_model else None
    embedder = open_embedder(settings.embedder)
    async with opened_database() as database:
        await read_settings(database, workspace)  # whether there is such a workspace
        with shown_progress() as progress:
            outcome = await ingest(
                paths,
                name,
                company=company,
                shelf=workspace,
                database=database,
                embedder=embedder,
                progress=progress,
            )
            if endpoint is None:
                return outcome, None
            return await _read_again(database, endpoint, outcome, paths, workspace, progress)


def _endpoint(settings: "Settings") -> "Endpoint":
    from agent.model import Breaker

    return Breaker(settings)


async def _read_again(
    database: "Database",
    endpoint: "Endpoint",
    outcome: "Outcome",
    paths: list[Path],
    workspace: str,
    progress: "Progress | None",
) -> "tuple[Outcome, Proposed]":
    from api.proposing import read_again

    try:
        version, proposed = await read_again(
            database, endpoint, outcome.kit, paths, shelf=workspace, progress=progress
        )
    finally:
        await endpoint.close()
    return outcome.model_copy(update={"version": version}), proposed


async def _search(
    text: str, name: str, kinds: "tuple[Kind, ...]", topic: str | None, level: "Level | None"
) -> "list[Hit]":
    from api.progress import shown_progress
    from api.settings import Settings
    from knowledge.embedder import open_embedder
    from knowledge.index import open_index
    from knowledge.library import Library
    from knowledge.search import search

    settings = Settings()
    embedder, server = open_embedder(settings.embedder), settings.chroma_url
    async with opened_database() as database:
        kit = await Library(database).get(name)
        with shown_progress() as progress:
            index = await open_index(database, embedder, kit, progress, server=server)
            return await search(index, embedder, text, kinds=kinds, topic=topic, level=level)


async def _list() -> "list[KitSummary]":
    from knowledge.library import Library

    async with opened_database() as database:
        return await Library(database).list()


async def _get(name: str) -> "Kit":
    from knowledge.library import Library

    async with opened_database() as database:
        return await Library(database).get(name)


async def _load(file: Path, name: str | None) -> "Kit":
    from knowledge.library import Library

    async with opened_database() as database:
        kit = await kit_check_commands.open_file(Library(database), file)
        if name is not None:
            kit = kit.changed(name=name)
        await Library(database).save(kit)
    return kit


def _kind(name: str | None) -> "tuple[Kind, ...]":
    from knowledge.atoms import KINDS
    from knowledge.places import suggestion

    found = tuple(kind for kind in KINDS if kind == name)
    if name is not None and not found:
        raise BadInput(f"`{name}` is no kind of atom.", suggestion(name, KINDS))
    return found


def _level(name: str | None) -> "Level | None":
    from knowledge.atoms import LEVELS
    from knowledge.places import suggestion

    found = next((level for level in LEVELS if level == name), None)
    if name is not None and not found:
        raise BadInput(f"`{name}` is no level.", suggestion(name, LEVELS))
    return found


def _write(file: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(file)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        problem = f"{file} cannot be written: {error.strerror}."
        if error.errno == errno.ENOSPC:
            raise StorageFailed(problem, "Free some disk space and try again.") from error
        raise BadInput(problem, "Name a file in a folder you can write to.") from error


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
