"""The interviews of one database, served by one process among any number: doors lead here."""

import asyncio
import gc
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from agent.events import MarkSource, read_event
from agent.outline import Outline, outline
from agent.policy import Policy
from agent.rehearsal import Rehearsal
from agent.report import Report
from agent.report import report as make_report
from agent.report.argument import Comparison
from agent.report.model import Audience
from agent.syllabus import Syllabus
from api import visible
from api.beside import compared, receipt_of
from api.conduct import KEPT_READY, Conductor, Wish
from api.earlier import last_practice, last_report
from api.examiners import Examiners
from api.hiring.deliveries import Deliveries
from api.hiring.on_screen import check_practice, on_screen
from api.hiring.results import Results
from api.hiring.retention import Retention
from api.hiring.rubric import is_opened
from api.hiring.tables import LOCAL
from api.identity.gate import Gate
from api.moments import DAY
from api.records import Accepted, Event
from api.rehearsals import Rehearsals
from api.settings import Settings, open_database
from api.store import Conflict, Store
from api.telemetry import Telemetry, log
from api.turns import Turns
from api.upload_jobs import UploadJobs
from api.uploads import ingest_apart
from api.watching import Watching
from api.web.wire import (
    EventPage,
    FileRead,
    InterviewView,
    KitLine,
    KitMade,
    KitOutline,
    OpenQuestion,
    SeenEvent,
    Topic,
)
from knowledge.atoms import LEVELS, Level
from knowledge.embedder import open_embedder
from knowledge.errors import BadInput, VivaError
from knowledge.library import KitSummary, Library

KEPT_SYLLABI = 64
KEPT_OUTLINES = 1_000


TROUBLE = "Viva cannot go on just now. Your message is kept, and is tried again by itself."
"""What strangers are told, who need not know what our servers are called."""


class NotOver(VivaError):
    """The candidate's report is asked for while the interview runs."""

    exit_status = 2


