"""The candidates of a screen, a row each: where they stand, and what there is to look at."""

from typing import Any, Literal, NamedTuple

from api.hiring.results import COUNTS, Results
from api.hiring.screens import Screen
from api.hiring.standing_rows import Held, Invited, Read, read_rows
from knowledge.database import Database

Status = Literal[
    "invited",
    "opened",
    "in progress",
    "paused",
    "abandoned",
    "technical failure",
    "to review",
    "decided",
    "declined",
    "expired",
    "revoked",
    "erased",
]
LEFT_AFTER = 6 * 3_600.0
"""Seconds without a word from which an interview that goes on is taken for abandoned."""

MADE_AT_ONCE = 20
"""Results worked out while somebody waits for the table; the rest follows by itself."""


class Candidate(NamedTuple):
    """One candidate; what is said of the interview is of the last attempt.

    There are thousands, of which a page shows fifty: what is not looked at is not worked out.
    """

    invited: Invited
    held: Held | None
    told: Held | None
    """The same where the machine's result is told: over, no practice, and not to be marked by a
    person first."""
    status: Status
    when: float
    """Unix seconds of what happened last."""
    devices: int
    """Browsers that the invite's link was opened in."""
    decision: str | None
    overridden: str | None
    """A person's verdict, beside the machine's."""
    unread: bool
    blind: bool
    """A person marks it before anybody sees what the machine made of it."""

    @property
    def invite(self) -> str:
        return self.invited.id

    @property
    def name(self) -> str:
        return self.invited.name

    @property
    def email(self) -> str:
        return self.invited.email

    @property
    def reference(self) -> str:
        return self.invited.reference

    @property
    def extra_time(self) -> float:
        """The factor on the minutes that was given."""
        return self.invited.extra_time

    @property
    def asked(self) -> bool:
        """They asked for more time, or another way."""
        return bool(self.invited.asked)

    @property
    def interview(self) -> str | None:
        return self.held.id if self.held else None

    @property
    def attempts(self) -> int:
        return self.held.attempt if self.held else 0

    @property
    def ended(self) -> str | None:
        """Why the interview ended."""
        return self.held.ended if self.held else None

    @property
    def verdict(self) -> str | None:
        """The machine's."""
        return self.told.verdict if self.told else None

    @property
    def probability(self) -> float | None:
        return self.told.probability if self.told else None

    @property
    def contests(self) -> int:
        return (self.held.contests or 0) if self.held else 0

    def count(self, name: str) -> int:
        """How many flags (`red`, `green`, `critical`), or of what waits for a person."""
        if name == "contests":
            return self.contests
        return (getattr(self.told, name) or 0) if self.told else 0

    @property
    def open_points(self) -> int:
        """What waits for a person."""
        return self.contests + (
            (self.told.ungraded or 0) + (self.told.needs_person or 0) if self.told else 0
        )

    def as_dict(self) -> dict[str, Any]:
        """All of it, flat."""
        own = ("status", "when", "devices", "decision", "overridden", "unread", "blind")
        known = {name: getattr(self.told, name, None) for name in KNOWN}
        return {
            **{name: getattr(self, name) for name in (*OF_INVITE, *own)},
            "interview": self.interview,
            "attempts": self.attempts,
            "ended": self.ended,
            **known,
            "provisional": bool(known["provisional"]),
            **{name: self.count(name) for name in COUNTS},
        }


OF_INVITE = ("invite", "name", "email", "reference", "extra_time", "asked")
KNOWN = ("verdict", "provisional", "probability", "level", "low", "high")


def status_of(
    invite: Invited, held: Held | None, now: float, *, broke: bool = False, decided: bool = False
) -> Status:
    """Where a candidate stands.

    **Abandoned**: begun, and ended by itself because nobody went on; or not over, not paused, and
    not a word for six hours. **Technical failure**, which is ours and never counts against them:
    a message waits for its answer for a quarter of an hour; or the last message took down
    whatever worked on it (`broke`) and nobody went on since; or it is over and answers were
    given, of which none could be marked. A decision, or an erasure, goes before all that.
    """
    if invite.erased is not None:
        return "erased"
    if decided:
        return "decided"
    if held is None:
        return _before(invite, now)
    if held.status == "ended":
        if held.failed:
            return "technical failure"
        return "abandoned" if held.ended in {"expired", "end_of_input"} else "to review"
    if broke:
        return "technical failure"
    if invite.revoked is not None:
        return "revoked"
    if held.status == "paused":
        return "paused"
    return "abandoned" if now - held.updated > LEFT_AFTER else "in progress"


def _before(invite: Invited, now: float) -> Status:
    if invite.revoked is not None:
        return "revoked"
    if invite.declined is not None:
        return "declined"
    if invite.until <= now:
        return "expired"
    return "invited" if invite.opened is None else "opened"


class Candidates:
    """The candidates of one database's screens."""

    def __init__(self, database: Database, results: Results) -> None:
        self._database = database
        self._results = results

    async def of(self, screen: Screen, reader: str) -> list[Candidate]:
        """Those of a screen, in no order; `reader` (an id) is who has seen them or not.

        Of a practice screen it is told how far each is, and nothing of how it went.
        """
        read = await self._read(screen, reader)
        if any(held.late for held in read.held.values()) and screen.mode == "screen":
            await self._results.catch_up(screen.id, MADE_AT_ONCE)
            read = await self._read(screen, reader)
        practice = screen.mode == "practice"
        return [_candidate(invite, read, practice) for invite in read.invited]

    async def _read(self, screen: Screen, reader: str) -> Read:
        async with self._database.read() as connection:
            return await read_rows(connection, screen, reader)


def _candidate(invite: Invited, read: Read, practice: bool) -> Candidate:
    held = read.held.get(invite.id)
    devices_ = read.devices.get(invite.id, int(invite.opened is not None))
    if held is None or invite.erased is not None:
        status = status_of(invite, held, read.now)
        return Candidate(
            invite, None, None, status, _last(invite), devices_, None, None, False, False
        )
    decided = read.decided.get(held.id)
    status = status_of(
        invite, held, read.now, broke=held.id in read.broke, decided=decided is not None
    )
    over = held.status == "ended"
    blind = over and held.id in read.blind
    when = held.over or held.updated
    if practice:  # how far they are, and nothing of how it went
        bare = held._replace(contests=0)
        return Candidate(invite, bare, None, status, when, devices_, None, None, False, False)
    told = held if over and held.verdict is not None and not blind else None
    unread = over and read.read.get(held.id, 0.0) < held.updated
    outcome, at = decided or (None, 0.0)
    overridden = read.overridden.get(held.id)
    return Candidate(
        invite, held, told, status, max(when, at), devices_, outcome, overridden, unread, blind
    )


def _last(invite: Invited) -> float:
    marks = (invite.created, invite.opened, invite.declined, invite.revoked, invite.erased)
    return max(mark for mark in marks if mark is not None)
