"""The command about groups of people that fare differently."""

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.commands.agree import OutFolder, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.agree.people import Problem
    from evals.fairness.impact import GroupRate


class PartName(StrEnum):
    """What rates are told apart by."""

    screen = "screen"
    kit = "kit"


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(fairness)


def fairness(
    names: Annotated[
        list[str],
        typer.Argument(metavar="RESULTS|ID|FILE...", help="Results folders, or interviews."),
    ],
    groups: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="CSV: transcript and attributes; the interviewer never sees it."
        ),
    ],
    by: Annotated[PartName | None, typer.Option(help="Compute it for each of these.")] = None,
    out: OutFolder = None,
) -> None:
    """Compare how groups of people fare: rates, impact ratios, and what chance would bring."""
    from evals.agree.people import Problem
    from evals.fairness import impact, told
    from evals.fairness.groups import read_groups
    from evals.fairness.outcomes import outcomes, parts
    from knowledge.errors import BadInput

    given = read_groups(groups)
    every, problems = outcomes(names)
    ids = {each.transcript for each in every}
    strange = [Problem(groups.name, f"there is no interview {i!r} among those given.")
               for i in given.of if i not in ids]  # fmt: skip
    without = [
        Problem(i, f"no line of {groups.name} is about it.") for i in sorted(ids - given.of.keys())
    ]
    if not ids & given.of.keys():
        raise BadInput(
            f"None of the {len(given.of)} ids of {groups.name} is of these interviews.",
            "Its column `transcript` holds ids of interviews, or names of their files.",
        )
    rates = list(impact.impact(parts(every, by.value if by else None), given))
    text = told.markdown(rates, len(every))
    problems += [*given.problems, *strange, *without]
    if out:
        _keep(out, text, [r for r in rates if isinstance(r, impact.GroupRate)], problems)
        run = {"kind": "fairness", "interviews": len(every), "attributes": given.attributes}
        (out / "run.json").write_text(json.dumps(run, indent=2), "utf-8")
    print(text)
    tell(problems)


def _keep(
    out: Path, text: str, rates: "Sequence[GroupRate]", problems: "Sequence[Problem]"
) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "fairness.md").write_text(text, "utf-8")
    rows = [asdict(each) for each in rates]
    (out / "rates.json").write_text(json.dumps(rows, indent=2), "utf-8")
    lines = (f"{json.dumps(asdict(each))}\n" for each in problems)
    (out / "failures.jsonl").write_text("".join(lines), "utf-8")
