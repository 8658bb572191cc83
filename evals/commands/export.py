"""Commands that take interviews out of the database and bring them in: export, import."""

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What interviews are written as."""

    jsonl = "jsonl"
    inspect = "inspect"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(export)
    app.command("import")(import_)


def export(
    interviews: Annotated[
        list[str], typer.Argument(help="Interviews by id, transcripts' files, or folders of them.")
    ],
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("transcripts"),
    share: Annotated[
        bool, typer.Option(help="Block out names, e-mail addresses, numbers and links.")
    ] = False,
    format: Annotated[Format, typer.Option(help="Transcripts, or one Inspect log.")] = Format.jsonl,
) -> None:
    """Write interviews as files, with their kits beside them.

    One that is to be shared keeps its quotes in their places; it can be re-graded, and may no
    longer verify, for a blocked word is another word.
    """
    from evals.replay.exporting import nameless, prepared, write_all
    from evals.replay.sources import Kits, Unread, all_of

    left_out: list[Unread] = []
    found = [t if isinstance(t, Unread) else prepared(t, share=share) for t in all_of(interviews)]
    whole = [each for each in found if not isinstance(each, Unread)]
    if whole and format is Format.inspect:
        from evals.inspect_log import write_log

        out.mkdir(parents=True, exist_ok=True)
        left_out = write_log(whole, out / "interviews.json")
        print(out / "interviews.json")
    elif whole:
        print(*write_all(whole, out, Kits()), sep="\n")
    for id_ in nameless(each.id for each in whole) if share else ():
        print(f"{id_}: whose it is, is not known here; names in it stay.", file=sys.stderr)
    failed = [*left_out, *(each for each in found if isinstance(each, Unread))]
    for each in failed:
        print(f"{each.id}: {each.why} {each.remedy}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


def import_(
    transcripts: Annotated[list[str], typer.Argument(help="Transcripts' files, or folders.")],
) -> None:
    """Bring interviews that have ended into this database, with their kits.

    The same one comes in once; where its id is taken it gets another.
    """
    from evals.replay.exporting import bring_in
    from evals.replay.sources import Kits, Unread, all_of
    from knowledge.errors import VivaError

    kits, failed = Kits(), False
    for each in all_of(transcripts):
        try:
            if isinstance(each, Unread):
                raise VivaError(each.why, each.remedy)
            brought = asyncio.run(bring_in(each, kits.of(each)))
        except VivaError as error:
            print(f"{each.id}: {error.message} {error.remedy}", file=sys.stderr)
            failed = True
        else:
            print(f"{each.id}: {'' if brought.new else 'was already here as '}{brought.id}")
    if failed:
        raise typer.Exit(1)
