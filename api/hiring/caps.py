"""What an interview and a workspace may use up: messages, characters, tokens and money.

No answer is refused by a cap. An interview that has reached one of its own is closed after the
answer that reached it, and reported. Once a day's is reached no other interview begins before the
next. Where only the language model's share is used up, `local` marks in its place.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.tables import usage, workspaces
from api.identity.caller import Caller
from api.moments import DAY
from api.tables import interviews
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import BadInput, VivaError

IN_ALL = ""
"""The day of what an interview used up over all days."""

Amount = Annotated[int, Field(ge=1, le=10**12)]


class CapReached(VivaError):
    """A workspace has used up what it may in a day; `wait` is in seconds."""

    exit_status = 2

    def __init__(self, message: str, remedy: str, wait: int) -> None:
        super().__init__(message, remedy)
        self.wait = wait


class Cap(BaseModel):
    """How much may be used up; None is without end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    turns: Amount | None = None
    characters: Amount | None = None
    tokens: Amount | None = None
    cost: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """In the currency of VIVA_PRICE_IN and VIVA_PRICE_OUT."""


class Caps(BaseModel):
    """The caps of a workspace: of each interview, and of all in a day (UTC)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    interview: Cap = Cap(turns=400, characters=400_000, tokens=1_000_000)
    day: Cap = Cap(turns=100_000, characters=50_000_000)


class Used(BaseModel):
    """What was used up; `cost` counts only calls whose price is known."""

    turns: int = 0
    characters: int = 0
    tokens: int = 0
    cost: float = 0.0

    def reaches(self, cap: Cap, names: Iterable[str]) -> str | None:
        """The first of these that is used up."""
        for name in names:
            most = getattr(cap, name)
            if most is not None and getattr(self, name) >= most:
                return name
        return None


async def count_message(
    connection: AsyncConnection, workspace: str, interview: str, characters: int, at: float
) -> None:
    """Count a message, in the transaction that accepts it."""
    used = Used(turns=1, characters=characters)
    await _add(connection, f"interview:{interview}", IN_ALL, used)
    await _add(connection, f"workspace:{workspace}", _day(at), used)


async def count_calls(
    connection: AsyncConnection, interview: str, events: Iterable[Mapping[str, Any]], at: float
) -> None:
    """Count a turn's calls of a language model, in the transaction that commits it."""
    calls = [event for event in events if event["type"] == "model_called"]
    tokens = sum((call["tokens_in"] or 0) + (call["tokens_out"] or 0) for call in calls)
    used = Used(tokens=tokens, cost=sum(call["cost"] or 0.0 for call in calls))
    if used == Used():
        return
    mine = sa.select(interviews.c.workspace_id).where(interviews.c.id == interview)
    workspace = await connection.scalar(mine)
    await _add(connection, f"interview:{interview}", IN_ALL, used)
    await _add(connection, f"workspace:{workspace}", _day(at), used)


async def _add(connection: AsyncConnection, scope: str, day: str, used: Used) -> None:
    amounts = used.model_dump()
    new = insert_into(usage, connection).values(scope=scope, day=day, **amounts)
    more = {name: usage.c[name] + amount for name, amount in amounts.items() if amount}
    await connection.execute(new.on_conflict_do_update(index_elements=["scope", "day"], set_=more))


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _caps_in(settings: Mapping[str, Any] | None) -> Caps:
    return Caps.model_validate((settings or {}).get("caps") or {})


class Budget:
    """What the workspaces and interviews of one database may use up, and have."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def caps(self, workspace: str) -> Caps:
        """The caps of a workspace."""
        mine = sa.select(workspaces.c.settings).where(workspaces.c.id == workspace)
        async with self._database.read() as connection:
            return _caps_in(await connection.scalar(mine))

    async def set(self, caller: Caller, wish: Mapping[str, Any]) -> Caps:
        """Give the caller's workspace other caps; what is not named is as it is by default.

        Raises:
            BadInput: they cannot be caps.
        """
        try:
            caps = Caps.model_validate(wish)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in wrong["loc"])
            raise BadInput(f"The cap {where} cannot be used: {wrong['msg']}.", "Mend it.") from None
        mine = workspaces.c.id == caller.workspace
        kept = sa.select(workspaces.c.settings).where(mine).with_for_update()
        async with self._database.write() as connection:
            before = await connection.scalar(kept) or {}
            settings = {**before, "caps": caps.model_dump(mode="json")}
            await connection.execute(sa.update(workspaces).where(mine).values(settings=settings))
            about = f"workspace:{caller.workspace}"
            await audit.record(connection, caller, "capped", about, **settings["caps"])
        return caps

    async def used(self, scope: str, day: str = IN_ALL) -> Used:
        """What `interview:ID`, or `workspace:ID` on a day, has used up."""
        mine = (usage.c.scope == scope) & (usage.c.day == day)
        columns = (usage.c[name] for name in Used.model_fields)
        async with self._database.read() as connection:
            row = (await connection.execute(sa.select(*columns).where(mine))).mappings().first()
        return Used.model_validate(dict(row)) if row else Used()

    async def today(self, workspace: str) -> Used:
        """What a workspace has used up since midnight (UTC)."""
        return await self.used(f"workspace:{workspace}", _day(await self._now()))

    async def check_start(self, workspace: str) -> None:
        """Refuse to begin another interview once the day's share is used up.

        Raises:
            CapReached: it says until when.
        """
        used = await self.today(workspace)
        reached = used.reaches((await self.caps(workspace)).day, ("turns", "characters"))
        if reached:
            raise CapReached(
                "No more interviews can begin here today: the team's limit for a day is reached.",
                "Come back after midnight (UTC), or write to whoever invited you; "
                "interviews that have begun go on.",
                max(1, round(DAY - await self._now() % DAY)),
            )

    async def is_full(self, interview: str) -> bool:
        """Whether an interview has used up what one may, so that it closes."""
        scope = sa.literal("interview:") + interviews.c.id
        query = (
            sa.select(workspaces.c.settings, *(usage.c[name] for name in Used.model_fields))
            .join(interviews, interviews.c.workspace_id == workspaces.c.id)
            .join(usage, (usage.c.scope == scope) & (usage.c.day == IN_ALL))
            .where(interviews.c.id == interview)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return False
        used, cap = Used.model_validate(dict(row)), _caps_in(row["settings"]).interview
        return used.reaches(cap, ("turns", "characters")) is not None

    async def model_is_spent(self, workspace: str, interview: str) -> Literal["", "it", "day"]:
        """Whether the language model's share is used up: the interview's, or the day's."""
        caps, of_model = await self.caps(workspace), ("tokens", "cost")
        if (await self.used(f"interview:{interview}")).reaches(caps.interview, of_model):
            return "it"
        return "day" if (await self.today(workspace)).reaches(caps.day, of_model) else ""

    async def _now(self) -> float:
        async with self._database.read() as connection:
            return float(await connection.scalar(sa.select(unix_now())) or 0.0)
