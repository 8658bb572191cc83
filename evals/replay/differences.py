"""What differs between two gradings of the same interviews: by mark, question and competency.

Rows of both sides meet by their ids. What only one side has is told apart, and so is what one
side could not grade; neither enters a mean.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, TypeVar

from agent.events import Review, Verdict
from evals.markdown import counted
from evals.marks import CompetencyRow, MarkRow, QuestionRow
from knowledge.atoms import Grade, Level

APART = 1e-4
"""How far probabilities and scores lie apart where they differ: less is another batch's doing."""
Anchor = Grade | Literal["ungraded"] | None
Row = TypeVar("Row")


@dataclass(frozen=True)
class MarkChange:
    """One point, indicator or flag as two gradings have it; None where one has no mark of it."""

    transcript: str
    question: str
    atom: str
    text: str
    competency: str
    level: Level
    change: Literal["same", "verdict", "words", "probability", "new", "gone"]
    before: Verdict | None
    after: Verdict | None
    before_probability: float | None
    after_probability: float | None
    before_words: str
    after_words: str
    before_by: str
    after_by: str


@dataclass(frozen=True)
class QuestionChange:
    """One question's score and anchor; `ungraded` and `graded`: one side has no score."""

    transcript: str
    question: str
    text: str
    competency: str
    level: Level
    change: Literal["same", "score", "anchor", "review", "ungraded", "graded", "new", "gone"]
    before: float | None
    after: float | None
    before_anchor: Anchor
    after_anchor: Anchor
    before_review: Review | None
    after_review: Review | None


@dataclass(frozen=True)
class CompetencyChange:
    """What is said of a competency, or, with an empty name, of the whole interview."""

    transcript: str
    competency: str
    change: Literal["same", "verdict", "estimate", "new", "gone"]
    before: str | None
    after: str | None
    before_estimate: float | None
    after_estimate: float | None


def of_marks(before: Iterable[MarkRow], after: Iterable[MarkRow]) -> list[MarkChange]:
    """Every mark of either side, in the order of the first, then what only the second has."""
    pairs = _paired(before, after, lambda row: (row.transcript, row.question, row.atom))
    return [_mark(*pair) for pair in pairs]


def of_questions(
    before: Iterable[QuestionRow], after: Iterable[QuestionRow]
) -> list[QuestionChange]:
    """Every question of either side."""
    pairs = _paired(before, after, lambda row: (row.transcript, row.question))
    return [_question(*pair) for pair in pairs]


def of_competencies(
    before: Iterable[CompetencyRow], after: Iterable[CompetencyRow]
) -> list[CompetencyChange]:
    """Every competency of either side, and each interview as a whole."""
    pairs = _paired(before, after, lambda row: (row.transcript, row.competency))
    return [_competency(*pair) for pair in pairs]


def _paired(
    before: Iterable[Row], after: Iterable[Row], key: Callable[[Row], Hashable]
) -> Iterator[tuple[Row | None, Row | None]]:
    then = {key(row): row for row in before}
    now = {key(row): row for row in after}
    return ((then.get(place), now.get(place)) for place in {**then, **now})


def _either(before: Row | None, after: Row | None) -> Row:
    row = after if before is None else before
    assert row is not None
    return row


def _one_sided(before: object, after: object) -> Literal["new", "gone"] | None:
    if before is None:
        return "new"
    return "gone" if after is None else None


def _mark(before: MarkRow | None, after: MarkRow | None) -> MarkChange:
    row = _either(before, after)
    return MarkChange(
        transcript=row.transcript,
        question=row.question,
        atom=row.atom,
        text=row.text,
        competency=row.competency,
        level=row.level,
        change=_one_sided(before, after) or _of_mark(_either(before, None), _either(after, None)),
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        before_probability=before.probability if before else None,
        after_probability=after.probability if after else None,
        before_words=before.words if before else "",
        after_words=after.words if after else "",
        before_by=before.by if before else "",
        after_by=after.by if after else "",
    )


def _of_mark(before: MarkRow, after: MarkRow) -> Literal["same", "verdict", "words", "probability"]:
    if before.verdict != after.verdict:
        return "verdict"
    if before.words != after.words:
        return "words"
    return "probability" if _apart(before.probability, after.probability) else "same"


