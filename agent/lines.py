"""What stands on a line that comes to the desk and on one that leaves it."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from agent.events import Intent, Mark, MarkSource, Review, Verdict
from agent.hearing import sentences
from knowledge.atoms import Atom, Frozen, Grade, Level, Polarity, Role
from knowledge.blocks import scan
from knowledge.parser.answers import FIRST_PERSON, Point, Points

LONGEST = 20_000
"""Characters of an answer, a message, a question or a reference."""
MOST_ITEMS = 200
"""Items of one list to grade by."""
LONGEST_ITEM = 2_000


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("it is blank")
    return text


Text = Annotated[str, StringConstraints(max_length=LONGEST)]
Statement = Annotated[str, StringConstraints(max_length=LONGEST_ITEM), AfterValidator(_not_blank)]


class Given(BaseModel):
    """A value as it came in: types are strict, fields nobody knows are passed over."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class GivenPoint(Given):
    """A point to grade by; without a role it is core, or one of its group where it has one."""

    text: Statement
    role: Role | None = None
    group: str | int | None = None


def _as_point(item: Any) -> Any:
    return {"text": item} if isinstance(item, str) else item


GivenPoints = Annotated[GivenPoint, BeforeValidator(_as_point)]


def _few(items: list[Any] | None) -> list[Any] | None:
    if items and len(items) > MOST_ITEMS:
        raise ValueError(f"it holds more than {MOST_ITEMS} items")
    return items


class Answer(Given):
    """An answer with its question and what to grade it by."""

    id: Any
    question: Text
    answer: Text
    reference_points: Annotated[list[GivenPoints] | None, AfterValidator(_few)] = None
    reference: Text | None = None
    positive_indicators: Annotated[list[Statement] | None, AfterValidator(_few)] = None
    negative_indicators: Annotated[list[Statement] | None, AfterValidator(_few)] = None
    level: Level | None = None
    """The level asked, mid where none is given. One rule holds for all: it changes no mark."""
    kit: str | None = None


class Message(Given):
    """A message and the question it came on."""

    id: Any
    question: Text = ""
    message: Text


class Item(Frozen):
    """The verdict on one item given; offsets are code points of the answer as given."""

    text: str
    verdict: Verdict
    quote: str | None
    start: int | None
    end: int | None
    probability: float
    source: MarkSource


class Shown(Frozen):
    """A flag of the kit that the answer states."""

    text: str
    polarity: Polarity | None
    quote: str


class Observation(Frozen):
    """Something worth a person's eye that changes no mark."""

    kind: Literal["steering", "abuse", "distress", "way_to_find_out", "technical_problem"]
    quote: str | None


class Graded(Frozen):
    """One answer's marks, an entry for each item given, in order."""

    id: Any
    score: float | None
    anchor: Grade | Literal["ungraded"]
    review: Review | None
    points: tuple[Item, ...]
    positive: tuple[Item, ...]
    negative: tuple[Item, ...]
    flags: tuple[Shown, ...]
    observations: tuple[Observation, ...]


class Named(Frozen):
    """A technology in a message, in its own words."""

    technology: str
    claimed: bool
    quote: str


class Read(Frozen):
    """What a message wants, primary first, and the technologies it names."""

    id: Any
    intents: tuple[Intent, ...]
    mentions: tuple[Named, ...]


def says_nothing(text: str) -> bool:
    """Whether there is not one letter or figure in it."""
    return not any(map(str.isalnum, text))


def items(
    marks: Iterable[Mark], kind: Literal["point", "indicator"], polarity: Polarity | None = None
) -> tuple[Item, ...]:
    """The marks of a kind as they are told, from marks that went through the quote gate."""
    return tuple(
        _item(mark) for mark in marks if mark.kind == kind and polarity in {None, mark.polarity}
    )


def _item(mark: Mark) -> Item:
    quote = None if mark.verdict == "unsupported" else mark.quote
    return Item(
        text=mark.text,
        verdict=mark.verdict,
        quote=quote.text if quote else None,
        start=quote.start if quote else None,
        end=quote.end if quote else None,
        probability=mark.probability,
        source=mark.source,
    )


def rubric_of(answer: Answer) -> tuple[Atom, ...]:
    """What a line itself gives to grade by, as atoms in order; ids are of this line alone."""
    return (
        *_points(answer),
        *_indicators(answer.positive_indicators, "positive"),
        *_indicators(answer.negative_indicators, "negative"),
    )


def statements(reference: str) -> list[Point]:
    """The points of a reference; in the first person too, since whoever gives it vouches for it."""
    found = [] if FIRST_PERSON.search(reference) else Points().of(scan(reference))
    if any(point.role != "example" for point in found):
        return found
    return [Point(span.text, 1) for span in sentences(reference)]


def _points(answer: Answer) -> Iterator[Atom]:
    if answer.reference_points:
        for i, given in enumerate(answer.reference_points):
            role = given.role or ("core" if given.group is None else "any_of")
            yield _point(i, given.text, role, given.group)
        return
    for i, point in enumerate(statements(answer.reference or "")):
        yield _point(i, point.text, point.role, point.group)


def _point(number: int, text: str, role: Role, group: str | int | None) -> Atom:
    """Alternatives without a group's name are one group."""
    name = "any" if group is None else str(group)
    return Atom(
        id=f"point-{number}",
        kind="point",
        text=text,
        role=role,
        group=name if role == "any_of" else None,
    )


def _indicators(texts: list[str] | None, polarity: Polarity) -> Iterator[Atom]:
    for i, text in enumerate(texts or ()):
        yield Atom(id=f"{polarity}-{i}", kind="indicator", text=text, polarity=polarity)
