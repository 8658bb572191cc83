"""What a practice leaves to do: what was missed, what to try next, what changed."""

import pytest
from held import LADDER, Held, Hold
from test_graph import FULL, GREETING, play

from agent.planning import Plan, drill
from agent.policy import Policy
from agent.report import Report, as_markdown
from agent.report.argument import StudyPlan
from agent.scripted import answers, says
from agent.syllabus import Syllabus
from knowledge.kit_yaml import parse_kit

GUIDED = """
viva: 1
name: guided
atoms:
- competency: Queues
  has:
  - question: A message is handled twice. What keeps the balance right?
    id: twice
    has:
    - reference: >-
        Give each message a key and remember the keys that were handled, for a broker delivers at
        least once. Nobody can promise more.
      has:
      - {point: Each message carries a key., id: key}
      - {point: Nobody can promise more., id: promise}
      - {point: The operator looks at a dashboard of the day., id: dashboard}
    - advice: Read about idempotent consumers at https://example.org/consumers before the interview.
- competency: Caches
  has:
  - question: When does a cache lie?
    id: lie
    has: [{point: The entry outlives the row it was made of., id: outlives}]
  - question: A cache goes down at noon. What does the database see?
    id: noon
    has: [{point: Every reader asks the database at once., id: readers}]
- competency: Backups
  has:
  - question: How do you know that a backup can be restored?
    id: restored
    has: [{point: It is restored on another machine every week., id: weekly}]
"""


async def held_on(hold: Hold, form: tuple[str, ...], met: dict[str, list[str]], kit: str) -> Held:
    """A practice of these questions, each answered by these points, then skipped."""
    items = Syllabus(parse_kit(kit, "kit.yaml")).items
    subjects = tuple(dict.fromkeys(items[each].subject for each in form))
    held = await hold(kit=kit, planned=Plan(core=len(form), subjects=subjects, form=form))
    await play(held, answers(), "hello")
    for question in form:
        assert held.asked == question
        await play(held, answers(met[question]), "I would do that.")
        while held.kind == "follow_up":
            await held.press("skip")
    await play(held, answers(), "no")
    assert held.over
    return held


def plan_of(told: Report) -> StudyPlan:
    assert told.study_plan
    return told.study_plan


async def test_what_was_missed_comes_with_the_sentence_of_the_kit_to_read(hold: Hold) -> None:
    held = await held_on(hold, ("twice",), {"twice": []}, GUIDED)
    read = {item.text: item.read for item in held.report("candidate").study}
    assert "remember the keys that were handled" in (read["Each message carries a key."] or "")
    assert read["Nobody can promise more."] is None, "it says no more than the point"
    assert read["The operator looks at a dashboard of the day."] is None
    assert "    Read: Give each message a key" in as_markdown(held.report())


async def test_a_scene_is_told_once_for_all_of_its_rungs(hold: Hold) -> None:
    held = await hold(kit=LADDER, planned=drill(
        Syllabus(parse_kit(LADDER, "ladder.yaml")), Policy(), minutes=5, question="scene"
    ))  # fmt: skip
    while not held.over:
        await play(held, answers(), "I would do that.")
    told = held.report()
    asked = [item.question for item in told.study]
    assert len(set(asked)) == 2, "the first rung and the easier one"
    assert {item.scene for item in told.study} == {
        "A nightly load of a million rows fails now and then."
    }
    section = as_markdown(told).split("## What to study")[1].split("## ")[0]
    assert section.count("fails now and then") == 1
    assert all(item.text in section for item in told.study)


async def test_three_questions_to_try_are_new_and_each_says_why(hold: Hold) -> None:
    held = await held_on(hold, ("twice", "lie"), {"twice": ["key"], "lie": []}, GUIDED)
    told = plan_of(held.report("candidate"))
    assert [each.id for each in told.next_questions] == ["noon", "restored"], "all that is left"
    noon, restored = told.next_questions
    assert noon.why == "Your answers on Caches left one point out; try them on a mid question."
    assert restored.why == "Backups was not asked about; a mid question would tell most there."
    assert told.drill == "Caches"


async def test_where_nothing_was_missed_there_is_no_drill_and_what_tells_most_is_next(
    hold: Hold,
) -> None:
    met = {"twice": ["key", "promise", "dashboard"]}
    told = plan_of((await held_on(hold, ("twice",), met, GUIDED)).report())
    assert told.drill is None
    assert {each.subject for each in told.next_questions} == {"Caches", "Backups"}
    assert len(told.next_questions) == 3, "two of Caches, which are not on one point"


async def test_a_screen_has_no_study_plan(hold: Hold) -> None:
    held = await hold(mode="screen")
    await play(held, GREETING, "I ran Kafka.")
    await play(held, FULL[held.asked or ""], "All of it.")
    assert held.report("team").study_plan is None
    assert held.report("candidate").study_plan is None
    assert "try next" not in as_markdown(held.report())


async def test_a_change_within_the_ranges_is_called_no_change(hold: Hold) -> None:
    before = await held_on(hold, ("twice",), {"twice": []}, GUIDED)
    now = await held_on(hold, ("twice",), {"twice": ["key", "promise"]}, GUIDED)
    told = plan_of(now.report(last=before.report()))
    assert told.last == "i-1"
    (since,) = told.since
    assert since.now > since.before
    higher = f"{since.now - since.before:.1f} higher"
    assert since.sentence == f"{higher}, but the ranges overlap: no real change yet."
    assert f"- Queues: {since.sentence}" in as_markdown(now.report(last=before.report()))


async def test_ranges_that_are_apart_are_a_change_and_nothing_new_is_none(hold: Hold) -> None:
    held = await held_on(hold, ("twice",), {"twice": ["key"]}, GUIDED)
    told = held.report()
    (queues,) = told.competencies
    low = queues.model_copy(update={"level": 0.1, "low": -0.9, "high": (queues.low or 0) - 0.1})
    before = told.model_copy(update={"competencies": (low,)})
    (since,) = plan_of(held.report(last=before)).since
    assert "the ranges are apart: a real change" in since.sentence
    (same,) = plan_of(held.report(last=told)).since
    assert same.sentence == "About the same, and the ranges overlap: no real change yet."


async def test_a_practice_asked_at_another_level_is_not_compared_without_saying_so(
    hold: Hold,
) -> None:
    held = await held_on(hold, ("twice",), {"twice": ["key"]}, GUIDED)
    before = held.report().model_copy(update={"level": "junior"})
    (since,) = plan_of(held.report(last=before)).since
    assert "asked at junior then" in since.sentence


async def test_what_only_one_practice_asked_about_is_not_compared(hold: Hold) -> None:
    before = await held_on(hold, ("lie",), {"lie": []}, GUIDED)
    now = await held_on(hold, ("twice",), {"twice": []}, GUIDED)
    assert plan_of(now.report(last=before.report())).since == ()


@pytest.mark.parametrize("intent", ["dont_know", "answer"])
async def test_nothing_to_study_is_left_out_of_the_report(hold: Hold, intent: str) -> None:
    held = await hold(kit=GUIDED)
    await play(held, answers() if intent == "answer" else says("dont_know"), "hello")
    await held.press("end")
    text = as_markdown(held.report("candidate"))
    assert "## What to study" not in text
    assert "## Since" not in text
    assert "## What to try next" in text
