"""How often somebody may ask: moving windows, kept in memory by each process.

Whoever has this machine, or its secret, is not held up. An answer that comes too fast is told to
come again, and its page sends it again by itself: nothing is lost by waiting.
"""

import math
import time
from collections.abc import Iterator
from typing import Literal, cast

from fastapi import Request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.storage.memory import Entry
from limits.strategies import MovingWindowRateLimiter

from api.identity.caller import NOBODY, Caller
from knowledge.errors import VivaError

Kind = Literal[
    "entry", "account", "upload", "answer", "start", "costly", "any", "address", "workspace"
]

LIMITS: dict[Kind, str] = {
    # Wrong passwords, keys, links and invites of one address: right ones do not count.
    "entry": "20/minute; 200/hour",
    # Passwords tried for one account, from wherever, so that many at once are counted before they
    # are looked at. Signing in forgets them; changes of one's own password all count.
    "account": "10/5minute; 30/hour",
    "upload": "20/minute; 200/hour",
    # Messages and buttons of one caller in one interview.
    "answer": "60/minute",
    "start": "60/minute",
    # What takes a processor or a database for long: exports, rehearsals, comparisons.
    "costly": "30/minute",
    # All that one account, key, link or invite asks for.
    "any": "900/minute",
    # All that one address asks for of which nobody knows who it is; an office is one address.
    "address": "1200/minute",
    "workspace": "12000/minute",
}

ENTRIES = {"/sign-in", "/password", "/invite", "/view"}
STARTS = {"/interviews", "/api/interviews"}
COSTLY = (
    "/rehearsal",
    "/export",
    "/preview",
    ".csv",
    "/candidates.json",
    "/records.json",
    "/compare",
    "/coverage",
    "/search",
)
FORGETS_EVERY = 60.0
MOST_KEYS = 100_000


class TooFast(VivaError):
    """Too much in too short a time; after `wait` seconds there is room again."""

    exit_status = 2

    def __init__(self, message: str, remedy: str, wait: int) -> None:
        super().__init__(message, remedy)
        self.wait = wait


class Windows(MemoryStorage):
    """Moving windows in memory, forgotten once they are over.

    The library's own looks through every key, in a thread, after each hit, and keeps them all.
    """

    def __init__(self) -> None:
        super().__init__()
        self._forgot = time.time()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note one more, unless that were too many."""
        now = time.time()
        if now - self._forgot > FORGETS_EVERY or len(self.events) > MOST_KEYS:
            self._forget(now)
        entries = self.events.setdefault(key, [])
        if len(entries) >= limit and entries[limit - 1].atime >= now - expiry:
            return False
        entries.insert(0, Entry(expiry))
        del entries[limit:]
        return True

    def _forget(self, now: float) -> None:
        self._forgot = now
        self.events = {k: kept for k, kept in self.events.items() if kept and kept[0].expiry > now}
        if len(self.events) > MOST_KEYS:  # an attack: better to count anew than to fill up
            self.events = {}


class Limits:
    """What one process knows of how often each of them came."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(Windows())
        self._items = {kind: parse_many(text) for kind, text in LIMITS.items()}

    def check(self, kind: Kind, whose: str) -> None:
        """Refuse where there is no room for one more; nothing is counted.

        Raises:
            TooFast: it says how long to wait.
        """
        for item in self._items[kind]:
            if not self._limiter.test(item, kind, whose):
                raise self._refusal(item, kind, whose)

    def count(self, kind: Kind, whose: str) -> None:
        """Note one more, whether or not there is room."""
        for item in self._items[kind]:
            self._limiter.hit(item, kind, whose)

    def take(self, kind: Kind, whose: str) -> None:
        """Both of them.

        Raises:
            TooFast: it says how long to wait.
        """
        self.check(kind, whose)
        self.count(kind, whose)

    def forget(self, kind: Kind, whose: str) -> None:
        """Count anew, for whoever turned out to be the right one."""
        for item in self._items[kind]:
            self._limiter.clear(item, kind, whose)

    def _refusal(self, item: RateLimitItem, kind: Kind, whose: str) -> TooFast:
        reset, _ = self._limiter.get_window_stats(item, kind, whose)
        wait = max(1, math.ceil(reset - time.time()))
        return TooFast(
            "That was too much in too short a time.",
            f"Wait {_spoken(wait)} and try again; nothing that was sent before is lost.",
            wait,
        )

    def admit(self, caller: Caller, address: str, method: str, path: str, form: bool) -> None:
        """Count a request; `form` where it brings files.

        Raises:
            TooFast: there were too many of its kind.
        """
        if caller.is_local:
            return
        for kind, whose in _windows(caller, address, method, path, form):
            self.take(kind, whose)


def limits_of(request: Request) -> Limits:
    """The limits of this process."""
    return cast("Limits", request.scope["viva.limits"])


def _windows(
    caller: Caller, address: str, method: str, path: str, form: bool
) -> Iterator[tuple[Kind, str]]:
    """The windows that a request counts in."""
    who = caller.id
    if caller is NOBODY:
        yield "address", address
        return
    if method == "POST" and path.startswith("/api/interviews/"):
        yield "answer", f"{who} {path.split('/')[3]}"  # nobody uses up another's
    elif method == "POST" and path in STARTS:
        yield "start", who
    if form:
        yield "upload", who
    if path.endswith(COSTLY):
        yield "costly", who
    yield "any", who
    if caller.workspace:
        yield "workspace", caller.workspace


def _spoken(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    return f"{math.ceil(seconds / 60)} minutes"
