"""The questions of a report as Markdown: the answers, and how each score came about."""

from collections.abc import Iterable

from agent.events import Mark
from agent.grading import settled
from agent.report.inert import blockquote, one_line, quoted
from agent.report.markdown_contests import replaced_marks
from agent.report.model import Answer, Earned, Help, QuestionReport, Report
from agent.report.telling import (
    ADDED,
    MARKS,
    counted,
    counted_in_words,
    is_told,
    listed,
    outcome_in_words,
    same_words,
    shown_in_words,
)

WORTH = {"shown", "beside", "against"}
LEFT = {
    "not shown": "Not shown",
    "said by the question": "Not shown, and the question says it itself",
    "left open": "Left open by the examiner, neither for nor against",
}


def question_lines(report: Report) -> Iterable[str]:
    """Every question in the order they were put."""
    yield "## Question by question"
    yield ""
    if not report.questions:
        yield "No question was reached."
        yield ""
    for place, question in enumerate(report.questions, 1):
        yield from _question(place, question, report)


def _question(place: int, question: QuestionReport, report: Report) -> Iterable[str]:
    yield f"### {place}. {one_line(question.text)}"
    yield ""
    line = f"{question.subject}, {question.level}"
    if is_told(report):
        line += f" · {_came_to(question)}"
    yield f"{line} · {counted(question.follow_ups, 'follow-up')}, {counted(question.hints, 'hint')}"
    yield ""
    yield from _answers(question)
    if is_told(report):
        yield outcome_in_words(question)[1]
        if question.sum:
            yield f"How the score came about: {question.sum}"
        yield ""
        yield from _marks(question)
        yield from replaced_marks(question)
        yield ""


def _answers(question: QuestionReport) -> Iterable[str]:
    """An addition stands below the answer before it, whatever was asked when it came."""
    asked, answers = None, question.answers
    for place, answer in enumerate(answers):
        yield from _help(each for each in question.helped_before(place) if each.kind == "hint")
        if not answer.amends:
            if asked not in (None, answer.question):
                yield f"*{one_line(answer.question)}*"
                yield ""
            asked = answer.question
        yield from blockquote(answer.text + _added(answer))
        yield ""
    yield from _help(question.helped_before(len(answers)))
    if any(answer.amends and answer.counts for answer in answers):
        yield f"Added to later: {ADDED[True]}."
        yield ""


def _help(helped: Iterable[Help]) -> Iterable[str]:
    """Hints as they were said, and follow-ups that no answer came to."""
    for each in helped:
        yield f"*{one_line(each.text)}*"
        yield ""


def _added(answer: Answer) -> str:
    if not answer.amends:
        return ""
    return " *(added later)*" if answer.counts else f" *(added later; {ADDED[False]})*"


def _came_to(question: QuestionReport) -> str:
    told = outcome_in_words(question)[0]
    if question.score is None:
        return f"**{told}**"
    by = " by the rubric" if question.review else f", {question.anchor}"
    return f"**{told}** ({question.score:.2f}{by})"


def _marks(question: QuestionReport) -> Iterable[str]:
    """What was said with its quote and what it counts, then what was not, in a line each."""
    worth = {line.atom: line for line in question.earned}
    marks = settled(given.mark for given in question.marks)
    texts = {mark.atom: one_line(mark.text).rstrip(".") for mark in marks}
    also = same_words(question.marks)
    for mark in marks:
        if mark.quote or mark.verdict == "unsupported":
            yield from _mark(mark, worth.get(mark.atom))
        if others := also.get(mark.atom):
            yield f"  The same words also stand for: {listed(texts[other] for other in others)}"
    for state, lead in LEFT.items():
        left = [line.text for line in question.earned if line.state == state]
        if left:
            yield f"- {lead}: {listed(left)}"


def _mark(mark: Mark, earned: Earned | None) -> Iterable[str]:
    kind = "against" if mark.polarity == "negative" else mark.kind
    by = f"{mark.source}, as fallback" if mark.fallback else mark.source
    counts = f"; {counted_in_words(earned)}" if earned and earned.state in WORTH else ""
    told = MARKS[mark.verdict]
    if earned and earned.state in {"shown", "beside"}:
        told = "".join(shown_in_words(earned)).lower()
    yield f"- {told} ({kind}, {by}{counts}): {mark.text}"
    if mark.quote:
        aligned = " (quote aligned)" if mark.quote.near else ""
        yield f'  "{quoted(mark.quote.text)}"{aligned}'
    if mark.reason:
        yield f'  Reason given: "{quoted(mark.reason.text)}"'
