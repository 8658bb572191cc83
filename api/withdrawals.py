"""What was wrong in a kit, whom it touched, and counting them anew without it."""

import asyncio
import json
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from agent.events import AnyEvent, read_event
from agent.policy import Policy
from agent.ruling import Bench, Revision
from agent.state import Testlet, completed
from agent.syllabus import Syllabus
from api.hiring.tables import LOCAL
from api.lease import Lease
from api.records import Interview, Json
from api.store import Store
from api.tables import ABOUT_CONTESTS, events, interviews
from knowledge.atoms import Kit
from knowledge.errors import NotFound
from knowledge.library import Library


@dataclass(frozen=True)
class Touched:
    """An interview with marks by something that was withdrawn; `recounted` without them."""

    id: str
    kit: str
    kit_version: str
    mode: str
    status: str
    recounted: bool


async def withdrawn_from(
    store: Store, kit: str, version: str | None = None, workspace: str = LOCAL
) -> dict[str, str]:
    """What is withdrawn from a kit (ids) and why: in its current version, or by a decision.

    For interviews on a `version` without what the current one says as that one does, in use again.
    """
    said = (events.c.interview_id == interviews.c.id) & (interviews.c.kit == kit)
    said &= interviews.c.workspace_id == workspace
    query = sa.select(events.c.body).select_from(events.join(interviews, said))
    async with store.database.read() as connection:
        rows = await connection.scalars(query.where(ABOUT_CONTESTS, events.c.type == "withdrawn"))
        decided = {body["atom"]: body["reason"] for body in rows}
    library = Library(store.database, workspace)
    try:
        current = await library.get(kit)
    except NotFound:
        return decided
    then = current if version is None else await library.get(kit, version)
    gone = decided | _reasons(current)
    return {atom: reason for atom, reason in gone.items() if not _in_use(atom, then, current)}


def _in_use(atom: str, then: Kit, now: Kit) -> bool:
    """Whether the kit still, or again, says what it said then."""
    before, after = then.by_id.get(atom), now.by_id.get(atom)
    return (
        atom not in now.withdrawn
        and before is not None
        and after is not None
        and before.text == after.text
    )


def _reasons(kit: Kit) -> dict[str, str]:
    """Of everything withdrawn; what goes with another goes for its reason."""
    reasons = {}
    for id_ in kit.withdrawn:
        above = kit.by_id.get(id_)
        while above is not None and above.withdrawn is None:
            above = kit.by_id.get(above.parent or "")
        if above is not None and above.withdrawn is not None:
            reasons[id_] = above.withdrawn
    return reasons


async def touched(store: Store, atom: str, workspace: str = LOCAL) -> list[Touched]:
    """Every interview that this withdrawn atom has marked, those still to be counted anew first.

    Raises:
        NotFound: nothing of this id is withdrawn from any kit.
    """
    found = [*await _marked_by(store, atom, workspace), *await _recounted(store, atom, workspace)]
    on = {(each.kit, each.kit_version) for each in found}
    withdrawn = {each for each in on if atom in await withdrawn_from(store, *each, workspace)}
    if not withdrawn and not await _is_withdrawn(store, atom, workspace):
        remedy = (
            "Take an id that `viva contests` or `viva kit show NAME --json` lists as withdrawn."
        )
        raise NotFound(f"Nothing of the id {atom!r} is withdrawn.", remedy)
    return [each for each in found if (each.kit, each.kit_version) in withdrawn]


async def _is_withdrawn(store: Store, atom: str, workspace: str) -> bool:
    """Whether any kit has it withdrawn."""
    for kit in await Library(store.database, workspace).list():
        if atom in await withdrawn_from(store, kit.name, workspace=workspace):
            return True
    return False


async def _marked_by(store: Store, atom: str, workspace: str) -> list[Touched]:
    """Narrowed down by the database to the states that hold the id at all."""
    needle = json.dumps(atom)[1:-1]
    state = sa.cast(interviews.c.state, sa.Text)
    query = sa.select(*_told(), interviews.c.state).where(
        interviews.c.workspace_id == workspace, state.contains(needle, autoescape=True)
    )
    async with store.database.read() as connection:
        rows = (await connection.execute(query.order_by(interviews.c.created))).all()
    return [
        _touched(tuple(row), recounted=False)
        for row in rows
        if any(_holds(testlet, atom) for testlet in completed(row[-1])["testlets"])
    ]


def _holds(testlet: Testlet, atom: str) -> bool:
    flags = {told["atom"] for told in testlet["flagged"]}
    return atom in {*testlet["judged"], *testlet["credits"], *testlet["against"], *flags}


async def _recounted(store: Store, atom: str, workspace: str) -> list[Touched]:
    query = sa.select(*_told(), events.c.body).join(events)
    query = query.where(ABOUT_CONTESTS, events.c.type == "withdrawn")
    query = query.where(interviews.c.workspace_id == workspace)
    async with store.database.read() as connection:
        rows = (await connection.execute(query.order_by(interviews.c.created))).all()
    return [_touched(tuple(row), recounted=True) for row in rows if row[-1]["atom"] == atom]


def _touched(row: Sequence[Any], *, recounted: bool) -> Touched:
    id_, kit, version, mode, status, _ = row
    return Touched(id_, kit, version, mode, status, recounted)


def _told() -> tuple[sa.Column[Any], ...]:
    return tuple(interviews.c[name] for name in ("id", "kit", "kit_version", "mode", "status"))


async def drop_withdrawn(
    store: Store,
    syllabus: Syllabus,
    interview_id: str,
    lease: Lease,
    clock: Callable[[], float] = time.time,
) -> Revision:
    """Count an interview anew without what is withdrawn from its kit, and commit it.

    Raises:
        Superseded: another process has moved the interview meanwhile; nothing was written.
    """
    stored = await store.load(interview_id)
    assert stored.state is not None
    reasons = await withdrawn_from(store, stored.kit, stored.kit_version, stored.workspace_id)
    bench = bench_of(stored, syllabus, await log_of(store, interview_id), clock())
    done = await asyncio.to_thread(bench.without, reasons)
    if done.events:
        await store.revise(
            stored, lease=lease, state=dict(done.state), events=bodies_of(done.events)
        )
    return done


def bench_of(stored: Interview, syllabus: Syllabus, log: tuple[AnyEvent, ...], at: float) -> Bench:
    """The interview as a person rules on it."""
    assert stored.state is not None
    return Bench(
        syllabus=syllabus,
        policy=Policy.model_validate(stored.options["policy"]),
        state=completed(stored.state),
        events=log,
        at=at,
    )


async def log_of(store: Store, interview_id: str) -> tuple[AnyEvent, ...]:
    """All that happened in an interview."""
    return tuple(read_event(event.as_json()) for event in await store.events(interview_id))


def bodies_of(written: Collection[AnyEvent]) -> list[Json]:
    """Events as the store takes them."""
    return [event.model_dump(mode="json") for event in written]
