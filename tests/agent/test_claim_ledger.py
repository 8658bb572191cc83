"""What was claimed, and what the interview came to on it: never more than was said."""

import pytest
from held import Held, Hold
from test_graph import FULL, GREETING, play

from agent.events import Claimed
from agent.report import as_markdown
from agent.report.argument import ClaimLine
from agent.scripted import answers, says

KAFKA_KIT = """
viva: 1
name: streams
atoms:
- competency: Streaming
  has:
  - question: How do you keep two consumers of a Kafka topic from doing the same work?
    id: twice
    at: mid
    has:
    - {point: They share one consumer group., id: share}
    - {point: The offset is committed after the work., id: after}
  - question: Events arrive out of order. When do you close a window?
    id: window
    at: mid
    has: [{point: A watermark says how late an event may still be counted., id: watermark}]
- {technology: Kafka, id: kafka, aliases: [Apache Kafka]}
- {technology: Flink, id: flink}
"""
RAN = "At the bank I ran Kafka for three years. We had forty topics."


async def claiming(hold: Hold, *, kit: str = KAFKA_KIT, mode: str = "practice") -> Held:
    held = await hold(kit=kit, core=2, mode=mode)
    await play(held, GREETING, RAN)
    return held


def line(held: Held, what: str = "Kafka") -> ClaimLine:
    return next(line for line in held.report().claim_ledger if line.what == what)


async def at(held: Held, question: str) -> Held:
    """Go on, knowing nothing, until this question is open."""
    while held.asked != question:
        await play(held, says("dont_know"), "no idea")
    return held


async def test_a_claim_stands_in_its_own_sentence(hold: Hold) -> None:
    held = await claiming(hold)
    (said,) = line(held).claimed
    assert said.quote == "At the bank I ran Kafka for three years."
    assert said.question is None


async def test_a_later_claim_names_the_question_it_was_made_in(hold: Hold) -> None:
    held = await at(await claiming(hold), "window")
    await play(held, answers(claims=["Flink"]), "I wrote jobs in Flink last year.")
    (said,) = line(held, "Flink").claimed
    assert said.question == "Events arrive out of order. When do you close a window?"


async def test_what_no_question_was_about_was_never_asked(hold: Hold) -> None:
    held = await at(await claiming(hold), "window")
    await play(held, answers(claims=["Flink"]), "I wrote jobs in Flink last year.")
    assert line(held, "Flink").status == "never asked"


async def test_a_question_about_it_that_shows_nothing_is_asked(hold: Hold) -> None:
    held = await at(await claiming(hold), "twice")
    await play(held, answers(), "They somehow find out among themselves.")
    assert line(held).status == "asked"
    assert line(held).asked == (
        "How do you keep two consumers of a Kafka topic from doing the same work?",
    )


async def test_a_met_point_of_a_question_about_it_demonstrates_it(hold: Hold) -> None:
    held = await at(await claiming(hold), "twice")
    await play(held, answers(["share"]), "One group, and each has its partitions.")
    assert line(held).status == "demonstrated"
    (shown,) = line(held).shown
    assert shown.quote == "One group, and each has its partitions."
    assert shown.question == line(held).asked[0]


async def test_a_met_point_elsewhere_counts_if_its_words_say_something_of_it(hold: Hold) -> None:
    held = await at(await claiming(hold), "window")
    await play(held, answers(["watermark"]), "With Kafka I would wait for a watermark of an hour.")
    assert line(held).status == "demonstrated"


async def test_a_bare_name_on_a_met_point_elsewhere_shows_nothing(hold: Hold) -> None:
    held = await at(await claiming(hold), "window")
    await play(held, answers(["watermark"]), "A Kafka watermark.")
    assert line(held).status in {"asked", "never asked"}
    assert line(held).shown == ()


async def test_a_sentence_is_not_shown_by_being_the_claim(hold: Hold) -> None:
    held = await at(await claiming(hold), "window")
    text = "In Flink I let a watermark tell how late an event may be."
    await play(held, answers(["watermark"], claims=["Flink"]), text)
    assert line(held, "Flink").status == "never asked"


async def test_a_contradicted_point_about_it_stands_against_it(hold: Hold) -> None:
    held = await at(await claiming(hold), "twice")
    text = "Each has a group of its own, so that they never meet."
    await play(held, answers(contradicted=["share"]), text)
    assert line(held).status == "contradicted"
    assert line(held).against[0].quote == text


