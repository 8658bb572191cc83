"""A report as its page needs it: marks numbered, quotes found in the answers, figures measured."""

from typing import NamedTuple

from agent.events import Mark
from agent.report.argument import Contest
from agent.report.model import Answer, GivenMark, Help, QuestionReport, Report, Standing, Study
from agent.report.telling import (
    ADDED,
    PHRASES_MEAN,
    chance_in_words,
    is_told,
    outcome_in_words,
    standing_in_words,
)
from api.pages.figures import Interval, interval
from api.pages.highlights import Block, Span, highlighted
from api.pages.score_rows import Row, counted_marks, on_words, rows


class ShownAnswer(NamedTuple):
    """An answer with the question it was given to, where that is another than before.

    `hints` were had just before it. `added`: to the answer above it, and this became of it.
    """

    answer: Answer
    hints: list[Help]
    follow_up: str | None
    added: str | None
    blocks: list[Block]


class ShownQuestion(NamedTuple):
    """A question with all that happened on it; `contests` are about it as a whole.

    `unanswered` is the help that no answer came after.
    """

    place: int
    question: QuestionReport
    state: str
    outcome: str
    means: str
    score: str
    answers: list[ShownAnswer]
    unanswered: tuple[Help, ...]
    rows: list[Row]
    contests: list[Contest]


class ShownStanding(NamedTuple):
    """A standing with its figure, and what its verdict means in a line."""

    standing: Standing
    figure: Interval | None
    level: str
    chance: str | None
    means: str


class Missed(NamedTuple):
    """What to study after one question; a scene is told with its first rung."""

    scene: str | None
    question: str
    items: list[Study]


def standings(report: Report) -> list[ShownStanding]:
    """The competencies with their figures."""
    return [standing_view(each, report) for each in report.competencies]


def standing_view(standing: Standing, report: Report) -> ShownStanding:
    """One standing with its figure."""
    figure = interval(standing, report.level)
    means = standing.because or PHRASES_MEAN[standing.verdict]
    known = standing.probability is not None
    chance = chance_in_words(standing.probability or 0.0) if known else None
    return ShownStanding(standing, figure, standing_in_words(standing), chance, means)


def questions(report: Report) -> list[ShownQuestion]:
    """The questions in the order they were put."""
    return [_question(place, each, report) for place, each in enumerate(report.questions, 1)]


def to_study(report: Report) -> list[Missed]:
    """What to study, by question."""
    missed: list[Missed] = []
    scenes: set[str] = set()
    for item in report.study:
        if not missed or missed[-1].question != item.question:
            told = item.scene if item.scene not in scenes else None
            missed.append(Missed(told, item.question, []))
            scenes |= {item.scene} if item.scene else set()
        missed[-1].items.append(item)
    return missed


def _question(place: int, question: QuestionReport, report: Report) -> ShownQuestion:
    numbered = list(enumerate((g for g in counted_marks(question) if on_words(g.mark)), 1))
    blocks = [
        highlighted(answer.text, _spans(number, numbered))
        for number, answer in enumerate(question.answers)
    ]
    lit = {n for each in blocks for block in each for p in block.pieces for n in p.begins}
    contests = tuple(each for each in report.contests if each.question == place)
    outcome, means = outcome_in_words(question) if is_told(report) else ("", "")
    return ShownQuestion(
        place=place,
        question=question,
        state=question.review or question.outcome,
        outcome=outcome,
        means=means,
        score=_score(question),
        answers=_answers(question, blocks),
        unanswered=question.helped_before(len(question.answers)),
        rows=rows(question, lit, contests),
        contests=[each for each in contests if each.atom is None],
    )


def _spans(answer: int, numbered: list[tuple[int, GivenMark]]) -> list[Span]:
    """The quotes in this answer, reasons included; what did not stand is not lit."""
    return [
        Span(number, quote.start, quote.end, _is_against(given.mark))
        for number, given in numbered
        if given.answer == answer and given.mark.verdict != "unsupported"
        for quote in (given.mark.quote, given.mark.reason)
        if quote
    ]


def _is_against(mark: Mark) -> bool:
    return mark.verdict == "contradicted" or mark.polarity == "negative"


def _answers(question: QuestionReport, blocks: list[list[Block]]) -> list[ShownAnswer]:
    """An addition stands below the answer before it, whatever was asked when it came."""
    shown: list[ShownAnswer] = []
    before = None
    for place, (answer, words) in enumerate(zip(question.answers, blocks, strict=True)):
        hints = [each for each in question.helped_before(place) if each.kind == "hint"]
        if answer.amends:
            shown.append(ShownAnswer(answer, hints, None, ADDED[answer.counts], words))
            continue
        follow_up = None if before in (None, answer.question) else answer.question
        shown.append(ShownAnswer(answer, hints, follow_up, None, words))
        before = answer.question
    return shown


def _score(question: QuestionReport) -> str:
    """The number behind the outcome."""
    if question.score is None:
        return ""
    told = f"{question.score:.2f} of 1"
    return f"{told} by the rubric" if question.review else told
