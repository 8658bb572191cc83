"""A few minutes on one topic, and a question once more."""

import pytest
from held import KIT, LADDER, Held, Hold
from test_graph import FULL, play

from agent.events import Mode
from agent.planning import Plan, drill, plan
from agent.policy import Policy
from agent.report import as_markdown
from agent.scripted import answers, says
from agent.syllabus import Syllabus
from knowledge.errors import BadInput, NotFound
from knowledge.kit_yaml import parse_kit

SMALL = Syllabus(parse_kit(KIT, "small.yaml"))
LADDERS = Syllabus(parse_kit(LADDER, "ladder.yaml"))


def drilled(syllabus: Syllabus = SMALL, minutes: float = 5, **on: str) -> Plan:
    return drill(syllabus, Policy(), minutes=minutes, **on)


async def answered(held: Held) -> None:
    """Each question in full, to the end."""
    while not held.over:
        await play(held, FULL[held.asked or ""], "All of it, and I used Kafka for it.")


async def test_a_drill_goes_straight_to_its_topic_and_ends_by_itself(hold: Hold) -> None:
    held = await hold(planned=drilled(subject="Streaming"), minutes=5)
    assert "Streaming" in held.bodies[1]["text"]
    assert "does not tell your level" in held.bodies[1]["text"]
    assert held.kind == "core"
    await answered(held)
    assert held.of("ended")[0].reason == "complete"
    assert {t["subject"] for t in held.state["testlets"]} == {"Streaming"}
    assert {event.stage for event in held.of("said")} <= {"opening", "probes", "wrap_up"}


async def test_a_drill_has_no_money_round_though_a_technology_is_named(hold: Hold) -> None:
    held = await hold(planned=drilled(subject="Streaming"), minutes=5)
    while not held.over:
        await play(held, answers(claims=["Kafka"]), "I used Kafka for it.")
    assert held.of("claimed")
    assert not held.of("money_scored")
    assert held.of("ended")[0].reason == "complete"


async def test_the_report_of_a_drill_says_what_it_is_and_never_settles_a_level(hold: Hold) -> None:
    held = await hold(planned=drilled(subject="Streaming"), minutes=5)
    await answered(held)
    told = held.report("candidate")
    assert told.verdict == "could be either"
    assert told.overall
    for each in (told.overall, *told.competencies):
        assert each.verdict == "could be either"
        assert (each.probability, each.level, each.low, each.high) == (None,) * 4
        assert "one topic" in (each.because or "")
    assert any("This was a drill" in note for note in told.notes)
    assert "before all planned questions" not in " ".join(told.notes)
    assert "This was a drill" in as_markdown(told)


@pytest.mark.parametrize(("minutes", "core"), [(5, 2), (8, 3), (2, 1), (60, 3)])
def test_a_drill_has_as_many_questions_as_its_minutes_and_topic_hold(
    minutes: float, core: int
) -> None:
    assert drilled(minutes=minutes, subject="streaming").core == core


@pytest.mark.parametrize("on", [{"subject": "Cooking"}, {"question": "nothing"}, {"question": ""}])
def test_what_the_kit_does_not_have_is_named_with_what_there_is(on: dict[str, str]) -> None:
    with pytest.raises(NotFound, match="The kit has no") as missing:
        drilled(**on)
    assert missing.value.remedy


# A question again.


async def test_a_question_again_puts_that_question_and_no_other(hold: Hold) -> None:
    held = await hold(planned=drilled(question="history"), minutes=5)
    assert held.asked == "history"
    await answered(held)
    assert [t["question"] for t in held.state["testlets"]] == ["history"]
    assert held.of("chose")[0].reason == "This question on Modelling was asked for."


@pytest.mark.parametrize(("rung", "level"), [("first-rung", "junior"), ("third-rung", "senior")])
async def test_a_rung_again_is_that_rung_with_its_scene(hold: Hold, rung: str, level: str) -> None:
    held = await hold(kit=LADDER, planned=drilled(LADDERS, question=rung), minutes=5)
    assert held.asked == rung
    assert held.state["testlets"][0]["level"] == level
    assert "fails now and then" in held.said
    assert held.state["testlets"][0]["ladder"] == "scene"
    await play(held, answers(), "I would do that.")
    while held.kind == "follow_up":
        await held.press("skip")
    assert held.over, "no further rung was asked for"


