"""New gradings kept beside the interviews that they are of."""

from collections.abc import Iterable

from api.gradings import Grading, Gradings
from api.opened import opened_database
from api.store import Store
from evals.replay.asking import Asked
from evals.replay.outcomes import Outcome
from evals.replay.packing import is_of
from evals.replay.transcript import transcript_of
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound


async def keep_all(outcomes: Iterable[Outcome], asked: Asked) -> tuple[int, list[str]]:
    """Keep each new grading; how many were, and a line for each that was not.

    One that failed in part is not kept: it would look as if those answers had no marks.
    """
    kept, unkept = 0, []
    async with opened_database() as database:
        gradings = Gradings(database)
        for outcome in outcomes:
            if outcome.after is None or not outcome.is_whole:
                unkept.append(f"{outcome.id}: not kept, for it is not whole.")
                continue
            try:
                if not await _is_here(database, outcome):
                    unkept.append(f"{outcome.id}: not kept, for another interview has that id.")
                    continue
                await gradings.keep(outcome.id, grading_of(outcome, asked))
                kept += 1
            except NotFound as error:
                unkept.append(f"{outcome.id}: not kept. {error.message} {error.remedy}")
    return kept, unkept


async def _is_here(database: Database, outcome: Outcome) -> bool:
    """Whether what was marked is the interview of that id here: a file can have any name."""
    await Store(database).load(outcome.id)
    log = [event.as_json() for event in await Store(database).events(outcome.id)]
    try:
        return is_of(outcome.key, transcript_of(outcome.id, log))
    except BadInput:
        return False


def grading_of(outcome: Outcome, asked: Asked) -> Grading:
    """The new grading of one interview, named by what differs from the old."""
    assert outcome.before is not None
    assert outcome.after is not None
    then, now = outcome.before.versions, outcome.after.versions
    told = [
        f"kit {now.kit}@{now.kit_version}" if then.kit_version != now.kit_version else "",
        " ".join(filter(None, (f"by {now.examiner}", now.model))),
        "other prompts" if asked.prompts else "",
        "another policy" if outcome.policy else "",
    ]
    return Grading(
        label=", ".join(filter(None, told)),
        kit_version=now.kit_version,
        examiner=now.examiner,
        model=now.model or None,
        policy=outcome.policy,
        events=outcome.regraded,
    )
