"""What happened in an interview, one typed event a line, append-only.

The log is the transcript: report, replay and pages are computed from it and from nothing
else. `type` tells events apart; times are Unix seconds of the interview's own clock.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from knowledge.atoms import Frozen, Grade, Level, Polarity, Role

SCHEMA = 1

Stage = Literal["opening", "probes", "money", "wrap_up", "done"]
Mode = Literal["practice", "screen"]
Action = Literal["hint", "skip", "pause", "resume", "clarify", "amend", "end"]
Intent = Literal[
    "answer",
    "clarify",
    "hint",
    "dont_know",
    "skip",
    "pause",
    "stop",
    "off_topic",
    "candidate_question",
    "steering",
    "amend",
    "distress",
    "technical_problem",
    "abuse",
]
Verdict = Literal["met", "not_met", "contradicted", "unsupported", "abstained"]
MarkSource = Literal["local", "model", "human"]
Aid = Literal["unaided", "prompted", "hinted"]
Purpose = Literal[
    "notice",
    "question",
    "follow_up",
    "hint",
    "clarification",
    "feedback",
    "reply",
    "time",
    "tally",
    "closing",
]


class Quote(Frozen):
    """The candidate's own words: Unicode code points of the message as stored."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Mark(Frozen):
    """The verdict on one point, indicator or flag for one answer."""

    atom: str
    kind: Literal["point", "indicator", "flag"]
    text: str
    verdict: Verdict
    probability: float = Field(ge=0, le=1)
    source: MarkSource
    quote: Quote | None = None
    polarity: Polarity | None = None
    role: Role | None = None
    group: str | None = None


class Mention(Frozen):
    """A technology in a message, and whether the candidate claims to have used it."""

    technology: str
    atom: str | None
    claimed: bool
    quote: Quote


class Event(Frozen):
    """What every event carries; `seq` and `turn` are given by the store at commit."""

    seq: int = 0
    turn: int = 0
    at: float = 0.0


class Header(Event):
    """The first event: all that is needed to read or replay what follows."""

    type: Literal["header"] = "header"
    schema_version: int = SCHEMA
    viva: str
    kit: str
    kit_version: str
    role: str | None = None
    company: str | None = None
    level: Level
    mode: Mode
    minutes: float
    questions: int
    subjects: tuple[str, ...]
    examiner: str
    embedder: str
    seed: int
    policy: dict[str, Any]
    packages: dict[str, str]


class Said(Event):
    """One message of the interviewer; `question` is its number where it asks one."""

    type: Literal["said"] = "said"
    text: str
    stage: Stage
    purpose: Purpose
    question: int | None = None
    atom: str | None = None


class Heard(Event):
    """One message, or one button, of the candidate, and the question it answers."""

    type: Literal["heard"] = "heard"
    text: str
    stage: Stage
    question: int
    action: Action | None = None


class Understood(Event):
    """How a message was read: what it wants, primary first, and technologies named."""

    type: Literal["understood"] = "understood"
    intents: tuple[Intent, ...]
    mentions: tuple[Mention, ...] = ()


class Hit(Frozen):
    """An atom that retrieval brought, with its cosine."""

    atom: str
    score: float


class Retrieved(Event):
    """What the answer brought up beyond its own question's rubric."""

    type: Literal["retrieved"] = "retrieved"
    hits: tuple[Hit, ...]


class Marked(Event):
    """One answer's marks, and what the whole testlet has come to."""

    type: Literal["marked"] = "marked"
    testlet: int
    question: str
    aid: Aid
    marks: tuple[Mark, ...]
    score: float | None = Field(ge=0, le=1)
    anchor: Grade | Literal["ungraded"]
    source: MarkSource


class ShownElsewhere(Event):
    """An indicator of another competency that this answer showed; kept for that one."""

    type: Literal["shown_elsewhere"] = "shown_elsewhere"
    subject: str
    mark: Mark


class Flagged(Event):
    """A red or green flag, standing on the candidate's own statement."""

    type: Literal["flagged"] = "flagged"
    mark: Mark
    critical: bool = False


class Observed(Event):
    """Something worth a person's eye that changes no mark."""

    type: Literal["observed"] = "observed"
    kind: Literal["steering", "abuse", "distress", "way_to_find_out", "technical_problem"]
    quote: Quote | None = None


class Communicated(Event):
    """Which communication anchors an answer showed; reported beside the level, never inside."""

    type: Literal["communicated"] = "communicated"
    testlet: int
    shown: tuple[str, ...]


class Claimed(Event):
    """The candidate says they have used a technology."""

    type: Literal["claimed"] = "claimed"
    mention: Mention


class Estimated(Event):
    """The level estimate after a testlet; on the scale junior 0 to principal 3."""

    type: Literal["estimated"] = "estimated"
    subject: str | None
    mean: float
    low: float
    high: float
    testlets: int


class Chose(Event):
    """What code decided to do next, and why, in words."""

    type: Literal["chose"] = "chose"
    move: str
    atom: str | None = None
    reason: str


class Opened(Event):
    """A testlet begins: which question, of which subject, at which level."""

    type: Literal["opened"] = "opened"
    testlet: int
    question: str
    subject: str
    level: Level


class Closed(Event):
    """A testlet is over and will not be asked about again."""

    type: Literal["closed"] = "closed"
    testlet: int
    question: str
    outcome: Literal["answered", "not_answered", "skipped", "ungraded", "cut_short"]


class MoneyScored(Event):
    """A bite-size question about a claimed technology; only ever a gain."""

    type: Literal["money_scored"] = "money_scored"
    atom: str
    technology: str
    hit: bool
    hinted: bool
    quote: Quote | None = None


class Asked(Event):
    """A question of the candidate: answered from documents, or noted for the team."""

    type: Literal["asked"] = "asked"
    text: str
    answered: bool
    cites: tuple[str, ...] = ()


class Paused(Event):
    """The clock stands still."""

    type: Literal["paused"] = "paused"


class Resumed(Event):
    """The clock runs again."""

    type: Literal["resumed"] = "resumed"


class Ended(Event):
    """The last event of an interview."""

    type: Literal["ended"] = "ended"
    reason: Literal["complete", "candidate", "end_of_input", "conduct"]


AnyEvent = Annotated[
    Header
    | Said
    | Heard
    | Understood
    | Retrieved
    | Marked
    | ShownElsewhere
    | Flagged
    | Observed
    | Communicated
    | Claimed
    | Estimated
    | Chose
    | Opened
    | Closed
    | MoneyScored
    | Asked
    | Paused
    | Resumed
    | Ended,
    Field(discriminator="type"),
]

_events: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def read_event(body: dict[str, Any]) -> AnyEvent:
    """The event a stored line holds.

    Raises:
        pydantic.ValidationError: the line is no event of this schema.
    """
    return _events.validate_python(body)
