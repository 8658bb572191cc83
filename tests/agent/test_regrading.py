"""Marking anew: the sheet each answer had, the same arithmetic, and what others marked kept."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from held import Held, Hold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_fallback import Scripted, behind, with_model
from test_graph import FULL, at_first_question, play
from test_property import TURNS, opened, talked

from agent.absent import Absent
from agent.answers import Answer, answers_of
from agent.events import Mode, read_event
from agent.examiner import Sheet
from agent.regrading import Regrading, as_it_was, counted_anew, regrade
from agent.report import as_markdown
from agent.scripted import Reply, ScriptedExaminer, adds, answers, says
from agent.testlets import hear, rubric_of, sheet
from knowledge.embedder import WordHash

KEPT = "I keep the old version of every row."
DATED = "Each has a date from and a date until."
TELLING = ("stage", "kind", "question", "rubric", "flags", "elsewhere", "story", "amends")


async def anew(held: Held, *replies: Reply | None, examiner: Any = None) -> Regrading:
    """Mark anew what waits, by a model that follows this script, and keep what came of it."""
    room = replace(held.deps, examiner=examiner or Scripted(*replies)).room
    done = await regrade(room, held.state, held.events)
    held.state = done.state
    held.bodies += [event.model_dump(mode="json") for event in done.events]
    return done


async def half_in_absence(hold: Hold) -> Held:
    """The model fails on the first answer and marks the follow-up's: a half, then the rest."""
    first = Scripted(answers(), None, answers(["validity"]), answers())
    held = await with_model(hold, behind(first, answers(["versions"])))
    for text in ("I have moved data.", KEPT, DATED, "no"):
        await held.say(text)
    assert held.over
    return held


# What is marked anew, and from what.


async def test_only_what_was_marked_in_its_absence_is_marked_anew(hold: Hold) -> None:
    held = await half_in_absence(hold)
    before = held.of("marked")[-1].score
    done = await anew(held, FULL["history"])
    (event,) = done.events[-1:]
    assert event.type == "regraded"
    assert (event.answer, event.aid, event.source) == (0, "unaided", "model")
    assert (event.score, before) == (1.0, 0.95)
    assert done.state["testlets"][0]["score"] == 1.0
    assert [(c.answers, c.before, c.after) for c in done.changes] == [(1, 0.95, 1.0)]


async def test_what_the_model_marked_itself_still_counts(hold: Hold) -> None:
    held = await half_in_absence(hold)
    done = await anew(held, answers())
    assert done.state["testlets"][0]["credits"] == {"validity": 0.9}
    assert done.state["testlets"][0]["score"] == 0.45


async def test_a_second_run_finds_nothing_to_do(hold: Hold) -> None:
    held = await half_in_absence(hold)
    await anew(held, FULL["history"])
    assert await anew(held) == Regrading(held.state)


async def test_another_examiner_marks_everything_when_asked_to(hold: Hold) -> None:
    held = await half_in_absence(hold)
    done = await anew(held, examiner=ScriptedExaminer(answers(["versions"]), answers()))
    assert [event.answer for event in done.events] == [0, 1]
    assert done.state["testlets"][0]["score"] == 0.5


