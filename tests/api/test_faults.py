"""Whole short interviews while the language model's endpoint fails in every way it can."""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request, form_of, prompt_of
from test_chat import id_of, viva
from test_conduct import Clock

from agent.events import AnyEvent, read_event
from agent.policy import Policy
from agent.report import Report, as_markdown, report
from agent.syllabus import Syllabus
from api.conduct import Conductor, Wish
from api.examiners import Examiners
from api.lease import Lease, hold, new_owner
from api.migrate import migrate
from api.regrade import regrade_stored
from api.settings import Settings
from api.store import Store
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.errors import BadInput
from knowledge.kit_yaml import parse_kit
from knowledge.library import Library

KIT = """
viva: 1
name: small
about: {role: Tester}
atoms:
- competency: Testing
  has:
  - question: How do you know that a change is safe to release?
    as: technical
    has:
    - point: Automatic tests run on every change before it is merged.
  - question: When would you not write a test?
    as: technical
    has:
    - point: Throw-away code that answers one question needs no test.
"""
ANSWERS = {
    "safe to release": "Automatic tests run on every change before it is merged.",
    "not write a test": "Throw-away code that answers one question needs no test.",
}
GREETING = "I have tested web shops for years."
ANSWERED = "I would look at the counts of both tables and compare the keys of every row."
LEAD = "You spoke about web shops."


def spoken(request: Request) -> bool:
    return form_of(request) is None


@dataclass
class Desk:
    """The model behind the endpoint: it meets every point, until a fault is played instead."""

    fault: Reply | None = None
    on: Callable[[Request], bool] = spoken
    played: int = 0

    def __call__(self, request: Request) -> Reply | str:
        if self.fault is not None and self.on(request):
            self.played += 1
            return self.fault
        return LEAD if spoken(request) else marked(request)


def marked(request: Request) -> str:
    """A whole structured reply in which every point is met by what was said."""
    prompt = prompt_of(request)
    said = heard_in(prompt)
    schema = schema_of(request)
    reply = blank(schema, schema) | {"intents": ["answer"], "readable": True}
    one = blank(schema["properties"]["marks"]["items"], schema)
    ids = sorted(set(re.findall(r"^(p\d+) \(", prompt, re.M)))
    told = {"verdict": "met", "quote": said, "certainty": "high"}
    return json.dumps(reply | {"marks": [one | told | {"id": id_} for id_ in ids]})


def heard_in(prompt: str) -> str:
    found = re.search(r"<message (\w+)>\n(.*?)\n</message \1>", prompt, re.S)
    assert found
    return found[2]


def schema_of(request: Request) -> dict[str, Any]:
    if request.get("tools"):
        return request["tools"][0]["function"]["parameters"]  # type: ignore[no-any-return]
    return request["response_format"]["json_schema"]["schema"]  # type: ignore[no-any-return]


def blank(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """The least that a schema allows."""
    if "$ref" in schema:
        return blank(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: blank(part, root) for name, part in schema["properties"].items()}
    return {"array": [], "string": "", "boolean": False, "integer": 0, "number": 0}[schema["type"]]


@dataclass
class Held:
    """An interview with the model behind the endpoint, in this process and its own database."""

    conductor: Conductor
    id: str
    lease: Lease
    desk: Desk
    turns: int = 0

    async def say(self, text: str) -> list[AnyEvent]:
        """One turn; what it committed."""
        before = await self.events()
        self.turns += 1
        question = (await self.conductor.store.load(self.id)).question
        turn = self.conductor.take(
            self.id,
            self.lease,
            turn_id=str(self.turns),
            question=question,
            kind="answer",
            text=text,
        )
        _ = [event async for event in turn]
        return (await self.events())[len(before) :]

    async def answer(self) -> list[AnyEvent]:
        """Say what the open question wants to hear."""
        asked = [event for event in await self.events() if event.type == "said"][-1].text
        return await self.say(next((a for q, a in ANSWERS.items() if q in asked), "No, thanks."))

    async def finish(self) -> None:
        while (await self.conductor.store.load(self.id)).status != "ended":
            await self.answer()

    async def events(self) -> list[AnyEvent]:
        stored = await self.conductor.store.events(self.id)
        return [read_event(event.as_json()) for event in stored]

    async def report(self) -> Report:
        return report(self.id, await self.events(), Syllabus(parse_kit(KIT, "small.yaml")))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def endpoint(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIEndpoint]:
    with OpenAIEndpoint(desk) as server:
        monkeypatch.setenv("VIVA_MODEL", "desk")
        monkeypatch.setenv("VIVA_BASE_URL", server.url)
        monkeypatch.setenv("VIVA_API_KEY", "none")
        monkeypatch.setenv("VIVA_TIMEOUT", "4")
        yield server


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'faults.db'}")
    await migrate(database)
    await Library(database).save(parse_kit(KIT, "small.yaml"))
    yield Store(database)
    await database.close()


