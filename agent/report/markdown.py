"""The report as Markdown, verdict first and evidence right below it."""

from collections.abc import Iterable

from agent.report.inert import cell, quoted
from agent.report.markdown_argument import claim_ledger_lines, receipt_lines, stability_lines
from agent.report.markdown_contests import contest_lines
from agent.report.markdown_questions import question_lines
from agent.report.markdown_study import study_lines
from agent.report.model import FlagReport, ModelUse, Report, Standing
from agent.report.telling import (
    LEVEL_NUMBERS,
    chance_in_words,
    counted,
    disputes_in_words,
    listed,
    places_in_words,
    standing_in_words,
)

OPEN = {"practice": "not answered by the documents", "screen": "open: please answer"}


def as_markdown(report: Report) -> str:
    """The whole report; a candidate's words are always quoted, never interpreted."""
    sections = [
        _head(report),
        _competencies(report),
        stability_lines(report.stability),
        _flags(report),
        question_lines(report),
        _rounds(report),
        claim_ledger_lines(report.claim_ledger),
        receipt_lines(report.receipt),
        contest_lines(report),
        study_lines(report),
        _foot(report),
    ]
    return "\n".join(line for section in sections for line in section).rstrip() + "\n"


def _head(report: Report) -> Iterable[str]:
    yield f"# Interview report: {report.role or report.kit}"
    yield ""
    yield (
        f"Interview `{report.interview}` · {report.mode} · asked at {report.level} · "
        f"kit {report.kit} ({report.kit_version}){_time_taken(report)}"
    )
    yield ""
    yield f"**Verdict: {report.verdict}**{' (provisional)' if report.provisional else ''}."
    yield f"{report.verdict_means[:1].upper()}{report.verdict_means[1:].rstrip('.')}."
    if report.overall and report.overall.because:
        yield report.overall.because
    if report.overall and report.overall.level is not None:
        yield f"Overall level {_range(report.overall)}, {_resting(report.overall)}."
        yield f"In numbers: {LEVEL_NUMBERS}."
    if disputes := disputes_in_words(report):
        yield ""
        yield disputes
    for note in report.notes:
        yield ""
        yield f"> {note}"
    yield ""


def _time_taken(report: Report) -> str:
    """Not for those who decide: it would tell who was given extra time."""
    decides = report.audience == "team" and report.mode == "screen"
    return "" if decides else f" · {_time(report.minutes)} of answering"


def _time(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole} minute{'' if whole == 1 else 's'}" if minutes >= 1 else "under a minute"


def _range(standing: Standing) -> str:
    if standing.probability is None:
        return "unknown"
    chance = chance_in_words(standing.probability)
    return f"{standing_in_words(standing)}; {chance} at or above the level asked"


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
            f"| {cell(standing.name)} | {_verdict(standing)} | {standing_in_words(standing)} | "
            f"{standing.testlets} | {standing.marks} |"
        )
    yield ""
    for standing in report.competencies:
        yield from _competency(standing, report)
    for shown in report.elsewhere:
        way = "Also shown for" if shown.polarity == "positive" else "Also seen, against"
        where = f", in question {shown.question}" if shown.question else ""
        yield f"- {way} **{shown.competency}**{where}: {shown.text}"
        yield f'  "{quoted(shown.quote)}"'
    if report.not_asked:
        yield ""
        asked = len({question.subject for question in report.questions})
        whole = asked + len(report.not_asked)
        yield f"{asked} of the kit's {whole} subjects were asked about; the others were not: "
        yield f"{', '.join(report.not_asked)}. Nothing is known of them, neither way."
    yield ""


def _verdict(standing: Standing) -> str:
    """With why it is no clearer, where the numbers alone do not tell."""
    return f"{standing.verdict}. {standing.because}" if standing.because else standing.verdict


def _competency(standing: Standing, report: Report) -> Iterable[str]:
    """What the kit says of the competency."""
    lines = []
    if standing.expected:
        lines.append(f"Expected at {report.level}: {standing.expected}")
    if standing.next_level:
        lines.append(f"Next level: {standing.next_level}")
    lines += [f"{(step.grade or 'scale').capitalize()}: {step.text}" for step in standing.anchors]
    if lines:
        yield f"- **{standing.name}**"
        yield from (f"  - {line}" for line in lines)


def _flags(report: Report) -> Iterable[str]:
    if not (report.flags or report.flags_not_seen or report.flags_never_asked):
        return
    yield "## Flags"
    yield ""
    for flag in report.flags:
        yield from _flag(flag)
    if not report.flags:
        yield "None was seen."
    if report.flags_not_seen:
        yield f"Came up and not seen: {listed(report.flags_not_seen)}"
    if report.flags_never_asked:
        yield f"Never came up: {listed(report.flags_never_asked)}"
    yield ""


def _flag(flag: FlagReport) -> Iterable[str]:
    colour = "Red" if flag.polarity == "negative" else "Green"
    note = " (critical: a person should look at this)" if flag.critical else ""
    yield f"- **{colour} flag{note}**: {flag.text}"
    yield from (f"  > {quoted(quote)}" for quote in flag.quotes)


def _rounds(report: Report) -> Iterable[str]:
    if report.money.asked:
        yield "## Money round"
        yield ""
        on = ", ".join(report.money.technologies)
        hits = "" if report.money.hits is None else f", {report.money.hits} in the bank"
        yield f"{counted(report.money.asked, 'question')} on {on}{hits}. Outside the level."
        yield ""
    if report.communication:
        yield "## Communication"
        yield ""
        for line in report.communication:
            meets = f" ({line.meets.rstrip('.')})" if line.meets else ""
            where = f", {places_in_words(line.questions)}" if line.questions else ""
            answers = counted(line.answers, "answer")
            yield f"- {line.anchor}{meets}: in {line.shown} of {answers}{where}"
        yield "Reported beside the level, never inside it."
        yield ""
    if report.claims and not report.claim_ledger:
        yield f"Technologies the candidate says they have used: {', '.join(report.claims)}."
        yield ""


def _foot(report: Report) -> Iterable[str]:
    if report.unasked:
        yield "## What was not asked"
        yield ""
        yield "In the candidate's own words; for people to look at, and not marked."
        yield from (f"> {quoted(words)}" for words in report.unasked)
        yield ""
    if report.candidate_questions:
        yield "## The candidate's questions"
        yield ""
        for asked in report.candidate_questions:
            state = "answered from the documents" if asked.answered else OPEN[report.mode]
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
        f"Language model{f' {model}' if model else ''}: {counted(use.calls, 'call')}{told}, "
        f"{use.tokens_in:,} tokens in and {use.tokens_out:,} out{cost}."
    )
