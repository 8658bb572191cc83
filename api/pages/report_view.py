"""A report as its page needs it: marks numbered, quotes found in the answers, figures measured."""

from typing import NamedTuple

from agent.events import Mark
from agent.grading import settled
from agent.report.markdown import ADDED, MARKS, OUTCOMES, REVIEWS
from agent.report.model import Answer, GivenMark, QuestionReport, Report, Standing, Study
from api.pages.figures import Interval, in_words, interval
from api.pages.highlights import Block, Span, highlighted


class ShownMark(NamedTuple):
    """A mark with its number at this question; `seen` where its quote is lit in an answer."""

    number: int
    mark: Mark
    verdict: str
    kind: str
    by: str
    seen: bool


class ShownAnswer(NamedTuple):
    """An answer with the question it was given to, where that is another than before.

    `added`: it was added to the answer above it, and this became of it.
    """

    answer: Answer
    follow_up: str | None
    added: str | None
    blocks: list[Block]


class ShownQuestion(NamedTuple):
    """A question with all that happened on it."""

    place: int
    question: QuestionReport
    outcome: str
    detail: str
    answers: list[ShownAnswer]
    marks: list[ShownMark]
    not_shown: list[str]
    left_open: list[str]


class ShownStanding(NamedTuple):
    """A standing with its figure."""

    standing: Standing
    figure: Interval | None
    level: str


class Missed(NamedTuple):
    """What to study after one question."""

    question: str
    items: list[Study]


def standings(report: Report) -> list[ShownStanding]:
    """The competencies with their figures."""
    return [standing_view(each, report) for each in report.competencies]


def standing_view(standing: Standing, report: Report) -> ShownStanding:
    """One standing with its figure."""
    return ShownStanding(standing, interval(standing, report.level), in_words(standing))


def questions(report: Report) -> list[ShownQuestion]:
    """The questions in the order they were put."""
    told = report.audience == "team" or report.mode == "practice"
    return [_question(place, each, told) for place, each in enumerate(report.questions, 1)]


def to_study(report: Report) -> list[Missed]:
    """What to study, by question."""
    missed: dict[str, list[Study]] = {}
    for item in report.study:
        missed.setdefault(item.question, []).append(item)
    return [Missed(question, items) for question, items in missed.items()]


def _question(place: int, question: QuestionReport, told: bool) -> ShownQuestion:
    counted = _counted(question)
    numbered = list(enumerate((given for given in counted if _on_words(given.mark)), 1))
    blocks = [
        highlighted(answer.text, _spans(number, numbered))
        for number, answer in enumerate(question.answers)
    ]
    lit = {n for each in blocks for block in each for p in block.pieces for n in p.begins}
    done = {g.mark.group for g in counted if g.mark.group and g.mark.verdict == "met"}
    left = [g.mark for g in counted if not (g.mark.group and g.mark.group in done)]
    outcome, detail = _came_to(question) if told else ("", "")
    return ShownQuestion(
        place=place,
        question=question,
        outcome=outcome,
        detail=detail,
        answers=_answers(question, blocks),
        marks=[_mark(number, given.mark, number in lit) for number, given in numbered],
        not_shown=[m.text for m in left if m.verdict == "not_met" and m.polarity != "negative"],
        left_open=[m.text for m in left if m.verdict == "abstained"],
    )


def _counted(question: QuestionReport) -> list[GivenMark]:
    """The marks that count, of all answers, in the order of their quotes."""
    kept = {id(mark) for mark in settled(given.mark for given in question.marks)}
    counted = [given for given in question.marks if id(given.mark) in kept]
    return sorted(counted, key=lambda g: (g.answer, g.mark.quote.start if g.mark.quote else 0))


def _on_words(mark: Mark) -> bool:
    return mark.quote is not None or mark.verdict == "unsupported"


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
    for answer, words in zip(question.answers, blocks, strict=True):
        if answer.amends:
            shown.append(ShownAnswer(answer, None, ADDED[answer.counts], words))
            continue
        follow_up = None if before in (None, answer.question) else answer.question
        shown.append(ShownAnswer(answer, follow_up, None, words))
        before = answer.question
    return shown


def _mark(number: int, mark: Mark, seen: bool) -> ShownMark:
    kind = "against" if mark.polarity == "negative" else mark.kind
    by = f"{mark.source}, as fallback" if mark.fallback else mark.source
    return ShownMark(number, mark, MARKS.get(mark.verdict, mark.verdict), kind, by, seen)


def _came_to(question: QuestionReport) -> tuple[str, str]:
    """The outcome in words, and the number behind it."""
    score = "" if question.score is None else f"{question.score:.2f}"
    if question.review:
        return REVIEWS[question.review], f"{score} by the rubric" if score else ""
    return OUTCOMES[question.outcome], f"{score}, {question.anchor}" if score else ""