@pytest.fixture
async def held(store: Store, endpoint: OpenAIEndpoint, desk: Desk) -> AsyncIterator[Held]:
    """Greeted, with the first question open."""
    conductor = Conductor(store, WordHash(), clock=Clock(), examiners=Examiners(Settings()))
    interview = await conductor.start(Wish(kit="small", examiner="model", seed=0))
    async with hold(store.database, f"seat:{interview}", new_owner()) as lease:
        _ = [event async for event in conductor.open(interview, lease)]
        begun = Held(conductor, interview, lease, desk)
        await begun.say(GREETING)
        yield begun
    await conductor.examiners.close()


FAULTS = {
    "time-out": Reply(fault="hang"),
    "too many requests": Reply("slow down", status=429, retry_after="30"),
    "server error": Reply("oops", status=500),
    "dropped": Reply("You spoke about " * 50, fault="drop"),
    "invalid JSON": Reply(fault="broken"),
    "wrong schema": Reply('{"verdict": "great"}'),
    "empty": Reply(""),
    "ten megabytes": Reply(f"so {'o' * 10_000} " * 1_000),
    "refusal": Reply(refusal="I cannot help with that."),
}


def is_open(events: list[AnyEvent]) -> bool:
    return any(event.type == "said" and event.question for event in events)


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_interview_outlives_each_fault_of_the_grader(
    held: Held, desk: Desk, fault: str
) -> None:
    desk.fault, desk.on = FAULTS[fault], lambda request: not spoken(request)
    turn = await held.answer()
    desk.fault = None
    assert desk.played
    assert is_open(turn)
    (mark,) = [event for event in turn if event.type == "marked"]
    assert mark.source == "local"
    assert all(given.fallback and given.source == "local" for given in mark.marks)
    (fell,) = [event for event in turn if event.type == "fell_back"]
    assert (fell.purpose, fell.to) == ("examine", "local")
    failed = [event for event in turn if event.type == "model_called" and event.outcome == "failed"]
    assert failed
    await held.finish()
    before = await held.report()
    assert (before.provisional, before.waiting) == (True, 1)
    assert fell.failure.rstrip(".") in as_markdown(before)
    assert "Language model desk: " in as_markdown(before)
    done = await regrade_stored(held.conductor, held.id, held.lease, "model")
    assert (len(done.changes), done.left) == (1, 0)
    after = await held.report()
    assert (after.provisional, after.waiting) == (False, 0)
    assert after.sources == {"model": 2}
    assert {question.score for question in after.questions} == {1.0}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "wrong schema"])
async def test_nothing_half_said_stays_when_the_speaker_fails(
    held: Held, desk: Desk, fault: str
) -> None:
    desk.fault, desk.on = FAULTS[fault], spoken
    turn = await held.answer()
    desk.fault = None
    assert desk.played
    (said,) = [event for event in turn if event.type == "said" and event.question]
    assert said.text.endswith("would you not write a test?")
    assert "spoke about" not in said.text
    assert "oooo" not in said.text
    assert "cannot help" not in said.text
    (mark,) = [event for event in turn if event.type == "marked"]
    assert mark.source == "model"
    (fell,) = [event for event in turn if event.type == "fell_back"]
    assert fell.purpose == "phrase"
    await held.finish()
    after = await held.report()
    assert (after.provisional, after.waiting) == (False, 0)
    assert "The model did not answer once" in as_markdown(after)


async def test_an_endpoint_that_is_still_down_leaves_the_answer_waiting(
    held: Held, desk: Desk
) -> None:
    desk.fault, desk.on = FAULTS["server error"], lambda request: not spoken(request)
    await held.answer()
    log = await held.events()
    done = await regrade_stored(held.conductor, held.id, held.lease, "model")
    assert (done.changes, done.left) == ((), 1)
    assert await held.events() == log


async def test_a_turn_is_marked_in_one_call_and_takes_two_at_most(
    held: Held, endpoint: OpenAIEndpoint
) -> None:
    before = len(endpoint.requests)
    turn = await held.answer()
    examined, *spoken_ = endpoint.requests[before:]
    assert form_of(examined)
    assert len(spoken_) <= 1
    assert not any(form_of(request) for request in spoken_)
    calls = [event for event in turn if event.type == "model_called"]
    assert [call.outcome for call in calls] == ["ok"] * len(endpoint.requests[before:])
    assert calls[0].tokens_in == 100


