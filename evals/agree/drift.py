"""Drift: what changed between two results, and which way."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from evals.agree.sides import Side
from evals.marks import CompetencyRow, MarkRow, QuestionRow

Way = Literal["gained", "lost", "lost its mark", "marked now", "other"]
"""`gained` and `lost` are the candidate's: a sign against somebody that is met no more is gained.
Abstained and unsupported are no mark."""
WAYS: tuple[Way, ...] = get_args(Way)
CLEAR = {"met", "not_met", "contradicted"}
NEAR = 1e-4
"""Scores are the same up to this: another batch moves a vector's last digits."""


@dataclass(frozen=True)
class MarkChange:
    """A point whose verdict is another one now."""

    transcript: str
    question: str
    atom: str
    text: str
    competency: str
    level: str
    examiner: str
    """Before; with the one after, where it is another."""
    before: str
    after: str
    before_words: str
    after_words: str
    way: Way


@dataclass(frozen=True)
class ScoreChange:
    """A question whose score is another one now; None is ungraded."""

    transcript: str
    question: str
    text: str
    competency: str
    level: str
    before: float | None
    after: float | None
    anchor_before: str
    anchor_after: str


@dataclass(frozen=True)
class VerdictChange:
    """A competency, or with an empty name the whole interview, whose verdict is another now."""

    transcript: str
    competency: str
    before: str
    after: str


@dataclass
class Drift:
    """All differences; what only one side has is counted by kind of row."""

    baseline: str
    candidate: str
    versions: tuple[list[dict[str, Any]], list[dict[str, Any]]]
    shared: set[str]
    """Transcripts that both sides have."""
    only_transcripts: tuple[list[str], list[str]]
    marks: list[MarkChange] = field(default_factory=list)
    scores: list[ScoreChange] = field(default_factory=list)
    verdicts: list[VerdictChange] = field(default_factory=list)
    both: Counter[str] = field(default_factory=Counter)
    only_before: Counter[str] = field(default_factory=Counter)
    only_after: Counter[str] = field(default_factory=Counter)

    @property
    def nothing(self) -> bool:
        """Whether both sides are the same in all that they share."""
        return not (self.marks or self.scores or self.verdicts)


def drift(baseline: Side, candidate: Side) -> Drift:
    """Compare two sides by transcript, question and point."""
    shared = baseline.transcripts & candidate.transcripts
    apart = sorted(baseline.transcripts - shared), sorted(candidate.transcripts - shared)
    versions = _versions(baseline), _versions(candidate)
    found = Drift(baseline.name, candidate.name, versions, shared, apart)
    for was, now in _met(found, "marks", baseline.marks, candidate.marks, _mark_key):
        if was.verdict != now.verdict:
            found.marks.append(_mark_change(was, now))
    asked = baseline.questions, candidate.questions
    for before, after in _met(found, "questions", *asked, _question_key):
        if not _same(before.score, after.score) or before.anchor != after.anchor:
            found.scores.append(_score_change(before, after))
    told = baseline.competencies, candidate.competencies
    for old, new in _met(found, "verdicts", *told, _competency_key):
        if old.verdict != new.verdict:
            change = VerdictChange(old.transcript, old.competency, old.verdict, new.verdict)
            found.verdicts.append(change)
    return found


Row = TypeVar("Row", MarkRow, QuestionRow, CompetencyRow)


def _met(
    found: Drift,
    what: str,
    before: Sequence[Row],
    after: Sequence[Row],
    key: Callable[[Row], tuple[str, ...]],
) -> Iterator[tuple[Row, Row]]:
    """What both sides have, of the transcripts they share; the rest is counted by side."""
    was = {key(row): row for row in before if row.transcript in found.shared}
    now = {key(row): row for row in after if row.transcript in found.shared}
    both = [each for each in was if each in now]
    found.both[what] = len(both)
    found.only_before[what], found.only_after[what] = len(was) - len(both), len(now) - len(both)
    yield from ((was[each], now[each]) for each in both)


def _mark_key(row: MarkRow) -> tuple[str, ...]:
    return row.transcript, row.question, row.atom


def _question_key(row: QuestionRow) -> tuple[str, ...]:
    return row.transcript, row.question


def _competency_key(row: CompetencyRow) -> tuple[str, ...]:
    return row.transcript, row.competency


def _versions(side: Side) -> list[dict[str, Any]]:
    every = {json.dumps(asdict(each), sort_keys=True) for each in side.versions.values()}
    return [json.loads(each) for each in sorted(every)]


def _same(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return abs(before - after) <= NEAR


def _mark_change(was: MarkRow, now: MarkRow) -> MarkChange:
    return MarkChange(
        transcript=was.transcript,
        question=was.question,
        atom=was.atom,
        text=was.text,
        competency=was.competency,
        level=was.level,
        examiner=" then ".join(dict.fromkeys((was.by, now.by))),
        before=was.verdict,
        after=now.verdict,
        before_words=was.words,
        after_words=now.words,
        way=_way(was, now),
    )


def _way(was: MarkRow, now: MarkRow) -> Way:
    before, after = was.verdict, now.verdict
    if (before in CLEAR) != (after in CLEAR):
        return "lost its mark" if before in CLEAR else "marked now"
    worth = {"met": 1, "contradicted": -1}
    step = worth.get(after, 0) - worth.get(before, 0)
    if before not in CLEAR or not step:
        return "other"
    return "gained" if (step > 0) != was.negative else "lost"


def _score_change(was: QuestionRow, now: QuestionRow) -> ScoreChange:
    return ScoreChange(
        transcript=was.transcript,
        question=was.question,
        text=was.text,
        competency=was.competency,
        level=was.level,
        before=was.score,
        after=now.score,
        anchor_before=was.anchor or "",
        anchor_after=now.anchor or "",
    )


def keep(found: Drift, candidate: Side, folder: Path) -> None:
    """Write a results folder; rows carry the candidate's versions, `run.json` both sides'."""
    from evals.agree.drift_text import markdown
    from evals.results import write_rows

    write_rows(folder / "changed_marks.parquet", found.marks, candidate.versions)
    write_rows(folder / "changed_scores.parquet", found.scores, candidate.versions)
    write_rows(folder / "changed_verdicts.parquet", found.verdicts, candidate.versions)
    (folder / "drift.md").write_text(markdown(found), "utf-8")
    run = {
        "kind": "drift",
        "baseline": {"name": found.baseline, "versions": found.versions[0]},
        "candidate": {"name": found.candidate, "versions": found.versions[1]},
        "transcripts": len(found.shared),
        "both": found.both,
        "only_in_baseline": {"transcripts": found.only_transcripts[0], **found.only_before},
        "only_in_candidate": {"transcripts": found.only_transcripts[1], **found.only_after},
    }
    (folder / "run.json").write_text(json.dumps(run, indent=2), "utf-8")
