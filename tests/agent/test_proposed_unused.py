"""What is proposed changes nothing until it is accepted; an accepted link grades a question."""

import pytest
from held import KIT, Held, Hold

from agent.contents import contents
from agent.local import LocalExaminer
from agent.outline import outline
from agent.policy import Policy
from agent.rehearsal import rehearse
from agent.scripted import ScriptedExaminer, answers
from agent.syllabus import Syllabus
from knowledge.atoms import Kit, Link
from knowledge.embedder import WordHash
from knowledge.kit_yaml import parse_kit
from knowledge.proposals import accepted, link_id, proposals, rejected

BARE = """
- topic: Nights
  id: nights
  has:
  - question: The pager goes off at three. What do you do until the morning?
    id: pager
    at: mid
"""
PLAIN = parse_kit(KIT + BARE, "kit.yaml")
PROPOSED = parse_kit(
    KIT
    + BARE.replace(
        "    at: mid\n",
        """    at: mid
    has:
    - {point: The alarm is answered before anything else., proposed: model desk}
    - {hint: Who else is awake?, proposed: model desk}
""",
    )
    + """
- question: Proposed out of the blue. What do you see?
  id: blue
  at: mid
  proposed: model desk
  about: {role: Somebody Else}
  has: [{point: A point of a proposed question.}]
- competency: Proposed competency
  proposed: model desk
  has:
  - {indicator: Says the words of a proposed competency., polarity: positive}
- flag: Keeps every version of a row beside the other and says so.
  polarity: negative
  critical: true
  proposed: model desk
- technology: Airflow
  proposed: model desk
- advice: Proposed advice that nobody has read.
  proposed: model desk
links:
- {question: pager, competency: modelling, likeness: 0.5, proposed: likeness}
""",
    "kit.yaml",
)
REJECTED = rejected(PROPOSED, [each.id for each in proposals(PROPOSED)])
TALK = (
    "I ran Kafka and Airflow for two years.",
    "I keep every version of a row beside the other and say so, valid from when until when.",
    "A watermark says how late an event may be; later events correct the result.",
    "I do not know.",
    "The alarm is answered before anything else.",
)


def told(held: Held) -> str:
    """The report, whatever the kit's version."""
    return held.report().model_dump_json().replace(held.syllabus.kit.version, "")


def rehearsed(kit: Kit) -> str:
    """What is foreseen of a screen, whatever the kit's version."""
    told = rehearse(Syllabus(kit), Policy(), level="mid", minutes=30.0)
    return told.model_dump_json().replace(kit.version, "")


async def held_on(hold: Hold, kit: Kit, light: WordHash, mode: str) -> Held:
    """A whole interview with these answers, over and over."""
    held = await hold(LocalExaminer(light), kit=kit, mode=mode, core=4)
    for number in range(60):
        if held.over:
            return held
        await held.say(TALK[number % len(TALK)])
    raise AssertionError("the interview does not end")


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_an_interview_and_its_report_are_as_without_what_is_proposed(
    hold: Hold, light: WordHash, mode: str
) -> None:
    plain = await held_on(hold, PLAIN, light, mode)
    assert plain.of("marked")
    for kit in (PROPOSED, REJECTED):
        held = await held_on(hold, kit, light, mode)
        other = [{**body, "kit_version": ""} for body in held.bodies]
        assert other == [{**body, "kit_version": ""} for body in plain.bodies]
        assert told(held) == told(plain)


def test_outline_contents_and_rehearsal_are_as_without_what_is_proposed() -> None:
    for kit in (PROPOSED, REJECTED):
        assert outline(kit, "mid") == outline(PLAIN, "mid")
        assert contents(kit) == contents(PLAIN)
        assert Syllabus(kit).role == Syllabus(PLAIN).role == "Data Engineer"
        assert rehearsed(kit) == rehearsed(PLAIN)


async def test_a_question_is_graded_by_the_competency_of_an_accepted_link(hold: Hold) -> None:
    text = """
viva: 1
name: linked
atoms:
- competency: Owning it
  id: owning
  has:
  - {indicator: Names what they did themselves., id: own, polarity: positive}
  - {indicator: Blames the colleague on call., id: blames, polarity: negative}
- topic: Nights
  has:
  - {question: The pager goes off at three. What do you do?, id: pager, at: mid}
"""
    link = Link(question="pager", competency="owning", likeness=0.5, proposed="likeness")
    kit = parse_kit(text, "kit.yaml").changed(links=(link,))
    assert not Syllabus(kit).items["pager"].scored
    script = ScriptedExaminer(answers(), answers(["own"], to="pager goes off"))
    held = await hold(script, kit=accepted(kit, [link_id(link)]), core=1)
    await held.say("I have been on call.")
    assert held.asked == "pager"
    await held.say("I looked at the graphs myself.")
    assert [atom.id for atom in script.sheets[-1].rubric] == ["own", "blames"]
    [marked] = held.of("marked")
    assert {mark.atom: mark.verdict for mark in marked.marks} == {"own": "met", "blames": "not_met"}
    assert [each.name for each in held.report().competencies] == ["Owning it"]
