"""What a report holds: one set of data for every form it is printed in."""

from typing import Literal

from pydantic import Field

from agent.events import Aid, Mark, Mode, Review
from agent.measuring import Phrase
from agent.report.argument import ClaimLine, Contest, Receipt, Stability, StudyPlan
from knowledge.atoms import Frozen, Grade, Level

Audience = Literal["team", "candidate"]
Outcome = Literal[
    "strong", "sound", "weak", "answered", "not_answered", "skipped", "ungraded", "unfinished"
]
"""`answered` is all that is told of what waits for a person, and a candidate of a screen;
`unfinished` was open at the end."""

SCALE = (
    "Levels run from junior (0) over mid (1) and senior (2) to principal (3). The estimate is a "
    "range, not a point: it says where the level lies with 90 % probability, given these answers "
    "and the opinions of the people who wrote the questions. It has not been calibrated on other "
    "candidates and does not predict job performance."
)


def scale(asked: int, calibrated: int) -> str:
    """What a level means; `calibrated` of the questions asked have been on other candidates."""
    if not calibrated:
        return SCALE
    some = f"{calibrated} of the {asked} questions" if asked > 1 else "the one question"
    told = (
        f"How hard {some} asked here {'are' if calibrated > 1 else 'is'} was worked out from "
        "earlier interviews; the rest of the scale is still opinion, and does not predict job "
        "performance."
    )
    return SCALE.replace(SCALE[SCALE.index("It has not been") :], told)


VERDICTS = {
    "likely shown": "at least four chances in five that the level asked for, or more, was shown",
    "could be either": "these answers do not settle it",
    "not shown in this interview": "at most one chance in five; it may still be there, unshown",
    "not enough evidence": "too few graded answers to say anything",
}


class Step(Frozen):
    """A step of a scale that the kit gives, in its words."""

    grade: Grade | None
    text: str


class Standing(Frozen):
    """What can be said of the level, overall or on one competency.

    Levels are on the scale of the report; `low` and `high` bound 90 %.
    """

    name: str
    verdict: Phrase
    probability: float | None = Field(ge=0, le=1)
    """Of being at or above the level asked; null without evidence."""
    level: float | None
    low: float | None
    high: float | None
    testlets: int
    marks: int
    """Points and indicators met that this rests on."""
    expected: str | None = None
    """The kit's words for the level asked."""
    next_level: str | None = None
    anchors: tuple[Step, ...] = ()
    """The kit's scale for this competency, where it has one."""
    because: str | None = None
    """Why there is no clearer verdict, where the numbers alone do not tell."""


class Answer(Frozen):
    """A message of the candidate, as sent, and the question it answered."""

    question: str
    text: str
    amends: bool = False
    """An addition: both versions are kept, and the better one counts."""
    counts: bool = True
    """False for an addition that is kept and not counted."""


class Help(Frozen):
    """A hint or a follow-up as it was said; marks after it are worth what it left of them."""

    kind: Literal["hint", "follow_up"]
    text: str
    before: int
    """The place (0-based) of the answer that came after it; their number where none did."""


class GivenMark(Frozen):
    """A mark and which of the answers it was given for (0-based)."""

    mark: Mark
    answer: int


class WithdrawnMark(Frozen):
    """A mark by what turned out to be wrong in the kit; it counts for nothing."""

    mark: Mark
    at: float
    reason: str


EarnedState = Literal[
    "shown",
    "not shown",
    "said by the question",
    "contradicted",
    "left open",
    "beside",
    "against",
]


class Earned(Frozen):
    """What a point, an any-of group or an indicator came to in a question's score."""

    atom: str
    text: str
    state: EarnedState
    """`beside`: an indicator next to points; `left open` by the examiner: neither for nor against;
    what is contradicted without a reason has a line `against` of its own besides."""
    credit: float = Field(default=0.0, ge=0, le=1)
    """Of one point: what the help left of it, times how sure the examiner was, times `weight`."""
    aid: Aid | None = None
    worth: float = Field(default=1.0, ge=0, le=1)
    """What the help that was had leaves of a point."""
    sure: float = Field(default=1.0, ge=0, le=1)
    weight: float = 1.0
    off: float = 0.0
    """Taken off the score."""


