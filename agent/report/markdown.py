"""The report as Markdown, verdict first and evidence right below it."""

import re
import unicodedata
from collections.abc import Iterable

from agent.events import Mark
from agent.grading import settled
from agent.report.model import FlagReport, QuestionReport, Report, Standing
from knowledge.atoms import LEVELS

OUTCOMES = {
    "strong": "Strong",
    "sound": "Sound",
    "weak": "Weak",
    "not_answered": "Not answered",
    "skipped": "Skipped",
    "ungraded": "Could not be graded",
    "answered": "Answered",
    "unfinished": "Open at the end",
}
MARKS = {
    "met": "shown",
    "contradicted": "contradicted",
    "unsupported": "not counted: its quote is not in the answer",
}

_live = re.compile(r"<(?=[a-z/!?])|\](?=[(:\[])", re.IGNORECASE)


def as_markdown(report: Report) -> str:
    """The whole report; a candidate's words are always quoted, never interpreted."""
    sections = [
        _head(report),
        _competencies(report),
        _flags(report),
        _questions(report),
        _rounds(report),
        _study(report),
        _foot(report),
    ]
    return "\n".join(line for section in sections for line in section).rstrip() + "\n"


def _head(report: Report) -> Iterable[str]:
    yield f"# Interview report: {report.role or report.kit}"
    yield ""
    yield (
        f"Interview `{report.interview}` · {report.mode} · asked at {report.level} · "
        f"kit {report.kit} ({report.kit_version}) · {_time(report.minutes)} of answering"
    )
    yield ""
    yield f"**Verdict: {report.verdict}**{' (provisional)' if report.provisional else ''}."
    yield f"{report.verdict_means[:1].upper()}{report.verdict_means[1:].rstrip('.')}."
    if report.overall and report.overall.level is not None:
        yield f"Overall level {_range(report.overall)}, {_resting(report.overall)}."
    for note in report.notes:
        yield ""
        yield f"> {note}"
    yield ""


def _time(minutes: float) -> str:
    return f"{minutes:g} minutes" if minutes >= 1 else "under a minute"


def _range(standing: Standing) -> str:
    if standing.probability is None:
        return "unknown"
    return f"{_level_cell(standing)}; {standing.probability:.0%} at or above the level asked"


def _level_cell(standing: Standing) -> str:
    if standing.level is None:
        return "–"
    name = LEVELS[min(max(round(standing.level), 0), len(LEVELS) - 1)]
    below = "below " if standing.level < -0.5 else ""
    return f"{below}{name}, {standing.level:.1f} ({standing.low:.1f} to {standing.high:.1f})"


def _resting(standing: Standing) -> str:
    questions = "question" if standing.testlets == 1 else "questions"
    marks = "point" if standing.marks == 1 else "points"
    return f"resting on {standing.testlets} {questions} and {standing.marks} {marks} shown"


def _competencies(report: Report) -> Iterable[str]:
    if not report.competencies:
        return
    yield "## By competency"
    yield ""
    yield "| competency | verdict | level (90 % interval) | questions | points shown |"
    yield "|---|---|---|---|---|"
    for standing in report.competencies:
        yield (
            f"| {_cell(standing.name)} | {standing.verdict} | {_level_cell(standing)} | "
            f"{standing.testlets} | {standing.marks} |"
        )
    yield ""
    yield "One question alone cannot settle a competency: look at the range, not at the middle."
    yield ""
    for standing in report.competencies:
        if standing.expected:
            yield f"- **{standing.name}**, expected at {report.level}: {standing.expected}"
            if standing.next_level:
                yield f"  Next level: {standing.next_level}"
    for shown in report.elsewhere:
        yield f"- Also shown for **{shown.competency}**: {shown.text}"
        yield f'  "{_quoted(shown.quote)}"'
    if report.not_asked:
        yield ""
        asked = len({question.subject for question in report.questions})
        whole = asked + len(report.not_asked)
        yield f"{asked} of the kit's {whole} subjects were asked about; the others were not: "
        yield f"{', '.join(report.not_asked)}."
    yield ""


def _flags(report: Report) -> Iterable[str]:
    if not (report.flags or report.flags_not_seen):
        return
    yield "## Flags"
    yield ""
    for flag in report.flags:
        yield from _flag(flag)
    if not report.flags:
        yield "None was seen."
    if report.flags_not_seen:
        yield f"Came up and not seen: {_inline(report.flags_not_seen)}"
    if report.flags_never_asked:
        yield f"Never came up: {_inline(report.flags_never_asked)}"
    yield ""


