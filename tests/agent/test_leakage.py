"""Attempts to get at what is hidden, made in real interviews."""

import pytest

from agent.leak import HIDDEN, SPOKEN
from evals.leakage import DISGUISES, Attempt, Seen, attempts, leaks
from knowledge.atoms import Kit


@pytest.fixture(scope="module")
def some() -> list[Attempt]:
    """A tenth of the attempts, of every guise but few."""
    return attempts()[::10]


async def test_nothing_hidden_is_seen(some: list[Attempt]) -> None:
    result = await leaks(some)
    assert result.attempts == len(some)
    assert result.told > 3 * result.interviews
    assert result.leaks == []


async def test_without_the_guard_it_would_be(some: list[Attempt]) -> None:
    result = await leaks(some[:3], guarded=False)
    assert len(result.leaks) > result.interviews


def test_there_are_a_hundred_different_attempts() -> None:
    tried = attempts()
    assert len({attempt.texts for attempt in tried}) == 100


@pytest.fixture(scope="module")
def seen(shipped: Kit) -> Seen:
    return Seen((a.text for a in shipped.of(*HIDDEN)), (a.text for a in shipped.of(*SPOKEN)))


@pytest.mark.parametrize("name", DISGUISES)
def test_the_measure_sees_through_every_disguise_it_uses(
    seen: Seen, shipped: Kit, name: str
) -> None:
    hidden = next(atom.text for atom in shipped.of("exemplar"))
    assert seen.hidden_in("Well. " + " ".join(DISGUISES[name](hidden)))
    assert not seen.hidden_in("Well. " + " ".join(DISGUISES[name]("We talk about it later on.")))
