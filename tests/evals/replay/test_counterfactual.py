"""Another policy or other documents: played to the first turn that would have led elsewhere."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seats import FIXTURES, GOOD, KIT, KIT_FILE, READY, UNKNOWN, seated
from test_verify_model import well, with_model

from agent.events import Said
from agent.policy import Policy
from evals.marks import marks_of, questions_of
from evals.replay.counterfactual import UNREAD, Counterfactual, counterfactual
from evals.replay.planned import UNKNOWN as UNKNOWN_PLAN
from evals.replay.transcript import Transcript, read
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.kit_yaml import parse_kit

KAFKA = "I use Kafka and Flink every day. A watermark says how late an event may still be counted."

OLD_POINT = "The old version of every row stays beside the new version."


async def held(kept: Database, **wish: Any) -> Transcript:
    async with seated(kept, **wish) as seat:
        await seat.to_the_end(KAFKA, GOOD, UNKNOWN, GOOD)
        return await seat.transcript()


async def under(transcript: Transcript, **changed: Any) -> Counterfactual:
    policy = Policy.model_validate({**transcript.header.policy, **changed})
    return await counterfactual(transcript, KIT, READY, policy)


def kit_with(old: str, new: str) -> Kit:
    text = KIT_FILE.read_text("utf-8")
    assert old in text
    return parse_kit(text.replace(old, new), "other.yaml")


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_under_its_own_policy_it_is_the_same_to_its_end(kept: Database, mode: str) -> None:
    transcript = await held(kept, mode=mode)
    found = await under(transcript)
    assert (found.fork, found.plan, found.notes) == (None, (), ())
    assert found.turns == found.of == len(transcript.turns)
    assert found.then == found.now
    assert found.now.marks == tuple(marks_of(transcript))
    assert found.now.questions == tuple(questions_of(transcript))


async def test_without_follow_ups_the_next_question_comes_instead(kept: Database) -> None:
    transcript = await held(kept)
    found = await under(transcript, follow_ups=0)
    assert found.fork
    assert found.fork.now
    said = transcript.events[found.fork.seq - 1]
    assert isinstance(said, Said)
    assert said.purpose == "follow_up"
    assert said.text.endswith(found.fork.then.text.split(": ")[-1])
    assert "follow-up" in found.fork.then.reason
    assert found.fork.now.atom in KIT.by_id
    assert len(found.fork.now.reason.split()) > 4
    assert found.fork.turn == said.turn == found.turns + 1
    assert found.fork.heard in (KAFKA, GOOD, UNKNOWN)
    asked = [row.question for row in found.now.questions]
    assert asked == [row.question for row in found.then.questions]
    assert found.fork.now.atom not in asked


async def test_what_was_answered_is_counted_by_the_other_numbers(kept: Database) -> None:
    transcript = await held(kept, mode="screen")
    found = await under(transcript, meets=0.45, exceeds=0.99)
    assert found.fork is None
    anchors = {row.anchor for row in found.then.questions}
    assert {row.anchor for row in found.now.questions} != anchors
    assert [row.score for row in found.now.questions] == [r.score for r in found.then.questions]


async def test_a_screens_other_form_is_another_interview_from_the_start(kept: Database) -> None:
    transcript = await held(kept, mode="screen")
    found = await under(transcript, seconds_per_core=900.0)
    assert found.turns == 0
    assert found.fork
    assert found.fork.turn == 1
    assert found.fork.then.text
    assert "core questions instead of" in found.plan[0]
    assert found.then.questions == found.now.questions == ()


async def test_in_practice_the_other_plan_shows_where_it_leads_elsewhere(kept: Database) -> None:
    transcript = await held(kept)
    found = await under(transcript, seconds_per_core=900.0)
    assert found.plan
    assert found.turns > 1
    assert found.fork
    assert found.fork.now
    assert "All planned questions were put." in found.fork.now.reason


async def test_other_words_of_a_question_are_another_question(kept: Database) -> None:
    transcript = await held(kept)
    kit = kit_with("Orders change for thirty days.", "Orders change for sixty days.")
    found = await counterfactual(transcript, KIT, READY, kit_now=kit)
    assert found.fork
    assert found.fork.now
    assert (found.fork.then.atom, found.fork.now.atom) == ("history", "history")
    assert "sixty" in found.fork.now.text


async def test_another_rubric_marks_what_was_answered_anew(kept: Database) -> None:
    transcript = await held(kept, mode="screen")
    kit = kit_with(
        "old version of every row stays beside the new version", "moon is made of cheese"
    )
    found = await counterfactual(transcript, KIT, READY, kit_now=kit)
    then, now = (
        {m.text: m.probability for m in standing.marks if m.atom == "versions"}
        for standing in (found.then, found.now)
    )
    assert list(then) == [OLD_POINT]
    assert list(now) == ["The moon is made of cheese."]
    assert now["The moon is made of cheese."] < then[OLD_POINT]


async def test_a_model_is_not_made_to_say_what_it_was_never_asked(kept: Database) -> None:
    async with with_model(kept, well) as seat:
        await seat.to_the_end(GOOD, UNKNOWN)
        transcript = await seat.transcript()
    assert (await under(transcript)).fork is None
    kit = kit_with(
        "old version of every row stays beside the new version", "moon is made of cheese"
    )
    found = await counterfactual(transcript, KIT, READY, kit_now=kit)
    assert found.fork
    assert (found.fork.now, found.fork.why) == (None, UNREAD)
    assert not [mark for mark in found.now.marks if mark.atom == "versions"]


async def test_a_plan_by_wishes_that_are_not_told_is_kept_and_said_so(kept: Database) -> None:
    transcript = await held(kept)
    header = transcript.header.model_copy(update={"subjects": ("Loads", "Streaming", "Modelling")})
    found = await under(replace(transcript, events=(header, *transcript.events[1:])))
    assert found.plan == (UNKNOWN_PLAN,)


NUMBERS = st.fixed_dictionaries(
    {},
    optional={
        "follow_ups": st.integers(0, 3),
        "follow_ups_in_screen": st.integers(0, 2),
        "rungs": st.integers(0, 3),
        "hints": st.integers(0, 3),
        "enough": st.floats(0, 1),
        "money_most": st.integers(0, 5),
        "full_answer": st.integers(1, 6),
        "dont_knows_before_easier": st.integers(1, 4),
        "longest_silence": st.floats(0, 2_000),
        "most_messages": st.integers(1, 400),
        "seconds_per_core": st.floats(60, 2_000),
        "wrap_up_seconds": st.floats(1, 2_000),
        "least_testlets": st.integers(1, 4),
    },
)
OLD = read(next(FIXTURES.glob("schema-1-practice*")))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NUMBERS)
async def test_nothing_is_made_up_beyond_the_fork(changed: dict[str, Any]) -> None:
    found = await under(OLD, **changed)
    told = {heard.text for heard in OLD.events if heard.type == "heard"}
    put = [event.question for event in OLD.events if event.type == "opened"]
    assert [row.question for row in found.now.questions] == put[: len(found.now.questions)]
    for mark in found.now.marks:
        assert not mark.words or any(mark.words in text for text in told)
    assert found.turns + bool(found.fork) <= found.of
    assert (found.fork is None) == (found.turns == found.of)
