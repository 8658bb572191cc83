"""Commands about what is proposed for a kit: complete, proposals, accept, reject."""

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.opened import opened_database
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from api.proposing import Completion
    from knowledge.atoms import Kit

Named = Annotated[str, typer.Argument(metavar="NAME", help="The kit's name.")]
Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID...", help="Ids, as `viva kit proposals` has them.")
]
All = Annotated[bool, typer.Option("--all", help="Everything that waits.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Workspace = Annotated[str, typer.Option(help="The workspace (its id) whose kit it is.")]


def register(kits: typer.Typer) -> None:
    """Add these commands to those about kits."""
    kits.command("complete")(complete)
    kits.command("proposals")(list_proposals)
    kits.command("accept")(accept)
    kits.command("reject")(reject)


def complete(
    name: Named,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="Have the language model draft what is missing.")
    ] = False,
    as_json: AsJson = False,
    workspace: Workspace = "local",
) -> None:
    """Propose what a kit lacks: links to its competencies, and drafts. Accepted before used."""
    from api import proposal_text

    done = asyncio.run(_complete(name, with_model, workspace))
    if as_json:
        print(done.model_dump_json(indent=2))
    else:
        proposal_text.print_completion(done)


def list_proposals(name: Named, as_json: AsJson = False, workspace: Workspace = "local") -> None:
    """List what is proposed for a kit and waits for you."""
    from api import proposal_text
    from knowledge.proposals import proposals

    found = proposals(asyncio.run(_get(name, workspace)))
    if as_json:
        told = [each.model_dump(mode="json", exclude_none=True) for each in found]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        proposal_text.print_proposals(name, found)


def accept(
    name: Named, ids: Ids = None, every: All = False, workspace: Workspace = "local"
) -> None:
    """Use what is proposed under these ids from now on."""
    _tell("accepted", *asyncio.run(_decide("accept", name, ids or [], every, workspace)))


def reject(
    name: Named, ids: Ids = None, every: All = False, workspace: Workspace = "local"
) -> None:
    """Keep what is proposed under these ids as not wanted; it is not proposed again."""
    _tell("rejected", *asyncio.run(_decide("reject", name, ids or [], every, workspace)))


def _tell(what: str, kit: "Kit", number: int) -> None:
    print(f"{number} {what}. Kit {kit.name} is now at version {kit.version}.")


async def _complete(name: str, with_model: bool, workspace: str) -> "Completion":
    from agent.model import Breaker
    from api.progress import shown_progress
    from api.proposing import complete
    from api.settings import Settings
    from knowledge.embedder import open_embedder

    settings = Settings()
    endpoint = Breaker(settings) if with_model else None
    try:
        async with opened_database() as database:
            with shown_progress() as progress:
                return await complete(
                    database,
                    open_embedder(settings.embedder),
                    name,
                    shelf=workspace,
                    endpoint=endpoint,
                    progress=progress,
                )
    finally:
        if endpoint:
            await endpoint.close()


async def _decide(
    what: Literal["accept", "reject"], name: str, ids: list[str], every: bool, workspace: str
) -> "tuple[Kit, int]":
    from api.hiring.kit_editing import KitEditing
    from api.identity.caller import THIS_MACHINE
    from knowledge.library import Library
    from knowledge.proposals import waiting

    if every == bool(ids):
        raise BadInput("It is not said which proposals.", "Name their ids, or write --all.")
    async with opened_database() as database:
        kit = await Library(database, workspace).get(name)
        chosen = list(dict.fromkeys(waiting(kit) if every else ids))
        if not chosen:
            return kit, 0
        caller = replace(THIS_MACHINE, workspace=workspace)
        editing = KitEditing(database, caller, name, kit.version)
        accept, reject = (chosen, []) if what == "accept" else ([], chosen)
        return await editing.decide(accept, reject), len(chosen)


async def _get(name: str, workspace: str) -> "Kit":
    from knowledge.library import Library

    async with opened_database() as database:
        return await Library(database, workspace).get(name)