async def test_one_contradicted_point_does_not_undo_what_was_shown(hold: Hold) -> None:
    held = await at(await claiming(hold), "twice")
    text = "One group; and the offset is committed before the work."
    await play(held, answers(["share"], contradicted=["after"]), text)
    assert line(held).status == "demonstrated"
    assert line(held).against[0].quote == text


@pytest.mark.parametrize("hit", [True, False])
async def test_a_money_question_demonstrates_if_hit_and_never_contradicts(
    hold: Hold, hit: bool
) -> None:
    held = await hold(core=1)
    await play(held, GREETING, RAN)
    await play(held, FULL[held.asked or ""], "All of it.")
    while held.kind == "money":
        points = [point.id for point in held.syllabus.bites[held.asked or ""].points]
        await play(held, answers(points if hit else []), "They share it.")
    assert line(held).status == ("demonstrated" if hit else "asked")
    assert "What does a consumer group give you?" in line(held).asked
    assert line(held).against == ()


@pytest.mark.parametrize(
    "text",
    [
        "I have never used Kafka.",
        "Sorry, I've never used Kafka.",
        "To be honest, I have never worked with Kafka myself.",
        "I haven't touched Kafka at all.",
        "I have never used Kafka or Flink.",
        "I have never used Flink or Kafka.",
        "I know Flink, but I have never used Kafka.",
        "I have no experience with Kafka.",
        "I don’t know Kafka.",
        "I’ve never   used Kafka.",
        "I have never used Apache Kafka.",
        "Kafka I have never touched.",
    ],
)
async def test_a_later_plain_denial_contradicts(hold: Hold, text: str) -> None:
    held = await at(await claiming(hold), "twice")
    await play(held, answers(["share"]), f"They share a group. {text}")
    assert line(held).status == "contradicted"
    assert line(held).against[0].quote == text


@pytest.mark.parametrize(
    "text",
    [
        "I have never used Kafka in production.",
        "In that project, I have never used Kafka.",
        "In that project we had Flink, but I have never used Kafka.",
        "We have never used Kafka.",
        "I never used Kafka.",
        "I have never used Kafka Streams.",
        "I never used Kafka for that.",
        "I have never used Kafka without a schema registry.",
        "I never used Kafka until last year.",
        "I had never used Kafka before I joined.",
        "My colleague has never used Kafka.",
        'People say "I have never used Kafka" and mean it.',
        "Have you never used Kafka?",
        "If I had never used Kafka, I would ask.",
        "It is not that I have never used Kafka.",
        "I have never used Kafka and regretted it.",
        "I have never used Flink.",
        "I would not use Kafka.",
        "I don't know Kafka's internals.",
        "I have never seen Kafka fail.",
    ],
)
async def test_nothing_else_is_taken_for_a_denial(hold: Hold, text: str) -> None:
    held = await at(await claiming(hold), "twice")
    await play(held, answers(), f"They find out. {text}")
    assert line(held).against == ()
    assert line(held).status == "asked"


async def test_a_denial_before_the_claim_is_not_a_later_one(hold: Hold) -> None:
    held = await hold(kit=KAFKA_KIT, core=2)
    await play(held, answers(), "I have never used Kafka.")
    await play(held, answers(claims=["Kafka"]), "Well, once I ran Kafka for a week.")
    assert line(held).against == ()


async def test_what_is_said_in_distress_is_not_held_against_anybody(hold: Hold) -> None:
    held = await at(await claiming(hold), "twice")
    text = "I feel really unwell. I have never used Kafka."
    await play(held, says("distress"), text)
    assert [e.intents for e in held.of("understood")][-1] == ("distress",)
    assert line(held).against == ()


async def test_after_a_screen_the_candidate_is_told_the_claims_and_nothing_of_them(
    hold: Hold,
) -> None:
    held = await at(await claiming(hold, mode="screen"), "twice")
    await play(held, answers(["share"]), "One group.")
    told = held.report("candidate")
    assert (told.claims, told.claim_ledger) == (("Kafka",), ())
    assert "demonstrated" not in as_markdown(told)
    assert line(held).status == "demonstrated"


async def test_every_claim_of_the_log_has_one_line(hold: Hold) -> None:
    held = await at(await claiming(hold), "window")
    await play(held, answers(claims=["Flink", "Kafka"]), "Flink and Kafka, all day.")
    claimed = [e.mention.technology for e in held.events if isinstance(e, Claimed)]
    assert [each.what for each in held.report().claim_ledger] == claimed == ["Kafka", "Flink"]
    printed = as_markdown(held.report())
    assert printed.count("At the bank I ran Kafka for three years.") == 1
