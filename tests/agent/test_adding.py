"""Additions: to the last answer at will, to an earlier one once, to no other question ever."""

from typing import Any

import pytest
from held import Held, Hold
from test_graph import FULL, at_first_question, play

from agent import words
from agent.answers import answered_testlets, answers_of
from agent.events import Intent, read_event
from agent.report import as_markdown, report
from agent.scripted import Reply, adds, answers, says

HALF = {"history": "versions", "window": "watermark"}
REST = {"history": "validity", "window": "aside"}


async def add(
    held: Held, text: str, reply: Reply | None = None, *, about: int | None = None
) -> str:
    """One addition, to the answer of a turn or to the last one."""
    held.examiner._replies.append(reply or adds())  # type: ignore[attr-defined]
    return await held.say(text, action="amend", about=about)


async def at_second_question(hold: Hold, **more: object) -> tuple[Held, str]:
    """A screen with half an answer to its first question, and the question's atom."""
    held = await at_first_question(hold, mode="screen", **more)
    first = held.asked or ""
    await play(held, answers([HALF[first]]), "Half.")
    await play(held, answers(), "No more.")
    assert held.kind == "core"
    return held, first


def named(held: Held, question: str) -> str:
    return words.named(held.syllabus.kit.by_id[question].text)


def score(held: Held, testlet: int = 0) -> float | None:
    return held.state["testlets"][testlet]["score"]


# To the last answer.


async def test_an_addition_cannot_lower_and_leaves_the_open_question_open(hold: Hold) -> None:
    held = await at_first_question(hold, mode="screen")
    first = held.asked or ""
    await play(held, FULL[first], "Both.")
    before, asked = score(held), held.state["open"]
    said = await add(held, "No, the other way round.", adds(contradicted=[HALF[first]]))
    assert said.startswith(words.AMENDED.format(named(held, first)))
    assert held.state["open"] == asked
    assert score(held) == before


async def test_the_last_answer_is_added_to_until_the_next_is_given(hold: Hold) -> None:
    held, first = await at_second_question(hold)
    for text in ("One thing more.", "Two things more."):
        assert words.AMENDED.format(named(held, first)) in await add(held, text)
    await add(held, "The rest.", adds([REST[first]]))
    assert score(held) == pytest.approx(0.95)
    assert [event.later for event in held.of("added")] == [False] * 3
    assert [a.text for a in held.report().questions[0].answers][-3:] == [
        "One thing more.",
        "Two things more.",
        "The rest.",
    ]


async def test_the_open_question_can_be_added_to_as_well(hold: Hold) -> None:
    held = await at_first_question(hold)
    first = held.asked or ""
    await play(held, answers([HALF[first]]), "Half.")
    assert held.kind == "follow_up"
    await add(held, "The rest.", adds([REST[first]]))
    assert score(held) == pytest.approx(0.95)
    assert held.state["testlets"][0]["outcome"] == "open"


async def test_an_addition_in_words_is_read_against_the_question_it_adds_to(hold: Hold) -> None:
    held = await at_first_question(hold)
    first = held.asked or ""
    await play(held, answers([HALF[first]]), "Half.")
    held.examiner._replies.append(says("amend"))  # type: ignore[attr-defined]
    await play(held, adds([REST[first]]), "I forgot to say the other half.")
    assert held.of("marked")[-1].score >= 0.9
    given = held.report().questions[0]
    quotes = [
        (g.mark.quote.text, given.answers[g.answer].text) for g in given.marks if g.mark.quote
    ]
    assert len(quotes) == 2
    assert all(quote in answer for quote, answer in quotes)


async def test_an_addition_to_a_closed_question_stands_with_it_in_the_report(hold: Hold) -> None:
    held = await at_first_question(hold)
    await held.press("hint")
    await play(held, FULL[held.asked or ""], "All of it.")
    assert held.kind == "core"
    await add(held, "A later word.")
    one, two = held.report().questions
    assert [answer.text for answer in one.answers] == ["All of it.", "A later word."]
    assert one.answers[1].amends
    assert not two.answers


