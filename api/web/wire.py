"""What goes over the wire: every request and answer of the HTTP interface, with its limits."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from agent.events import Mode, Purpose, Stage
from agent.policy import Policy
from api.records import Status
from knowledge.atoms import Level

LONGEST_MESSAGE = Policy().longest_message
LONGEST_MINUTES = 240
MOST_SEED = 2**53 - 1
"""A larger number does not survive every JSON reader."""
NO_NUL = r"^[^\u0000]*$"
"""What any database can look for."""


def _whole(number: object) -> object:
    """JSON knows one kind of number: 3.0 is a whole one."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


WHOLE = BeforeValidator(_whole)
TurnId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$"),
    Field(
        description="Made by the client, one for each message; send the same again to retry.",
        examples=["0b3a4a52-6f5e-4b66-9a43-6a1f6f5d9a11"],
    ),
]
Message = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_MESSAGE,
        examples=["I would partition it by day."],
        json_schema_extra={"pattern": r"\S"},
    ),
]
QuestionNumber = Annotated[
    int,
    Field(ge=0, le=100_000, description="The number of the question it answers.", examples=[3]),
    WHOLE,
]
TurnNumber = Annotated[int, Field(ge=1, le=100_000, examples=[4]), WHOLE]
Questions = Annotated[int, Field(ge=1, le=40), WHOLE]
Seed = Annotated[int, Field(ge=0, le=MOST_SEED), WHOLE]
Button = Literal["hint", "skip", "pause", "resume", "clarify", "end"]
ExaminerChoice = Literal["local", "model"]


class Body(BaseModel):
    """A request; a field that is not known, or of another type, is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Answered(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True)


Named = Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]


class NewInterview(Body):
    """What an interview is started from."""

    kit: str = Field(min_length=1, max_length=200, pattern=NO_NUL, examples=["data-engineer"])
    level: Level = Field(default="mid", examples=["senior"])
    mode: Mode = "practice"
    minutes: float | None = Field(
        default=None,
        ge=5,
        le=LONGEST_MINUTES,
        description="Else 45, or 5 for a drill.",
        examples=[45],
    )
    questions: Questions | None = Field(default=None, examples=[6])
    subjects: list[Named] = Field(
        default=[], max_length=12, description="Competencies to cover; else the kit's richest."
    )
    drill: Named | None = Field(default=None, description="Practise this one topic, briefly.")
    again: Named | None = Field(
        default=None, description="Practise this core question (its id) again."
    )
    examiner: ExaminerChoice = "local"
    seed: Seed | None = Field(
        default=None,
        description="Else practice is another one each time, and a screen always the same.",
    )


EITHER: list[JsonValue] = [
    {
        "required": [given],
        "properties": {given: {"type": "string"}, other: {"type": "null"}},
    }
    for given, other in (("message", "action"), ("action", "message"))
]


class NewTurn(Body):
    """A message, or a button; exactly one of the two."""

    model_config = ConfigDict(json_schema_extra={"oneOf": EITHER})

    turn_id: TurnId
    question: QuestionNumber
    message: Message | None = None
    action: Button | None = Field(default=None, description="`end` needs no second word.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.message is None) == (self.action is None):
            raise ValueError("give either a message or an action")
        if self.message is not None and not self.message.strip():
            raise ValueError("the message is empty")
        return self


class NewAmendment(Body):
    """Words to add to an answer given before; `turn` is the number that answer's turn had."""

    turn_id: TurnId
    turn: TurnNumber
    message: Message

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.message.strip():
            raise ValueError("the message is empty")
        return self


class OpenQuestion(Answered):
    """The question that is open; number 0 before the first."""

    number: int
    text: str


class InterviewView(Answered):
    """An interview as its candidate may see it."""

    id: str = Field(examples=["k3m9x2p4qa"])
    kit: str
    kit_version: str
    title: str = Field(description="The role, as the kit names it.")
    level: Level
    mode: Mode
    examiner: str
    status: Status
    stage: Stage
    question: OpenQuestion | None = Field(description="None before the opening and after the end.")
    pending: int | None = Field(description="The turn under way, if any.")
    turns: int = Field(description="Turns accepted so far, the opening's too.")
    minutes: float = Field(description="What was planned.")
    seconds_left: float = Field(description="Machine time and pauses are free.")
    core: int = Field(description="Main questions planned.")
    core_asked: int
    last_event: int = Field(description="The newest event; ask for those after it.")
    trouble: str | None = Field(
        default=None, description="What keeps the interviewer from speaking just now, if anything."
    )


class Started(InterviewView):
    """A new interview; its opening is on its way."""


class TurnView(Answered):
    """A turn as stored. `result` is there once it is committed."""

    turn_id: str
    turn: int
    status: Literal["accepted", "committed"]
    question: int = Field(description="The question it answered.")
    result: dict[str, Any] | None = Field(
        default=None, examples=[{"stage": "probes", "question": 4, "status": "running"}]
    )


class SeenEvent(Answered):
    """An event that a candidate may see: what was said and heard, pauses and the end."""

    seq: int
    turn: int
    at: float = Field(description="Unix seconds of the interview's clock.")
    type: Literal["said", "heard", "paused", "resumed", "ended"]
    text: str | None = None
    stage: Stage | None = None
    purpose: Purpose | None = Field(default=None, description="Of what was said.")
    question: int | None = None
    action: str | None = Field(default=None, description="The button, where it was one.")
    amends: int | None = Field(default=None, description="The turn it adds to.")
    reason: str | None = Field(default=None, description="Why it ended.")


class EventPage(Answered):
    """Events after a number; `done` when no turn is under way."""

    events: list[SeenEvent]
    done: bool


class Token(Answered):
    """A piece of what is being said: provisional until its turn is committed."""

    turn: int
    attempt: int
    text: str


class Reset(Answered):
    """What was shown of this turn is void: another attempt speaks."""

    turn: int
    attempt: int


class Done(Answered):
    """A turn is committed."""

    turn: int
    status: Status
    stage: Stage
    question: OpenQuestion | None
    seconds_left: float


class Topic(Answered):
    """A subject that may come up, without its questions."""

    name: str
    about: str | None = Field(description="What it means at the level asked, where the kit says.")


class KitLine(Answered):
    """A kit in a list."""

    name: str
    version: str
    title: str
    role: str | None
    company: str | None
    subjects: int
    questions: int
    money: int
    created: float
    on_screen: bool = Field(
        default=False, description="A screen is open on it: it is not for practice."
    )


class KitOutline(KitLine):
    """What a candidate may know of a kit beforehand: its topics, never its questions."""

    levels: list[Level]
    topics: list[Topic]
    technologies: list[str] = Field(description="Bite-size questions exist about these.")
    advice: list[str] = Field(description="How to prepare, from the kit.")
    documents: list[str]


class FileRead(Answered):
    """What came out of one uploaded file."""

    document: str
    atoms: dict[str, int]
    skipped: int
    notes: list[str]
    error: str | None


class KitMade(Answered):
    """A kit made of uploaded documents, now current under its name."""

    name: str
    version: str
    atoms: int
    files: list[FileRead]
    outline: KitOutline


class Problem(Answered):
    """One clear error."""

    code: str = Field(examples=["not_open"])
    message: str
    remedy: str
    question: OpenQuestion | None = Field(
        default=None, description="With 409 the question that is open now."
    )


class ErrorBody(Answered):
    """Every error of this interface has this shape."""

    error: Problem
