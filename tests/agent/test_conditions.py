"""A follow-up with a condition is asked where the answer calls for it, and nowhere else."""

import pytest
from held import KIT, Held, Hold

from agent.conditions import called_for
from agent.events import Mode
from agent.scripted import ScriptedExaminer, answers

CONDITIONAL = KIT.replace(
    "    - follow_up: An order changes twice",
    """    - rule: "If they mention a snapshot: ask how long it is kept."
      id: snapshots
      has:
      - follow_up: How long do you keep a snapshot, and who throws it away?
        id: kept-how-long
    - follow_up: An order changes twice""",
)


@pytest.mark.parametrize(
    ("rule", "answer", "due"),
    [
        ("If they mention caching: ask when it is emptied.", "I would cache the page.", True),
        ("If they mention caching: ask when it is emptied.", "I would index the column.", False),
        ("When the candidate brings up overtime, ask who signs.", "We paid for overtime.", True),
        ("If they talk about a difficult parent: ask what was said.", "A pupil was ill.", False),
        ("If they do not mention caching: ask about it.", "I would cache the page.", False),
        ("If they only talk about tools: ask about people.", "Only tools matter.", False),
        ("Ask about caching if there is time.", "I would cache the page.", False),
        ("If they say so: go on.", "They say so.", False),
    ],
)
def test_a_condition_is_met_by_what_is_said(rule: str, answer: str, due: bool) -> None:
    assert called_for(rule, answer) is due


async def answered(hold: Hold, answer: str, mode: Mode = "practice") -> Held:
    """An interview right after its first question was half answered in these words."""
    examiner = ScriptedExaminer(answers(), answers(["versions"]))
    held = await hold(examiner, kit=CONDITIONAL, core=1, mode=mode)
    await held.say("I have moved data.")
    assert held.asked == "history"
    await held.say(answer)
    return held


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_what_an_answer_mentions_is_followed_up_first_and_says_why(
    hold: Hold, mode: Mode
) -> None:
    held = await answered(hold, "I take a snapshot every night.", mode)
    assert "How long do you keep a snapshot" in held.said
    chose = held.of("chose")[-1]
    assert chose.atom == "kept-how-long"
    assert "mentions what the kit then asks about" in chose.reason


async def test_who_mentions_nothing_of_it_is_asked_the_other_follow_up(hold: Hold) -> None:
    held = await answered(hold, "I keep the old row.")
    assert "An order changes twice" in held.said
    asked = [chose.atom for chose in held.of("chose")]
    assert "kept-how-long" not in asked
