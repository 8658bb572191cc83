"""`viva agree`: from transcripts and marks to figures, told and kept."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.agree import told
from evals.agree.agreement import SEED, Compared, Figure, compared, figures
from evals.agree.cases import Case, cases_of, usable
from evals.agree.disagreements import Disagreement, disagreements
from evals.agree.marks_csv import read_marks
from evals.agree.pairs import By
from evals.agree.people import PersonMark, Problem, newest
from evals.markdown import counted
from evals.replay.sources import all_of
from evals.replay.transcript import SUFFIXES
from knowledge.errors import BadInput


@dataclass(frozen=True)
class Agreement:
    """All that is known of how machine and people agree."""

    cases: dict[str, Case]
    marks: list[PersonMark]
    compared: list[Compared]
    figures: list[Figure]
    disagreements: list[Disagreement]
    problems: list[Problem]

    def markdown(self, worst: int) -> str:
        """Figures, then the worst disagreements."""
        head = [
            "# Agreement with people\n",
            f"{counted(len(self.marks), 'mark')} by people on {_interviews(self.marks)} of "
            f"{len(self.cases)} interviews. docs/agreement.md says what each figure means.\n",
        ]
        lines = told.agreement(self.compared, self.figures)
        return "\n".join([*head, *lines, *told.worst_of(self.disagreements, worst)])


def _interviews(marks: Iterable[PersonMark]) -> int:
    return len({mark.transcript for mark in marks})


def agree(
    names: Sequence[str], files: Sequence[Path], by: By | None = None, seed: int = SEED
) -> Agreement:
    """Compare the machine's marks with people's.

    Args:
        names: ids, files and folders of transcripts; none: those beside the files of marks,
            else every interview of the database that somebody marked.

    Raises:
        BadInput: there is nothing to compare.
    """
    names = list(names) or beside(files) or asyncio.run(_marked())
    cases, problems = cases_of(all_of(names))
    by_id = {case.id: case for case in cases}
    given, unread = marks_of_files(files)
    kept, unknown = usable(cases, given)
    stored, gone = usable(cases, asyncio.run(_stored(cases)))
    marks, problems = newest([*kept, *stored]), [*problems, *unread, *unknown, *gone]
    if not marks:
        told_ = "; ".join(str(problem).rstrip(".") for problem in problems[:3])
        raise BadInput(
            f"There are no marks by people to compare with{': ' + told_ if told_ else ''}.",
            "Give their file with --marks (docs/agreement.md), or mark interviews on their pages.",
        )
    found = compared(by_id, marks)
    return Agreement(
        by_id, marks, found, list(figures(found, by, seed)), disagreements(by_id, marks), problems
    )


def beside(files: Iterable[Path]) -> list[str]:
    """Folders of the files of marks that hold transcripts too."""
    folders = {path.parent for path in files if path.is_file()}
    return [
        str(folder)
        for folder in sorted(folders)
        if any(path.name.endswith(SUFFIXES) for path in folder.iterdir())
    ]


def marks_of_files(files: Iterable[Path]) -> tuple[list[tuple[str, PersonMark]], list[Problem]]:
    """The marks of all files, each with where it stands."""
    given, problems = list[tuple[str, PersonMark]](), list[Problem]()
    for path in files:
        marks, lines, wrong = read_marks(path)
        given += [(f"{path.name}, line {lines[place]}", m) for place, m in enumerate(marks)]
        problems += wrong
    return given, problems


async def _marked() -> list[str]:
    from api.opened import opened_database
    from evals.agree.stored import marked

    async with opened_database() as database:
        return await marked(database)


async def _stored(cases: Iterable[Case]) -> list[tuple[str, PersonMark]]:
    """Of the interviews that came from the database: those of files have none there."""
    from api.opened import opened_database
    from evals.agree.stored import marks

    transcripts = [case.transcript for case in cases if case.transcript.folder is None]
    if not transcripts:
        return []
    async with opened_database() as database:
        found = await marks(database, transcripts)
    return [(f"{mark.transcript}, marked by {mark.by}", mark) for mark in found]


def keep(done: Agreement, folder: Path, worst: int) -> None:
    """Write a results folder: figures and disagreements as rows, the text, and what was asked."""
    from evals.results import write_rows

    versions = {id_: case.versions for id_, case in done.cases.items()}
    write_rows(folder / "disagreements.parquet", done.disagreements, versions)
    (folder / "agreement.json").write_text(
        json.dumps([asdict(figure) for figure in done.figures], indent=2, allow_nan=False), "utf-8"
    )
    (folder / "agreement.md").write_text(done.markdown(worst), "utf-8")
    problems = "".join(f"{json.dumps(asdict(each))}\n" for each in done.problems)
    (folder / "failures.jsonl").write_text(problems, "utf-8")
    (folder / "run.json").write_text(json.dumps(_run(done), indent=2), "utf-8")


def _run(done: Agreement) -> dict[str, object]:
    versions = {json.dumps(asdict(case.versions), sort_keys=True) for case in done.cases.values()}
    return {
        "kind": "agreement",
        "transcripts": sorted(done.cases),
        "marks": len(done.marks),
        "marked": _interviews(done.marks),
        "seed": SEED,
        "versions": [json.loads(each) for each in sorted(versions)],
        "failures": len(done.problems),
    }
