"""The gate: whether a candidate is worse than its baseline, outside the noise.

Each check compares the two on the same transcripts. It fails only where the candidate is worse by
more than is allowed, and the interval of the difference lies beyond 0 as well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.agree.cases import Case
from evals.agree.checks import FEWEST, Check, Judging
from evals.agree.pairs import DECIDED
from evals.agree.people import SORTS, PersonMark, Problem, newest, settled
from evals.agree.sides import Side
from evals.agree.statistics import FEWEST_TRANSCRIPTS
from evals.markdown import counted
from knowledge.errors import BadInput

MAX_DROP = 0.02


@dataclass(frozen=True)
class Gate:
    """What the gate found; it is passed where nothing failed."""

    baseline: str
    candidate: str
    max_drop: float
    shared: int
    missing: tuple[str, ...]
    """Transcripts of the baseline that the candidate lacks."""
    checks: tuple[Check, ...]
    reference: int
    """Reference marks on shared transcripts."""
    without_kit: tuple[str, ...]
    """Transcripts with reference marks whose questions cannot be scored: not found, or no kit."""

    @property
    def passed(self) -> bool:
        """Whether the candidate may take the baseline's place."""
        return not self.missing and not any(check.failed for check in self.checks)


def gate(
    baseline: Side,
    candidate: Side,
    marks: Iterable[PersonMark],
    cases: Mapping[str, Case],
    max_drop: float = MAX_DROP,
) -> Gate:
    """Compare two sides with reference marks, and with each other.

    Args:
        marks: of several of a point the most telling counts: adjudicated, blind, informed, author.
        cases: transcripts as they were held, by which a reference's questions are scored.

    Raises:
        BadInput: too little is shared for anything to be said.
    """
    shared = baseline.transcripts & candidate.transcripts
    reference = _reference(mark for mark in marks if mark.transcript in shared)
    _check_enough(len(shared), reference)
    judging = Judging(sorted(shared), baseline, candidate, max_drop)
    known = {id_: cases[id_] for id_ in {m.transcript for m in reference} if id_ in cases}
    by_reference = (*judging.on_points(reference), *judging.on_questions(reference, known))
    if not any(check.judged for check in by_reference):
        raise BadInput(
            f"{counted(len(reference), 'reference mark')} on shared transcripts: too few to say.",
            f"Give marks of {FEWEST} points in {FEWEST_TRANSCRIPTS} interviews, or more.",
        )
    return Gate(
        baseline=baseline.name,
        candidate=candidate.name,
        max_drop=max_drop,
        shared=len(shared),
        missing=tuple(sorted(baseline.transcripts - candidate.transcripts)),
        checks=(*by_reference, *judging.by_themselves()),
        reference=len(reference),
        without_kit=tuple(sorted({m.transcript for m in reference} - known.keys())),
    )


def _check_enough(shared: int, reference: Sequence[PersonMark]) -> None:
    if shared < FEWEST_TRANSCRIPTS:
        raise BadInput(
            f"The two have {counted(shared, 'transcript')} in common; "
            f"a gate needs {FEWEST_TRANSCRIPTS}.",
            "Make both from the same transcripts.",
        )
    if not reference:
        raise BadInput(
            "None of the reference marks is of a transcript that both have.",
            "Look at the ids in the file of marks: they are the transcripts' names.",
        )


def _reference(marks: Iterable[PersonMark]) -> list[PersonMark]:
    """One mark for each point."""
    order = ["adjudicated", "blind", "informed", "author"]
    assert set(order) == set(SORTS)
    best: dict[tuple[str, str, str], PersonMark] = {}
    for mark in settled(newest(marks)):
        key = (mark.transcript, mark.question, mark.atom)
        if key not in best or order.index(mark.sort) < order.index(best[key].sort):
            best[key] = mark
    return [mark for mark in best.values() if mark.verdict in DECIDED]


def elsewhere(marks: Iterable[PersonMark], sides: Iterable[Side]) -> list[Problem]:
    """Transcripts with marks that none of the sides has."""
    known = set[str]().union(*(side.transcripts for side in sides))
    found = Counter(mark.transcript for mark in marks if mark.transcript not in known)
    return [
        Problem(transcript, f"{counted(count, 'reference mark')} of it, and no result.")
        for transcript, count in sorted(found.items())
    ]
