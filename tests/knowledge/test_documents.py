"""Documents of many teams and habits, and what a careful reader insists on in each.

`evals.documents` says which were looked at while the parser was written, and which were not.
"""

from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

import pytest

from evals.documents import (
    Tally,
    atoms_of,
    expected_of,
    held_out,
    judged,
    known,
    seeds,
)
from knowledge.atoms import Atom
from knowledge.embedder import MiniLM

SEEDS, SEEN, UNSEEN = 0.95, 0.92, 0.8


Come: TypeAlias = Callable[[Path], tuple[Atom, ...]]


@pytest.fixture(scope="module")
def come(minilm: MiniLM) -> Come:
    """What comes of a document, which is read once."""
    return cache(partial(atoms_of, embedder=minilm))


def tally(chosen: Iterable[Path], come: Come) -> Tally:
    each = [judged(come(p), expected_of(p), p.name) for p in chosen]
    return sum(each, Tally())


def test_documents_known_while_writing_the_parser_arrive(come: Come) -> None:
    found = tally(known(), come)
    assert found.recall >= SEEN, found.missed


def test_documents_never_looked_at_mostly_arrive(come: Come) -> None:
    assert tally(held_out(), come).recall >= UNSEEN


FALLS_SHORT = {
    "10_analytics_engineer_prep.md": "a foot of the page is kept as a fact",
    "14_qa_engineer_bank.xlsx": "the last row of the weights is read as a topic",
    "15_data_scientist_script.md": "a question stands twice in other words",
    "16_einkauf_leitfaden.md": "that one of several is enough is kept in the point",
}
CASES = [
    pytest.param(
        path,
        id=path.stem,
        marks=[pytest.mark.xfail(reason=FALLS_SHORT[path.name])]
        if path.name in FALLS_SHORT
        else (),
    )
    for path in (*known(), *held_out())
]


@pytest.mark.parametrize("paper", CASES)
def test_what_must_not_come_does_not_come(paper: Path, come: Come) -> None:
    assert judged(come(paper), expected_of(paper)).unwanted == []


def test_the_documents_of_real_teams_arrive(come: Come) -> None:
    each = [judged(come(p), e, p.name[:3]) for p, e in seeds()]
    if not each:
        pytest.skip("the seed documents are not here; set VIVA_SEEDS to their folder")
    found = sum(each, Tally())
    assert found.recall >= SEEDS, found.missed
    assert found.precision >= 0.93
