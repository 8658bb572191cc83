"""What the desk costs beside the embedder alone: `python -m evals.throughput`.

The same texts, one torch thread on each side, in one process: distinct answers, questions and
statements through `embedder.embed`, and the lines that hold them through the desk. The lines are
the shipped kit's questions with its exemplars, and a sample of the graded sets where VIVA_GRADED
is set or `../shared/graded` is there.
"""

import asyncio
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from agent.desk import Desk
from agent.lines import Answer, GivenPoint, Message, rubric_of
from agent.local import LocalExaminer
from knowledge.embedder import Embedder, open_embedder
from knowledge.errors import NotFound
from knowledge.index import KitIndex
from knowledge.kit_yaml import parse_kit

SAMPLE = 200
AIM = 0.25


class Ratio(NamedTuple):
    """Seconds of the embedder alone and of the desk on the same texts."""

    name: str
    lines: int
    raw: float
    desk: float

    @property
    def share(self) -> float:
        """The desk's throughput as a share of the embedder's."""
        return self.raw / self.desk


def ratio() -> list[Ratio]:
    """The desk's throughput beside the embedder's, for grading and for understanding."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return asyncio.run(_measured(open_embedder()))
    finally:
        torch.set_num_threads(threads)


async def _measured(embedder: Embedder) -> list[Ratio]:
    embedder.encode(["warm up"])
    rows = []
    for name, answers in {"shipped kit": _of_kit(), **_graded()}.items():
        texts = [t for a in answers for t in (a.answer, a.question, *_statements(a))]
        rows.append(await _grading(f"grade, {name}", answers, texts, embedder))
        only = [answer.answer for answer in answers]
        rows.append(await _grading(f"grade, {name}, answers alone", answers, only, embedder))
        messages = [Message(id=a.id, question=a.question, message=a.answer) for a in answers]
        rows.append(await _reading(f"understand, {name}", messages, embedder))
    return rows


async def _grading(
    name: str, answers: Sequence[Answer], texts: Sequence[str], embedder: Embedder
) -> Ratio:
    """A new desk each time: what it has encoded before would be left out of its cost."""
    raw = _seconds_of(embedder, texts)
    desk = await _timed(lambda: _new_desk(embedder).grade(answers))
    return Ratio(name, len(answers), raw, desk)


async def _reading(name: str, messages: Sequence[Message], embedder: Embedder) -> Ratio:
    raw = _seconds_of(embedder, [message.message for message in messages])
    desk = await _timed(lambda: _new_desk(embedder).understand(messages))
    return Ratio(name, len(messages), raw, desk)


def _new_desk(embedder: Embedder) -> Desk:
    return Desk(LocalExaminer(embedder), embedder, _no_kit)


async def _no_kit(name: str) -> KitIndex:
    raise NotFound(f"There is no kit `{name}` here.", "Leave it out.")


def _statements(answer: Answer) -> list[str]:
    return [atom.text for atom in rubric_of(answer)]


def _seconds_of(embedder: Embedder, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    embedder.embed(list(dict.fromkeys(texts)))
    return time.perf_counter() - began


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def _of_kit() -> list[Answer]:
    text = files("knowledge").joinpath("kits/data-engineer.yaml").read_text("utf-8")
    kit = parse_kit(text, "data-engineer.yaml")
    return [
        Answer(
            id=exemplar.id,
            question=question.text,
            answer=exemplar.text,
            reference_points=[
                GivenPoint(text=point.text) for point in kit.came_with(question.id, "point")
            ],
        )
        for question in kit.of("question")
        for exemplar in kit.came_with(question.id, "exemplar")
    ]


def _graded() -> dict[str, list[Answer]]:
    given = os.environ.get("VIVA_GRADED")
    folder = Path(given) if given else Path(__file__).parents[2] / "shared" / "graded"
    return {path.stem: _sample(path) for path in sorted(folder.glob("*.jsonl"))}


def _sample(path: Path) -> list[Answer]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    chosen = random.Random(0).sample(rows, min(SAMPLE, len(rows)))
    return [
        Answer(
            id=i,
            question=row["question"],
            answer=row["student_answer"],
            reference=row["reference_answer"],
        )
        for i, row in enumerate(chosen)
    ]


def main() -> None:
    """Print the table."""
    for row in ratio():
        print(
            f"{row.name:40} {row.lines:5} lines  {row.share:5.2f} of the embedder (aim {AIM:g})"
            f"  [{row.desk:.2f} / {row.raw:.2f} s]"
        )


if __name__ == "__main__":
    main()
