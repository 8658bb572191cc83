"""`viva calibrate` and `viva rehearse`, on interviews that stand in the database."""

import asyncio
import json
import random
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from agent.calibration import calibrate
from agent.events import (
    AnyEvent,
    Closed,
    Ended,
    Header,
    Heard,
    Mark,
    Marked,
    Opened,
    Said,
    Understood,
)
from agent.policy import Measure, Policy
from api.calibrations import Calibrations
from api.cli import main
from api.conduct import Conductor, Wish
from api.records import NewInterview
from api.settings import Settings, open_database
from api.store import Store
from api.tables import events
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

QUESTIONS = {"hard": "cobalt", "easy": "marble", "plain": "walnut", "usual": "copper"}
KIT = parse_kit(
    "viva: 1\nname: small\natoms:\n- competency: Mending\n  has:\n"
    + "".join(
        f"  - question: How would one mend {word} in winter?\n    id: {id_}\n    at: mid\n"
        f"    has: [{{point: The {word} is warmed before it is bent., id: {id_}-point}}]\n"
        for id_, word in QUESTIONS.items()
    ),
    "small.yaml",
)


class Result(NamedTuple):
    out: str
    err: str
    status: int


Viva = Callable[..., Result]


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Viva:
    """Runs a command in this process, with the light embedder and the small kit."""
    monkeypatch.setenv("VIVA_EMBEDDER", "light")

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["viva", *arguments])
        with pytest.raises(SystemExit) as done:
            main()
        captured = capsys.readouterr()
        return Result(captured.out, captured.err, int(done.value.code or 0))

    return run


def in_database(work: Callable[[Database], Any]) -> Any:
    """Do something with the database of the settings in force."""

    async def opened() -> Any:
        database = await open_database(Settings())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(opened())


def log(scores: dict[str, float], *, ended: bool = True) -> Iterable[AnyEvent]:
    """An interview in which these questions got these scores."""
    yield Header(
        viva="0",
        kit=KIT.name,
        kit_version=KIT.version,
        level="mid",
        mode="screen",
        minutes=45,
        questions=len(scores),
        subjects=("Mending",),
        examiner="local",
        embedder="light",
        seed=0,
        policy=Policy().model_dump(mode="json"),
        packages={},
    )
    for place, (question, score) in enumerate(scores.items()):
        mark = Mark(
            atom=f"{question}-point",
            kind="point",
            text="Warmed.",
            verdict="not_met",
            probability=0.5,
            source="human",
        )
        number, text = place + 1, f"How would one mend {QUESTIONS[question]} in winter?"
        yield Opened(testlet=place, question=question, subject="Mending", level="mid")
        yield Said(text=text, stage="probes", purpose="question", question=number)
        yield Heard(text="I would wait for summer.", stage="probes", question=number)
        yield Understood(intents=("answer",))
        yield Marked(
            testlet=place,
            question=question,
            aid="unaided",
            marks=(mark,),
            score=score,
            anchor="meets",
            source="human",
        )
        yield Closed(testlet=place, question=question, outcome="answered")
    if ended:
        yield Ended(reason="complete")


async def stored(database: Database, logs: Iterable[Iterable[AnyEvent]]) -> list[str]:
    """Keep the small kit and interviews on it with these logs; their ids."""
    await Library(database).save(KIT)
    store, ids = Store(database), []
    for each in logs:
        new = NewInterview(
            kit=KIT.name,
            kit_version=KIT.version,
            level="mid",
            mode="screen",
            examiner="local",
            seed=0,
        )
        ids.append(await store.create(new))
        rows = [event.model_dump(mode="json") for event in each]
        async with database.write() as connection:
            for seq, row in enumerate(rows, 1):
                kept = {"interview_id": ids[-1], "seq": seq, "turn": 1}
                kept |= {"at": 0.0, "type": row.pop("type")}
                body = {k: v for k, v in row.items() if k not in {"seq", "turn", "at"}}
                await connection.execute(sa.insert(events).values(**kept, body=body))
    return ids


def answered(people: int) -> list[list[AnyEvent]]:
    """`hard` is harder than its author says, and `easy` easier."""
    chance = random.Random(2)
    harder = {"hard": -0.3, "easy": 0.3, "plain": 0.0, "usual": 0.0}

    def score(question: str, level: float) -> float:
        return min(max(level + harder[question] + chance.gauss(0, 0.15), 0.0), 1.0)

    made = []
    for _ in range(people):
        level = chance.uniform(0.3, 0.7)
        made.append(list(log({question: score(question, level) for question in QUESTIONS})))
    return made


async def begun(database: Database, kit: Kit = KIT) -> dict[str, Any]:
    """The difficulties that a new interview on this kit goes by."""
    await Library(database).save(kit)
    store = Store(database)
    interview = await Conductor(store, WordHash()).start(Wish(kit=kit.name))
    policy = (await store.load(interview)).options["policy"]
    found: dict[str, Any] = policy["measure"]["calibrated"]
    return found


