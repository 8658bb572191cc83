"""What is done with each transcript, in this process or another: a chunk in, outcomes out."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from agent.examiner import Examiner
from agent.model.prompts import Prompt, Purpose
from agent.policy import Policy
from evals.markdown import counted
from evals.marks import (
    Versions,
    marks_of,
    questions_of,
    versions_of,
)
from evals.replay.outcomes import Outcome, Rows, failure
from evals.replay.packing import Chunk, Item, Packed
from evals.replay.playing import Ready
from evals.replay.regrade import Job, Regrader, Regrading, competencies
from evals.replay.transcript import Transcript
from knowledge.atoms import Kit
from knowledge.embedder import FloatArray
from knowledge.errors import VivaError

if TYPE_CHECKING:
    from evals.replay.counterfactual import Put, Standing

Kind = Literal["verify", "regrade", "counterfactual"]


@dataclass(frozen=True)
class Task:
    """What is asked of every transcript."""

    kind: Kind
    examiner: str | None = None
    """None: each transcript's own."""
    prompts: dict[Purpose, str] = field(default_factory=dict)
    embedder: str | None = None
    """As in VIVA_EMBEDDER."""


class ReadyWith(Ready):
    """Kits made ready with the vectors that came along with them."""

    known: Mapping[str, Packed] = MappingProxyType({})

    def vectors(self, kit: Kit) -> FloatArray:
        """Those that came along, or else new ones."""
        given = self.known.get(kit.version)
        return given.vectors if given else super().vectors(kit)


@lru_cache(maxsize=1)
def ready_with(embedder: str | None) -> ReadyWith:
    """What every task of this process works with; `embedder` as in VIVA_EMBEDDER."""
    from knowledge.embedder import open_embedder

    return ReadyWith(open_embedder(embedder))


def work(chunk: Chunk, task: Task) -> list[Outcome]:
    """What comes of each transcript; one that fails is told so, and the rest goes on."""
    return asyncio.run(_work(chunk, task))


def work_alone(chunk: Chunk, task: Task) -> list[Outcome]:
    """The same as one of several workers of a machine: on one thread."""
    import torch

    torch.set_num_threads(1)
    return work(chunk, task)


async def _work(chunk: Chunk, task: Task) -> list[Outcome]:
    ready_with(task.embedder).known = chunk.kits
    if task.kind == "regrade":
        try:
            return await _regrade(chunk, chunk.items, task)
        except Exception:
            if len(chunk.items) == 1:
                return [await _safely(chunk, chunk.items[0], task)]
    return [await _safely(chunk, item, task) for item in chunk.items]


async def _safely(chunk: Chunk, item: Item, task: Task) -> Outcome:
    """One transcript; whatever goes wrong is told of it alone."""
    try:
        if task.kind == "verify":
            return await _verify(chunk, item, task)
        if task.kind == "counterfactual":
            return await _counterfactual(chunk, item, task)
        return (await _regrade(chunk, [item], task))[0]
    except VivaError as error:
        return failure(item, f"{error.message} {error.remedy}")
    except Exception as error:
        return failure(item, f"It could not be replayed ({type(error).__name__}: {error}).")


async def _verify(chunk: Chunk, item: Item, task: Task) -> Outcome:
    from evals.replay.verify import verify

    transcript, ready = item.transcript, ready_with(task.embedder)
    kit = chunk.kit(item.kit_then)
    found = await verify(transcript, kit, ready)
    rows = rows_of(transcript, kit, ready)
    apart = f" (not compared: {'; '.join(found.apart)})" if found.apart else ""
    told = f"the same, {found.events} events{apart}"
    done = Outcome(item.id, item.key, "same", told, events=found.events, after=rows)
    if found.cannot:
        return failure(item, f"It cannot be verified: {found.cannot}")
    if found.same:
        return done
    odd = found.difference or found.reworded[0]
    told = f"differs in turn {odd.turn}, event {odd.seq}, {odd.field}: {_parted(odd.then, odd.now)}"
    if found.reworded:
        alone = "; all else is the same" if found.difference is None else ""
        told += f" ({counted(len(found.reworded), 'message')} in other words{alone})"
    detail = asdict(odd) | {"reworded": [asdict(each) for each in found.reworded]}
    return replace(done, state="different", told=told, detail=detail)


AROUND = 40
"""Characters told before two texts part, and twice as many after."""


def _parted(then: str, now: str) -> str:
    """Both values from shortly before where they part."""
    one, other = (" ".join(text.split()) for text in (then, now))
    pairs = enumerate(zip(one, other, strict=False))
    same = next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
    start = max(same - AROUND, 0)
    told = [
        f"{'... ' if start else ''}{text[start : same + 2 * AROUND]}"
        f"{' ...' if len(text) > same + 2 * AROUND else ''}"
        for text in (one, other)
    ]
    return f"“{told[0]}” then, “{told[1]}” now"


def rows_of(transcript: Transcript, kit: Kit, ready: Ready) -> Rows:
    """The grading of a log as it stands."""
    return Rows(
        versions_of(transcript),
        list(marks_of(transcript)),
        list(questions_of(transcript)),
        competencies(transcript, ready.deps(kit).room.syllabus),
    )


