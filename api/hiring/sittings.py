"""A candidate's own side of an invite: where they stand, beginning, declining, asking."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from agent.events import Mode
from api.conduct import Wish
from api.hiring import audit, webhooks, wishes
from api.hiring.invites import Invite
from api.hiring.rubric import rubric_open
from api.hiring.screens import Screen, Screens, policy_of
from api.hiring.shut import WITHOUT_CONTACT
from api.hiring.tables import decisions, devices, invites
from api.identity.caller import Caller
from api.identity.tokens import hashed
from api.records import Status
from api.service import Service
from api.tables import events, interviews
from api.telemetry import log
from knowledge.database import Database, unix_now
from knowledge.errors import BadInput, NotFound

Stands = Literal["ready", "running", "over", "declined", "early", "closed", "past"]
Outcome = Literal["advance", "hold", "decline"]
LONGEST_ASKED = 1_000
NOT_OURS = (
    "It cannot begin just now, by no fault of yours. Nothing is lost: the invite stays as it is."
)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One interview of an invite, as its candidate may know it; times are Unix seconds."""

    id: str
    attempt: int
    mode: Mode
    minutes: float
    status: Status
    created: float
    ended: float | None
    reason: str | None = None
    """How it ended; None while it runs."""
    outcome: Outcome | None = None
    """What a person has decided last."""
    decided: float | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a candidate stands at `now`, the database's clock."""

    invite: Invite
    screen: Screen
    sittings: tuple[Sitting, ...]
    browsers: int
    last_opened: float | None
    now: float
    rubric: bool
    """What answers were held against is open to read: nobody can profit from it any more."""

    @property
    def minutes(self) -> float:
        """What the next interview has, extra time included."""
        return self.screen.minutes * self.invite.extra_time

    @property
    def running(self) -> Sitting | None:
        """The interview to go on with, whatever has become of the screen meanwhile."""
        return next((each for each in self.sittings if each.status != "ended"), None)

    @property
    def stands(self) -> Stands:
        """Where they stand, in one word."""
        if self.sittings:
            return "running" if self.running else "over"
        if self.invite.declined is not None:
            return "declined"
        return self._closed() or ("ready" if self.invite.is_good(self.now) else "past")

    @property
    def next_attempt(self) -> int | None:
        """The attempt that may begin now; None: none may.

        Once a person has decided, nothing that came after could count.
        """
        decided = any(each.outcome for each in self.sittings)
        used = max((each.attempt for each in self.sittings), default=0)
        if self.running or decided or used >= self.screen.attempts:
            return None
        shut = self.invite.declined is not None or self._closed() is not None
        return None if shut or not self.invite.is_good(self.now) else used + 1

    def _closed(self) -> Literal["early", "closed"] | None:
        if self.screen.takes(self.now):
            return None
        is_late = self.screen.closes is not None and self.screen.closes <= self.now
        return "closed" if self.screen.status == "closed" or is_late else "early"


