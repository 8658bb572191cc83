"""How often another road is seen, and where none is: `python -m evals.roads`.

Beside the answers of `data/roads.yaml` stand some made of them: a road cut to two sentences, a
road of another question, and waffle, boasts and asides in a row. The two halves of the questions,
by their hash, are printed apart, but the thresholds were chosen with both in sight. The shipped
kit's exemplars that are below are wrong or thin; how often they are put to a person is printed too.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from agent.examiner import Sheet
from agent.hearing import hear_all, sentences
from agent.local import LocalExaminer
from knowledge.atoms import Atom
from knowledge.embedder import Embedder, open_embedder
from knowledge.kit_yaml import parse_kit

RIGHT = ("road", "road in two sentences")


class Case(NamedTuple):
    """An answer of one kind to one question."""

    part: str
    kind: str
    question: str
    points: tuple[str, ...]
    answer: str


class Seen(NamedTuple):
    """Of so many answers of a kind, in how many another road was seen."""

    part: str
    kind: str
    answers: int
    seen: int


def measure(embedder: Embedder | None = None) -> list[Seen]:
    """Counts by half and kind."""
    embedder = embedder or open_embedder()
    cases = [*_cases(), *_of_kit()]
    messages = hear_all([case.answer for case in cases], embedder)
    sheets = [
        Sheet("probes", "core", case.question, heard, _rubric(case.points))
        for case, heard in zip(cases, messages, strict=True)
    ]
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    examined = LocalExaminer(embedder).examine_all(sheets)
    for case, examination in zip(cases, examined, strict=True):
        found[case.part, case.kind].append(examination.other_road is not None)
    return [Seen(*key, len(hits), sum(hits)) for key, hits in found.items()]


def _cases() -> Iterator[Case]:
    rows = yaml.safe_load(files("evals").joinpath("data/roads.yaml").read_text("utf-8"))
    for part in ("seen", "held out"):
        half = [row for row in rows if _part(row["question"]) == part]
        for number, row in enumerate(half):
            other, third = half[number - 1], half[number - 2]
            for kind, answer in _answers(row, other, third):
                yield Case(part, kind, row["question"], tuple(row["points"]), answer)


def _part(question: str) -> str:
    odd = int(hashlib.sha256(question.encode()).hexdigest(), 16) % 2
    return "held out" if odd else "seen"


def _answers(row: dict[str, Any], other: dict[str, Any], third: dict[str, Any]) -> list[Any]:
    first = " ".join(span.text for span in sentences(row["road"])[:2])
    return [
        ("road", row["road"]),
        ("road in two sentences", first),
        *((kind, row[kind]) for kind in ("vague", "wrong", "bluff", "aside")),
        ("vague and bluff", f"{row['vague']} {row['bluff']} {other['vague']}"),
        ("asides in a row", f"{row['aside']} {other['aside']}"),
        ("vague and aside", f"{row['vague']} {other['aside']}"),
        ("road of another question", other["road"]),
        ("road of a third question", third["road"]),
    ]


def _of_kit() -> Iterator[Case]:
    text = files("knowledge").joinpath("kits/data-engineer.yaml").read_text("utf-8")
    kit = parse_kit(text, "data-engineer.yaml")
    for question in kit.of("question"):
        points = tuple(point.text for point in kit.came_with(question.id, "point"))
        for exemplar in kit.came_with(question.id, "exemplar"):
            if exemplar.grade == "below" and points:
                yield Case("shipped kit", "below", question.text, points, exemplar.text)


def _rubric(points: tuple[str, ...]) -> tuple[Atom, ...]:
    return tuple(
        Atom(id=f"point-{i}", kind="point", text=text, role="core") for i, text in enumerate(points)
    )


def main() -> None:
    """Print the counts, with precision and recall of each half."""
    rows = measure()
    for row in rows:
        print(f"{row.part:12} {row.kind:26} {row.seen:3} of {row.answers}")
    for part in ("seen", "held out"):
        right = [row for row in rows if row.part == part and row.kind in RIGHT]
        hits = sum(row.seen for row in right)
        fired = sum(row.seen for row in rows if row.part == part)
        recall = hits / sum(row.answers for row in right)
        print(f"{part:12} precision {hits / max(fired, 1):.2f}, recall {recall:.2f}")


if __name__ == "__main__":
    main()
