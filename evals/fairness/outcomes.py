"""What interviews came to, as far as fairness is computed from it."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from evals.agree.people import Problem
from evals.agree.sides import side
from knowledge.errors import BadInput

By = Literal["screen", "kit"]


@dataclass(frozen=True)
class Outcome:
    """One interview."""

    transcript: str
    kit: str
    verdict: str
    estimate: float | None
    """The level as estimated; None without evidence, or in a drill."""
    decided: bool | None = None
    """Whether people decided to go on; None where they have not decided, or hold it."""
    screen: str = ""


def outcomes(names: Sequence[str]) -> tuple[list[Outcome], list[Problem]]:
    """The outcomes of results folders, transcripts, and interviews of the database with what was
    decided; of two of one interview the first.

    Raises:
        NotFound, BadInput: one of the names is nothing.
    """
    found, problems = dict[str, Outcome](), list[Problem]()
    for name in names:
        one = side(name)
        problems += one.problems
        for row in one.competencies:
            if not row.competency:
                kit = one.versions[row.transcript].kit
                each = Outcome(row.transcript, kit, row.verdict, row.estimate)
                found.setdefault(row.transcript, each)
    stored = [name for name in names if name in found and not Path(name).exists()]
    return _decided(found, stored), problems


def _decided(found: dict[str, Outcome], stored: Sequence[str]) -> list[Outcome]:
    if stored:
        for each in asyncio.run(_with_decisions([found[id_] for id_ in stored])):
            found[each.transcript] = each
    return list(found.values())


async def _with_decisions(given: Iterable[Outcome]) -> list[Outcome]:
    """With the newest decision of each and its screen; `hold` is no decision yet."""
    import sqlalchemy as sa

    from api.hiring.judging import Judging
    from api.opened import opened_database
    from api.tables import interviews

    after = []
    async with opened_database() as database:
        for each in given:
            decision = (await Judging(database).of(each.transcript)).decision
            settled = decision.outcome if decision else "hold"
            query = sa.select(interviews.c.screen_id).where(interviews.c.id == each.transcript)
            async with database.read() as connection:
                screen = await connection.scalar(query)
            decided = None if settled == "hold" else settled == "advance"
            after.append(replace(each, decided=decided, screen=screen or ""))
    return after


def parts(every: Sequence[Outcome], by: By | None) -> dict[str, list[Outcome]]:
    """The outcomes as one, or by screen or kit.

    Raises:
        BadInput: by screen, and none of them is of one.
    """
    if by is None:
        return {"": list(every)}
    if by == "screen" and not any(each.screen for each in every):
        raise BadInput(
            "None of these interviews is known to be of a screen.",
            "Give ids of interviews in this database, or use --by kit.",
        )
    found: dict[str, list[Outcome]] = {}
    for each in every:
        found.setdefault(getattr(each, by) or "no screen", []).append(each)
    return dict(sorted(found.items()))
