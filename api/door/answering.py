"""From a client's request to our reply: which interview, which turn, or a word beside it."""

import asyncio
import hashlib
import re
import time
from collections import defaultdict

from agent.report import as_markdown
from api.conduct import Wish
from api.door import housekeeping, notes
from api.door.conversation import (
    START,
    Conversation,
    Place,
    foot,
    last_place,
    read,
    standing,
    turn_id,
    unseen,
)
from api.door.housekeeping import About, Task
from api.door.models import choice
from api.door.record import Record, record
from api.door.wire import ChatRequest
from api.practice_keys import Key, Keys
from api.service import Service
from api.store import Conflict
from api.terminal import parse
from knowledge.errors import BadInput, Busy

PATIENCE = 100.0
"""Seconds to wait for a turn; after that the client is told to send the same again."""
AWAY = 20 * 60.0
"""Seconds between two messages from which somebody was away; that time is free."""
MOST_TRIES = 4
_report = re.compile(r"\W*(?:my )?report\W*", re.I)


class NotYet(Busy):
    """The message is kept and its turn is not committed; the same again waits on for it."""


class Door:
    """The practice door of one process."""

    def __init__(self, service: Service, keys: Keys) -> None:
        self._service, self._keys = service, keys
        self._starting: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def reply(self, key: Key, request: ChatRequest, *, who: str, base: str) -> str:
        """What the interviewer says to this conversation; the same again is answered the same.

        `who` tells apart those who share a key, as far as their client does; `base` is the
        address of this server, for the report's page.

        Raises:
            BadInput: there is nothing to reply to.
            NotFound: there is no such model.
            NotYet: the reply is a long time coming.
        """
        wanted = housekeeping.task(request.messages, request.response_format)
        if wanted:
            return await self._keep_house(wanted, key, request)
        talk = read(request.messages)
        if talk.last.lower() == START:
            return await self._begin(key, talk, request.model, who, base)
        if talk.pasted and await self._keys.holds(key, talk.pasted.code):
            return (await self._settled(talk.pasted.code, base)).note(notes.BACK)
        if talk.pasted and talk.pasted.meant:
            return notes.UNKNOWN_CODE.format(talk.pasted.code)
        if talk.place is None:
            if not talk.begins:
                return notes.NO_CODE
            return await self._begin(key, talk, request.model, who, base)
        if not await self._keys.holds(key, talk.place.code):
            return notes.UNKNOWN_CODE.format(talk.place.code)
        return await self._go_on(talk, talk.place.code, base)

    async def _begin(self, key: Key, talk: Conversation, model: str, who: str, base: str) -> str:
        kit, level = choice(model)
        what = "\0".join((model, who, talk.identity))
        start = hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()
        async with self._starting[key.id]:
            code = await self._keys.begun(key, start)
            if code is None:
                wish = Wish(kit=kit, level=level, mode="practice")
                begun = await self._service.start(wish, key=key.id)
                code = await self._keys.keep(key, start, begun)
        return (await self._settled(code, base)).told[1].reply

    async def _go_on(self, talk: Conversation, code: str, base: str) -> str:
        for _ in range(MOST_TRIES):
            now = await self._settled(code, base)
            step = standing(talk, now.told)
            if step is None:
                return now.note(notes.EDITED)
            at = Place(code, step)
            following = now.told.get(step + 1)
            if following and following.turn_id == turn_id(at, talk.last):
                return following.reply
            if at != now.newest:
                return now.note(_why(talk, at, now))
            beside = await self._beside(talk, now)
            if beside is not None:
                return beside
            await self._send(talk, at, now)
        raise NotYet("This interview is being moved elsewhere.", "Send the same again in a moment.")

    async def _beside(self, talk: Conversation, now: Record) -> str | None:
        """The reply to what is no turn: a picture, the wish to read the report, an unknown word."""
        if talk.media:
            return now.note(notes.ONLY_TEXT)
        if housekeeping.wrapped(talk.last):
            return now.note(notes.WRAPPED)
        if _report.fullmatch(talk.last) and (now.ended or talk.last.startswith("/")):
            return await self._report(now)
        if now.ended:
            return now.note(notes.ENDED)
        try:
            parse(talk.last)
        except BadInput as error:
            return now.note(f"{error.message} {error.remedy}")
        return None

    async def _report(self, now: Record) -> str:
        if not now.ended:
            return now.note(notes.NOT_YET)
        report = as_markdown(await self._service.report(now.code, "candidate"))
        return f"{report}\n{foot(now.newest, note=True)}"

    async def _send(self, talk: Conversation, at: Place, now: Record) -> None:
        """Have the message taken as the answer to this step; lost races are seen at the next look.

        The clock of an interview does not run while its candidate was away for long.
        """
        kind, words = parse(talk.last)
        if time.time() - now.spoke > AWAY:
            self._service.conductor.came_back(at.code)
        try:
            await self._service.send(
                at.code,
                turn_id=turn_id(at, talk.last),
                question=now.numbers[at.step],
                kind=kind,
                text=words,
            )
        except Conflict:
            return

    async def _settled(self, code: str, base: str) -> Record:
        """The interview once no turn of it is under way."""
        now = await record(self._service.store, code, base)
        if not now.pending and now.told:
            return now
        until = time.monotonic() + PATIENCE
        with self._service.watching.watch(code) as watcher:
            while time.monotonic() < until:
                now = await record(self._service.store, code, base)
                if not now.pending and now.told:
                    return now
                await watcher.heard(1.0)
        trouble = self._service.trouble(code) or "The interviewer takes unusually long."
        raise NotYet(trouble, "Your message is kept. Send the same again in a moment.")

    async def _keep_house(self, wanted: Task, key: Key, request: ChatRequest) -> str:
        """A title, tags and the like; none of it is a turn."""
        place = last_place(message.text for message in request.messages)
        if place and not await self._keys.holds(key, place.code):
            place = None
        stored = await self._service.store.load(place.code) if place else None
        kit, level = choice(request.model)
        about = About(
            title=(await self._service.outline(kit, level)).title,
            code=place.code if place else None,
            ended=stored is not None and stored.status == "ended",
        )
        return housekeeping.answer(wanted, about)


def _why(talk: Conversation, at: Place, now: Record) -> str:
    """Why a message is no answer to the question that is open."""
    if unseen(talk, at, now.told):
        return notes.UNSEEN
    following = now.told.get(at.step + 1)
    ours = following is not None and following.turn_id.startswith("door-")
    return notes.EDITED if ours else notes.ELSEWHERE