async def test_what_nobody_could_mark_waits_and_gets_its_score(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    marker, held.deps = held.deps, replace(held.deps, examiner=Absent())
    await held.say(KEPT)
    held.deps = marker
    await play(held, answers(), "Nothing more.")
    assert held.state["testlets"][0]["score"] == 0.0
    await anew(held, examiner=ScriptedExaminer(answers(["versions"])))
    assert held.state["testlets"][0]["score"] == 0.5


async def test_an_ungraded_question_is_answered_once_it_is_marked(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    held.deps = replace(held.deps, examiner=Absent())
    while held.kind in {"core", "follow_up"}:
        await held.say(KEPT)
    assert held.report().questions[0].outcome == "ungraded"
    count = held.state["testlets"][0]["answers"]
    await anew(held, examiner=ScriptedExaminer(*[FULL["history"]] * count))
    assert held.state["testlets"][0]["outcome"] == "answered"
    assert held.report().questions[0].outcome == "strong"


async def test_what_a_person_marked_is_never_touched(hold: Hold) -> None:
    held = await half_in_absence(hold)
    for body in held.bodies:
        for mark in body.get("marks", ()):
            mark["source"] = "human"
    assert await anew(held) == Regrading(held.state)


async def test_flags_seen_in_its_absence_make_room_for_the_models(hold: Hold) -> None:
    text = "I edit rows of the production database by hand."
    held = await with_model(hold, behind(Scripted(answers(), None), answers(["by-hand"])))
    await held.say("I have moved data.")
    await held.say(text)
    assert held.report().flags
    await anew(held, answers())
    assert held.report().flags == ()


async def test_an_examiner_that_fails_again_leaves_the_answer_waiting(hold: Hold) -> None:
    first = Scripted(answers(), None, None)
    held = await with_model(hold, behind(first, answers(["versions"]), answers()))
    for text in ("I have moved data.", KEPT, DATED):
        await held.say(text)
    done = await anew(held, None, answers(["validity"]))
    assert (done.left, done.failure) == (1, "no answer within 2 s")
    assert [event.type for event in done.events] == ["model_called", "model_called", "regraded"]
    assert done.state["testlets"][0]["credits"] == {"versions": 1.0, "validity": 0.9}
    assert held.report().waiting == 1
    assert (await anew(held, FULL["history"])).left == 0
    assert held.report().waiting == 0


async def test_an_examiner_that_is_down_changes_nothing(hold: Hold) -> None:
    held = await half_in_absence(hold)
    done = await anew(held, None)
    assert (done.events, done.left, done.state) == ((), 1, held.state)


async def test_a_quote_that_is_not_in_the_answer_supports_nothing_here_either(hold: Hold) -> None:
    held = await half_in_absence(hold)
    done = await anew(held, answers(["versions", "validity"], quote="not to be found"))
    assert {mark.verdict for mark in done.events[-1].marks} == {"unsupported", "not_met"}


# The sheet and the arithmetic are those of the turn.


async def test_each_answer_is_shown_as_it_was_shown_when_it_was_heard(hold: Hold) -> None:
    held = await hold(core=3)
    await play(held, answers(claims=["Kafka"]), "I ran Kafka.")
    await held.press("hint")
    while held.state["stage"] == "probes":
        unknown = held.kind == "core" and len(held.of("opened")) == 2
        reply = says("dont_know") if unknown else answers()
        await play(held, reply, "I edit rows by hand, and a watermark says how late they are.")
        if len(held.of("marked")) == 1:
            await adds_to(held, "And I would say which report breaks first of all.")
    assert held.kind == "money"
    await adds_to(held, "I forgot the offsets.")
    assert isinstance(held.examiner, ScriptedExaminer)
    seen = iter(held.examiner.sheets)
    room, kinds = held.deps.room, []
    for answer in _in_order(held):
        then = as_it_was(room, held.state, answer)
        again, _ = sheet(room, then, await hear(room, answer.text), amends=answer.amends)
        assert any(_telling(again) == _telling(was) for was in seen), again
        kinds.append((again.kind, again.amends))
    assert {kind for kind, _ in kinds} >= {"core", "follow_up", "find_out"}
    assert any(amends for _, amends in kinds)


async def adds_to(held: Held, text: str) -> None:
    assert isinstance(held.examiner, ScriptedExaminer)
    held.examiner._replies.append(adds())
    await held.say(text, action="amend")


def _telling(shown: Sheet) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in TELLING} | {"text": shown.message.text}


def _in_order(held: Held) -> list[Answer]:
    queues = {number: iter(mine) for number, mine in answers_of(held.events).items()}
    return [next(queues[event.testlet]) for event in held.of("marked")]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TURNS, st.sampled_from(["practice", "screen"]), st.integers(0, 5))
def test_the_log_alone_gives_the_scores_of_the_interview(
    tmp_path: Path, light: WordHash, turns: list[tuple[str, Any]], mode: Mode, seed: int
) -> None:
    async def run() -> Held:
        held = await opened(tmp_path, light, mode, seed)
        await talked(held, turns)
        return held

    held = asyncio.run(run())
    events = [read_event(body) for body in held.bodies]
    for number, mine in answers_of(events).items():
        testlet = held.state["testlets"][number]
        rubric = rubric_of(held.deps.room, testlet["question"])
        again = counted_anew(testlet, mine, rubric, held.deps.policy)
        same = ("credits", "against", "judged", "score", "review", "answers", "amended", "outcome")
        assert {key: again[key] for key in same} == {key: testlet[key] for key in same}  # type: ignore[literal-required]


# The report.


async def test_the_report_is_provisional_until_one_examiner_has_marked_everything(
    hold: Hold,
) -> None:
    held = await half_in_absence(hold)
    before = held.report()
    assert (before.provisional, before.waiting) == (True, 1)
    assert before.sources == {"local": 3, "model": 1}
    printed = as_markdown(before)
    assert "The model did not answer once: no answer within 2 s." in printed
    assert "`viva regrade i-1`" in printed
    assert "local, as fallback" in printed
    await anew(held, FULL["history"])
    after = held.report()
    assert (after.provisional, after.waiting) == (False, 0)
    assert "viva regrade" not in as_markdown(after)
    assert after.questions[0].score == 1.0
    assert after.model_use is not None
    assert (after.model_use.calls, after.model_use.failed) == (5, 1)
