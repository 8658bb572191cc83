"""A simulation from what was asked for to a results folder; begun again, it goes on."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.syllabus import Syllabus
from api.conduct import Wish
from api.examiners import Examiners
from api.settings import Settings
from evals.marks import Versions, competencies_of, marks_of, questions_of, versions_of
from evals.replay.sources import Kits
from evals.replay.transcript import Transcript, read
from evals.results import write_rows
from evals.scorecard.card import Card
from evals.scorecard.cards import cards_of
from evals.scorecard.text import told
from evals.simulate.banks import open_bank
from evals.simulate.interviews import TRANSCRIPTS, Failure, Invite, Seat, opened_hall, seats
from evals.simulate.moves import Candidate
from evals.simulate.outcomes import Outcome, outcome, summary
from evals.simulate.personas import people, read_personas
from evals.simulate.scripted import Scripted
from knowledge.atoms import Kit, Level
from knowledge.embedder import open_embedder
from knowledge.errors import BadInput, VivaError
from knowledge.kit_yaml import load_kit
from knowledge.vectors import Progress

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from agent.events import Mode
    from agent.model import Endpoint

RUN, FAILURES, SUMMARY = "run.json", "failures.jsonl", "summary.md"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a simulation is of; `kit` is a kit's name or a YAML file."""

    kit: str
    level: Level
    mode: "Mode"
    minutes: float | None = None
    questions: int | None = None
    personas: Path | None = None
    bank: Path | None = None
    number: int | None = None
    """How many interviews; None: each persona with its seeds."""
    seed: int = 0
    examiner: str = "local"
    candidate: str = "bank"
    at_once: int = 1


@dataclass(frozen=True)
class Simulated:
    """What it came to."""

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    conduct: str
    """What the scorecard says of the interviewer."""

    @property
    def summary(self) -> str:
        """For people to read."""
        return f"{summary(self.outcomes, self.failures)}\n\n{self.conduct}"


def kit_of(name: str) -> Kit:
    """The kit of a YAML file, or by its name.

    Raises:
        NotFound, BadInput: there is none, or it is no kit.
    """
    path = Path(name)
    return load_kit(path) if path.suffix in {".yaml", ".yml"} else Kits().get(name)


async def simulate(order: Order, folder: Path, progress: Progress | None = None) -> Simulated:
    """Hold the interviews that are not there yet, and write what all of them came to.

    Raises:
        NotFound, BadInput: something asked for is not there or cannot be used; nothing is held.
    """
    settings, kit = Settings(), await asyncio.to_thread(kit_of, order.kit)
    syllabus = Syllabus(kit)
    personas = read_personas(order.personas)
    for persona in personas:
        persona.check(syllabus)
    wish = _wish(order, kit)
    sat = seats(people(personas, order.number, order.seed), wish)
    examiners = Examiners(settings)
    await examiners.check(order.examiner)
    async with _inviting(order, settings, syllabus) as invite:
        _keep(folder, _asked(order, kit, settings))
        embedder = open_embedder(settings.embedder)
        async with opened_hall(folder, kit, embedder, invite, examiners) as hall:
            failures = await hall.hold_all(sat, order.at_once, progress)
    await examiners.close()
    return _written(folder, sat, syllabus, failures)


def _wish(order: Order, kit: Kit) -> Wish:
    return Wish(
        kit=kit.name,
        kit_version=kit.version,
        level=order.level,
        mode=order.mode,
        minutes=order.minutes,
        questions=order.questions,
        examiner=order.examiner,
    )


@asynccontextmanager
async def _inviting(
    order: Order, settings: Settings, syllabus: Syllabus
) -> "AsyncIterator[Invite]":
    bank = open_bank(syllabus, order.bank)
    endpoint = await _endpoint(settings) if order.candidate == "model" else None

    def invite(seat: Seat) -> Candidate:
        scripted = Scripted(seat.someone, syllabus, bank)
        if endpoint is None:
            return scripted
        from evals.simulate.model import Played

        return Played(seat.someone, scripted.background(), endpoint)

    try:
        yield invite
    finally:
        if endpoint:
            await endpoint.close()


