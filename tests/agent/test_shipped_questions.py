"""What the shipped kit makes an interviewer say."""

import pytest

from agent import words
from agent.examiner import Brief
from agent.leak import LeakGuard
from agent.local.phrasing import compose
from agent.syllabus import Syllabus
from knowledge.atoms import Kit


def test_every_authored_question_is_one_short_question(shipped: Kit) -> None:
    for atom in shipped.of("question", "follow_up", "money"):
        assert atom.text.count("?") <= 1, atom.text
        assert len(atom.text.split()) <= 70, atom.text


def test_every_scene_with_its_rung_is_one_short_question(shipped: Kit) -> None:
    for item in Syllabus(shipped).items.values():
        for rung in item.rungs:
            text = f"{item.question.text} {rung.question.text}"
            assert text.count("?") <= 1, text
            assert len(text.split()) <= 70, text


def test_every_question_fits_with_its_bridge(shipped: Kit) -> None:
    for item in Syllabus(shipped).items.values():
        bridge = words.NEXT_SUBJECT.format(item.subject)
        brief = Brief(purpose="question", mode="practice", ask=item.question.text, bridge=bridge)
        assert len(" ".join(compose(brief)).split()) <= 70


def test_no_authored_question_or_hint_leaks_what_is_hidden(shipped: Kit) -> None:
    guard = LeakGuard(shipped)
    for atom in shipped.of("question", "follow_up", "hint", "money"):
        assert not guard.leaks(atom.text), atom.text


def test_every_point_of_the_kit_is_guarded(shipped: Kit) -> None:
    guard = LeakGuard(shipped)
    for atom in shipped.of("point"):
        if len(atom.text.split()) >= 8:
            assert guard.leaks(f"Well, {atom.text.upper()}"), atom.text


@pytest.mark.parametrize("text", [words.WARM_UP, *words.FIND_OUT, words.UNASKED, words.HELP])
def test_the_interviewers_own_words_pass_the_guard(shipped: Kit, text: str) -> None:
    assert not LeakGuard(shipped).leaks(text)
    assert len(text.split()) <= 70