async def test_there_is_nothing_to_add_to_at_first(hold: Hold) -> None:
    held = await at_first_question(hold)
    assert words.NOTHING_TO_AMEND in await add(held, "More.")
    assert not held.of("marked")


async def test_after_a_skip_the_last_answer_is_the_one_before_and_is_named(hold: Hold) -> None:
    held, first = await at_second_question(hold, core=3)
    await held.press("skip")
    assert words.AMENDED.format(named(held, first)) in await add(held, "The rest.")
    one, two, _ = held.report().questions
    assert (len(one.answers), len(two.answers)) == (3, 0)


async def test_after_not_knowing_it_is_that_question_which_is_added_to(hold: Hold) -> None:
    held, _ = await at_second_question(hold, core=3)
    second = held.asked or ""
    await play(held, says("dont_know"), "I do not know.")
    await play(held, says("dont_know"), "No idea.")
    assert held.of("closed")[-1].outcome == "not_answered"
    said = await add(held, "Oh, I do.", adds([HALF[second]]))
    assert said.startswith(words.AMENDED_FIRST.format(named(held, second)))
    question = held.report().questions[1]
    assert (question.outcome, question.score) == ("sound", 0.5)
    assert question.answers[-1].text == "Oh, I do."


async def test_an_agreeing_addition_does_not_confirm_a_wish_to_end(hold: Hold) -> None:
    held, _ = await at_second_question(hold)
    await play(held, says("stop"), "let us stop")
    await add(held, "Yes.")
    assert not held.over


# To an earlier answer.


async def past_the_second_question(hold: Hold) -> tuple[Held, str, int]:
    """At the third question, with half an answer to the first, and that answer's turn."""
    held, first = await at_second_question(hold, core=3)
    turn = held.of("marked")[0].turn
    await play(held, FULL[held.asked or ""], "All of the second.")
    assert len(held.state["testlets"]) == 3
    return held, first, turn


async def test_a_second_thought_counts_for_its_own_question(hold: Hold) -> None:
    held, first, turn = await past_the_second_question(hold)
    asked, second = held.state["open"], score(held, 1)
    said = await add(held, "The rest.", adds([REST[first]]), about=turn)
    assert said.startswith(words.AMENDED.format(named(held, first)))
    assert held.state["open"] == asked
    assert (score(held), score(held, 1)) == (pytest.approx(0.95), second)
    (event,) = held.of("added")
    assert (event.testlet, event.question, event.counts, event.later) == (0, first, True, True)
    assert held.of("marked")[-1].testlet == 0
    assert held.of("heard")[-1].amends == turn


async def test_the_examiner_sees_the_question_that_is_added_to(hold: Hold) -> None:
    held, first, turn = await past_the_second_question(hold)
    await add(held, "The rest.", about=turn)
    shown = held.examiner.sheets[-1]  # type: ignore[attr-defined]
    assert shown.question == held.syllabus.kit.by_id[first].text
    assert {atom.id for atom in shown.rubric} >= {HALF[first], REST[first]}


async def test_both_versions_stand_in_the_report_with_their_quotes(hold: Hold) -> None:
    held, first, turn = await past_the_second_question(hold)
    await add(held, "The rest of it.", adds([REST[first]]), about=turn)
    one, two, _ = held.report().questions
    assert [a.text for a in one.answers] == ["Half.", "No more.", "The rest of it."]
    assert (one.answers[2].amends, one.answers[2].counts) == (True, True)
    assert [a.text for a in two.answers] == ["All of the second."]
    shown = {g.mark.atom: g for g in one.marks if g.mark.quote}
    quote = shown[REST[first]].mark.quote
    assert quote
    assert one.answers[shown[REST[first]].answer].text[quote.start : quote.end] == quote.text
    assert one.answers[shown[HALF[first]].answer].text == "Half."
    printed = as_markdown(held.report())
    assert "The rest of it. *(added later)*" in printed
    assert printed.count("both versions are kept, and the better one counts") == 1


