"""Agreement as Markdown, for a terminal or a file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from evals.agree.agreement import Compared, Figure, Of
from evals.agree.disagreements import Disagreement
from evals.agree.pairs import MACHINE
from evals.agree.people import SORTS
from evals.markdown import table

HEADINGS = (
    "between",
    "of",
    "figure",
    "value",
    "90 % interval",
    "constant rater",
    "n",
    "interviews",
)
OF: dict[Of, str] = {
    "points": "points",
    "questions": "questions, by verdicts",
    "scores": "questions, as counted",
}
TOO_FEW = "too few to say"
LONGEST_ANSWER = 600


def agreement(found: Sequence[Compared], figures: Sequence[Figure]) -> Iterator[str]:
    """The figures of each sort of marks, with what could not be compared."""
    for each in found:
        mine = [figure for figure in figures if figure.sort == each.sort]
        yield f"## {SORTS[each.sort]}\n"
        yield table(HEADINGS, map(_row, (f for f in mine if not f.group))) + "\n"
        if each.sort == "blind" and not each.people:
            yield "No two people marked the same point: there is no human-human figure.\n"
        for by, grouped in groupby((f for f in mine if f.group), key=lambda f: f.by):
            yield f"### By {by}\n"
            rows = ((f.group, *_row(f)) for f in grouped)
            yield table((by, *HEADINGS), rows) + "\n"
        yield from _apart(each)


def _row(figure: Figure) -> tuple[object, ...]:
    low, high = figure.low, figure.high
    bounds = f"{low:.2f} to {high:.2f}" if low is not None and high is not None else TOO_FEW
    return (
        _between(figure),
        OF[figure.of],
        figure.name,
        TOO_FEW if figure.value is None else figure.value,
        "" if figure.value is None else bounds,
        "" if figure.constant is None else figure.constant,
        figure.count,
        figure.transcripts,
    )


def _between(figure: Figure) -> str:
    if figure.pairs == 1:
        return f"{figure.first}, {figure.second}"
    first = MACHINE if figure.first == MACHINE else "two people"
    return f"{first}, mean of {figure.pairs} pairs"


def _apart(each: Compared) -> Iterator[str]:
    for title, pairs in (("the machine", each.machine), ("other people", each.people)):
        apart = sum((pair.apart for pair in pairs), Counter[str]())
        if apart:
            told = "; ".join(f"{count} {why}" for why, count in sorted(apart.items()))
            yield f"Not compared with {title}: {told}.\n"


def worst_of(found: Iterable[Disagreement], most: int) -> Iterator[str]:
    """The worst questions, with both reasonings for each point on which the two differ."""
    grouped = groupby(found, key=lambda d: (d.sort, d.transcript, d.question, d.by))
    for place, ((sort, transcript, _, by), some) in enumerate(islice(grouped, most)):
        points = list(some)
        first = points[0]
        if not place:
            yield "## Where they differ most\n"
        yield f"### {transcript}: {first.question_text}\n"
        scores = f"the machine {_score(first.machine_score)}, {by} {_score(first.person_score)}"
        yield f"{first.competency}; {scores}. ({SORTS[sort]}.)\n"
        yield from (f"> {_short(answer)}\n" for answer in first.answers)
        yield from (_point(point) for point in points)
        yield ""


def _point(point: Disagreement) -> str:
    machine = f"{point.machine} (p {point.probability:.2f})"
    return (
        f"- {point.text}\n"
        f"  - the machine: {machine}{_quoted(point.machine_words)}\n"
        f"  - {point.by}: {point.person}{_quoted(point.person_words)}"
    )


def _quoted(words: str) -> str:
    return f", “{_short(words)}”" if words else ", without words"


def _score(value: float | None) -> str:
    return "has no score" if value is None else f"{value:.2f}"


def _short(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= LONGEST_ANSWER else f"{whole[:LONGEST_ANSWER]} ..."
