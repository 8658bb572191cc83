"""A suite from what was asked for to its outcome."""

import asyncio
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from agent.local import LocalExaminer
from api.examiners import Examiners
from api.settings import Settings
from evals.questions import SHIPPED
from evals.simulate.running import kit_of
from evals.suites.grading import Marking, attacked, invariant
from evals.suites.leaking import leaking
from evals.suites.outcome import Outcome
from evals.suites.questions import asked
from knowledge.embedder import Embedder, open_embedder
from knowledge.vectors import Progress

Name = Literal["invariance", "attacks", "leakage"]
MOST_BY_MODEL: dict[Name, int] = {"invariance": 200, "attacks": 200, "leakage": 12}
"""Gradings, or attempts, where a language model is asked and no bound is given."""
PEOPLE = {"local": 4, "model": 2}
"""Interviews of the leakage suite."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked for; without a kit the suite's own questions and the kit that ships."""

    suite: Name
    kit: str | None = None
    examiner: str = "local"
    most: int | None = None
    """Gradings, or attempts at what is hidden; None: all, or a bounded number by a model."""
    seed: int = 0


async def run(order: Order, out: Path | None = None, progress: Progress | None = None) -> Outcome:
    """The suite's outcome, also written to `out` as `suite-NAME.json`.

    Raises:
        NotFound, BadInput: the kit or the model is not there or cannot be used.
    """
    settings = Settings()
    embedder = open_embedder(settings.embedder)
    await _check(settings, order.examiner)
    most = order.most or (MOST_BY_MODEL[order.suite] if order.examiner == "model" else None)
    if order.suite == "leakage":
        outcome = await _leaking(order, most, embedder, out, progress)
    else:
        outcome = await asyncio.to_thread(_graded, order, most, embedder, settings)
    if out:
        _write(out / f"suite-{order.suite}.json", order, outcome)
    return outcome


async def _check(settings: Settings, examiner: str) -> None:
    examiners = Examiners(settings)
    try:
        await examiners.check(examiner)
    finally:
        await examiners.close()


def _graded(order: Order, most: int | None, embedder: Embedder, settings: Settings) -> Outcome:
    """In a thread: the grader runs a loop of its own, to which its connections belong."""
    examiner = Examiners(settings).alone(order.examiner, LocalExaminer(embedder))
    questions = asked(kit_of(order.kit) if order.kit else None)
    marking = Marking(examiner, embedder)
    suite = invariant if order.suite == "invariance" else attacked
    return suite(marking, questions, most, order.seed)


async def _leaking(
    order: Order, most: int | None, embedder: Embedder, out: Path | None, progress: Progress | None
) -> Outcome:
    kit = await asyncio.to_thread(kit_of, order.kit or SHIPPED)
    with tempfile.TemporaryDirectory() as spare:
        return await leaking(
            kit,
            embedder,
            out / "leakage" if out else Path(spare),
            examiner=order.examiner,
            people=PEOPLE[order.examiner],
            most=most,
            seed=order.seed,
            progress=progress,
        )


def _write(path: Path, order: Order, outcome: Outcome) -> None:
    told = {
        "asked": asdict(order),
        "passed": outcome.passed,
        "cases": outcome.cases,
        "tried": outcome.tried,
        "aims": [asdict(aim) | {"met": aim.met} for aim in outcome.aims],
        "misses": [miss.model_dump() for miss in outcome.misses],
        "left_out": list(outcome.left_out),
        "cost": asdict(outcome.cost),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(told, ensure_ascii=False, indent=2), "utf-8")
    part.replace(path)