async def test_an_earlier_question_has_one_second_thought(hold: Hold) -> None:
    held, first, turn = await past_the_second_question(hold)
    await add(held, "One.", about=turn)
    said = await add(held, "Two.", adds([REST[first]]), about=turn)
    assert said.startswith(words.AMENDED_TWICE.format(named(held, first)))
    assert score(held) == 0.5
    one = held.report().questions[0]
    assert [(a.text, a.counts) for a in one.answers[2:]] == [("One.", True), ("Two.", False)]
    assert "Two. *(added later; kept, not counted)*" in as_markdown(held.report())


async def test_additions_to_the_last_answer_leave_the_second_thought(hold: Hold) -> None:
    held, first = await at_second_question(hold, core=3)
    turn = held.of("marked")[0].turn
    await add(held, "Right away.")
    await play(held, FULL[held.asked or ""], "All of the second.")
    assert words.AMENDED.format(named(held, first)) in await add(held, "Later.", about=turn)


async def test_a_second_thought_does_not_move_what_the_last_answer_is(hold: Hold) -> None:
    held, _, turn = await past_the_second_question(hold)
    second = held.state["testlets"][1]["question"]
    await add(held, "To the first.", about=turn)
    assert words.AMENDED.format(named(held, second)) in await add(held, "To the last.")
    assert [len(q.answers) for q in held.report().questions] == [3, 2, 0]


async def test_a_skipped_question_is_answered_by_its_second_thought(hold: Hold) -> None:
    held = await at_first_question(hold, mode="screen")
    first = held.asked or ""
    await held.press("skip")
    turn = held.of("heard")[-1].turn
    said = await add(held, "After all.", adds([HALF[first]]), about=turn)
    assert said.startswith(words.AMENDED_FIRST.format(named(held, first)))
    question = held.report().questions[0]
    assert (question.outcome, question.score) == ("sound", 0.5)
    assert [answer.text for answer in question.answers] == ["After all."]
    assert held.of("closed")[-1].outcome == "answered"


async def test_a_question_that_could_not_be_graded_gets_its_grade(hold: Hold) -> None:
    held = await at_first_question(hold, mode="screen")
    first = held.asked or ""
    while held.asked == first or held.kind == "follow_up":
        await play(held, Reply(readable=False), "Ich würde es so machen.")
    assert held.of("closed")[-1].outcome == "ungraded"
    await add(held, "In English.", adds([HALF[first]]), about=held.of("marked")[0].turn)
    assert held.report().questions[0].outcome == "sound"


async def test_what_a_second_thought_answered_is_the_last_answer_where_there_is_none(
    hold: Hold,
) -> None:
    held = await at_first_question(hold, mode="screen")
    first = held.asked or ""
    await held.press("skip")
    await add(held, "After all.", adds([HALF[first]]), about=held.of("heard")[-1].turn)
    assert words.AMENDED.format(named(held, first)) in await add(held, "And more.")
    assert [a.text for a in held.report().questions[0].answers] == ["After all.", "And more."]


async def test_a_word_about_the_open_question_is_kept_with_it(hold: Hold) -> None:
    held, _ = await at_second_question(hold)
    second = held.asked or ""
    await held.press("hint")
    said = await add(held, "Half.", adds([HALF[second]]), about=held.of("heard")[-1].turn)
    assert said.startswith(words.AMENDED_FIRST.format(named(held, second)))
    assert held.state["testlets"][1]["outcome"] == "open"
    assert words.AMENDED.format(named(held, second)) in await add(held, "And more.")
    assert [len(q.answers) for q in held.report().questions] == [2, 2]


# What is kept and not counted.


async def test_what_was_told_in_practice_cannot_be_handed_back_for_credit(hold: Hold) -> None:
    held = await at_first_question(hold)
    first = held.asked or ""
    while held.asked == first or held.kind == "follow_up":
        await play(held, answers(), "Something else.")
    assert any(e.purpose == "feedback" for e in held.of("said"))
    for about in (None, held.of("marked")[0].turn):
        said = await add(held, "Exactly what you just told me.", about=about)
        assert said.startswith(words.AMENDED_TOLD.format(named(held, first)))
    assert score(held) == 0
    assert [event.counts for event in held.of("added")] == [False, False]
    assert not any(answer.counts for answer in held.report().questions[0].answers if answer.amends)


