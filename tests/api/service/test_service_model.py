"""Random lives of an interview over HTTP, its server killed at will, against a small model."""

import asyncio
import time
import uuid
from typing import Any, ClassVar

import httpx2
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from processes import Process, running

from api.settings import Settings
from api.tables import interviews
from knowledge.database import Database

WORDS = st.sampled_from(
    [
        "I keep the old version of every row beside the new one.",
        "I do not know.",
        "A watermark says how late an event may still be counted.",
        "I once used Kafka for three years, and I liked it.",
    ]
)
BUTTONS = st.sampled_from(["hint", "skip", "clarify"])
PATIENCE = 60.0


class Model:
    """What should be true of an interview, whatever happens to its server."""

    def __init__(self) -> None:
        self.status, self.turns = "running", 1
        self.taken: dict[str, dict[str, Any]] = {}
        self.answered: int | None = None
        """The turn of the last answer."""

    def takes(self, body: dict[str, Any]) -> None:
        self.turns += 1
        self.taken[body["turn_id"]] = body
        action = body.get("action")
        if action is None and "turn" not in body:
            self.answered = self.turns
        self.status = {"pause": "paused", "end": "ended"}.get(action or "", "running")

    @property
    def heard(self) -> list[str]:
        return [body.get("message", "") for body in self.taken.values()]