async def test_the_second_time_what_is_new_is_told_and_not_the_same_words_again(
    hold: Hold,
) -> None:
    seen = {"history": ["versions"]}
    first = await hold(planned=drilled(question="history"), minutes=5)
    again = await hold(planned=drilled(question="history"), minutes=5, seen=seen)
    assert "that you have had before" in again.bodies[1]["text"]
    for held, points in ((first, ["versions"]), (again, ["versions", "validity"])):
        await play(held, answers(points), "I keep both rows.")
        while not held.over:
            await held.press("skip")
    told = [[e.text for e in held.of("said") if e.purpose == "feedback"] for held in (first, again)]
    assert told[0] != told[1]
    assert "2 of 2 points this time, 1 the last time. New: Two columns" in told[1][0]


async def test_the_report_says_what_changed_on_a_question_put_again(hold: Hold) -> None:
    seen = {"history": ["versions"]}
    held = await hold(planned=drilled(question="history"), minutes=5, seen=seen)
    await play(held, answers(["versions", "validity"]), "I keep both rows.")
    assert held.over
    study = held.report().study_plan
    assert study
    (retried,) = study.retried
    assert (retried.before, retried.now, retried.of) == (1, 2, 2)
    assert retried.new == (SMALL.kit.by_id["validity"].text,)
    assert "nothing is missing now" in retried.sentence
    assert retried.sentence in as_markdown(held.report())


async def test_a_question_given_up_again_has_nothing_new_and_says_so(hold: Hold) -> None:
    held = await hold(
        planned=drilled(question="history"), minutes=5, seen={"history": ["versions"]}
    )
    for _ in range(2):
        await play(held, says("dont_know"), "no idea")
    assert held.over
    study = held.report().study_plan
    assert study
    assert [(each.now, each.new) for each in study.retried] == [(0, ())]
    assert "not better yet" in study.retried[0].sentence


# Practice is not the same interview each time.


async def test_what_was_asked_in_the_last_practice_comes_last(hold: Hold) -> None:
    usual = await hold(planned=drilled(subject="Streaming", minutes=8), minutes=8)
    first = usual.asked or ""
    other = await hold(planned=drilled(subject="Streaming", minutes=8), minutes=8, seen={first: []})
    await answered(other)
    asked = [t["question"] for t in other.state["testlets"]]
    assert len(asked) == 3
    assert asked[-1] == first


async def test_a_scene_seen_comes_after_what_was_not(hold: Hold) -> None:
    planned = Plan(core=2, subjects=("Loads",))
    held = await hold(kit=LADDER, planned=planned, seen={"scene": [], "first-rung": ["names"]})
    await play(held, answers(), "hello")
    assert held.state["testlets"][0]["ladder"] == "scene", "there is nothing else to ask"


async def test_different_seeds_can_give_different_practices_and_one_screen(hold: Hold) -> None:
    orders: dict[Mode, set[tuple[str, ...]]] = {"practice": set(), "screen": set()}
    for mode, found in orders.items():
        for seed in range(6):
            planned = plan(SMALL, Policy(near_best=0.0), mode=mode, level="mid", minutes=45)
            policy = Policy(near_best=0.0)
            held = await hold(mode=mode, seed=seed, policy=policy, planned=planned)
            await play(held, answers(), "hello")
            while held.kind == "core":
                await play(held, FULL[held.asked or ""], "All of it.")
            found.add(tuple(t["question"] for t in held.state["testlets"]))
    assert len(orders["practice"]) > 1
    assert len(orders["screen"]) == 1


def test_a_plan_refuses_more_competencies_than_the_time_holds() -> None:
    chosen = ["Modelling", "Streaming"]
    with pytest.raises(BadInput, match="too few for 2"):
        plan(SMALL, Policy(), mode="practice", level="mid", minutes=5, subjects=chosen)
