"""The report as Markdown, verdict first and evidence right below it."""

from collections.abc import Iterable

from agent.events import Mark
from agent.grading import settled
from agent.report.inert import blockquote, cell, one_line, quoted
from agent.report.model import Answer, FlagReport, ModelUse, QuestionReport, Report, Standing
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
REVIEWS = {
    "needs_person": "For a person: may be right by another road",
    "disputed": "Disputed: gave a reason against the kit's answer",
}
ADDED = {
    True: "both versions are kept, and the better one counts",
    False: "kept, not counted",
}
"""What became of an addition, by whether it counts."""
MARKS = {
    "met": "shown",
    "contradicted": "contradicted",
    "unsupported": "not counted: its quote is not in the answer",
}


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
            f"| {cell(standing.name)} | {standing.verdict} | {_level_cell(standing)} | "
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
        way = "Also shown for" if shown.polarity == "positive" else "Also seen, against"
        yield f"- {way} **{shown.competency}**: {shown.text}"
        yield f'  "{quoted(shown.quote)}"'
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
    yield from (f"  > {quoted(quote)}" for quote in flag.quotes)


def _questions(report: Report) -> Iterable[str]:
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
    if report.audience == "team" or report.mode == "practice":
        line += f" · {_came_to(question)}"
    yield f"{line} · {_count(question.follow_ups, 'follow-up')}, {_count(question.hints, 'hint')}"
    yield ""
    yield from _answers(question.answers)
    yield from _marks(settled(given.mark for given in question.marks))
    yield ""


def _answers(answers: tuple[Answer, ...]) -> Iterable[str]:
    """An addition stands below the answer before it, whatever was asked when it came."""
    asked = None
    for answer in answers:
        if not answer.amends:
            if asked not in (None, answer.question):
                yield f"*{one_line(answer.question)}*"
                yield ""
            asked = answer.question
        yield from blockquote(answer.text + _added(answer))
        yield ""
    if any(answer.amends and answer.counts for answer in answers):
        yield f"Added to later: {ADDED[True]}."
        yield ""


def _added(answer: Answer) -> str:
    if not answer.amends:
        return ""
    return " *(added later)*" if answer.counts else f" *(added later; {ADDED[False]})*"


def _came_to(question: QuestionReport) -> str:
    if question.review:
        counted = "" if question.score is None else f" ({question.score:.2f} by the rubric)"
        return f"**{REVIEWS[question.review]}**{counted}"
    score = "" if question.score is None else f" ({question.score:.2f}, {question.anchor})"
    return f"**{OUTCOMES[question.outcome]}**{score}"


def _marks(marks: list[Mark]) -> Iterable[str]:
    """What was shown with its quote, then what was not, in a line each."""
    for mark in marks:
        if mark.quote or mark.verdict == "unsupported":
            yield from _mark(mark)
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


def _mark(mark: Mark) -> Iterable[str]:
    kind = "against" if mark.polarity == "negative" else mark.kind
    by = f"{mark.source}, as fallback" if mark.fallback else mark.source
    yield f"- {MARKS[mark.verdict]} ({kind}, {by}): {mark.text}"
    if mark.quote:
        aligned = " (quote aligned)" if mark.quote.near else ""
        yield f'  "{quoted(mark.quote.text)}"{aligned}'
    if mark.reason:
        yield f'  Reason given: "{quoted(mark.reason.text)}"'


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
            yield f"- On: {one_line(item.question)}"
        where = f" ({item.source})" if item.source else ""
        yield f"  - {item.text}{where}"
    yield ""


def _foot(report: Report) -> Iterable[str]:
    if report.candidate_questions:
        yield "## The candidate's questions"
        yield ""
        for asked in report.candidate_questions:
            state = "answered from the documents" if asked.answered else "open: please answer"
            yield f'- "{quoted(asked.text)}" ({state})'
        yield ""
    if report.integrity:
        yield "## Integrity notes"
        yield ""
        yield "Text that seems to address the grading; it changed no mark."
        yield from (f"> {quoted(quote)}" for quote in report.integrity)
        yield ""
    yield "## What the scale means"
    yield ""
    yield report.scale
    if report.sources:
        marks = ", ".join(f"{count} by {source}" for source, count in report.sources.items())
        yield f"Marks: {marks}."
    if report.model_use:
        yield _used(report.model_use, report.model)


def _used(use: ModelUse, model: str | None) -> str:
    """What the language model was asked for, in one line."""
    unsound = [f"{use.repaired} repaired"] if use.repaired else []
    unsound += [f"{use.failed} failed"] if use.failed else []
    told = f" ({', '.join(unsound)})" if unsound else ""
    cost = "" if use.cost is None else f", at a cost of {use.cost:.4f}"
    return (
        f"Language model{f' {model}' if model else ''}: {_count(use.calls, 'call')}{told}, "
        f"{use.tokens_in:,} tokens in and {use.tokens_out:,} out{cost}."
    )


def _count(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _inline(texts: Iterable[str]) -> str:
    return "; ".join(text.rstrip(".") for text in texts) + "."