async def _regrade(chunk: Chunk, items: Iterable[Item], task: Task) -> list[Outcome]:
    """Together, by examiner: each batch is encoded at once."""
    jobs = {item: _job(chunk, item) for item in items}
    named = {item: task.examiner or job.transcript.header.examiner for item, job in jobs.items()}
    done: dict[Item, Outcome] = {}
    for name in dict.fromkeys(named.values()):
        mine = [item for item in jobs if named[item] == name]
        found = await _regraded([jobs[item] for item in mine], name, task)
        for item, regrading in zip(mine, found, strict=True):
            done[item] = _told(item, jobs[item], regrading, ready_with(task.embedder))
    return [done[item] for item in jobs]


def _job(chunk: Chunk, item: Item) -> Job:
    transcript = item.transcript
    policy = Policy.model_validate(item.policy or transcript.header.policy)
    then, now = (chunk.kit(version) for version in (item.kit_then, item.kit_now))
    return Job(transcript, then, now, policy)


async def _regraded(jobs: Sequence[Job], examiner: str, task: Task) -> list[Regrading]:
    ready = ready_with(task.embedder)
    if examiner != "model":
        return await Regrader(ready, ready.local).regrade(jobs)
    from agent.model import Breaker, ModelExaminer
    from api.settings import Settings

    endpoint = Breaker(Settings())
    given = {purpose: Prompt(purpose, text) for purpose, text in task.prompts.items()}
    try:
        model: Examiner = ModelExaminer(endpoint, given)
        return await Regrader(ready, model).regrade(jobs)
    finally:
        with suppress(RuntimeError):
            await endpoint.close()


def _told(item: Item, job: Job, found: Regrading, ready: Ready) -> Outcome:
    after = Rows(
        versions_of(found.after),
        list(found.marks()),
        list(found.questions()),
        found.competencies(),
    )
    if found.not_in_kit and not found.answers:
        why = "None of its questions is in that kit. Name a version of its own kit."
        return failure(item, why)
    before = rows_of(job.transcript, job.kit_then, ready)
    return Outcome(
        id=item.id,
        key=item.key,
        state="regraded",
        told=_in_words(found, before, after),
        answers=found.answers,
        before=before,
        after=after,
        failed=list(found.failed),
        not_in_kit=list(found.not_in_kit),
        regraded=[event.model_dump(mode="json") for event in found.events],
        policy=_changed(job.transcript.header.policy, job.policy),
    )


def _in_words(found: Regrading, before: Rows, after: Rows) -> str:
    from evals.replay.differences import of_marks, of_questions

    marks = Counter(each.change for each in of_marks(before.marks, after.marks))
    moved = Counter(each.change for each in of_questions(before.questions, after.questions))
    told = [
        f"{found.answers} answers",
        f"{marks['verdict']} of {marks.total()} marks with another verdict",
        f"{moved['anchor']} of {moved.total()} questions at another anchor",
    ]
    if found.by_people:
        told.append(f"{found.by_people} answers as people marked them")
    marks_alone = marks["new"] + marks["gone"]
    if marks_alone:
        told.append(f"{marks['gone']} marks gone and {marks['new']} new, for the rubric is another")
    if found.not_in_kit:
        told.append(f"{len(found.not_in_kit)} questions not in that kit")
    if found.failed:
        told.append(f"{len(found.failed)} answers could not be marked ({found.failed[0].why})")
    return ", ".join(told)


def _changed(then: dict[str, Any], now: Policy) -> dict[str, Any]:
    before = Policy.model_validate(then).model_dump(mode="json")
    after = now.model_dump(mode="json")
    return {name: value for name, value in after.items() if before[name] != value}


async def _counterfactual(chunk: Chunk, item: Item, task: Task) -> Outcome:
    from evals.replay.counterfactual import counterfactual

    job, ready = _job(chunk, item), ready_with(task.embedder)
    found = await counterfactual(job.transcript, job.kit_then, ready, job.policy, job.kit_now)
    versions = versions_of(job.transcript)
    now = replace(versions, kit=job.kit_now.name, kit_version=job.kit_now.version)
    told = f"the same to its end, {found.turns} turns"
    if found.fork:
        told = f"parts in turn {found.fork.turn} of {found.of}"
        told += f"\n  then: {_put(found.fork.then)}\n  now:  {_put(found.fork.now)}"
    fork = asdict(found.fork) if found.fork else None
    return Outcome(
        id=item.id,
        key=item.key,
        state="diverged" if found.fork else "same",
        told=told,
        before=_standing(versions, found.then),
        after=_standing(now, found.now),
        policy=_changed(job.transcript.header.policy, job.policy),
        detail={"plan": list(found.plan), "fork": fork, "notes": list(found.notes)},
    )


def _put(now: "Put | None") -> str:
    """What was put, or would have been, and why."""
    if now is None:
        return "cannot be told"
    put = f"“{now.text}”" if now.text else f"no question ({now.stage})"
    return f"{put} {now.reason}".strip()


def _standing(versions: Versions, found: "Standing") -> Rows:
    return Rows(versions, list(found.marks), list(found.questions), list(found.competencies))
