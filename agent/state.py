"""An interview between two turns: small, JSON-native, ids rather than texts."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast

from agent.events import Action, MarkSource, Mode, Review, Stage
from knowledge.atoms import Level

OpenKind = Literal[
    "warm_up",
    "core",
    "follow_up",
    "find_out",
    "money",
    "unasked",
    "candidate_questions",
]


class Open(TypedDict):
    """The question that is open now."""

    number: int
    kind: OpenKind
    text: str
    atom: str | None


Outcome = Literal["open", "answered", "not_answered", "skipped", "ungraded", "cut_short"]


class Earned(TypedDict):
    """What the answers to a question have come to."""

    credits: dict[str, float]
    """Credit by id of each point and positive indicator met so far."""
    against: list[str]
    """Ids of negative indicators met, and of points contradicted and not made since."""
    disputed: list[str]
    """Ids of points that a reason was given against, and that were not made since."""
    judged: list[str]
    """Ids an examiner has decided on, either way; what is open is left out of the score."""
    flagged: list["Told"]
    """Flags seen in its answers, for practice to tell once it is over."""
    amended: bool
    """It has had its second thought from after the next answer."""
    answers: int
    graded: bool
    review: Review | None
    """Set while a person has to look; the testlet is then left out of every estimate."""
    score: float | None
    by: MarkSource | None
    """Who marked it; the less exact, where there were two."""


def nothing_earned() -> Earned:
    """Before the first answer."""
    return Earned(
        credits={},
        against=[],
        disputed=[],
        judged=[],
        flagged=[],
        amended=False,
        answers=0,
        graded=False,
        review=None,
        score=None,
        by=None,
    )


class Told(TypedDict):
    """A flag seen, and the words it stands on."""

    atom: str
    words: str


class Testlet(Earned):
    """A core question or rung with its follow-ups and hints, graded once."""

    question: str
    text: str
    subject: str
    level: Level
    ladder: str | None
    """The scene this rung belongs to."""
    counts: bool
    """Whether it is one of the planned core questions; a further rung is not."""
    follow_ups: list[str]
    hints: list[str]
    general: int
    """Follow-ups put that no author wrote for this question."""
    find_out: bool
    """They were asked once how they would find out."""
    told: bool
    """What was missing has been told; nothing more can be earned."""
    outcome: Outcome


class Claim(TypedDict):
    """A technology the candidate says they have used."""

    technology: str
    atom: str
    words: str


class Tally(TypedDict):
    """One money question put."""

    atom: str
    technology: str
    hinted: bool
    hit: bool | None


class Interview(TypedDict):
    """What a turn starts from and ends with."""

    stage: Stage
    mode: Mode
    level: Level
    seed: int
    seconds: float
    """The whole budget; machine time and pauses are free."""
    reserve: float
    """Seconds kept for the wrap-up."""
    used: float
    said_at: float | None
    """When the interviewer last spoke; None while the clock stands still."""
    core: int
    """Core questions to put in all."""
    subjects: list[str]
    form: list[str]
    """Core questions (ids) put to everyone, in this order; practice has none but for a retry."""
    drill: bool
    """A few minutes on one topic: without a warm-up, a money round or a wrap-up."""
    settled: list[str]
    """Subjects that need no further question."""
    seen: dict[str, list[str]]
    """What was asked in the last practice (ids), and the points made there (ids)."""
    messages: int
    """How many the candidate has sent, buttons included."""
    number: int
    """Numbers rise with every question put, follow-ups too."""
    open: Open | None
    testlets: list[Testlet]
    claims: list[Claim]
    money: list[Tally]
    dont_knows: int
    """In a row."""
    waiting: list[str]
    """Questions the candidate asked before the wrap-up."""
    replies: int
    """Questions of the candidate dealt with in the wrap-up."""
    acknowledged: list[str]
    announced: list[int]
    """Minutes left that have been said."""
    confirming: bool
    """The wish to end was heard once and asked back."""
    warned: bool
    """A boundary was drawn once."""
    paused: bool
    offers: list[int]
    """Messages (by their count) that were met with care and the offer of a pause."""
    previous: int | None
    """The testlet of the last answer, which can still be added to."""


class Message(TypedDict):
    """What a turn brings: words, or a button, or the end of input."""

    text: str
    action: Action | Literal["open", "end_of_input", "expire"] | None
    testlet: NotRequired[int | None]
    """The testlet an `amend` adds to; the last answer's where neither it nor `about` is given."""
    about: NotRequired[int | None]
    """The turn an `amend` adds to; one that is of no testlet is kept and not scored."""


SILENT = frozenset({"end_of_input", "expire"})
"""Actions that end an interview without the candidate: nothing is heard, no time is charged."""


def new_interview(
    *,
    mode: Mode,
    level: Level,
    seed: int,
    minutes: float,
    core: int,
    subjects: list[str],
    reserve: float = 0.0,
    form: Iterable[str] = (),
    drill: bool = False,
    seen: Mapping[str, Iterable[str]] | None = None,
) -> Interview:
    """An interview before its first word."""
    return Interview(
        stage="opening",
        mode=mode,
        level=level,
        seed=seed,
        seconds=minutes * 60,
        reserve=reserve,
        used=0.0,
        said_at=None,
        core=core,
        subjects=subjects,
        form=list(form),
        drill=drill,
        settled=[],
        seen={question: list(points) for question, points in (seen or {}).items()},
        messages=0,
        number=0,
        open=None,
        testlets=[],
        claims=[],
        money=[],
        dont_knows=0,
        waiting=[],
        replies=0,
        acknowledged=[],
        announced=[],
        confirming=False,
        warned=False,
        paused=False,
        offers=[],
        previous=None,
    )


def completed(stored: dict[str, Any]) -> Interview:
    """A stored state, with what the Viva that stored it did not know of yet."""
    testlets = [{**nothing_earned(), **testlet} for testlet in stored["testlets"]]
    since = {"form": [], "drill": False, "settled": [], "seen": {}, "messages": 0, "offers": []}
    return cast("Interview", {**since, **stored, "testlets": testlets})


def seen_in(state: Interview) -> dict[str, list[str]]:
    """Every question and scene that was put (ids), with the points made on it (ids)."""
    scenes = {t["ladder"]: list[str]() for t in state["testlets"] if t["ladder"]}
    made = {
        t["question"]: [id_ for id_, worth in t["credits"].items() if worth > 0]
        for t in state["testlets"]
    }
    return scenes | made