def _question(before: QuestionRow | None, after: QuestionRow | None) -> QuestionChange:
    row = _either(before, after)
    return QuestionChange(
        transcript=row.transcript,
        question=row.question,
        text=row.text,
        competency=row.competency,
        level=row.level,
        change=_one_sided(before, after)
        or _of_question(_either(before, None), _either(after, None)),
        before=before.score if before else None,
        after=after.score if after else None,
        before_anchor=before.anchor if before else None,
        after_anchor=after.anchor if after else None,
        before_review=before.review if before else None,
        after_review=after.review if after else None,
    )


def _of_question(
    before: QuestionRow, after: QuestionRow
) -> Literal["same", "score", "anchor", "review", "ungraded", "graded"]:
    if (before.score is None) != (after.score is None):
        return "ungraded" if after.score is None else "graded"
    if before.anchor != after.anchor:
        return "anchor"
    if before.review != after.review:
        return "review"
    return "score" if _apart(before.score, after.score) else "same"


def _competency(before: CompetencyRow | None, after: CompetencyRow | None) -> CompetencyChange:
    row = _either(before, after)
    return CompetencyChange(
        transcript=row.transcript,
        competency=row.competency,
        change=_one_sided(before, after)
        or _of_competency(_either(before, None), _either(after, None)),
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        before_estimate=before.estimate if before else None,
        after_estimate=after.estimate if after else None,
    )


def _of_competency(
    before: CompetencyRow, after: CompetencyRow
) -> Literal["same", "verdict", "estimate"]:
    if before.verdict != after.verdict:
        return "verdict"
    return "estimate" if _apart(before.estimate, after.estimate) else "same"


def _apart(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(before - after) > APART


@dataclass(frozen=True)
class Totals:
    """Two gradings in counts."""

    marks: Counter[str]
    """By kind of change."""
    moves: Counter[tuple[str, str]]
    """Verdicts that changed: from which to which."""
    questions: Counter[str]
    competencies: Counter[str]
    """The interviews as a whole apart."""
    verdicts: Counter[tuple[str, str]]
    """What is said of a whole interview, where it changed."""
    score: float | None
    """Mean of the scores' differences, after less before, of questions graded on both sides."""
    apart: float | None
    """The same without signs."""


def totals(
    marks: Sequence[MarkChange],
    questions: Sequence[QuestionChange],
    competencies: Sequence[CompetencyChange],
) -> Totals:
    """Counts of all changes; means over what both sides graded."""
    both = [
        each.after - each.before
        for each in questions
        if each.before is not None and each.after is not None
    ]
    whole = [each for each in competencies if not each.competency]
    return Totals(
        marks=Counter(each.change for each in marks),
        moves=Counter(
            (str(each.before), str(each.after)) for each in marks if each.change == "verdict"
        ),
        questions=Counter(each.change for each in questions),
        competencies=Counter(each.change for each in competencies if each.competency),
        verdicts=Counter(
            (str(each.before), str(each.after)) for each in whole if each.change == "verdict"
        ),
        score=fmean(both) if both else None,
        apart=fmean(map(abs, both)) if both else None,
    )


def in_words(found: Totals) -> Iterator[str]:
    """The totals, a line for each kind."""
    yield f"Marks: {_counted(found.marks)}."
    for (before, after), many in found.moves.most_common():
        yield f"  {many} from {before} to {after}"
    yield f"Questions: {_counted(found.questions)}.{_means(found)}"
    yield f"Competencies: {_counted(found.competencies)}."
    for (before, after), many in found.verdicts.most_common():
        yield f"  {counted(many, 'interview')} from '{before}' to '{after}'"


NAMED = {
    "same": "the same",
    "verdict": "with another verdict",
    "words": "on other words",
    "probability": "with another probability",
    "estimate": "with another estimate",
    "score": "with another score",
    "anchor": "at another anchor",
    "review": "otherwise put to a person",
    "ungraded": "not graded any more",
    "graded": "graded only now",
    "new": "only after",
    "gone": "only before",
}


def _counted(counts: Counter[str]) -> str:
    told = (f"{counts[name]} {words}" for name, words in NAMED.items() if counts[name])
    return ", ".join(told) or "none"


def _means(found: Totals) -> str:
    if found.score is None or found.apart is None:
        return ""
    return f" Scores moved by {found.score:+.3f} on average, by {found.apart:.3f} either way."