class Life(RuleBasedStateMachine):
    """One interview; `process` serves it, and the next when that was killed."""

    process: ClassVar[Process]

    @initialize(mode=st.sampled_from(["practice", "screen"]))
    def start(self, mode: str) -> None:
        self.http = httpx2.Client(base_url=self.process.url, timeout=PATIENCE)
        self.model, self.seen = Model(), list[dict[str, Any]]()
        wish = {"kit": "small", "mode": mode, "questions": 3}
        self.path = f"/api/interviews/{self._send('/api/interviews', wish, 201)['id']}"
        self._settle()

    @precondition(lambda self: self.model.status == "running")
    @rule(words=WORDS, killed=st.booleans())
    def answer(self, words: str, killed: bool) -> None:
        self._take({"message": words}, killed)

    @precondition(lambda self: self.model.status == "running")
    @rule(button=BUTTONS, killed=st.booleans())
    def press(self, button: str, killed: bool) -> None:
        self._take({"action": button}, killed)

    @precondition(lambda self: self.model.status != "ended")
    @rule()
    def pause_or_resume(self) -> None:
        self._take({"action": "pause" if self.model.status == "running" else "resume"})

    @precondition(lambda self: self.model.status == "running" and self.model.answered)
    @rule(words=WORDS, killed=st.booleans())
    def amend(self, words: str, killed: bool) -> None:
        body = {"turn_id": str(uuid.uuid4()), "turn": self.model.answered, "message": words}
        self._send(f"{self.path}/amend", body, 202)
        self._taken(body, killed)

    @precondition(lambda self: self.model.taken)
    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        body = data.draw(st.sampled_from(list(self.model.taken.values())))
        again = self._send(self._door(body), body, 200)
        assert again["turn"] == list(self.model.taken).index(body["turn_id"]) + 2
        assert again["status"] == "committed"

    @precondition(lambda self: self.model.taken)
    @rule(data=st.data())
    def retry_with_other_words(self, data: st.DataObject) -> None:
        body = data.draw(st.sampled_from(list(self.model.taken.values())))
        other = {k: v for k, v in body.items() if k != "action"} | {"message": "Something else."}
        assert self._send(self._door(body), other, 409)["error"]["code"] == "other_text"

    @rule(ahead=st.sampled_from([-1, 1, 50]))
    def answer_another_question(self, ahead: int) -> None:
        number = max(self.number + ahead, 0) if self.view["question"] else 1
        body = {"turn_id": str(uuid.uuid4()), "question": number, "message": "Hello?"}
        code = self._send(f"{self.path}/turns", body, 409)["error"]["code"]
        assert code == ("ended" if self.model.status == "ended" else "not_open")

    @rule()
    def connect_and_disconnect(self) -> None:
        wanted = {"accept": "text/event-stream"}
        with self.http.stream("GET", f"{self.path}/events", headers=wanted) as stream:
            assert stream.status_code == 200
            assert next(stream.iter_lines()) == ": viva"

    @rule()
    def read_on(self) -> None:
        after = self.seen[-1]["seq"] if self.seen else 0
        answer = self.http.get(
            f"{self.path}/events", params={"after": after}, headers={"accept": "application/json"}
        )
        self.seen += answer.json()["events"]

    @rule()
    def kill(self) -> None:
        self.process.kill()
        self.process.begin()

    @precondition(lambda self: self.model.status != "ended" and self.model.turns > 6)
    @rule()
    def end(self) -> None:
        self._take({"action": "end"})

    @precondition(lambda self: self.model.status != "ended" and self.model.turns > 4)
    @rule()
    def expire(self) -> None:
        asyncio.run(_age(self.process.settings, self.path.rpartition("/")[2]))
        self.kill()
        self._until(lambda: self.view["status"] == "ended")
        self.model.status = "ended"

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "path"):
            return
        view, seen = self.view, self._get("/transcript")
        told = self._get("/transcript?for=team")
        assert view["status"] == self.model.status
        heard = [e["text"] for e in seen if e["type"] == "heard" and e["action"] != "expire"]
        assert heard == self.model.heard
        assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
        assert seen[: len(self.seen)] == self.seen
        marked = [event["turn"] for event in told if event["type"] == "marked"]
        assert len(marked) == len(set(marked))
        put = [e["question"] for e in seen if e["type"] == "said" and e["purpose"] == "question"]
        assert put == sorted(put)
        assert view["question"] is None or view["question"]["number"] >= put[-1]

    def teardown(self) -> None:
        if hasattr(self, "http"):
            self.http.close()

    @property
    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self._get("")
        return view

    @property
    def number(self) -> int:
        number: int = self.view["question"]["number"]
        return number

    def _get(self, path: str) -> Any:
        answer = self.http.get(self.path + path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _door(self, body: dict[str, Any]) -> str:
        return f"{self.path}/{'amend' if 'turn' in body else 'turns'}"

    def _send(self, path: str, body: dict[str, Any], status: int) -> dict[str, Any]:
        answer = self.http.post(path, json=body)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def _take(self, said: dict[str, Any], killed: bool = False) -> None:
        body = {"turn_id": str(uuid.uuid4()), "question": self.number, **said}
        self._send(f"{self.path}/turns", body, 202)
        self._taken(body, killed)

    def _taken(self, body: dict[str, Any], killed: bool) -> None:
        if killed:
            self.kill()
        self.model.takes(body)
        self._settle()
        if self.view["status"] == "ended":
            self.model.status = "ended"

    def _settle(self) -> None:
        self._until(lambda: self.view["pending"] is None)

    def _until(self, true: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, self.view
            time.sleep(0.01)


async def _age(given: Settings, interview_id: str) -> None:
    """Nobody has gone on with it for a month."""
    assert given.database_url
    database = Database(given.database_url)
    async with database.write() as connection:
        mine = interviews.c.id == interview_id
        earlier = interviews.c.updated - 30 * 86_400
        await connection.execute(sa.update(interviews).where(mine).values(updated=earlier))
    await database.close()


def live(process: Process, examples: int, steps: int) -> None:
    machine = type("OneLife", (Life,), {"process": process})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # to shrink a life over HTTP takes longer than to read it
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_an_interview_is_as_its_model_says(sqlite: Settings) -> None:
    with running(sqlite) as process:
        live(process, 5, 12)


@pytest.mark.long
def test_it_is_so_for_many_lives_on_both_databases(database_settings: Settings) -> None:
    with running(database_settings) as process:
        live(process, 40, 30)
