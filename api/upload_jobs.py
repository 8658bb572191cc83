"""Uploads that take their time: begun at once, looked at while they run, each kept by its process.

A job lives in memory. When the process ends its job is lost; the kit is either there whole or not.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from api.hiring import audit
from api.identity.caller import Caller
from api.identity.tokens import new_id
from api.progress import progress_in
from api.settings import Settings
from api.telemetry import log
from api.uploads import check_size, ingest_apart
from knowledge.database import Database
from knowledge.errors import Busy, NotFound, StorageFailed, VivaError
from knowledge.ingest import Outcome
from knowledge.library import check_name

MOST_AT_WORK = 4
"""Uploads of one workspace under way in one process."""

MOST_KEPT = 50
"""Jobs of all workspaces that are over and can still be looked at."""


@dataclass
class Job:
    """One upload; `began` is in Unix seconds."""

    id: str
    workspace: str
    kit: str
    documents: tuple[str, ...]
    began: float = field(default_factory=time.time)
    outcome: Outcome | None = None
    error: VivaError | None = None
    file: Path = Path()

    @property
    def state(self) -> Literal["working", "done", "failed"]:
        """How it stands."""
        if self.error is not None:
            return "failed"
        return "working" if self.outcome is None else "done"

    @property
    def doing(self) -> str:
        """What is going on, in words."""
        told = progress_in(self.file)
        if told is None:
            return "Waiting for its turn, and starting"
        what, done, total = told
        return f"{what}: {done} of {total}"


class UploadJobs:
    """The uploads of one process."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(
        self,
        caller: Caller,
        name: str,
        files: Sequence[tuple[str, bytes]],
        company: str | None = None,
    ) -> Job:
        """Begin to make a kit of these files.

        Raises:
            BadInput: the name cannot be one, or the files are too many or too large.
            Busy: as many as may be are under way.
        """
        check_name(name)
        check_size(files)
        workspace = caller.workspace or ""
        if sum(j.workspace == workspace and j.state == "working" for j in self._jobs.values()) >= (
            MOST_AT_WORK
        ):
            raise Busy(
                f"{MOST_AT_WORK} uploads of your workspace are being read.",
                "Send this again when one of them is done.",
            )
        job = Job(new_id(), workspace, name, tuple(file for file, _ in files))
        job.file = Path(tempfile.mkdtemp(prefix="viva-progress-")) / job.id
        self._jobs[job.id] = job
        task = asyncio.create_task(self._run(job, caller, files, company))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _run(
        self, job: Job, caller: Caller, files: Sequence[tuple[str, bytes]], company: str | None
    ) -> None:
        try:
            made = await ingest_apart(
                self._settings, job.kit, files, company, job.workspace, job.file
            )
            async with self._database.write() as connection:
                await audit.record(
                    connection, caller, "uploaded", f"kit:{made.version}", files=len(files)
                )
            job.outcome = made
        except VivaError as error:
            job.error = error
        except Exception as error:
            log.error("an upload failed", exc_info=error)
            job.error = StorageFailed("Something went wrong on our side.", "Send it again.")
        finally:
            shutil.rmtree(job.file.parent, ignore_errors=True)
            self._forget()

    def _forget(self) -> None:
        over = [job.id for job in self._jobs.values() if job.state != "working"]
        for id_ in over[: max(len(over) - MOST_KEPT, 0)]:
            del self._jobs[id_]

    def get(self, workspace: str, id_: str) -> Job:
        """A job of this workspace.

        Raises:
            NotFound: this process has none of the id.
        """
        job = self._jobs.get(id_)
        if job is None or job.workspace != workspace:
            raise NotFound(
                "Nothing is known of this upload here: the server was started again since, "
                "another one took it, or it was long ago.",
                "If its kit is in the list, it was read; if not, send the documents again.",
            )
        return job

    async def close(self) -> None:
        """End what is under way; each child goes with its task."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
