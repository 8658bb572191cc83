"""Forty scripted people through the whole interviewer: `python -m evals.text_level`.

A smoke test of everything at once, with the local examiner: are verdicts right, does every
interview come to its end, is nothing said twice? Each is asked at mid and at senior, in practice
and in a screen. The people's levels are ours, so this is no agreement with people.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.resources import files
from multiprocessing import get_context
from statistics import fmean, pstdev
from typing import get_args

from agent.events import Flagged, Heard, Marked, Opened
from agent.syllabus import Syllabus
from evals.holding import CELLS, Cell, Held, Judged, run
from evals.interviewee import shipped
from evals.markdown import share, table
from knowledge.atoms import LEVELS, Level

__all__ = ["run", "text_level"]


def run_on_all_cores() -> list[Held]:
    """All forty in all cells, a cell in a process."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [held for cell in pool.map(_run_cell, CELLS) for held in cell]


def _run_cell(cell: Cell) -> list[Held]:
    import torch

    torch.set_num_threads(1)
    return run(cells=[cell])


def verdicts(held: Sequence[Held]) -> str:
    """Right, open and wrong verdicts, by cell."""
    rows = []
    for cell, of_cell in _by_cell(held).items():
        counted = Counter(each.judged for each in of_cell)
        counts = (share(counted[judged], len(of_cell)) for judged in get_args(Judged))
        not_wrong = share(len(of_cell) - counted["wrong"], len(of_cell))
        rows.append((*cell, *counts, not_wrong))
    return table(("mode", "asked", "right", "could be either", "wrong", "not wrong"), rows)


def by_level(held: Sequence[Held]) -> str:
    """The same by where people stand, with what became of their answers."""
    rows = []
    for level in LEVELS:
        of_level = [each for each in held if each.person.level == level]
        counted = Counter(each.judged for each in of_level)
        counts = (share(counted[judged], len(of_level)) for judged in get_args(Judged))
        marked = [e for each in of_level for e in _last_marks(each)]
        to_people = share(sum(e.review is not None for e in marked), len(marked))
        flags = sum(
            isinstance(e, Flagged) and e.mark.polarity == "negative"
            for each in of_level
            for e in each.events
        )
        rows.append((level, *counts, to_people, flags))
    headings = ("who", "right", "could be either", "wrong", "answers left to a person", "red flags")
    return table(headings, rows)


def wrong(held: Sequence[Held]) -> str:
    """Each wrong verdict: whose, and what the estimate was."""
    rows = [
        (h.mode, h.asked, h.person.name, h.report.verdict, f"{h.mean:.2f}")
        for h in held
        if h.judged == "wrong"
    ]
    return table(("mode", "asked", "who", "verdict", "estimate"), rows)


def estimates(held: Sequence[Held]) -> str:
    """The mean estimate and its spread over people, by cell and true level."""
    rows = []
    for cell, of_cell in _by_cell(held).items():
        by_level = _means(of_cell).values()
        told = (f"{fmean(means):.2f} ± {pstdev(means):.2f}" if means else "" for means in by_level)
        rows.append((*cell, *told))
    return table(("mode", "asked", *LEVELS), rows)


def scores(held: Sequence[Held]) -> str:
    """The mean score of questions that were answered, by their level and the person's."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in held:
        levels = {e.testlet: e.level for e in each.events if isinstance(e, Opened)}
        for mark in _last_marks(each):
            if mark.score is not None and mark.review is None:
                found[levels[mark.testlet], each.person.level].append(mark.score)
    rows = []
    for asked in LEVELS:
        cells = (found.get((asked, of), []) for of in LEVELS)
        rows.append((asked, *(f"{fmean(c):.2f} ({len(c)})" if c else "" for c in cells)))
    return table(("question", *(f"of a {level}" for level in LEVELS)), rows)


def faults(held: Sequence[Held]) -> str:
    """What should not have happened, and in how many interviews each did."""
    syllabus = Syllabus(shipped())
    found = Counter(fault for each in held for fault in set(each.faults(syllabus)))
    again = Counter(text for each in held for text in each.repeats())
    rows = [*found.most_common(), *((f"said again: {text}", n) for text, n in again.most_common())]
    return table(("fault", "interviews"), rows) if rows else "No faults."


def ordered(held: Sequence[Held]) -> bool:
    """Whether in each cell the mean estimate rises with the true level."""
    for of_cell in _by_cell(held).values():
        means = [fmean(found) for found in _means(of_cell).values() if found]
        if means != sorted(means):
            return False
    return True


def frozen() -> str:
    """The SHA-256 over the files of `candidates/`, in the order of their names."""
    digest = hashlib.sha256()
    for file in sorted(files("evals").joinpath("candidates").iterdir(), key=lambda f: f.name):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _by_cell(held: Sequence[Held]) -> dict[Cell, list[Held]]:
    cells: dict[Cell, list[Held]] = defaultdict(list)
    for each in held:
        cells[each.mode, each.asked].append(each)
    return cells


def _last_marks(held: Held) -> list[Marked]:
    """What each question came to in the end, where an answer to it was marked."""
    return list({e.testlet: e for e in held.events if isinstance(e, Marked)}.values())


def _means(held: Sequence[Held]) -> dict[Level, list[float]]:
    """Estimates by true level; who showed nothing at all is left out."""
    return {
        level: [h.mean for h in held if h.person.level == level and h.mean is not None]
        for level in LEVELS
    }


def text_level(held: Sequence[Held] | None = None) -> str:
    """The section of the bench in Markdown; interviews all forty in each cell if none are given."""
    held = run_on_all_cores() if held is None else held
    messages = [sum(isinstance(event, Heard) for event in h.events) for h in held]
    heading = (
        f"{len(held)} interviews; answers frozen as `{frozen()[:16]}`; at most {max(messages)} "
        f"messages; estimates {'rise' if ordered(held) else 'do not rise'} with the true level."
    )
    tables = (verdicts, by_level, wrong, estimates, scores, faults)
    return "\n\n".join((heading, *(each(held) for each in tables)))


if __name__ == "__main__":
    print(text_level())