class Service:
    """What every door of a process shares. Methods raise NotFound for what is not there."""

    def __init__(self, settings: Settings, conductor: Conductor, telemetry: Telemetry) -> None:
        self.settings = settings
        self.conductor = conductor
        self.store: Store = conductor.store
        self.library = Library(self.store.database)
        self.telemetry = telemetry
        self.watching = Watching(self.store)
        self.turns = Turns(
            conductor,
            self.watching,
            self.telemetry,
            expire_after=settings.expire_days * DAY,
        )
        self.ready = False
        self._syllabi: OrderedDict[str, Syllabus] = OrderedDict()
        self._outlines: OrderedDict[tuple[str, Level], KitOutline] = OrderedDict()
        self._rehearsals = Rehearsals(self.store.database, self.syllabus)
        self.results = Results(self.store, self.syllabus)
        self.gate = Gate(settings, self.store.database)
        self.retention = Retention(self.store.database)
        self.uploads = UploadJobs(settings, self.store.database)

    async def start(
        self,
        wish: Wish,
        *,
        key: str | None = None,
        among: Collection[str] = (),
        policy: Policy | None = None,
    ) -> str:
        """Make an interview; its opening is on its way.

        It goes on from the last practice of the same person: begun with the same `key` (its id)
        or invite, or one of `among`, the interviews that their browser knows.

        Raises:
            NotForPractice: a screen is open on the kit. Whoever has this machine may all the same,
                for they are the team; who comes by a practice key may not be.
        """
        if wish.mode == "practice" and (key or self.settings.secret is not None):
            await check_practice(self.store.database, wish)
        wish = replace(wish, last=await self._last(wish, key, among))
        interview_id = await self.conductor.start(wish, policy)
        await self.open(interview_id)
        return interview_id

    async def open(self, interview_id: str) -> None:
        """Have the opening said: once, however often this is asked for."""
        opening = await self.store.accept(
            interview_id, turn_id="open", question=0, kind="open", message=""
        )
        if opening.turn.status == "accepted":
            self.turns.run(opening.turn)

    async def _last(self, wish: Wish, key: str | None, among: Collection[str]) -> str | None:
        """Without a secret nobody but this machine's own user gets in: all of it is theirs."""
        database = self.store.database
        if key or wish.invite or self.settings.secret is None:
            return await last_practice(database, wish, key=key)
        return await last_practice(database, wish, among=among)

    async def send(
        self,
        interview_id: str,
        *,
        turn_id: str,
        question: int | None,
        kind: str,
        text: str = "",
        about: int | None = None,
    ) -> Accepted:
        """Take a message or a button in, and have its turn run.

        Raises:
            Conflict: it answers something else than the open question.
            BadInput: there is nothing in it, too much, or no answer to add to.
        """
        began = time.perf_counter()
        if about is not None:
            await self._check_about(interview_id, about)
        try:
            accepted = await self.conductor.accept(
                interview_id,
                turn_id=turn_id,
                question=question,
                kind=kind,
                text=text,
                about=about,
            )
        except Conflict as conflict:
            self.telemetry.conflict(conflict.code)
            raise
        if accepted.turn.status == "accepted":
            self.turns.run(accepted.turn)
        if not accepted.repeated:
            self.telemetry.accepted(kind, time.perf_counter() - began)
        return accepted

    async def _check_about(self, interview_id: str, about: int) -> None:
        look = await self.store.look(interview_id)
        turn = await self.store.turn(look.interview.id, about)
        if turn is None or turn.kind not in {"answer", "amend", "skip"}:
            raise BadInput(
                f"Turn {about} is no answer that could be added to.",
                "Give the number of the turn in which you answered or skipped.",
            )

    async def view(self, interview_id: str) -> InterviewView:
        """The interview as its candidate may see it."""
        look = await self.store.look(interview_id)
        syllabus = await self.syllabus(look.interview.kit, look.interview.kit_version)
        title = syllabus.role or syllabus.kit.title or look.interview.kit
        trouble = self.trouble(interview_id) if look.pending else None
        return visible.view(look, title, time.time(), trouble)

    def trouble(self, interview_id: str) -> str | None:
        """What keeps the turn under way from being committed; its reason is for this machine."""
        told = self.turns.trouble.get(interview_id)
        return TROUBLE if told and self.settings.secret else told

    async def seen(self, interview_id: str, after: int = 0) -> list[SeenEvent]:
        """What a candidate may see of the events after a number."""
        return _seen(await self.store.events(interview_id, after))

    async def page(self, interview_id: str, after: int) -> EventPage:
        """The same as one page, with whether anything more is on its way."""
        look = await self.store.look(interview_id, after)
        return EventPage(events=_seen(look.events), done=look.pending is None)

    async def open_question(self, interview_id: str) -> OpenQuestion | None:
        """The question that waits for an answer."""
        return visible.open_question(await self.store.load(interview_id))

    async def report(self, interview_id: str, audience: Audience) -> Report:
        """The report as it stands; a candidate's is there once the interview is over.

        Theirs of a screen has the rubric once the screen is closed and nobody is in it any more.

        Raises:
            NotOver: it is the candidate's, and the interview still runs.
        """
        stored = await self.store.load(interview_id)
        if audience == "candidate" and stored.status != "ended":
            raise NotOver(
                "The interview is not over yet.", "Your report is here as soon as it has ended."
            )
        syllabus = await self.syllabus(stored.kit, stored.kit_version)
        events = await self.store.events(interview_id)
        read = [read_event(event.as_json()) for event in events]
        last = await last_report(self.store, stored, self.syllabus)
        opened = await is_opened(self.store.database, stored)
        made = await asyncio.to_thread(
            make_report, interview_id, read, syllabus, audience, last=last, opened=opened
        )
        receipt = await receipt_of(self.store, stored)
        return made.model_copy(update={"receipt": receipt})

    async def compare(self, interview_ids: Sequence[str]) -> Comparison:
        """Candidates of one screen side by side; see `api.beside.compared`."""
        return await compared(self.store, interview_ids, self.syllabus)

    async def rehearse(
        self,
        kit: str,
        level: Level,
        minutes: float,
        subjects: Sequence[str] = (),
        by: MarkSource = "local",
        *,
        workspace: str = LOCAL,
    ) -> Rehearsal:
        """A screen tried on simulated candidates; see `Rehearsals.of`."""
        outline = await self.outline(kit, level, workspace)
        return await self._rehearsals.of(outline, level, minutes, subjects, by, workspace)

    async def kits(self, workspace: str = LOCAL) -> list[KitLine]:
        """The current kits of a workspace and those of all, by name."""
        library = Library(self.store.database, workspace)
        taken = await on_screen(self.store.database, workspace)
        lines = [await self._outline(each, "mid") for each in await library.list()]
        told = (
            {**line.model_dump(), "on_screen": taken.has(line.name, line.version)} for line in lines
        )
        return [KitLine.model_validate(line) for line in told]

    async def outline(self, name: str, level: Level = "mid", workspace: str = LOCAL) -> KitOutline:
        """What a candidate may know of a kit beforehand."""
        summary = await Library(self.store.database, workspace).summary(name)
        told = await self._outline(summary, level)
        taken = await on_screen(self.store.database, workspace)
        return told.model_copy(update={"on_screen": taken.has(told.name, told.version)})

    async def outline_at(self, kit: str, version: str, level: Level) -> KitOutline:
        """The same of a version that need not be the current one; `created` says nothing."""
        return await self._outline(
            KitSummary(name=kit, version=version, title=None, counts={}, created=0.0), level
        )

    async def _outline(self, kit: KitSummary, level: Level) -> KitOutline:
        """Made once for each version and level; the same content may have several names."""
        key = (kit.version, level)
        if key not in self._outlines:
            syllabus = await self.syllabus(kit.name, kit.version)
            told = await asyncio.to_thread(outline, syllabus.kit, level)
            self._outlines[key] = _outlined(syllabus, told, kit.created)
            while len(self._outlines) > KEPT_OUTLINES:
                self._outlines.popitem(last=False)
        made = self._outlines[key]
        title = made.role or kit.title or kit.name
        return made.model_copy(update={"name": kit.name, "title": title, "created": kit.created})

    async def upload(
        self,
        name: str,
        files: Sequence[tuple[str, bytes]],
        company: str | None = None,
        *,
        workspace: str = LOCAL,
    ) -> KitMade:
        """Make a kit of documents, in a process apart, and keep it as the current of its name.

        Raises:
            BadInput: none of the files can be used, or they are too many or too large.
        """
        made = await ingest_apart(self.settings, name, files, company, workspace)
        read = [
            FileRead(
                document=file.document,
                atoms=file.atoms,
                skipped=len(file.skipped),
                notes=list(file.notes),
                error=file.error,
            )
            for file in made.files
        ]
        return KitMade(
            name=name,
            version=made.version,
            atoms=made.atoms,
            files=read,
            outline=await self.outline(name, workspace=workspace),
        )

    async def syllabus(self, kit: str, version: str) -> Syllabus:
        """What a kit version lets an interviewer ask; the latest are kept."""
        if version not in self._syllabi:
            loaded = await self.library.get(kit, version)
            self._syllabi[version] = await self.conductor.syllabus(loaded)
            while len(self._syllabi) > KEPT_SYLLABI:
                self._syllabi.popitem(last=False)
        self._syllabi.move_to_end(version)
        return self._syllabi[version]

    async def warm_up(self) -> None:
        """Load the embedding model, then make the newest kits ready one after another."""
        try:
            await self.conductor.warm_up()
            self.ready = True
            newest = sorted(await self.library.everywhere(), key=lambda kit: -kit.created)
            for kit in newest[:KEPT_READY]:
                await self.conductor.make_ready(kit.name, kit.version)
            gc.freeze()  # or a full collection walks a gigabyte, and every turn waits for it
        except Exception as error:
            log.error("warming up failed", exc_info=error)


