"""One side of a comparison as rows: a results folder, or transcripts as they stand."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agent.syllabus import Syllabus
from evals.agree.people import Problem
from evals.marks import (
    CompetencyRow,
    MarkRow,
    QuestionRow,
    Versions,
    marks_of,
    questions_of,
    versions_of,
)
from evals.replay.regrade import competencies
from evals.replay.sources import Kits, Unread, all_of
from evals.replay.transcript import Transcript
from knowledge.errors import BadInput, VivaError

if TYPE_CHECKING:
    from evals.scorecard.finding import Finding

MARKS, QUESTIONS, COMPETENCIES = "marks.parquet", "questions.parquet", "competencies.parquet"
CONDUCT, FIGURES = "conduct.parquet", "figures.parquet"
FAILURES = "failures.jsonl"


@dataclass
class Side:
    """What one version of machine and kit made of some transcripts."""

    name: str
    marks: list[MarkRow] = field(default_factory=list)
    questions: list[QuestionRow] = field(default_factory=list)
    competencies: list[CompetencyRow] = field(default_factory=list)
    versions: dict[str, Versions] = field(default_factory=dict)
    """By transcript."""
    conduct: "list[Finding] | None" = None
    """Findings of the interviewer's scorecard; None where none were made."""
    coverage: dict[str, float] = field(default_factory=dict)
    """Share of the planned competencies that had a question, by transcript."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def transcripts(self) -> set[str]:
        """Those that have any result."""
        return set(self.versions)


def side(name: str) -> Side:
    """The rows of a results folder; or of the transcripts that a name stands for.

    Raises:
        NotFound: there is no such thing.
        BadInput: it holds no results, or a file of it is broken.
    """
    folder = Path(name)
    if (folder / MARKS).is_file():
        return _of_folder(folder)
    found = _of_transcripts(name, all_of([name]))
    if not found.transcripts:
        why = "; ".join(each.why for each in found.problems[:3])
        raise BadInput(f"{name} holds no results. {why}", "Name what `--out` wrote.")
    return found


def _of_folder(folder: Path) -> Side:
    from evals.results import read_rows, read_versions

    found = Side(folder.name)
    found.marks = read_rows(folder / MARKS, MarkRow)
    found.questions = read_rows(folder / QUESTIONS, QuestionRow)
    if (folder / COMPETENCIES).is_file():
        found.competencies = read_rows(folder / COMPETENCIES, CompetencyRow)
    rows: dict[str, Sequence[MarkRow | QuestionRow | CompetencyRow]] = {
        MARKS: found.marks,
        QUESTIONS: found.questions,
        COMPETENCIES: found.competencies,
    }
    for name, some in rows.items():
        versions = read_versions(folder / name) if some else []
        found.versions |= {row.transcript: v for row, v in zip(some, versions, strict=True)}
    _add_conduct(found, folder)
    found.problems = list(_failures(folder / FAILURES))
    return found


def _add_conduct(found: Side, folder: Path) -> None:
    """What the interviewer's scorecard found, where it was made."""
    from evals.results import read_rows
    from evals.scorecard.figures import Figures
    from evals.scorecard.finding import Finding

    if (folder / CONDUCT).is_file():
        found.conduct = read_rows(folder / CONDUCT, Finding)
    if (folder / FIGURES).is_file():
        rows = read_rows(folder / FIGURES, Figures)
        found.coverage = {row.transcript: row.coverage for row in rows}


def _failures(path: Path) -> Iterable[Problem]:
    """What the run itself could not do, in whatever words it has."""
    if path.is_file():
        for line in path.read_bytes().splitlines():
            try:
                body = json.loads(line)
            except ValueError:
                body = {"line": line.decode(errors="replace")}
            where = body.get("transcript") or body.get("where") or path.name
            rest = [str(v) for k, v in body.items() if k not in {"transcript", "where"} and v]
            yield Problem(str(where), " ".join(rest))


def _of_transcripts(name: str, each: Iterable[Transcript | Unread]) -> Side:
    found, kits = Side(name), Kits()
    for transcript in each:
        if isinstance(transcript, Unread):
            found.problems.append(Problem(transcript.id, f"{transcript.why} {transcript.remedy}"))
            continue
        try:
            syllabus = Syllabus(kits.of(transcript))
        except VivaError as error:
            found.problems.append(Problem(transcript.id, f"{error.message} {error.remedy}"))
            continue
        found.versions[transcript.id] = versions_of(transcript)
        found.marks += marks_of(transcript)
        found.questions += questions_of(transcript)
        found.competencies += competencies(transcript, syllabus)
    return found
