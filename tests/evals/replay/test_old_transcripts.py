"""Transcripts of every schema that Viva has written load, play as far as can be, and are marked."""

import pytest
from seats import FIXTURES, KIT, READY

from agent.policy import Policy
from evals.marks import marks_of, questions_of
from evals.replay.counterfactual import counterfactual
from evals.replay.sources import Kits
from evals.replay.transcript import Transcript, read
from evals.replay.verify import WITHOUT_READINGS, verify

OLD = sorted(FIXTURES.glob("schema-*.jsonl.gz"))


@pytest.fixture(params=OLD, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest) -> Transcript:
    return read(request.param)


def test_there_is_one_of_every_earlier_schema() -> None:
    assert {read(path).header.schema_version for path in OLD} == {1}


def test_it_loads_with_its_kit_and_without_what_was_retired(old: Transcript) -> None:
    assert Kits().of(old) == KIT
    assert "prior_spread" in old.header.policy
    Policy.model_validate(old.header.policy)
    assert old.is_over
    assert all(turn.took is None for turn in old.turns)


async def test_it_comes_out_again_but_for_its_times(old: Transcript) -> None:
    found = await verify(old, KIT, READY)
    assert found.difference is None
    assert found.turns == len(old.turns)
    assert WITHOUT_READINGS in found.apart


async def test_a_mark_that_was_changed_in_it_is_found(old: Transcript) -> None:
    line = next(event for event in old.events if event.type == "marked" and event.score)
    changed = line.model_copy(update={"score": 0.5})
    events = tuple(changed if event is line else event for event in old.events)
    found = (await verify(Transcript(old.id, events), KIT, READY)).difference
    assert found
    assert (found.seq, found.field) == (line.seq, "score")


async def test_it_is_counted_under_another_policy(old: Transcript) -> None:
    policy = Policy.model_validate(old.header.policy).model_copy(update={"full_answer": 1})
    found = await counterfactual(old, KIT, READY, policy)
    assert found.turns
    assert found.then.questions == tuple(questions_of(old))[: len(found.then.questions)]
    assert set(found.then.marks) <= set(marks_of(old)) or found.fork