def test_too_few_interviews_are_told_with_how_many_are_needed(viva: Viva) -> None:
    in_database(lambda database: stored(database, [*answered(3), list(log({}, ended=False))]))
    done = viva("calibrate", "small")
    assert done.status == 0
    assert "small: 3 interviews to learn from" in done.out
    assert "1 interview left out: not over." in done.out
    assert "50 interviews are needed, and 30 answers to a question" in done.out
    assert "The question answered most has 3 answers; 0 of 4 questions" in done.out
    assert in_database(begun) == {}


def test_enough_interviews_calibrate_those_to_come_and_nothing_that_is_stored(viva: Viva) -> None:
    ids = in_database(lambda database: stored(database, answered(60)))
    assert in_database(begun) == {}
    before = viva("report", ids[0], "--format", "json").out
    tried = viva("calibrate", "small", "--dry-run")
    assert "Nothing was kept" in tried.out
    assert in_database(begun) == {}
    done = viva("calibrate", "small")
    assert "4 questions calibrated" in done.out
    assert "How would one mend cobalt in winter?" in done.out
    known = in_database(begun)
    assert known["hard"][0] > 1.2
    assert known["easy"][0] < 0.8
    assert all(error < 0.45 for _, error in known.values())
    assert viva("report", ids[0], "--format", "json").out == before


def test_calibrating_again_changes_nothing_and_forgetting_undoes_it(viva: Viva) -> None:
    in_database(lambda database: stored(database, answered(55)))
    first = json.loads(viva("calibrate", "small", "--json").out)["small"]["questions"]
    known = in_database(begun)
    assert json.loads(viva("calibrate", "small", "--json").out)["small"]["questions"] == first
    assert in_database(begun) == known
    assert "4 calibrated questions forgotten" in viva("calibrate", "small", "--forget").out
    assert in_database(begun) == {}
    assert viva("calibrate", "small", "--forget", "--dry-run").status == 2


def test_a_question_keeps_its_difficulty_in_every_version_that_has_it(viva: Viva) -> None:
    in_database(lambda database: stored(database, answered(55)))
    viva("calibrate", "small")
    fewer = KIT.model_copy(update={"atoms": tuple(a for a in KIT.atoms if "easy" not in a.id)})
    fewer = Kit.model_validate(fewer.model_dump())
    assert fewer.version != KIT.version
    known = in_database(lambda database: begun(database, fewer))
    assert set(known) == {"hard", "plain", "usual"}


async def test_calibrations_are_kept_and_replaced_on_every_database(sql: Database) -> None:
    await stored(sql, answered(52))
    calibrations = Calibrations(sql)
    found = calibrate((await calibrations.gather("small")).sittings, Measure())
    for _ in range(2):
        await calibrations.keep(KIT, found)
    assert len((await calibrations.policy(KIT)).measure.calibrated) == 4
    assert await calibrations.forget("small") == 4
    assert (await calibrations.policy(KIT)).measure.calibrated == {}


def test_calibrate_prints_json(viva: Viva) -> None:
    in_database(lambda database: stored(database, answered(2)))
    told = json.loads(viva("calibrate", "--json").out)
    assert told["small"]["interviews"] == 2
    assert told["small"]["questions"] == []
    assert "data-engineer" in told


def test_a_rehearsal_is_told_plainly_or_as_json(viva: Viva) -> None:
    arguments = ("rehearse", "data-engineer", "--level", "senior", "--minutes", "40")
    done = viva(*arguments)
    assert done.status == 0
    assert "overall level" in done.out
    assert "minutes" in done.out
    told = json.loads(viva(*arguments, "--json", "--examiner", "human").out)
    assert (told["level"], told["minutes"], told["examiner"]) == ("senior", 40.0, "human")
    for sentence in told["kit_says"]:
        assert sentence in done.out


def test_too_many_competencies_are_rehearsed_and_unknown_ones_refused(viva: Viva) -> None:
    some = ("Data modelling", "Streaming and real-time", "Data quality and contracts")
    chosen = [part for name in some for part in ("--competency", name)]
    done = viva("rehearse", "data-engineer", "--minutes", "15", *chosen)
    assert "3 competencies in 15 minutes tells you almost nothing about each" in done.out
    refused = viva("rehearse", "data-engineer", "--competency", "Alchemy")
    assert refused.status == 2
    assert "Choose from: Data modelling" in refused.err
    assert viva("rehearse", "nowhere").status == 2


def test_a_workspace_that_is_not_there_is_refused(viva: Viva) -> None:
    for options in (("--dry-run",), ("--forget",)):
        refused = viva("calibrate", *options, "--workspace", "nowhere")
        assert refused.status == 2
        assert "There is no such workspace" in refused.err
