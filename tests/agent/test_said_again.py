"""Nothing authored is said twice in one interview; who is fine again goes on."""

from collections import Counter
from typing import Any

import pytest
from held import Held, Hold

from agent import replies, words
from agent.planning import Plan
from agent.scripted import Reply, ScriptedExaminer, answers, says

QUESTIONS = 9
NINE = "viva: 1\nname: nine\natoms:\n- competency: Loads\n  has:\n" + "".join(
    f"  - question: What do you do about matter {number} of the nightly load?\n"
    f"    id: q{number}\n    at: mid\n"
    f"    has: [{{point: Matter {number} is counted on both sides., id: p{number}}}]\n"
    for number in range(QUESTIONS)
)


async def play(held: Held, reply: Reply, text: str) -> str:
    assert isinstance(held.examiner, ScriptedExaminer)
    held.examiner._replies.append(reply)
    return await held.say(text)


async def nine(hold: Hold) -> Held:
    form = tuple(f"q{number}" for number in range(QUESTIONS))
    planned = Plan(core=QUESTIONS, subjects=("Loads",), reserve=60, form=form)
    held = await hold(kit=NINE, minutes=120, planned=planned)
    await play(held, answers(), "I have moved data.")
    return held


def said_again(held: Held) -> dict[str, int]:
    counted = Counter(event.text for event in held.of("said"))
    return {text: times for text, times in counted.items() if times > 1}


def matter(held: Held) -> str:
    return (held.asked or "q").replace("q", "p")


async def test_who_covers_everything_is_told_so_in_other_words_each_time(hold: Hold) -> None:
    held = await nine(hold)
    while held.kind == "core":
        await play(held, answers([matter(held)]), "It is counted on both sides.")
    assert len(held.of("marked")) >= QUESTIONS
    assert said_again(held) == {}


async def test_who_knows_nothing_is_asked_how_they_would_find_out_in_other_words(
    hold: Hold,
) -> None:
    held = await nine(hold)
    while held.kind in {"core", "find_out"}:
        await play(held, says("dont_know"), "no idea")
    asked = [event.text for event in held.of("said") if event.text in words.FIND_OUT]
    assert len(asked) == QUESTIONS
    assert said_again(held) == {}


async def test_who_says_little_is_followed_up_in_other_words_each_time(hold: Hold) -> None:
    held = await nine(hold)
    while held.kind in {"core", "follow_up"}:
        await play(held, answers(), "It depends on the matter.")
    followed = [event for event in held.of("chose") if event.move == "follow_up"]
    assert len(followed) == QUESTIONS
    assert said_again(held) == {}


@pytest.mark.parametrize("name", ["COVERED", "RECOGNISED"])
def test_feedback_has_at_least_five_forms(name: str) -> None:
    forms: Any = getattr(words, name)
    assert len(set(forms)) >= 5


@pytest.mark.parametrize(
    "name", ["FIND_OUT", "OTHER_ROAD", "DISPUTED", "GENERAL_FOLLOW_UPS", "STORY_FOLLOW_UPS"]
)
def test_other_lines_have_at_least_three_forms(name: str) -> None:
    forms: Any = getattr(words, name)
    assert len(set(forms)) >= 3


@pytest.mark.parametrize(
    "text", ["I am fine, let us go on.", "I'm okay now, thanks", "go on", "Better again, thank you"]
)
async def test_who_is_fine_again_goes_on_with_the_same_question(hold: Hold, text: str) -> None:
    held = await nine(hold)
    asked = held.state["open"]
    assert await play(held, says("distress"), "I feel unwell") == words.DISTRESS
    said = await held.say(text)
    assert said.startswith(words.GO_ON)
    assert held.state["open"] == asked
    assert not held.of("marked")


@pytest.mark.parametrize(
    "text",
    [
        "I would like to go on, it takes my mind off things.",
        "I'd rather continue",
        "We can go on",
    ],
)
async def test_a_wish_to_go_on_is_never_taken_for_a_wish_to_end(hold: Hold, text: str) -> None:
    held = await nine(hold)
    said = await play(held, says("stop"), text)
    assert said.startswith(words.GO_ON)
    assert not held.state["confirming"]


async def test_who_is_asked_whether_to_end_and_wants_to_go_on_goes_on(hold: Hold) -> None:
    held = await nine(hold)
    assert await play(held, says("stop"), "I want to stop") == words.CONFIRM_END
    assert (await held.say("No, I want to go on.")).startswith(words.GO_ON)
    assert not held.of("ended")


@pytest.mark.parametrize(
    "text", ["I don't want to go on.", "I can not go on", "Please stop, I can go on another day."]
)
def test_who_does_not_want_to_go_on_is_not_read_as_wishing_to(text: str) -> None:
    assert not replies.wishes_to_go_on(text)


async def test_a_pause_is_not_offered_twice_in_a_row_for_the_same_words(hold: Hold) -> None:
    held = await nine(hold)
    said = [await play(held, says("distress"), "I feel unwell") for _ in range(2)]
    assert said[0] == words.DISTRESS
    assert words.DISTRESS not in said[1]
    assert held.state["open"]
    assert held.state["open"]["text"] in said[1]


async def test_an_ordinary_answer_after_the_offer_is_an_answer(hold: Hold) -> None:
    held = await nine(hold)
    await play(held, says("distress"), "I feel unwell")
    await play(held, answers([matter(held)]), "Fine, then I would count it on both sides.")
    assert held.of("marked")[-1].score == 1


@pytest.mark.parametrize(
    "text",
    [
        "Fine, I would count both sides.",
        "I am not fine.",
        "I'm good at SQL",
        "ok",
        "Better use a queue",
        "All good backups are tested",
    ],
)
def test_being_fine_is_all_that_is_said(text: str) -> None:
    assert replies.is_fine(text) == (text == "ok")
