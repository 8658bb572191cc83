"""What happened in an interview, one typed event a line, append-only.

The log is the transcript: report, replay and pages are computed from it and from nothing
else. `type` tells events apart; times are Unix seconds of the interview's own clock.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from knowledge.atoms import Frozen, Grade, Level, Polarity, Role

SCHEMA = 2
"""1: without `took` and the header's `reserve`; its turns have no clock readings of their own."""

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
Review = Literal["needs_person", "disputed", "set_aside"]
"""`needs_person`: substantial, contradicts nothing, not what the rubric lists; `disputed`: goes
against a reference and gives a reason. Neither is wrong; a person looks. `set_aside`: a person has
upheld the candidate's contest of the question as a whole, and it counts for nothing."""
EndReason = Literal["complete", "candidate", "end_of_input", "conduct", "expired", "too_long"]
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
    near: bool = False
    """The examiner quoted it a little differently; these are the words as they stand."""


class Mark(Frozen):
    """The verdict on one point, indicator or flag for one answer."""

    atom: str
    kind: Literal["point", "indicator", "flag"]
    text: str
    verdict: Verdict
    probability: float = Field(ge=0, le=1)
    source: MarkSource
    quote: Quote | None = None
    reason: Quote | None = None
    """Why the candidate sees it otherwise, where a point is contradicted with a reason."""
    fallback: bool = False
    """Made by `local` because the interview's own examiner had failed."""
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
    reserve: float | None = None
    """Seconds kept for the wrap-up; None in schema 1."""
    questions: int
    subjects: tuple[str, ...]
    form: tuple[str, ...] = ()
    """Core questions (ids) that everyone gets, in a screen."""
    drill: bool = False
    seen: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Questions of this person's last practice (ids), and the points made there (ids)."""
    examiner: str
    embedder: str
    model: str | None = None
    """The language model's name, where the examiner is one."""
    prompts: dict[str, str] = Field(default_factory=dict)
    """Hash of each prompt by its name, where the examiner is a language model."""
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
    amends: int | None = None
    """The turn whose answer it adds to, where the candidate named one."""


class Added(Event):
    """An addition to an answer, kept with it: to which question, and whether it can count."""

    type: Literal["added"] = "added"
    testlet: int
    question: str
    counts: bool
    later: bool
    """A second thought, from after the next answer; a question has one that counts."""


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
    review: Review | None = None
    """Set while a person has to look at the testlet, and once it is set aside; it is then left
    out of the level."""


class ModelCalled(Event):
    """One request to a language model, with what came back; retries are inside `attempts`."""

    type: Literal["model_called"] = "model_called"
    purpose: Literal["examine", "phrase", "propose", "draft"]
    prompt: str
    """Hash of the prompt's text before its slots were filled."""
    outcome: Literal["ok", "repaired", "failed"]
    failure: str | None = None
    attempts: int = 1
    seconds: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    """In the currency of the configured price; None where none is configured."""
    reply: str | None = None
    """The raw reply, cut at a stated length."""


class FellBack(Event):
    """The interview's examiner failed, and another did its part; an answer waits for re-grading."""

    type: Literal["fell_back"] = "fell_back"
    purpose: Literal["examine", "phrase"]
    to: str
    failure: str


class Regraded(Event):
    """An answer marked anew; its marks take the place of those given when it was heard."""

    type: Literal["regraded"] = "regraded"
    testlet: int
    question: str
    answer: int = Field(ge=0)
    """Which of the testlet's answers, 0-based."""
    aid: Aid
    marks: tuple[Mark, ...]
    flags: tuple[Mark, ...] = ()
    score: float | None = Field(ge=0, le=1)
    anchor: Grade | Literal["ungraded"]
    source: MarkSource
    review: Review | None = None
    recount: bool = False
    """No examiner has marked it: a person has ruled on it, or something was withdrawn."""


class Contested(Event):
    """The candidate sees a mark, or a question as a whole, otherwise; from after the end."""

    type: Literal["contested"] = "contested"
    number: int = Field(ge=1)
    """Among the contests of this interview."""
    contest_id: str
    """Made by the client: sent again it is the same contest."""
    testlet: int
    question: str
    atom: str | None = None
    """The point, indicator or flag; None for the question as a whole."""
    text: str | None = None
    reason: str
    quote: Quote | None = None
    """Words of an answer that the candidate points at."""


class Decided(Event):
    """A person upholds or refuses a contest."""

    type: Literal["decided"] = "decided"
    contest: int
    upheld: bool
    reason: str
    by: str
    set_aside: bool = False
    """The question as a whole counts for nothing from now on."""
    points: tuple[str, ...] = ()
    """What was ruled on of a question contested as a whole: points, indicators, flags."""
    withdrawn: tuple[str, ...] = ()
    """What was wrong in the kit, and leaves it."""


class Withdrawn(Event):
    """A point, indicator or flag of the kit was wrong: its marks here count for nothing."""

    type: Literal["withdrawn"] = "withdrawn"
    atom: str
    text: str
    reason: str


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


class Consented(Event):
    """The candidate read the notice and agreed, before the first question."""

    type: Literal["consented"] = "consented"
    notice: str
    """Version of the notice."""
    text_hash: str
    locale: str = ""
    """The language that the browser asked for; the notice itself is in English."""
    text: str = ""
    """The notice's very words, where the team's own are among them."""


class Away(Event):
    """Time since something was last said that is free: nobody was at the page, or nobody at work.

    The candidate had left the page, or their message waited for a process to take it over.
    """

    type: Literal["away"] = "away"
    seconds: float = Field(ge=0)


class Paused(Event):
    """The clock stands still."""

    type: Literal["paused"] = "paused"


class Resumed(Event):
    """The clock runs again."""

    type: Literal["resumed"] = "resumed"


class Took(Event):
    """What a turn took, and what it takes to run it again; the last event of each."""

    type: Literal["took"] = "took"
    kind: str
    """`open`, `answer`, `end_of_input`, `expire`, or a button."""
    attempt: int
    waited: float
    """Seconds from when the message was accepted to this attempt."""
    first_word: float | None
    """Seconds of the attempt until something was said; None where nothing was."""
    seconds: float
    clock: tuple[float, ...]
    """Every reading of the interview's clock, in order."""


class Ended(Event):
    """The interview is over; what follows is about its marks."""

    type: Literal["ended"] = "ended"
    reason: EndReason


AnyEvent = Annotated[
    Header
    | Said
    | Heard
    | Added
    | Understood
    | Retrieved
    | Marked
    | ModelCalled
    | FellBack
    | Regraded
    | Contested
    | Decided
    | Withdrawn
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
    | Consented
    | Away
    | Paused
    | Resumed
    | Took
    | Ended,
    Field(discriminator="type"),
]


class Speaking(Frozen):
    """A sentence on its way, for whoever watches: provisional, and never part of the log."""

    type: Literal["speaking"] = "speaking"
    text: str
    again: bool = False
    """What was shown of this message so far is void."""


_events: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def read_event(body: dict[str, Any]) -> AnyEvent:
    """The event a stored line holds.

    Raises:
        pydantic.ValidationError: the line is no event of this schema.
    """
    return _events.validate_python(body)