def _flag(flag: FlagReport) -> Iterable[str]:
    colour = "Red" if flag.polarity == "negative" else "Green"
    note = " (critical: a person should look at this)" if flag.critical else ""
    yield f"- **{colour} flag{note}**: {flag.text}"
    yield from (f"  > {_quoted(quote)}" for quote in flag.quotes)


def _questions(report: Report) -> Iterable[str]:
    yield "## Question by question"
    yield ""
    if not report.questions:
        yield "No question was reached."
        yield ""
    for place, question in enumerate(report.questions, 1):
        yield from _question(place, question, report)


def _question(place: int, question: QuestionReport, report: Report) -> Iterable[str]:
    yield f"### {place}. {_one_line(question.text)}"
    yield ""
    line = f"{question.subject}, {question.level}"
    if report.audience == "team" or report.mode == "practice":
        line += f" · **{OUTCOMES[question.outcome]}**"
        if question.score is not None:
            line += f" ({question.score:.2f}, {question.anchor})"
    yield f"{line} · {_count(question.follow_ups, 'follow-up')}, {_count(question.hints, 'hint')}"
    yield ""
    for number, answer in enumerate(question.answers):
        if number and answer.question != question.answers[number - 1].question:
            yield f"*{_one_line(answer.question)}*"
            yield ""
        yield from _blockquote(answer.text + (" *(added later)*" if answer.amends else ""))
        yield ""
    yield from _marks(settled(given.mark for given in question.marks))
    yield ""


def _marks(marks: list[Mark]) -> Iterable[str]:
    """What was shown with its quote, then what was not, in a line each."""
    for mark in marks:
        if mark.quote or mark.verdict == "unsupported":
            kind = "against" if mark.polarity == "negative" else mark.kind
            yield f"- {MARKS[mark.verdict]} ({kind}, {mark.source}): {mark.text}"
            if mark.quote:
                yield f'  "{_quoted(mark.quote.text)}"'
    done = {mark.group for mark in marks if mark.group and mark.verdict == "met"}
    for verdict, lead in (("not_met", "Not shown"), ("abstained", "Left open by the examiner")):
        left = [
            mark.text
            for mark in marks
            if mark.verdict == verdict
            and not (mark.group and mark.group in done)
            and (mark.polarity != "negative" or verdict == "abstained")
        ]
        if left:
            yield f"- {lead}: {_inline(left)}"


def _rounds(report: Report) -> Iterable[str]:
    if report.money.asked:
        yield "## Money round"
        yield ""
        on = ", ".join(report.money.technologies)
        hits = "" if report.money.hits is None else f", {report.money.hits} in the bank"
        yield f"{_count(report.money.asked, 'question')} on {on}{hits}. Outside the level."
        yield ""
    if report.communication:
        yield "## Communication"
        yield ""
        for line in report.communication:
            yield f"- {line.anchor}: in {line.shown} of {line.answers} answers"
        yield "Reported beside the level, never inside it."
        yield ""
    if report.claims:
        yield f"Technologies the candidate says they have used: {', '.join(report.claims)}."
        yield ""


def _study(report: Report) -> Iterable[str]:
    if not report.study:
        return
    yield "## What to study"
    yield ""
    question = None
    for item in report.study:
        if item.question != question:
            question = item.question
            yield f"- On: {_one_line(item.question)}"
        where = f" ({item.source})" if item.source else ""
        yield f"  - {item.text}{where}"
    yield ""


def _foot(report: Report) -> Iterable[str]:
    if report.candidate_questions:
        yield "## The candidate's questions"
        yield ""
        for asked in report.candidate_questions:
            state = "answered from the documents" if asked.answered else "open: please answer"
            yield f'- "{_quoted(asked.text)}" ({state})'
        yield ""
    if report.integrity:
        yield "## Integrity notes"
        yield ""
        yield "Text that seems to address the grading; it changed no mark."
        yield from (f"> {_quoted(quote)}" for quote in report.integrity)
        yield ""
    yield "## What the scale means"
    yield ""
    yield report.scale
    if report.sources:
        marks = ", ".join(f"{count} by {source}" for source, count in report.sources.items())
        yield f"Marks: {marks}."


def _count(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _inline(texts: Iterable[str]) -> str:
    return "; ".join(text.rstrip(".") for text in texts) + "."


def _one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def _printable(text: str) -> str:
    """Without control characters, which a terminal would obey."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _quoted(text: str) -> str:
    return _inert(_one_line(text))


def _inert(text: str) -> str:
    """A candidate's words with no HTML, link or image in them; `a < b` and `rows[0]` stay."""
    return _live.sub(lambda found: f"&#{ord(found.group())};", text)


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


def _blockquote(text: str) -> Iterable[str]:
    return (f"> {_inert(line)}".rstrip() for line in _printable(text).splitlines())
