"""The tables of a run, as Markdown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from agent.policy import Policy
from evals.bench_measurement.figures import (
    HEADINGS,
    Figures,
    as_long_as,
    needed,
    overall,
    own,
    percent,
)
from evals.bench_measurement.runs import Guess, Outcome
from evals.bench_measurement.sitting import LONGEST, Design
from evals.markdown import table
from knowledge.atoms import LEVELS

Found = Mapping[Design, Sequence[Outcome]]
"""Outcomes by design, each of the same people in the same order."""
ALONGSIDE: tuple[Design, ...] = ("fixed form", "random order")


def same_length(found: Found, policy: Policy) -> dict[str, list[Outcome]]:
    """Each design as long, person by person, as the one that adapts beside it."""
    cut: dict[str, list[Outcome]] = {"practice": list(found["practice"])}
    cut |= {d: as_long_as(found["practice"], found[d], policy) for d in ALONGSIDE}
    cut["screen"] = list(found["screen"])
    cut["fixed form, as a screen"] = as_long_as(found["screen"], found["fixed screen"], policy)
    return cut


def by_design(cut: Mapping[str, Iterable[Outcome]], of: Callable[..., Figures]) -> str:
    """One line for each design; `of` is `overall` or `own`."""
    return table(("design", *HEADINGS), [[name, *of(found).cells()] for name, found in cut.items()])


def by_length(found: Found, longest: int) -> str:
    """RMSE of the general level after so many testlets, and what practice saves."""
    designs: tuple[Design, ...] = ("practice", *ALONGSIDE)
    rows = [
        [length, *(overall(found[d], length).rmse for d in designs)]
        for length in range(1, longest + 1)
    ]
    return f"{table(('testlets', *designs), rows)}\n\n{saving(found, longest)}"


def saving(found: Found, longest: int) -> str:
    """In words: after how many testlets practice is as near as the whole fixed form."""
    reach = overall(found["fixed form"], longest).rmse
    length = needed(reach, lambda n: overall(found["practice"], n).rmse, LONGEST)
    if length is None:
        return f"Practice does not reach the RMSE of a fixed form of {longest} ({reach:.3f})."
    return (
        f"Practice reaches the RMSE of a fixed form of {longest} ({reach:.3f}) "
        f"after {length:.1f} testlets: {percent(length / longest)} of them."
    )


def by_world(found: Mapping[str, Sequence[Outcome]]) -> str:
    """Bias, RMSE and coverage of a design, overall and for a competency, world by world."""
    headings = ("world", "bias", "RMSE", "coverage", "own bias", "own RMSE", "own coverage")
    rows = [[name, *_short(overall(o)), *_short(own(o))] for name, o in found.items()]
    return table(headings, rows)


def _short(figures: Figures) -> list[str]:
    return figures.cells()[1:4]


def by_level(outcomes: Sequence[Outcome]) -> str:
    """The general level, by the level somebody truly is nearest to."""
    rows = [
        [level, *overall([o for o in outcomes if o.candidate.nearest == level]).cells()]
        for level in LEVELS
    ]
    return table(("true level", *HEADINGS), rows)


def by_booking(outcomes: Sequence[Outcome]) -> str:
    """The general level, by how far above their own level somebody is booked."""
    ways: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        person = outcome.candidate
        off = LEVELS.index(person.asked) - LEVELS.index(person.nearest)
        ways.setdefault(off, []).append(outcome)
    rows = [
        [f"{off:+d}", len(found), *overall(found).cells()] for off, found in sorted(ways.items())
    ]
    return table(("booked above own level by", "people", *HEADINGS), rows)


def beside(catsim: Sequence[tuple[Guess, Outcome]], found: Found, longest: int) -> str:
    """catsim beside ours, after as many testlets."""
    rows = [
        ("catsim: its choice, its estimate", Figures([guess for guess, _ in catsim])),
        ("catsim's choice, our estimate", overall(outcome for _, outcome in catsim)),
        ("practice", overall(found["practice"], longest)),
        ("fixed form", overall(found["fixed form"], longest)),
    ]
    cells = [[name, *figures.cells()[:4]] for name, figures in rows]
    return table(("design", *HEADINGS[:4]), cells)


def joined(worlds: Iterable[Found]) -> Found:
    """The outcomes of all worlds, by design."""
    worlds = list(worlds)
    return {design: list(chain.from_iterable(w[design] for w in worlds)) for design in worlds[0]}
