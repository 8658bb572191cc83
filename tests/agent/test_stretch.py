"""The last question of a screen goes beyond what was shown, or says that the kit cannot."""

import pytest
from held import Held, Hold
from test_graph import play

from agent.scripted import answers

ASKED = (
    ("How do you keep old orders right?", "Who may read a customer's address?"),
    ("When does a window of a stream close?", "What goes into a runbook for nights?"),
)
SAID = (
    ("Each version has its dates.", "Only support staff see it."),
    ("Once the watermark has passed.", "Whom to call and what to restart."),
)


def kit(*levels: tuple[str, ...]) -> str:
    """A kit with a competency for each, that has one question at each of its levels."""
    lines = ["viva: 1", "name: stretches", "atoms:"]
    for number, own in enumerate(levels):
        lines += [f"- competency: Part {number}", "  has:"]
        for place, level in enumerate(own):
            lines += [
                f"  - question: {ASKED[number][place]}",
                f"    at: {level}",
                f"    id: q{number}{place}",
                f"    has: [{{point: {SAID[number][place]}, id: p{number}{place}}}]",
            ]
    return "\n".join(lines)


async def to_the_stretch(hold: Hold, text: str, met: tuple[str, ...]) -> Held:
    held = await hold(kit=text, mode="screen", core=3)
    await play(held, answers(), "I have moved data.")
    while held.state["open"] and len(held.state["testlets"]) < 3:
        point = (held.asked or "q").replace("q", "p")
        await play(held, answers([point] if point in met else []), "So it is.")
    return held


@pytest.mark.parametrize("strong", ["p00", "p10"])
async def test_a_subject_that_has_a_question_above_comes_first(hold: Hold, strong: str) -> None:
    text = kit(("mid", "junior"), ("mid", "principal"))
    held = await to_the_stretch(hold, text, (strong,))
    assert held.asked == "q11"
    reason = held.of("chose")[-1].reason
    assert "a principal question, above the" in reason


async def test_where_the_kit_has_nothing_above_the_reason_says_so(hold: Hold) -> None:
    text = kit(("mid", "junior"), ("mid", "junior"))
    held = await to_the_stretch(hold, text, ("p00", "p10"))
    reason = held.of("chose")[-1].reason
    assert held.asked in {"q01", "q11"}
    assert "nothing left above what was shown" in reason
    assert "above the" not in reason