class QuestionReport(Frozen):
    """One core question or rung with everything that happened on it."""

    id: str = ""
    """The question in the kit, to practise it again by."""
    number: int
    """The interview's own count; reports number questions by their place."""
    text: str
    subject: str
    level: Level
    outcome: Outcome
    score: float | None
    anchor: Grade | Literal["ungraded"] | None
    review: Review | None
    """Set while a person has to look; the score is then the rubric's, and counts for nothing."""
    follow_ups: int
    hints: int
    answers: tuple[Answer, ...]
    helped: tuple[Help, ...] = ()
    marks: tuple[GivenMark, ...]
    overruled: tuple[Mark, ...] = ()
    """A machine's marks and flags that a person has ruled on; the person's are in `marks`."""
    withdrawn: tuple[WithdrawnMark, ...] = ()
    earned: tuple[Earned, ...] = ()
    """How the score came about, in the order of the rubric."""
    sum: str | None = None
    """The same in one sentence."""

    def helped_before(self, answer: int) -> tuple[Help, ...]:
        """What help was given just before the answer at this place."""
        return tuple(each for each in self.helped if each.before == answer)


class FlagReport(Frozen):
    """A flag that was seen, with the words it stands on."""

    text: str
    polarity: Literal["positive", "negative"]
    critical: bool
    quotes: tuple[str, ...]


class Elsewhere(Frozen):
    """An indicator of a competency that an answer to another one's question showed."""

    competency: str
    polarity: Literal["positive", "negative"]
    text: str
    quote: str
    question: int | None = None
    """The place of the question that the words were said to, 1-based."""


class Bank(Frozen):
    """The money round: only gains, outside the level."""

    asked: int
    hits: int | None
    technologies: tuple[str, ...]


class Communication(Frozen):
    """How often an answer showed a communication anchor; beside the level, never inside."""

    anchor: str
    shown: int
    answers: int
    meets: str | None = None
    """The kit's words for it."""
    questions: tuple[int, ...] = ()
    """The places of the questions that were answered so, 1-based."""


class Study(Frozen):
    """Something a full answer would have said, and where the kit says it."""

    text: str
    question: str
    """Without its scene, so that a scene is told once."""
    source: str | None
    scene: str | None = None
    read: str | None = None
    """What the kit itself says to it: the sentence of a model answer or an advice."""


class CandidateQuestion(Frozen):
    """A question of the candidate, and whether the documents answered it."""

    text: str
    answered: bool


class ModelUse(Frozen):
    """What the language model was asked and what that took; re-grading is counted in."""

    calls: int
    repaired: int
    failed: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    """Of the calls that have one, in the currency of the configured price."""
    failures: dict[str, int]
    """How often the interview went on without it, by what had failed."""


class Report(Frozen):
    """One interview, told so that every line can be checked."""

    schema_version: int = 1
    interview: str
    audience: Audience
    kit: str
    kit_version: str
    role: str | None
    mode: Mode
    level: Level
    ended: str | None
    verdict: str
    verdict_means: str
    provisional: bool
    notes: tuple[str, ...]
    overall: Standing | None
    competencies: tuple[Standing, ...]
    questions: tuple[QuestionReport, ...]
    not_asked: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]
    flags: tuple[FlagReport, ...]
    flags_not_seen: tuple[str, ...]
    flags_never_asked: tuple[str, ...]
    money: Bank
    communication: tuple[Communication, ...]
    study: tuple[Study, ...]
    candidate_questions: tuple[CandidateQuestion, ...]
    claims: tuple[str, ...]
    unasked: tuple[str, ...] = ()
    """What the candidate of a screen says they are good at and were not asked; never marked."""
    integrity: tuple[str, ...]
    examiner: str
    """The interview's own; `sources` says who marked in the end."""
    model: str | None
    model_use: ModelUse | None
    sources: dict[str, int]
    stability: Stability | None = None
    claim_ledger: tuple[ClaimLine, ...] = ()
    receipt: Receipt | None = None
    study_plan: StudyPlan | None = None
    contests: tuple[Contest, ...] = ()
    waiting: int
    """Answers that wait to be marked anew, for the examiner had failed on them."""
    opened: bool = False
    """Whether a candidate is told the rubric: in practice, or once nobody is asked the same."""
    minutes: float
    scale: str = SCALE
