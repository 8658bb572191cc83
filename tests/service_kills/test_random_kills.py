"""Real servers killed at random moments while interviews are held: every promise still stands."""

import pytest

from api.lease import TTL
from api.turns import SWEEP_EVERY
from evals.bench_service.kills import Outcome, on_postgres, on_sqlite
from evals.bench_service.servers import serve_elsewhere


def check(outcome: Outcome, kills: int) -> None:
    assert outcome.kills == kills
    assert outcome.faults == []
    assert outcome.lost_workers >= kills
    assert outcome.takeovers


async def test_a_few_kills_on_sqlite() -> None:
    check(await on_sqlite(3), 3)


@pytest.mark.long
async def test_two_hundred_kills_on_sqlite() -> None:
    check(await on_sqlite(200), 200)


@pytest.mark.long
async def test_two_hundred_kills_of_two_replicas_on_postgres() -> None:
    check(await on_postgres(200), 200)


@pytest.mark.long
async def test_a_replica_on_another_machine_takes_over_when_the_lease_has_ended() -> None:
    outcome = await on_postgres(10, seed=3, runs=serve_elsewhere)
    check(outcome, 10)
    assert min(outcome.takeovers) > TTL / 2
    assert sorted(outcome.takeovers)[len(outcome.takeovers) // 2] < 2 * (TTL + SWEEP_EVERY)