@asynccontextmanager
async def open_service(settings: Settings, telemetry: Telemetry) -> AsyncIterator[Service]:
    """The service with its tasks running: it takes over what died, listens, and warms up.

    Raises:
        BadInput: a setting cannot be used.
        StorageFailed: the database cannot be reached or written.
    """
    database = await open_database(settings)
    examiners = Examiners(settings)
    conductor = Conductor(
        Store(database),
        open_embedder(settings.embedder),
        examiners=examiners,
        chroma_url=settings.chroma_url,
    )
    service = Service(settings, conductor, telemetry)
    tasks = [
        asyncio.create_task(work)
        for work in (
            service.turns.sweep(),
            service.watching.listen(),
            service.warm_up(),
            service.retention.run(),
        )
    ]
    outbox = Deliveries(database, settings)
    tasks += [asyncio.create_task(work) for work in (service.results.keep(), outbox.run())]
    try:
        yield service
    finally:
        service.watching.close()
        await service.turns.close()
        await service.retention.close()
        await service.uploads.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await examiners.close()
        await service.telemetry.close()
        await database.close()


def _seen(events: Sequence[Event]) -> list[SeenEvent]:
    return [event for event in map(visible.seen, events) if event is not None]


def _outlined(syllabus: Syllabus, told: Outline, created: float) -> KitOutline:
    kit = syllabus.kit
    documents = {atom.source.document for atom in kit.atoms if atom.source}
    return KitOutline(
        name=kit.name,
        version=kit.version,
        title=syllabus.role or kit.title or kit.name,
        role=syllabus.role,
        company=kit.about.company,
        subjects=len(told.subjects),
        questions=len(syllabus.items),
        money=len(syllabus.bites),
        created=created,
        levels=list(LEVELS),
        topics=[Topic(name=each.name, about=each.about) for each in told.subjects],
        technologies=list(told.technologies),
        advice=list(told.advice),
        documents=sorted(documents),
    )
