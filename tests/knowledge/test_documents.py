"""Documents of ten teams and ten habits, and what a careful reader insists on in each.

The even-numbered ones were never looked at while the parser was written; the rest were. A
document's `.expected.json` lists atoms to `expect` and ones that `must_not` come.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from knowledge.atoms import Atom
from knowledge.embedder import MiniLM
from knowledge.parser import parse
from knowledge.readers import read_document

FOLDER = Path(__file__).parents[1] / "documents"
PAPERS = sorted(path for path in FOLDER.iterdir() if path.suffix in {".md", ".txt"})
NEAR = 2
SEEN, UNSEEN = 0.95, 0.8
STATED = ("polarity", "level", "role", "grade", "question_kind")
_curly = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def recall(papers: Iterable[Path], embedder: MiniLM) -> float:
    met = wanted = 0
    for paper in papers:
        atoms = parse(read_document(paper), embedder=embedder).atoms
        expected = _expected(paper)["expect"]
        fits = [[n for n, atom in enumerate(atoms) if _fits(atom, e, atoms)] for e in expected]
        met += _matched(fits)
        wanted += len(expected)
    return met / wanted


def test_documents_known_while_writing_the_parser_arrive(minilm: MiniLM) -> None:
    assert recall([p for p in PAPERS if int(p.name[:2]) % 2], minilm) >= SEEN


def test_documents_never_looked_at_mostly_arrive(minilm: MiniLM) -> None:
    assert recall([p for p in PAPERS if int(p.name[:2]) % 2 == 0], minilm) >= UNSEEN


FALLS_SHORT = {"10_analytics_engineer_prep.md": "one story's sentence is read as a point"}
CASES = [
    pytest.param(
        path,
        id=path.stem,
        marks=[pytest.mark.xfail(reason=FALLS_SHORT[path.name])]
        if path.name in FALLS_SHORT
        else (),
    )
    for path in PAPERS
]


@pytest.mark.parametrize("paper", CASES)
def test_what_must_not_come_does_not_come(paper: Path, minilm: MiniLM) -> None:
    atoms = parse(read_document(paper), embedder=minilm).atoms
    wrong = [
        (atom.kind, atom.text)
        for unwanted in _expected(paper)["must_not"]
        for atom in atoms
        if atom.kind in _many(unwanted["kind"]) and _is_it(atom, unwanted)
    ]
    assert wrong == []


def _expected(paper: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"{paper}.expected.json").read_text("utf-8"))
    return found


def _is_it(atom: Atom, unwanted: dict[str, Any]) -> bool:
    if unwanted.get("exact"):
        return _plain(atom.text) == _plain(unwanted["contains"])
    return _has(atom.text, unwanted["contains"])


def _fits(atom: Atom, expected: dict[str, Any], atoms: tuple[Atom, ...]) -> bool:
    if atom.kind not in _many(expected["kind"]) or not _has(atom.text, expected["contains"]):
        return False
    line = atom.source.line if atom.source else 0
    if abs(line - expected["line"]) > expected.get("line_tol", NEAR):
        return False
    if any(getattr(atom, k) not in _many(expected[k]) for k in STATED if k in expected):
        return False
    if expected.get("minutes", atom.minutes) != atom.minutes:
        return False
    above = _above(atom, {each.id: each for each in atoms})
    links = [expected[k] for k in ("parent_contains", "question_contains") if k in expected]
    return all(
        any(_has(each.text, link) for each in above) or _has(atom.topic or "", link)
        for link in links
    )


def _above(atom: Atom, by_id: dict[str, Atom]) -> list[Atom]:
    """Ancestors, and the question it came with."""
    above = [by_id[atom.question]] if atom.question in by_id else []
    while atom.parent and atom.parent in by_id:
        atom = by_id[atom.parent]
        above.append(atom)
    return above


def _matched(fits: list[list[int]]) -> int:
    """How many expectations can be met when one atom meets only one (greatest matching)."""
    owner: dict[int, int] = {}

    def place(wish: int, tried: set[int]) -> bool:
        for atom in fits[wish]:
            if atom not in tried:
                tried.add(atom)
                if atom not in owner or place(owner[atom], tried):
                    owner[atom] = wish
                    return True
        return False

    return sum(place(wish, set()) for wish in range(len(fits)))


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _has(text: str, wanted: Any) -> bool:
    return any(_plain(each) in _plain(text) for each in _many(wanted))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*`]", "", text.translate(_curly)).split()).casefold()
