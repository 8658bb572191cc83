"""The command that lets a candidate pass, or not."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.commands.agree import OutFolder, tell

if TYPE_CHECKING:
    from evals.agree.gate import Gate
    from evals.agree.people import Problem
    from evals.agree.sides import Side


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(gate)


def gate(
    baseline: Annotated[str, typer.Argument(help="A results folder, or a folder of transcripts.")],
    candidate: Annotated[str, typer.Argument(help="What is to take its place.")],
    marks: Annotated[
        list[Path], typer.Option("--marks", metavar="FILE", help="Reference marks as CSV.")
    ],
    transcripts: Annotated[
        list[str] | None,
        typer.Option(help="Where the interviews are; else in the folder of the marks."),
    ] = None,
    max_drop: Annotated[
        float, typer.Option(min=0, help="By how much a figure may be worse.")
    ] = 0.02,
    out: OutFolder = None,
) -> None:
    """Fail (exit status 1) where a candidate is worse than its baseline outside the noise."""
    from evals.agree.gate_text import markdown
    from evals.agree.sides import side

    sides = side(baseline), side(candidate)
    done, problems = _compared(sides, marks, transcripts, max_drop)
    problems += [problem for each in sides for problem in each.problems]
    if out:
        _keep(done, problems, out)
    print(markdown(done))
    tell(problems)
    if not done.passed:
        raise typer.Exit(1)


def _compared(
    sides: "tuple[Side, Side]", marks: list[Path], transcripts: list[str] | None, max_drop: float
) -> "tuple[Gate, list[Problem]]":
    """What the gate found, and which marks and transcripts could not be used."""
    from evals.agree.cases import cases_of, usable
    from evals.agree.gate import elsewhere, gate
    from evals.agree.run import beside, marks_of_files
    from evals.replay.sources import all_of

    given, unread = marks_of_files(marks)
    cases, lost = cases_of(all_of(transcripts or beside(marks)))
    by_id = {case.id: case for case in cases}
    known = [(where, mark) for where, mark in given if mark.transcript in by_id]
    kept, unknown = usable(cases, known)
    others = [mark for _, mark in given if mark.transcript not in by_id]
    done = gate(*sides, [*kept, *others], by_id, max_drop)
    return done, [*unread, *elsewhere(others, sides), *unknown, *lost]


def _keep(done: "Gate", problems: "list[Problem]", out: Path) -> None:
    from evals.agree.gate_text import markdown

    out.mkdir(parents=True, exist_ok=True)
    (out / "gate.md").write_text(markdown(done), "utf-8")
    run = {"kind": "gate", "passed": done.passed, **asdict(done)}
    (out / "run.json").write_text(json.dumps(run, indent=2), "utf-8")
    lines = (f"{json.dumps(asdict(each))}\n" for each in problems)
    (out / "failures.jsonl").write_text("".join(lines), "utf-8")
