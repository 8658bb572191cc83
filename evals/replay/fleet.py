"""Chunks worked on one after another: here, by processes of this machine, or on a cluster.

The processes are Dask's. Each works on one thread, on one chunk at a time, and only a few chunks
are under way, so that thousands of transcripts need no more memory than some.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, Any

from evals.replay.outcomes import Outcome, failure
from evals.replay.packing import Chunk
from evals.replay.tasks import Task, work, work_alone
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from distributed import Client, Future

RETRIES = 1
"""How often a chunk is begun again whose worker has died."""
LOOPBACK = "127.0.0.1"
"""Whoever reaches Dask's ports can run anything here: they are this machine's alone."""
PATIENCE = 10.0
"""Seconds to reach a cluster."""
DIED = "The process that worked on it died, each time it was tried."


@dataclass(frozen=True)
class Fleet:
    """Who works: this process, so many of this machine, or the cluster at an address."""

    workers: int = 0
    cluster: str | None = None

    def run(self, chunks: Iterable[Chunk], task: Task) -> Iterator[list[Outcome]]:
        """The outcomes of each chunk as they come, in no fixed order.

        Raises:
            BadInput: there is no cluster at the address, or it runs another Viva.
        """
        if not (self.workers or self.cluster):
            yield from (work(chunk, task) for chunk in chunks)
            return
        with self.client() as client:
            yield from run_on(client, chunks, task)

    @contextmanager
    def client(self) -> "Iterator[Client]":
        """A client of those who work, and of this machine's processes while it is open."""
        import dask
        from distributed import Client, LocalCluster

        if self.cluster:
            with _reached(self.cluster) as client:
                yield client
            return
        settings = {"distributed.scheduler.allowed-failures": RETRIES}
        with (
            dask.config.set(settings),
            LocalCluster(
                n_workers=self.workers,
                threads_per_worker=1,
                host=LOOPBACK,
                dashboard_address=None,
                scheduler_kwargs={"dashboard": False, "dashboard_address": f"{LOOPBACK}:0"},
                memory_limit=0,
                silence_logs="CRITICAL",
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client


@contextmanager
def _reached(address: str) -> "Iterator[Client]":
    from distributed import Client

    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"There is no Dask cluster at {address} ({type(error).__name__}).",
            "Start `dask scheduler` and workers, and give the address that it prints.",
        ) from None
    with client:
        _check_versions(client, address)
        yield client


def _check_versions(client: "Client", address: str) -> None:
    try:
        theirs = set(client.run(_version).values())
    except Exception as error:
        raise BadInput(
            f"The workers at {address} cannot run Viva ({type(error).__name__}).",
            "Install this version of Viva where they run.",
        ) from None
    if not theirs:
        raise BadInput(f"The cluster at {address} has no workers.", "Start `dask worker` there.")
    if theirs != {_version()}:
        raise BadInput(
            f"The workers at {address} run Viva {', '.join(sorted(theirs))}, this is {_version()}.",
            "Install the same version everywhere.",
        )


def _version() -> str:
    return version("viva")


def run_on(client: "Client", chunks: Iterable[Chunk], task: Task) -> Iterator[list[Outcome]]:
    """One chunk under way for each thread; the next is packed while they work."""
    from distributed import as_completed

    rest, waiting = iter(chunks), deque[Chunk]()
    under_way: dict[Any, Chunk] = {}
    done = as_completed()

    def begin() -> None:
        """Give work to whoever has none."""
        while len(under_way) < _slots(client) and (waiting or _next(rest, waiting)):
            chunk = waiting.popleft()
            future = client.submit(work_alone, chunk, task, pure=False)
            under_way[future.key] = chunk
            done.add(future)

    begin()
    while under_way:
        if not waiting:
            _next(rest, waiting)
        future = next(done)
        chunk = under_way.pop(future.key)
        outcomes = _outcomes(future, chunk)
        if outcomes is None:
            waiting += chunk.alone()
        begin()
        yield outcomes or []


def _next(rest: Iterator[Chunk], waiting: deque[Chunk]) -> bool:
    waiting.extend(islice(rest, 1))
    return bool(waiting)


def _slots(client: "Client") -> int:
    threads: dict[str, int] = client.nthreads()
    return max(sum(threads.values()), 1)


def _outcomes(future: "Future[Any]", chunk: Chunk) -> list[Outcome] | None:
    """What came of a chunk; None where it is to be tried again, one by one."""
    try:
        outcomes: list[Outcome] = future.result()
        return outcomes
    except Exception as error:
        if len(chunk.items) > 1:
            return None
        from distributed import KilledWorker

        died = isinstance(error, KilledWorker)
        why = DIED if died else f"It could not be worked on ({type(error).__name__}: {error})."
        return [failure(chunk.items[0], why)]
