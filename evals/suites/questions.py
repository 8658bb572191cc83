"""What the suites ask: our own questions, or those of a kit with answers of three qualities.

A kit's exemplars are its answers. Where there are none they are composed of its points, good ones
of all of them; such answers tell whether a score stays, not whether it is right.
"""

from agent.syllabus import Item, Syllabus
from evals import attacks
from evals.questions import QUALITIES, Quality, Question, rubric_of
from evals.simulate.banks import Composed, Exemplars, InTurn, Knowing
from evals.simulate.scripted import words
from knowledge.atoms import Kit, Level
from knowledge.errors import BadInput

LEVELS: dict[Quality, Level] = {"poor": "junior", "middling": "mid", "good": "senior"}
"""Whose answer to a question for a mid is of that quality."""


def asked(kit: Kit | None = None) -> tuple[Question, ...]:
    """The questions of a suite; without a kit our own and some of the kit that ships.

    Raises:
        BadInput: the kit has no question that can be marked.
    """
    return _of(kit) if kit else tuple(attacks.questions())


def _of(kit: Kit) -> tuple[Question, ...]:
    syllabus = Syllabus(kit)
    bank = InTurn(Exemplars(syllabus), Composed())
    every = (i for item in syllabus.items.values() for i in (item, *item.rungs))
    scored = [item for item in every if item.scored and not item.rungs]
    if not scored:
        raise BadInput(
            f"The kit {kit.name} has no question that an answer can be marked on.",
            "Give its questions points or indicators; `viva kit check` lists what is missing.",
        )
    return tuple(_question(item, bank) for item in scored)


def _question(item: Item, bank: InTurn) -> Question:
    answers: dict[Quality, str] = {}
    for quality in QUALITIES:
        knowing = Knowing(LEVELS[quality], "mid", f"suite:{item.question.id}")
        answers[quality] = bank.answer(item, knowing) or words()["nothing_written"][0]
    return rubric_of(item).model_copy(update={"answers": answers})
