"""The command that replays: `viva replay`."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from evals.replay.asking import Asked
    from evals.replay.outcomes import Outcome

STOPPED = 130


class KindName(StrEnum):
    """The three kinds of replay."""

    verify = "verify"
    regrade = "regrade"
    counterfactual = "counterfactual"


class ExaminerName(StrEnum):
    """Who reads and marks."""

    local = "local"
    model = "model"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(replay)


def replay(
    transcripts: Annotated[
        list[str], typer.Argument(help="Interviews by id, transcripts' files, or folders of them.")
    ],
    kind: Annotated[
        KindName | None, typer.Option(help="Else what fits: verify where nothing differs.")
    ] = None,
    kit: Annotated[
        str | None, typer.Option(help="Mark by this kit: NAME, NAME@VERSION or a file.")
    ] = None,
    examiner: Annotated[ExaminerName | None, typer.Option(help="Let this one mark.")] = None,
    prompts: Annotated[
        Path | None, typer.Option(help="A folder with examine.md, phrase.md or both.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Numbers of the policy, in YAML; see `viva policy`.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Results go here; begun before, it is gone on with.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=256, help="Processes of one thread; 0: this one alone.")
    ] = 0,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler to work on.")
    ] = None,
    keep: Annotated[
        bool, typer.Option(help="Keep the new marks beside each interview of the database.")
    ] = False,
) -> None:
    """Play interviews again: to the event, under other marks, or by other rules.

    With nothing else given it verifies: everything must come out as in the log. Another kit,
    examiner or prompt re-grades. Another policy shows where the path would have parted.
    """
    from api.settings import Settings
    from evals.replay.asking import Asked
    from evals.replay.fleet import Fleet
    from evals.replay.many import run

    asked = Asked(
        kind=kind.value if kind else None,
        kit=kit,
        examiner=examiner.value if examiner else None,
        prompts=prompts,
        policy=policy,
        embedder=Settings().embedder,
    )
    _check_keep(keep, asked.chosen)
    try:
        found = run(transcripts, asked, out, Fleet(workers, cluster), _progress())
    except KeyboardInterrupt:
        _stopped(out)
        raise typer.Exit(STOPPED) from None
    kept = _keep(found, asked) if keep else True
    _tell(found)
    if not (kept and all(each.is_whole and each.state != "different" for each in found)):
        raise typer.Exit(1)


def _check_keep(keep: bool, kind: str) -> None:
    from knowledge.errors import BadInput

    if keep and kind != "regrade":
        raise BadInput("Only new marks can be kept.", "Leave out --keep, or say --kind regrade.")


def _progress() -> Callable[[int, int], None]:
    """On standard error: one line that changes, or none where nobody watches."""
    if not sys.stderr.isatty():
        return lambda done, of: None
    return lambda done, of: print(
        f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True
    )


def _stopped(out: Path | None) -> None:
    kept = f"What is finished is in {out}; the same command goes on." if out else "Nothing is kept."
    print(f"\nStopped. {kept}", file=sys.stderr)


def _tell(outcomes: "Sequence[Outcome]") -> None:
    from evals.markdown import counted
    from evals.replay.differences import in_words, totals
    from evals.replay.many import changes

    for each in outcomes:
        print(f"{each.id}: {each.told}")
    states = [each.state for each in outcomes]
    counts = (f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    print(f"\n{counted(len(states), 'transcript')}: {', '.join(counts)}.")
    if any(each.before for each in outcomes):
        print("\n".join(in_words(totals(*changes(outcomes)))))


def _keep(outcomes: "Sequence[Outcome]", asked: "Asked") -> bool:
    """Keep what was marked anew; tells what could not be, and whether all could."""
    from evals.replay.keeping import keep_all

    kept, unkept = asyncio.run(keep_all(outcomes, asked))
    print(f"Kept beside {kept} interviews.")
    for line in unkept:
        print(line, file=sys.stderr)
    return not unkept
