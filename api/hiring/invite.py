"""An invite: whom it names, how long it is good, and what cannot be one."""

import re
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from knowledge.errors import BadInput

LASTS = 14.0
"""Days that an invite can be used, unless the team says otherwise."""

MOST_DAYS = 365.0
Status = Literal["sent", "opened", "declined", "expired", "revoked", "erased"]

_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+")


@dataclass(frozen=True, kw_only=True)
class NewInvite:
    """Whom to invite. `extra_time` multiplies the minutes."""

    name: str = ""
    email: str = ""
    reference: str = ""
    extra_time: float = 1.0
    days: float = LASTS

    @property
    def key(self) -> str:
        """Who it is, as far as can be told: the address, else the reference; or empty."""
        return key_of(self.email, self.reference)


@dataclass(frozen=True, kw_only=True)
class Invite:
    """An invite as it stands; times are Unix seconds."""

    id: str
    workspace_id: str
    screen_id: str
    name: str
    email: str
    reference: str
    extra_time: float
    asked: list[dict[str, Any]]
    waits: float | None = None
    """Since when something asked for waits for the team's answer."""
    until: float
    created: float
    opened: float | None
    declined: float | None
    revoked: float | None
    erased: float | None

    @property
    def called(self) -> str:
        """What the team knows them by; empty where nothing was given, or all of it is erased."""
        return self.name or self.email or self.reference

    def is_good(self, now: float) -> bool:
        """Whether its link opens anything to begin or go on with."""
        return self.revoked is None and self.erased is None and now < self.until

    def status(self, now: float) -> Status:
        """Where it stands, in one word."""
        told: Status
        for told in ("erased", "revoked", "declined"):
            if getattr(self, told) is not None:
                return told
        if self.opened is not None:
            return "opened"
        return "sent" if now < self.until else "expired"


class Device(NamedTuple):
    """A browser in which an invite was opened, as it calls itself; `created` in Unix seconds."""

    agent: str
    created: float


class Found(NamedTuple):
    """One page of a screen's invites, the browsers of each by its id, and how many there are."""

    invites: list[Invite]
    devices: dict[str, int]
    many: int


def key_of(email: str, reference: str) -> str:
    """Who somebody is, as far as can be told: the address, else the reference."""
    address, number = email.strip().casefold(), reference.strip()
    return address or (f"reference {number}" if number else "")


def check(wish: NewInvite) -> None:
    """Refuse what cannot be an invite.

    Raises:
        BadInput: it says what is wrong and how to mend it.
    """
    if any("\0" in text for text in (wish.name, wish.email, wish.reference)):
        raise BadInput("There is a NUL in what names somebody.", "Take it out.")
    if len(wish.name) > 200 or len(wish.reference) > 200:
        raise BadInput("A name or reference is longer than 200 characters.", "Shorten it.")
    email = wish.email.strip()
    if email and (len(email) > 320 or not _ADDRESS.fullmatch(email)):
        raise BadInput(f"{email[:40]!r} is no e-mail address.", "Write name@example.org.")
    if not 1 <= wish.extra_time <= 4:
        raise BadInput("Extra time is a factor from 1 to 4.", "Say 1.5 for half as much again.")
    if not 0 < wish.days <= MOST_DAYS:
        raise BadInput("An invite lasts up to 365 days.", "Say 14.")
