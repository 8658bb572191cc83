"""Scripted people through the whole interviewer: four of the forty, and what they answer from."""

from collections import Counter

import pytest

from agent.syllabus import Syllabus
from evals.holding import Held
from evals.interviewee import KIT, Interviewee, people, shipped
from evals.text_level import ordered, run, text_level
from knowledge.atoms import LEVELS
from knowledge.embedder import MiniLM

pytestmark = pytest.mark.long

FOUR = ("junior terse", "mid asks_back", "senior hints", "principal roads")


@pytest.fixture(scope="module")
def held(minilm: MiniLM) -> list[Held]:
    """Four people, one of each level, in practice at mid."""
    chosen = [person for person in people() if person.name in FOUR]
    return run(chosen, [("practice", "mid")], minilm)


def test_ten_people_stand_at_each_level_and_no_two_are_one() -> None:
    everyone = people()
    assert Counter(person.level for person in everyone) == dict.fromkeys(LEVELS, 10)
    assert len({person.name for person in everyone}) == len(everyone)


def test_everyone_has_something_to_say_to_every_question_of_the_kit() -> None:
    syllabus = Syllabus(shipped())
    for person in people():
        candidate = Interviewee(person, syllabus)
        for number, question in enumerate(_scored(syllabus)):
            asked = {"number": number, "kind": "core", "text": "", "atom": question}
            move = candidate.reply(asked, confirming=False)  # type: ignore[arg-type]
            assert move.text or move.kind == "skip"


def _scored(syllabus: Syllabus) -> list[str]:
    rungs = [rung.question.id for rung in syllabus.rungs.values()]
    return [*(i.question.id for i in syllabus.items.values() if i.scored and not i.rungs), *rungs]


def test_every_interview_comes_to_its_end_without_a_fault(held: list[Held]) -> None:
    syllabus = Syllabus(shipped())
    assert [(h.person.name, fault) for h in held for fault in h.faults(syllabus)] == []


def test_no_question_is_put_twice_in_the_same_words(held: list[Held]) -> None:
    put = {e.text for h in held for e in h.said() if e.question is not None}
    assert put
    assert [text for h in held for text in h.repeats() if text in put] == []


def test_the_estimates_tell_a_junior_from_a_principal(held: list[Held]) -> None:
    means = {h.person.level: h.mean or 0.0 for h in held}
    assert means["junior"] < min(means["senior"], means["principal"])
    assert {h.judged for h in held if h.person.level in {"junior", "principal"}} <= {
        "right",
        "open",
    }


def test_the_section_counts_each_interview_once(held: list[Held]) -> None:
    printed = text_level(held)
    assert f"{len(held)} interviews" in printed
    assert KIT not in printed
    assert ordered(held) == ("estimates rise" in printed)
