"""Drift as Markdown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields

from evals.agree.drift import WAYS, Drift, MarkChange, ScoreChange, VerdictChange
from evals.markdown import counted, share, table
from evals.marks import Versions

MOST_ROWS = 15


def markdown(found: Drift) -> str:
    """What changed: counts, by what, and the single changes that weigh most."""
    return "\n".join(_lines(found))


def _lines(found: Drift) -> Iterator[str]:
    yield f"# From {found.baseline} to {found.candidate}\n"
    for name, value in _told_versions(found):
        yield f"- {name}: {value}"
    yield ""
    yield from _counts(found)
    if found.nothing:
        yield "Nothing changed in what both have.\n"
    for by in ("competency", "question", "examiner"):
        yield from _by(found.marks, by)
    yield from _scores(found.scores)
    yield from _verdicts(found.verdicts)


def _told_versions(found: Drift) -> Iterator[tuple[str, str]]:
    """What is not the same on both sides."""
    for name in (each.name for each in fields(Versions)):
        before, after = (
            ", ".join(sorted({str(each[name]) for each in side})) or "nothing"
            for side in found.versions
        )
        if before != after:
            yield name, f"{before or 'none'} -> {after or 'none'}"


def _counts(found: Drift) -> Iterator[str]:
    changed: dict[str, Sequence[object]] = {
        "marks": found.marks,
        "questions": found.scores,
        "verdicts": found.verdicts,
    }
    rows = [
        (what, share(len(changed[what]), found.both[what]), found.only_before[what],
         found.only_after[what])
        for what in changed
    ]  # fmt: skip
    yield table(("", "changed", "only in the baseline", "only in the candidate"), rows) + "\n"
    for name, gone in zip(("baseline", "candidate"), found.only_transcripts, strict=True):
        if gone:
            named = ", ".join(gone[:MOST_ROWS]) + (" ..." if len(gone) > MOST_ROWS else "")
            yield f"{counted(len(gone), 'transcript')} only in the {name}: {named}.\n"


def _by(changes: Sequence[MarkChange], by: str) -> Iterator[str]:
    counted: dict[str, Counter[str]] = {}
    for change in changes:
        counted.setdefault(getattr(change, by), Counter())[change.way] += 1
    if counted:
        rows = [(name, *(ways[way] for way in WAYS)) for name, ways in counted.items()]
        rows.sort(key=lambda row: (-sum(row[1:]), row[0]))  # type: ignore[arg-type]
        yield f"## Marks by {by}\n\n{table((by, *WAYS), rows[:MOST_ROWS])}\n"


def _scores(changes: Sequence[ScoreChange]) -> Iterator[str]:
    if changes:
        both = [c.after - c.before for c in changes if c.before is not None and c.after is not None]
        ups = sum(step > 0 for step in both)
        lost = sum(change.after is None for change in changes)
        rows = [
            (
                c.transcript,
                c.text,
                _score(c.before),
                _score(c.after),
                c.anchor_before,
                c.anchor_after,
            )
            for c in sorted(changes, key=_weight)[:MOST_ROWS]
        ]
        yield (
            f"## Scores\n\n{ups} higher, {len(both) - ups} not higher, {lost} ungraded now.\n\n"
            f"{table(('transcript', 'question', 'before', 'after', 'was', 'is'), rows)}\n"
        )


def _weight(change: ScoreChange) -> tuple[float, str]:
    if change.before is None or change.after is None:
        return -1.0, change.transcript
    return -abs(change.after - change.before), change.transcript


def _score(value: float | None) -> str:
    return "ungraded" if value is None else f"{value:.2f}"


def _verdicts(changes: Sequence[VerdictChange]) -> Iterator[str]:
    if changes:
        counted = Counter((c.competency or "overall", c.before, c.after) for c in changes)
        rows = [(*which, times) for which, times in counted.most_common(MOST_ROWS)]
        yield f"## Verdicts\n\n{table(('of', 'before', 'after', 'interviews'), rows)}\n"
