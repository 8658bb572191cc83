"""What re-grading many costs, as a Markdown table: `make bench-replay`.

The corpus is re-graded with `local` as often as it takes to come to 1,000 answers, beside the
embedder alone on the same answers, chunk by chunk, with one torch thread on each side. A text that
comes again within a chunk is free on both sides; in another chunk it is paid for again on both.
Then the same chunks go through one and through two Dask workers of one thread.
"""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.answers import answers_of
from evals.markdown import table
from evals.replay.asking import Asked
from evals.replay.fleet import Fleet, run_on
from evals.replay.packing import Chunk, Item, chunk_of
from evals.replay.sources import all_of, path_of
from evals.replay.tasks import Task, ready_with, work, work_alone
from evals.replay.transcript import Transcript

ANSWERS = 1_000
TOGETHER = 8
"""Transcripts in a chunk."""
AIM, AIM_OF_TWO = 0.25, 0.6


@dataclass(frozen=True)
class Load:
    """What is re-graded: chunks, and the answers in each."""

    chunks: list[Chunk]
    texts: list[list[str]]

    @property
    def answers(self) -> int:
        """All of them."""
        return sum(map(len, self.texts))

    @property
    def distinct(self) -> int:
        """Texts that differ."""
        return len({text for texts in self.texts for text in texts})


def load(asked: Asked, answers: int = ANSWERS) -> Load:
    """Chunks of the corpus under ever new names, until there are so many answers."""
    corpus = [t for t in all_of([str(path_of("transcripts"))]) if isinstance(t, Transcript)]
    held = [(t, asked.item(t), _texts(t)) for t in corpus]
    chosen: list[tuple[Item, list[str]]] = []
    while sum(len(texts) for _, texts in chosen) < answers:
        lap = len(chosen) // len(held)
        _, item, texts = held[len(chosen) % len(held)]
        chosen.append((replace(item, id=f"{item.id}-{lap}"), texts))
    groups = [chosen[at : at + TOGETHER] for at in range(0, len(chosen), TOGETHER)]
    chunks = [chunk_of([item for item, _ in group], asked.used) for group in groups]
    return Load(chunks, [[text for _, texts in group for text in texts] for group in groups])


def _texts(transcript: Transcript) -> list[str]:
    found = answers_of(transcript.events).values()
    return [answer.text for answers in found for answer in answers]


def raw(given: Load, asked: Asked) -> float:
    """Seconds that the embedder alone takes for the answers."""
    embedder = ready_with(asked.embedder).embedder
    began = time.perf_counter()
    for texts in given.texts:
        embedder.embed(list(dict.fromkeys(texts)))
    return time.perf_counter() - began


def here(given: Load, task: Task) -> tuple[float, int]:
    """Seconds that re-grading takes in this process, and how many answers it marked."""
    began = time.perf_counter()
    found = [outcome for chunk in given.chunks for outcome in work(chunk, task)]
    return time.perf_counter() - began, sum(outcome.answers for outcome in found)


def on_dask(workers: int, given: Load, task: Task) -> tuple[float, float]:
    """Seconds until so many workers are ready, and seconds of work from there."""
    began = time.perf_counter()
    with Fleet(workers).client() as client:
        first = given.chunks[0].alone()[0]
        client.gather(
            [
                client.submit(work_alone, first, task, workers=[worker], pure=False)
                for worker in client.nthreads()
            ]
        )
        ready = time.perf_counter()
        for _ in run_on(client, given.chunks, task):
            pass
        return ready - began, time.perf_counter() - ready


def rows(given: Load, asked: Asked) -> list[Sequence[object]]:
    """The table's lines."""
    work(given.chunks[0].alone()[0], asked.task)
    alone = raw(given, asked)
    seconds, marked = here(given, asked.task)
    lines: list[Sequence[object]] = [
        ("embedder alone", given.answers, alone, "", ""),
        ("re-graded here", marked, seconds, alone / seconds, f"at least {AIM}"),
    ]
    (up, one), (up_two, two) = (on_dask(many, given, asked.task) for many in (1, 2))
    lines.append((f"one worker ({up:.0f} s to start)", given.answers, one, "", ""))
    share = f"at most {AIM_OF_TWO}"
    lines.append((f"two workers ({up_two:.0f} s to start)", given.answers, two, two / one, share))
    return lines


def main(answers: int = ANSWERS) -> None:
    """Print the table."""
    import torch

    os.environ["OMP_NUM_THREADS"] = "1"
    torch.set_num_threads(1)
    asked = Asked(kind="regrade", examiner="local")
    given = load(asked, answers)
    print(
        f"{given.answers} answers, {given.distinct} distinct texts, {len(given.chunks)} chunks.\n"
    )
    print(table(("what", "answers", "seconds", "share", "aim"), rows(given, asked)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