async def test_the_header_names_the_model_and_its_prompts(held: Held) -> None:
    header = (await held.events())[0]
    assert header.type == "header"
    assert (header.examiner, header.model) == ("model", "desk")
    assert header.prompts


@pytest.mark.parametrize(
    ("probe", "told"),
    [(Reply("no", status=401), "VIVA_API_KEY"), (Reply("no", status=404), "VIVA_MODEL")],
)
async def test_a_model_that_refuses_is_told_before_anything_begins(
    store: Store, endpoint: OpenAIEndpoint, probe: Reply, told: str
) -> None:
    endpoint.probe = probe
    conductor = Conductor(store, WordHash(), examiners=Examiners(Settings()))
    with pytest.raises(BadInput) as refused:
        await conductor.start(Wish(kit="small", examiner="model"))
    await conductor.examiners.close()
    assert told in refused.value.remedy
    assert await store.interviews() == []


async def test_an_interview_resumed_while_the_endpoint_is_down_goes_on(
    held: Held, endpoint: OpenAIEndpoint, desk: Desk
) -> None:
    endpoint.probe = desk.fault = Reply("down", status=500)
    desk.on = lambda request: True
    resumed = Conductor(
        held.conductor.store, WordHash(), clock=Clock(), examiners=Examiners(Settings())
    )
    stored = await resumed.prepare(held.id)
    assert await resumed.examiners.trouble(stored.examiner)
    turn = await replace(held, conductor=resumed, turns=10).answer()
    assert is_open(turn)
    assert [event.source for event in turn if event.type == "marked"] == ["local"]
    await resumed.examiners.close()


async def test_the_endpoint_is_probed_once(held: Held, endpoint: OpenAIEndpoint) -> None:
    probed = len(endpoint.probes)
    await held.finish()
    assert len(endpoint.probes) == probed


def test_the_terminal_holds_an_interview_with_a_model_and_regrades_it(
    endpoint: OpenAIEndpoint, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_TIMEOUT", "30")
    desk.fault, desk.on = Reply("oops", status=500), lambda request: ANSWERED in prompt_of(request)
    lines = [GREETING, ANSWERED, "/skip", "No, thanks."]
    done = viva(
        *("chat", "--examiner", "model", "--questions", "1"), home=tmp_path, text="\n".join(lines)
    )
    assert done.returncode == 0, done.stderr
    interview = id_of(done.stderr)
    still = viva("regrade", interview, home=tmp_path)
    assert (still.returncode, still.stdout) == (1, "")
    assert "1 answer left to mark" in still.stderr
    desk.fault = None
    assert "1 answer marked anew by model" in viva("regrade", interview, home=tmp_path).stdout


# Prompts do not grow.

LETTERS = "bcdfghjklmnprstvwz"
LONG = 40


def name(number: int) -> str:
    first, second = LETTERS[number // len(LETTERS)], LETTERS[number % len(LETTERS)]
    return f"{first}a{second}o{first}u{second}a"


def long_kit() -> str:
    """Questions of one shape whose words are all different."""
    lines = ["viva: 1", "name: long", "atoms:", "- competency: Naming", "  has:"]
    for number in range(LONG):
        lines += [
            f"  - question: Which {name(number)} holds up {name(number + 100)}?",
            "    as: technical",
            f"    has: [{{point: The {name(number)} rests on four legs and a beam.}}]",
        ]
    return "\n".join(lines)


async def test_a_prompt_is_as_long_at_turn_40_as_at_turn_4(
    store: Store, endpoint: OpenAIEndpoint, desk: Desk
) -> None:
    await Library(store.database).save(parse_kit(long_kit(), "long.yaml"))
    conductor = Conductor(store, WordHash(), clock=Clock(), examiners=Examiners(Settings()))
    policy = Policy(most_core=LONG, seconds_per_core=1.0)
    wish = Wish(kit="long", examiner="model", mode="screen", minutes=240, questions=LONG)
    interview = await conductor.start(wish, policy)
    async with hold(store.database, f"seat:{interview}", new_owner()) as lease:
        _ = [event async for event in conductor.open(interview, lease)]
        held = Held(conductor, interview, lease, desk)
        for _turn in range(LONG):
            await held.say(GREETING)
    await conductor.examiners.close()
    examined = [prompt_of(request) for request in endpoint.requests if form_of(request)]
    assert len(examined) == LONG
    assert len(examined[39]) <= 1.1 * len(examined[3])
    phrased = [prompt_of(request) for request in endpoint.requests if not form_of(request)]
    assert len(phrased[-1]) <= 1.1 * len(phrased[3])