async def in_the_money_round(hold: Hold) -> tuple[Held, str, int]:
    """Past the last core question, which was half answered."""
    held = await hold(mode="screen", core=1)
    await play(held, answers(claims=["Kafka"]), "I ran Kafka.")
    first = held.asked or ""
    await play(held, answers([HALF[first]]), "Half.")
    turn = held.of("marked")[0].turn
    await play(held, answers(), "No more.")
    assert held.kind == "money"
    return held, first, turn


async def test_once_a_quick_question_is_answered_one_second_thought_is_left(
    hold: Hold,
) -> None:
    held, first, turn = await in_the_money_round(hold)
    await add(held, "The rest.", adds([REST[first]]))
    assert score(held) == pytest.approx(0.95)
    points = held.syllabus.bites[held.asked or ""].points
    await play(held, answers([point.id for point in points]), "It is so.")
    said = await add(held, "And one thing more.", about=None)
    assert said.startswith(words.AMENDED.format(named(held, first)))
    said = await add(held, "And another.", about=turn)
    assert said.startswith(words.AMENDED_TWICE.format(named(held, first)))
    assert [event.counts for event in held.of("added")] == [True, True, False]


@pytest.mark.parametrize("over", [False, True])
async def test_from_the_wrap_up_on_it_is_kept_and_not_counted(hold: Hold, over: bool) -> None:
    held, first = await at_second_question(hold, core=2)
    turn = held.of("marked")[0].turn
    await held.press("skip")
    assert held.state["stage"] == "wrap_up"
    if over:
        await held.press("end")
    left = held.report().minutes
    said = await add(held, "Too late.", adds([REST[first]]), about=turn)
    assert said.startswith(words.AMENDED_LATE.format(named(held, first)))
    assert held.over == over
    assert score(held) == 0.5
    last = held.report().questions[0].answers[-1]
    assert (last.text, last.counts) == ("Too late.", False)
    assert held.report().minutes == left


async def test_what_is_not_scored_is_not_added_to_another_question(hold: Hold) -> None:
    held, _, _ = await past_the_second_question(hold)
    warm_up = held.of("heard")[0].turn
    said = await add(held, "And Flink.", says("amend"), about=warm_up)
    assert said.startswith(words.AMENDED_UNSCORED)
    assert not held.of("added")
    assert not any(a.amends for q in held.report().questions for a in q.answers)


@pytest.mark.parametrize("intents", [("amend", "distress"), ("distress",)])
async def test_who_is_unwell_has_added_nothing(hold: Hold, intents: tuple[Intent, ...]) -> None:
    held, _ = await at_second_question(hold)
    assert words.DISTRESS in await add(held, "I feel sick.", says(*intents))
    assert not held.of("added")
    assert not any(a.amends for q in held.report().questions for a in q.answers)


# The log.


async def test_the_log_tells_which_question_each_turn_spoke_to(hold: Hold) -> None:
    held, _, turn = await past_the_second_question(hold)
    await add(held, "The rest.", about=turn)
    by_turn = answered_testlets(held.events)
    heard = {event.turn: by_turn.get(event.turn) for event in held.of("heard")}
    assert list(heard.values()) == [None, 0, 0, 1, 0]


async def test_an_addition_is_marked_anew_with_its_own_question(hold: Hold) -> None:
    held, first, turn = await past_the_second_question(hold)
    await add(held, "The rest.", adds([REST[first]]), about=turn)
    one = answers_of(held.events)[0]
    assert [(a.text, a.amends) for a in one] == [
        ("Half.", False),
        ("No more.", False),
        ("The rest.", True),
    ]


async def test_a_log_from_before_says_by_its_marks_where_an_addition_went(hold: Hold) -> None:
    held, first, turn = await past_the_second_question(hold)
    await add(held, "The rest.", adds([REST[first]]), about=turn)
    old = [_as_before(body) for body in held.bodies if body["type"] != "added"]
    read = report("i-1", [read_event(body) for body in old], held.syllabus)
    assert read.questions == held.report().questions


def _as_before(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "amends"}
