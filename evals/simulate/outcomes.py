"""What simulated interviews came to: the verdicts against what the candidates know."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

from agent.events import Ended, Header, Heard
from agent.report import report
from agent.syllabus import Syllabus
from evals.markdown import counted, table
from evals.marks import questions_of
from evals.replay.transcript import Transcript
from evals.simulate.interviews import Failure, Seat
from evals.simulate.personas import ALL
from knowledge.atoms import LEVELS, Level

Judged = Literal["right", "open", "wrong"]


@dataclass(frozen=True)
class Outcome:
    """One interview: who it was, what was found, and what it took."""

    transcript: str
    style: str
    level: Level
    """What they know, on average over the competencies asked about, rounded down."""
    asked: Level
    verdict: str
    judged: Judged
    estimate: float | None
    right: int
    """Competencies whose own verdict agrees with what they know."""
    wrong: int
    open: int
    ended: str
    messages: int
    minutes: float
    """Of the interview's own clock."""
    graded: int
    """Core questions and rungs that have a score."""
    ungraded: int


def outcome(seat: Seat, transcript: Transcript, syllabus: Syllabus) -> Outcome:
    """What became of a seat."""
    persona, header = seat.someone.persona, transcript.header
    told = report(transcript.id, transcript.events, syllabus)
    known = [LEVELS.index(persona.on(subject)) for subject in header.subjects]
    level = LEVELS[int(fmean(known))] if known else persona.level[ALL]
    by_competency = Counter(
        judged(each.verdict, persona.on(each.name), header.level) for each in told.competencies
    )
    scores = [row.score for row in questions_of(transcript)]
    return Outcome(
        transcript=transcript.id,
        style=persona.style,
        level=level,
        asked=header.level,
        verdict=told.verdict,
        judged=judged(told.verdict, level, header.level),
        estimate=told.overall.level if told.overall else None,
        right=by_competency["right"],
        wrong=by_competency["wrong"],
        open=by_competency["open"],
        ended=next((e.reason for e in transcript.events if isinstance(e, Ended)), "not"),
        messages=sum(isinstance(event, Heard) for event in transcript.events),
        minutes=_minutes(transcript),
        graded=sum(score is not None for score in scores),
        ungraded=sum(score is None for score in scores),
    )


def _minutes(transcript: Transcript) -> float:
    times = [event.at for event in transcript.events if not isinstance(event, Header)]
    return round((max(times) - min(times)) / 60, 1)


def judged(verdict: str, level: Level, asked: Level) -> Judged:
    """A verdict against what somebody knows."""
    has_it = LEVELS.index(level) >= LEVELS.index(asked)
    if verdict == "likely shown":
        return "right" if has_it else "wrong"
    if verdict == "not shown in this interview":
        return "wrong" if has_it else "right"
    return "open"


def summary(outcomes: Sequence[Outcome], failures: Sequence[Failure]) -> str:
    """By level and by style, as Markdown; failures last, each with its reason."""
    parts = [f"{counted(len(outcomes), 'interview')}, {counted(len(failures), 'failure')}."]
    if outcomes:
        parts += [
            _table("level", outcomes, lambda one: one.level, sorted_by=LEVELS),
            _table("style", outcomes, lambda one: one.style),
        ]
    if failures:
        parts.append(table(("failed", "why"), [(each.name, each.why) for each in failures]))
    return "\n\n".join(parts)


def _table(
    what: str,
    outcomes: Sequence[Outcome],
    key: Callable[[Outcome], str],
    sorted_by: Sequence[str] = (),
) -> str:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[key(one)].append(one)
    names = [name for name in sorted_by if name in groups] or sorted(groups)
    headings = (what, "interviews", "right", "open", "wrong", "by competency", "mean estimate")
    more = ("messages", "minutes", "graded", "ungraded", "ends")
    return table((*headings, *more), [_row(name, groups[name]) for name in names])


def _row(name: str, group: Sequence[Outcome]) -> list[object]:
    verdicts = Counter(one.judged for one in group)
    estimates = [one.estimate for one in group if one.estimate is not None]
    ends = Counter(one.ended for one in group)
    return [
        name,
        len(group),
        *(verdicts[each] for each in ("right", "open", "wrong")),
        " / ".join(
            str(sum(getattr(o, each) for o in group)) for each in ("right", "open", "wrong")
        ),
        fmean(estimates) if estimates else "none",
        int(median(one.messages for one in group)),
        int(median(one.minutes for one in group)),
        sum(one.graded for one in group),
        sum(one.ungraded for one in group),
        ", ".join(f"{reason} {times}" for reason, times in sorted(ends.items())),
    ]