async def _endpoint(settings: Settings) -> "Endpoint":
    from agent.model import Endpoint
    from evals.simulate.model import access

    endpoint = Endpoint(access(settings))
    await endpoint.probe()
    return endpoint


def _keep(folder: Path, asked: dict[str, Any]) -> None:
    """Note what was asked for, or see that it is what this folder is of."""
    path = folder / RUN
    try:
        before = json.loads(path.read_text("utf-8"))["asked"]
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps({"asked": asked}, indent=2))
        return
    except (ValueError, KeyError, TypeError):
        raise BadInput(f"{path} is no run of a simulation.", "Give another --out.") from None
    differing = sorted(key for key in asked if before.get(key) != asked[key])
    if differing:
        raise BadInput(
            f"{folder} holds a simulation with another {', '.join(differing)}.",
            "Give another --out, or ask for the same again.",
        )


def _asked(order: Order, kit: Kit, settings: Settings) -> dict[str, Any]:
    """All that makes an interview what it is; more people may be asked for later."""
    asked = asdict(order) | {"kit": f"{kit.name}@{kit.version}", "embedder": settings.embedder}
    if "model" in {order.examiner, order.candidate}:
        asked |= {"model": settings.model, "candidate_model": settings.candidate_model}
    for files in ("personas", "bank"):
        path: Path | None = asked[files]
        asked[files] = path.read_text("utf-8") if path else None
    return {key: asked[key] for key in asked if key not in {"number", "at_once"}}


def _written(
    folder: Path, sat: Sequence[Seat], syllabus: Syllabus, failures: Sequence[Failure]
) -> Simulated:
    """Rows, failures and the summary, of the interviews of this order alone."""
    failed = list(failures)
    read_, outcomes = list[Transcript](), list[Outcome]()
    known = {failure.name for failure in failures}
    for seat in sat:
        if seat.name in known:
            continue
        try:
            transcript = read(folder / TRANSCRIPTS / f"{seat.name}.jsonl.gz")
        except VivaError as error:
            failed.append(Failure(seat.name, f"{error.message} {error.remedy}"))
            continue
        read_.append(transcript)
        outcomes.append(outcome(seat, transcript, syllabus))
    cards = [card for card in cards_of(read_) if isinstance(card, Card)]
    _write_rows(folder, read_, outcomes, cards, syllabus)
    done = Simulated(tuple(outcomes), tuple(failed), told(cards, ()))
    lines = "".join(f"{json.dumps(asdict(each), ensure_ascii=False)}\n" for each in failed)
    _write(folder / FAILURES, lines)
    _write(folder / SUMMARY, f"{done.summary}\n")
    run = json.loads((folder / RUN).read_text("utf-8"))
    counts = {"interviews": len(outcomes), "failures": len(failed)}
    _write(folder / RUN, json.dumps(run | counts, indent=2))
    return done


def _write_rows(
    folder: Path,
    transcripts: Sequence[Transcript],
    outcomes: Sequence[Outcome],
    cards: Sequence[Card],
    syllabus: Syllabus,
) -> None:
    from agent.report import report

    versions: dict[str, Versions] = {each.id: versions_of(each) for each in transcripts}
    found = ((each.id, report(each.id, each.events, syllabus)) for each in transcripts)
    kinds: dict[str, list[Any]] = {
        "marks": [row for each in transcripts for row in marks_of(each)],
        "questions": [row for each in transcripts for row in questions_of(each)],
        "competencies": [row for id_, one in found for row in competencies_of(id_, one)],
        "simulated": list(outcomes),
        "conduct": [finding for card in cards for finding in card.findings],
        "figures": [card.figures for card in cards],
    }
    for name, rows in kinds.items():
        write_rows(folder / f"{name}.parquet", rows, versions)


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, "utf-8")
    part.replace(path)
