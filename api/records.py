"""What the store takes and gives: plain records of JSON-native values."""

from dataclasses import dataclass, field
from typing import Any, Literal, Self

from api.hiring.tables import LOCAL

Json = dict[str, Any]
Status = Literal["running", "paused", "ended"]


@dataclass(frozen=True, kw_only=True)
class NewInterview:
    """What an interview is started from; it keeps to this kit version to its end."""

    kit: str
    kit_version: str
    level: str
    mode: str
    examiner: str
    seed: int
    options: Json = field(default_factory=dict)
    workspace_id: str = LOCAL
    screen_id: str | None = None
    invite_id: str | None = None
    attempt: int | None = None
    user_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Interview(NewInterview):
    """An interview as last committed; times are Unix seconds of the database's clock."""

    id: str
    status: Status
    question: int
    state: Json | None
    state_version: int
    created: float
    updated: float
    ended: float | None
    left_at: float | None = None
    """When its last watcher left; None while somebody watches, or where nobody ever did."""
    away: float = 0.0
    """Seconds that nobody watched since the interviewer last spoke."""


@dataclass(frozen=True)
class Turn:
    """One message and, once committed, its result; `question` is the number it answers."""

    interview_id: str
    number: int
    turn_id: str
    question: int
    kind: str
    message: str
    about: int | None
    """The turn that an addition is about; None: the last answer."""
    status: Literal["accepted", "committed"]
    attempt: int
    result: Json | None
    accepted: float
    committed: float | None


@dataclass(frozen=True)
class Begun(Turn):
    """A turn whose attempt begins, `waited` seconds after it was accepted."""

    waited: float


@dataclass(frozen=True)
class Accepted:
    """The turn as stored; `repeated` when this id had been accepted before."""

    turn: Turn
    repeated: bool


@dataclass(frozen=True)
class Event:
    """One line of the log; `at` is Unix seconds of the interview's clock."""

    seq: int
    turn: int
    at: float
    type: str
    body: Json

    @classmethod
    def read(cls, event: Json, *, seq: int, turn: int, at: float) -> Self:
        """The event a turn yielded; its own `at` stands, `at` is for one without."""
        body = {k: v for k, v in event.items() if k not in ("seq", "turn", "at", "type")}
        return cls(seq, turn, event.get("at", at), event["type"], body)

    def as_json(self) -> Json:
        """One flat object, as transcripts print it."""
        return {"seq": self.seq, "turn": self.turn, "at": self.at, "type": self.type, **self.body}


@dataclass(frozen=True)
class Look:
    """An interview as it stands, seen at one moment."""

    interview: Interview
    pending: Turn | None
    """The turn that is accepted and not committed."""
    turns: int
    last_event: int
    events: list[Event]


@dataclass(frozen=True)
class Summary:
    """A line of the list of interviews; `turns` counts the candidate's messages."""

    id: str
    kit: str
    level: str
    mode: str
    status: Status
    started: float
    turns: int
