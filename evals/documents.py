"""How well documents are understood: recall and precision by kind, `make bench-documents`.

A document's `NAME.expected.json` lists atoms that a careful reader would `expect`, ones that
`must_not` come, and ones that must come `once` though they stand twice. Kinds that are listed as
`complete` are listed in full, so that whatever else comes of that kind is wrong. Recall is the
share of what is expected that came, each atom standing for one expectation (greatest matching);
precision the share of the atoms of a complete kind that were expected.

The documents of `VIVA_SEEDS` have theirs in `evals/data/seeds.yaml`: lines and kinds, no words.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.atoms import Atom, Kind
from knowledge.embedder import Embedder
from knowledge.parser import parse
from knowledge.readers import read_document
from knowledge.repeats import without_repeats

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "tests" / "documents"
SEEDS = Path(os.environ.get("VIVA_SEEDS", ROOT.parent / "shared" / "seeds"))
SEEDS_EXPECTED = Path(__file__).parent / "data" / "seeds.yaml"
NEAR = 2
"""Lines that a source may be off, for it may cite a label or what stands below it."""

STATED = ("polarity", "level", "role", "grade", "question_kind", "minutes", "critical")
LINKS = ("parent_contains", "question_contains")
LATE = range(17, 25)
"""Numbers of the documents that were written when the rules of the parser were frozen."""

HELD_OUT = range(2, 17, 2)
"""Numbers of those that were never looked at while the rules were written; the rest were."""

_curly = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})
Expected = dict[str, Any]


@dataclass
class Tally:
    """What was found in some documents; counts by kind. `unwanted` tells what must not come."""

    expected: Counter[Kind] = field(default_factory=Counter)
    met: Counter[Kind] = field(default_factory=Counter)
    given: Counter[Kind] = field(default_factory=Counter)
    right: Counter[Kind] = field(default_factory=Counter)
    refused: int = 0
    unwanted: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.expected + other.expected,
            self.met + other.met,
            self.given + other.given,
            self.right + other.right,
            self.refused + other.refused,
            self.unwanted + other.unwanted,
            self.missed + other.missed,
        )

    @property
    def recall(self) -> float:
        """The share of what is expected that came."""
        return self.met.total() / max(self.expected.total(), 1)

    @property
    def precision(self) -> float:
        """The share of what came, of the kinds listed in full, that was expected."""
        return self.right.total() / max(self.given.total(), 1)


def papers(folder: Path = DOCUMENTS) -> list[Path]:
    """The documents with expectations, by name."""
    return sorted(p.with_name(p.stem[: -len(".expected")]) for p in folder.glob("*.expected.json"))


def known() -> list[Path]:
    """The documents that were looked at while the parser was written."""
    return [p for p in papers() if _number(p) not in LATE and _number(p) not in HELD_OUT]


def held_out() -> list[Path]:
    """Those that were not."""
    return [p for p in papers() if _number(p) in HELD_OUT]


def late() -> list[Path]:
    """Those written when its rules were frozen."""
    return [p for p in papers() if _number(p) in LATE]


def _number(paper: Path) -> int:
    return int(paper.name[:2])


def expected_of(paper: Path) -> Expected:
    """What is expected of a document."""
    found: Expected = json.loads(Path(f"{paper}.expected.json").read_text("utf-8"))
    return found


def atoms_of(paper: Path, embedder: Embedder) -> tuple[Atom, ...]:
    """What comes of a document, a question that it asks twice once."""
    atoms = parse(read_document(paper), embedder=embedder).atoms
    return without_repeats(atoms, embedder.embed([atom.text for atom in atoms]))


def judged(atoms: Sequence[Atom], wanted: Expected, name: str = "") -> Tally:
    """What came beside what was expected."""
    expect = wanted["expect"]
    by_id = {atom.id: atom for atom in atoms}
    fits = [[n for n, atom in enumerate(atoms) if _fits(atom, each, by_id)] for each in expect]
    owner = _matched(fits)
    met = set(owner.values())
    complete: set[Kind] = set(wanted.get("complete", ()))
    tally = Tally(refused=len(wanted.get("must_not", ())) + len(wanted.get("once", ())))
    for number, each in enumerate(expect):
        kind = _many(each["kind"])[0]
        tally.expected[kind] += 1
        tally.met[kind] += number in met
        if number not in met:
            tally.missed.append(f"{name} {_told(each)}")
    for number, atom in enumerate(atoms):
        if atom.kind in complete:
            tally.given[atom.kind] += 1
            tally.right[atom.kind] += number in owner
    tally.unwanted = [f"{name} {each}" for each in _unwanted(atoms, wanted)]
    return tally


def _told(expected: Expected) -> str:
    where = expected.get("place") or f"line {expected.get('line', '?')}"
    what = expected.get("contains", "")
    return f"{where}: {_many(expected['kind'])[0]} {_many(what)[0][:60]!r}"


def _unwanted(atoms: Sequence[Atom], wanted: Expected) -> Iterable[str]:
    for each in wanted.get("must_not", ()):
        for atom in atoms:
            if atom.kind in _many(each["kind"]) and _is_it(atom, each):
                yield f"{atom.kind} {atom.text[:60]!r}"
    for each in wanted.get("once", ()):
        found = [
            a for a in atoms if a.kind in _many(each["kind"]) and _has(a.text, each["contains"])
        ]
        if len(found) != 1:
            yield f"{len(found)} of {_many(each['contains'])[0][:60]!r} instead of one"


def _is_it(atom: Atom, unwanted: Expected) -> bool:
    if unwanted.get("exact"):
        return _plain(atom.text) == _plain(unwanted["contains"])
    return _has(atom.text, unwanted["contains"])


def _fits(atom: Atom, expected: Expected, by_id: dict[str, Atom]) -> bool:
    if atom.kind not in _many(expected["kind"]) or not _stands(atom, expected):
        return False
    if "contains" in expected and not _has(atom.text, expected["contains"]):
        return False
    if any(getattr(atom, k) not in _many(expected[k]) for k in STATED if k in expected):
        return False
    above = _above(atom, by_id)
    return all(
        any(_has(each.text, expected[link]) for each in above)
        or _has(atom.topic or "", expected[link])
        for link in LINKS
        if link in expected
    )


def _stands(atom: Atom, expected: Expected) -> bool:
    """Whether an atom cites where the expectation stands."""
    source = atom.source
    if source is None:
        return False
    if "place" in expected:
        return source.place in _many(expected["place"])
    if "line" not in expected:
        return True
    told = re.fullmatch(r"line (\d+)", source.place or "")
    line = int(told[1]) if told else source.line
    return bool(abs(line - expected["line"]) <= expected.get("line_tol", NEAR))


def _above(atom: Atom, by_id: dict[str, Atom]) -> list[Atom]:
    """Ancestors, and the question it came with."""
    above = [by_id[atom.question]] if atom.question in by_id else []
    while atom.parent and atom.parent in by_id:
        atom = by_id[atom.parent]
        above.append(atom)
    return above


def _matched(fits: list[list[int]]) -> dict[int, int]:
    """The expectation that each atom meets, when one meets only one (greatest matching)."""
    owner: dict[int, int] = {}

    def place(wish: int, tried: set[int]) -> bool:
        for atom in fits[wish]:
            if atom not in tried:
                tried.add(atom)
                if atom not in owner or place(owner[atom], tried):
                    owner[atom] = wish
                    return True
        return False

    for wish in range(len(fits)):
        place(wish, set())
    return owner


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _has(text: str, wanted: Any) -> bool:
    return any(_plain(each) in _plain(text) for each in _many(wanted))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*`]", "", text.translate(_curly)).split()).casefold()


def seeds() -> Iterable[tuple[Path, Expected]]:
    """The documents of real teams with what is expected of them, where they are here."""
    written = yaml.safe_load(SEEDS_EXPECTED.read_text("utf-8")) if SEEDS_EXPECTED.is_file() else {}
    for paper in sorted(SEEDS.glob("00[0-4]_*")):
        if paper.name[:3] in written:
            yield paper, written[paper.name[:3]]


def main() -> None:
    """Print recall and precision by kind: of the seeds, of documents seen and not seen."""
    from knowledge.embedder import open_embedder

    embedder = open_embedder()
    halves = {
        "seeds": [judged(atoms_of(p, embedder), e, p.name[:3]) for p, e in seeds()],
        "seen while the parser was written": _of(embedder, known()),
        "held out": _of(embedder, held_out()),
        "written after the rules were frozen": _of(embedder, late()),
    }
    for name, tallies in halves.items():
        if tallies:
            _print(name, sum(tallies[1:], tallies[0]), len(tallies))


def _of(embedder: Embedder, chosen: Iterable[Path]) -> list[Tally]:
    return [judged(atoms_of(p, embedder), expected_of(p), p.name) for p in chosen]


def _print(name: str, tally: Tally, documents: int) -> None:
    print(f"\n{name}: {documents} documents")
    print(f"{'kind':20} {'expected':>8} {'recall':>7} {'given':>7} {'precision':>9}")
    for kind in sorted({*tally.expected, *tally.given}):
        recall = _share(tally.met[kind], tally.expected[kind])
        precision = _share(tally.right[kind], tally.given[kind])
        given = tally.given[kind] or ""
        print(f"{kind:20} {tally.expected[kind]:8} {recall:>7} {given:>7} {precision:>9}")
    print(
        f"{'all':20} {tally.expected.total():8} {tally.recall:7.3f} "
        f"{tally.given.total():7} {tally.precision:9.3f}"
    )
    print(f"came and must not: {len(tally.unwanted)} of {tally.refused}")
    if os.environ.get("VERBOSE"):
        print("\n".join((*(f"missed {m}" for m in tally.missed), *tally.unwanted)))


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else ""


if __name__ == "__main__":
    main()