class Sittings:
    """What candidates do with their invites; `invite` is an id that a cookie of theirs opened."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._database: Database = service.store.database

    async def place(self, invite: str) -> Place:
        """Where its candidate stands.

        Raises:
            NotFound: there is no such invite any more.
        """
        async with self._database.read() as connection:
            found = await _invite(connection, invite)
            opened = sa.select(sa.func.count(), sa.func.max(devices.c.created))
            browsers, last = (
                await connection.execute(opened.where(devices.c.invite_id == invite))
            ).one()
            sittings = await _sittings(connection, invite)
            now = float(await connection.scalar(sa.select(unix_now())) or 0)
            rubric = bool(await connection.scalar(rubric_open(found.screen_id)))
        return Place(
            invite=found,
            screen=await Screens(self._database).get(found.workspace_id, found.screen_id),
            sittings=sittings,
            browsers=browsers,
            last_opened=last,
            now=now,
            rubric=rubric,
        )

    async def holds(self, invite: str | None, token: str) -> bool:
        """Whether this link's token is that of the invite."""
        query = sa.select(invites.c.id).where(invites.c.hash == hashed(token))
        async with self._database.read() as connection:
            return invite is not None and await connection.scalar(query) == invite

    async def begin(self, invite: str, attempt: int, consent: dict[str, str]) -> str:
        """The interview of this attempt (its id), made once, however often and wherever asked.

        Raises:
            BadInput: it cannot begin now; the message says why.
        """
        place = await self.place(invite)
        interview = _of_attempt(place, attempt)
        if interview is None:
            if place.next_attempt != attempt:
                raise _not_now(place)
            interview = await self._make(place, attempt, consent)
        await self._service.open(interview)  # also where whoever made it died before saying it
        return interview

    async def _make(self, place: Place, attempt: int, consent: dict[str, str]) -> str:
        screen = place.screen
        wish = Wish(
            kit=screen.kit,
            kit_version=screen.kit_version,
            level=screen.level,
            mode=screen.mode,
            minutes=screen.minutes,
            extra_time=place.invite.extra_time,
            subjects=screen.subjects,
            examiner=screen.examiner,
            consent=consent,
            workspace=screen.workspace_id,
            screen=screen.id,
            invite=place.invite.id,
            attempt=attempt,
        )
        try:
            return await self._service.start(wish, policy=policy_of(screen))
        except IntegrityError:  # another tab was first
            made = _of_attempt(await self.place(place.invite.id), attempt)
            if made is None:
                raise
            return made
        except (BadInput, NotFound) as error:  # the team's to mend: no candidate can
            log.error("an invited interview cannot begin", screen=screen.id, why=error.message)
            raise BadInput(NOT_OURS, _reach(screen)) from error

    async def decline(self, caller: Caller, invite: str) -> None:
        """Rather not, which is all that is kept of it; the same again changes nothing.

        Raises:
            BadInput: an interview has begun, which can only be ended or erased.
        """
        async with self._database.write() as connection:
            found = await _invite(connection, invite, lock=True)
            if await _sittings(connection, invite):
                raise BadInput(
                    "Your interview has begun, so the invite cannot be declined any more.",
                    "You can end the interview there, or have all of it erased below.",
                )
            if found.declined is None:
                await _change(connection, found, declined=unix_now())
                await webhooks.tell(
                    connection, found.workspace_id, "candidate.declined", invite=invite
                )
                await _note(connection, caller, found, "declined")

    async def take_back(self, caller: Caller, invite: str) -> None:
        """They would like to take part after all."""
        async with self._database.write() as connection:
            found = await _invite(connection, invite, lock=True)
            if found.declined is not None:
                await _change(connection, found, declined=None)
                await _note(connection, caller, found, "took the declining back")

    async def ask(self, caller: Caller, invite: str, text: str) -> None:
        """Ask the team for extra time, pauses or another way; the text is theirs alone.

        Raises:
            BadInput: it is empty or too long, or was asked too often.
        """
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}").strip()
        if not 0 < len(text) <= LONGEST_ASKED:
            raise BadInput(
                "Nothing was sent: it is not said what you need."
                if not text
                else f"Nothing was sent: {len(text):,} characters are too many.",
                f"Choose one, or write it in up to {LONGEST_ASKED:,} characters.",
            )
        async with self._database.write() as connection:
            found = await _invite(connection, invite, lock=True)
            if text in {each["text"] for each in found.asked}:
                return
            if len(found.asked) >= wishes.MOST:
                raise BadInput(
                    f"You have asked {wishes.MOST} times, and no more can be kept here.",
                    "Reach a person of the team directly.",
                )
            await wishes.add(connection, invite, text)
            await _note(connection, caller, found, "asked for another way")


async def _invite(connection: AsyncConnection, invite: str, *, lock: bool = False) -> Invite:
    columns = (invites.c[name] for name in Invite.__dataclass_fields__)
    query = sa.select(*columns).where(invites.c.id == invite)
    query = query.with_for_update() if lock else query
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such invite any more.", WITHOUT_CONTACT)
    return Invite(**row)


async def _sittings(connection: AsyncConnection, invite: str) -> tuple[Sitting, ...]:
    names = ("id", "attempt", "mode", "status", "created", "ended")
    minutes = interviews.c.options["minutes"].as_float().label("minutes")
    mine = sa.select(*(interviews.c[name] for name in names), minutes)
    mine = mine.where(interviews.c.invite_id == invite).order_by(interviews.c.attempt)
    rows = [dict(row) for row in (await connection.execute(mine)).mappings()]
    ids = [row["id"] for row in rows if row["status"] == "ended"]
    told = await _how_ended(connection, ids) if ids else {}
    return tuple(Sitting(**row, **told.get(row["id"], {})) for row in rows)


async def _how_ended(connection: AsyncConnection, ids: list[str]) -> dict[str, dict[str, Any]]:
    ended = (events.c.type == "ended") & events.c.interview_id.in_(ids)
    reasons = sa.select(events.c.interview_id, events.c.body).where(ended)
    told = {id_: {"reason": body["reason"]} for id_, body in await connection.execute(reasons)}
    of = sa.select(decisions.c.interview_id, decisions.c.outcome, decisions.c.at)
    newest_last = of.where(decisions.c.interview_id.in_(ids)).order_by(decisions.c.at)
    for id_, outcome, at in await connection.execute(newest_last):
        told.setdefault(id_, {}).update(outcome=outcome, decided=at)
    return told


async def _change(connection: AsyncConnection, invite: Invite, **new: Any) -> None:
    await connection.execute(sa.update(invites).where(invites.c.id == invite.id).values(**new))


async def _note(connection: AsyncConnection, caller: Caller, invite: Invite, action: str) -> None:
    about = f"invite:{invite.id}"
    await audit.record_in(connection, invite.workspace_id, caller.id, action, about)


def _of_attempt(place: Place, attempt: int) -> str | None:
    return next((each.id for each in place.sittings if each.attempt == attempt), None)


def _not_now(place: Place) -> BadInput:
    told = {
        "declined": "You have declined this invite.",
        "early": "The interviews have not been opened yet.",
        "closed": "The interviews are closed; nobody can begin any more.",
        "past": "The days in which this invite could be used are over.",
    }
    message = told.get(place.stands, "You have taken it as often as this invite allows.")
    if place.running:
        message = "An interview of yours is still open."
    return BadInput(message, _reach(place.screen))


def _reach(screen: Screen) -> str:
    contact = screen.texts.contact.strip()
    return f"Reach a person: {contact}" if contact else WITHOUT_CONTACT
