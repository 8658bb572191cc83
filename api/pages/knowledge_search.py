"""What the interviewer finds in a kit for an answer, by the very steps of a turn."""

from dataclasses import dataclass
from typing import NamedTuple, cast

from agent import testlets
from agent.choosing import Choice
from agent.deps import Room
from agent.events import Mark
from agent.examiner import Examination
from agent.grading import gate
from agent.state import Interview, Open, new_interview
from agent.syllabus import Item, Syllabus
from knowledge.atoms import Atom, Kit
from knowledge.errors import NotFound

LONGEST = 4_000
"""Characters of an answer that is tried."""

USES: dict[str, str] = {
    "area": "Groups topics; nothing is asked or marked by it.",
    "topic": "Names what questions are about.",
    "competency": "Its questions are asked for it, and its indicators are looked for elsewhere.",
    "level": "Tells what the competency means at a level, in the report.",
    "anchor": "Tells what a score means, in the report.",
    "hint": "Said when the candidate asks for a hint.",
    "follow_up": "Asked after an answer that leaves part of its question open.",
    "reference": "Never said and never compared as a whole: its points are marked.",
    "sample_answer": "One person's own story: never said, never scored against.",
    "exemplar": "Shown to people beside an answer; the machine marks nothing by it.",
    "technology": "Recognised, under any of its names, in what a candidate says of themselves.",
    "money": "A quick question, for who claims its technology; outside the level.",
    "exercise": "Asked with its own rules and criteria.",
    "format": "Sets the parts of an interview and their minutes.",
    "candidate_question": "Recognised when the candidate asks it.",
    "sign": "About the company: never matched to a candidate.",
    "advice": "Told to candidates before practice.",
    "fact": "Retrieved to answer the candidate's own questions; nothing is marked by it.",
    "rule": "Steers how its question or exercise is asked.",
}
"""How the interviewer uses the kinds that are used in one way."""


class Near(NamedTuple):
    """An atom that was brought up, with its cosine."""

    atom: Atom
    score: float


@dataclass(frozen=True)
class Searched:
    """What a turn would bring up for an answer, and how `local` would read it.

    `marks` are gated: what they rest on stands in the text. Without a question there are none.
    """

    flags: list[Near]
    elsewhere: list[Near]
    reading: Examination
    marks: list[Mark]
    seen: list[Mark]
    """Flags and indicators of other competencies that `local` sees in it."""

    @property
    def all_marks(self) -> list[Mark]:
        """The marks, then what is seen beside the question."""
        return [*self.marks, *self.seen]


async def search(room: Room, text: str, question: str) -> Searched:
    """Hear `text` as an answer to a question of the kit (an id), or to none.

    Raises:
        NotFound: the kit asks no such question.
    """
    state = _state(room, question)
    utterance = await testlets.hear(room, text)
    sheet, hits = testlets.sheet(room, state, utterance, amends=False)
    reading = await room.examiner.examine(sheet)
    near = [Near(room.syllabus.kit.by_id[id_], score) for id_, score in hits]
    beside = (gate(mark, text) for mark in (*reading.flags, *reading.elsewhere))
    return Searched(
        flags=[each for each in near if each.atom.kind == "flag"],
        elsewhere=[each for each in near if each.atom.kind != "flag"],
        reading=reading,
        marks=[gate(mark, text, sheet.question) for mark in reading.marks],
        seen=[mark for mark in beside if mark.verdict == "met"],
    )


def _state(room: Room, question: str) -> Interview:
    """An interview whose main part has come to this question."""
    state = new_interview(mode="screen", level="mid", seed=0, minutes=45.0, core=1, subjects=[])
    if not question:
        return cast("Interview", {**state, "stage": "probes"})
    item = asked_item(room.syllabus, question)
    choice = Choice(item, item.level or "mid", "")
    testlet = testlets.opened(choice, item.subject, counts=True)
    text = item.question.text
    put = Open(number=1, kind="core", text=text, atom=item.question.id)
    return cast("Interview", {**state, "stage": "probes", "open": put, "testlets": [testlet]})


def asked_item(syllabus: Syllabus, question: str) -> Item:
    """A core question or rung by its id.

    Raises:
        NotFound: the kit asks no such question.
    """
    try:
        return syllabus.rubric(question)
    except KeyError:
        raise NotFound(
            f"The kit asks no question {question!r}.", "Choose one of those in the list."
        ) from None


def use_of(atom: Atom, syllabus: Syllabus) -> str:
    """How the interviewer uses an atom, in a sentence."""
    kit = syllabus.kit
    if atom.id in kit.unused:
        return "Not used: it is withdrawn, or proposed and not accepted yet."
    if atom.kind == "flag":
        critical = " It is critical: seen, it calls a person." if atom.critical else ""
        return (
            "Looked for in any answer of the main part with a sentence that comes as near as "
            f"{testlets.FLAG_FROM:.2f}.{critical}"
        )
    if atom.kind == "point":
        return _point(atom, kit)
    if atom.kind == "indicator":
        return _indicator(atom, kit)
    if atom.kind == "question":
        return _question(atom, syllabus)
    return USES.get(atom.kind, "Kept to be read; nothing is asked or marked by it.")


def _point(atom: Atom, kit: Kit) -> str:
    if atom.role == "example":
        return "An example: never scored."
    asked = kit.by_id.get(atom.question or "")
    of = f" to “{asked.text}”" if asked else " to its question"
    group = f" One of the group {atom.group}: any one is enough." if atom.role == "any_of" else ""
    return f"Marked on every answer{of}.{group}"


def _indicator(atom: Atom, kit: Kit) -> str:
    above = kit.by_id.get(atom.parent or atom.question or "")
    whose = "" if above and above.kind == "question" else "questions of "
    of = f" to {whose}“{above.text}”" if above else " to its questions"
    return (
        f"Marked on answers{of}; looked for in other answers where a sentence comes as near as "
        f"{testlets.BROUGHT_UP_FROM:.2f}."
    )


def _question(atom: Atom, syllabus: Syllabus) -> str:
    if atom.id in syllabus.rungs:
        return f"A step of a ladder on {syllabus.rungs[atom.id].subject}."
    if atom.id in syllabus.bites:
        return "A quick question, for who claims its technology; outside the level."
    item = syllabus.items.get(atom.id)
    if item is None:
        return "Not asked as a question of its own."
    if not item.scored:
        return "Not asked: there is nothing to mark an answer by."
    return f"A core question on {item.subject}" + (", with a ladder." if item.rungs else ".")
