"""How a score came about, and how a report says it."""

from dataclasses import replace
from typing import Any

import pytest
from held import KIT, Hold
from hypothesis import given
from hypothesis import strategies as st
from test_adding import HALF, REST, add
from test_graph import FULL, GREETING, at_first_question, play

from agent import state as states
from agent import testlets
from agent.events import Aid, Heard, Mark, Quote
from agent.policy import Policy
from agent.report import as_markdown
from agent.report.argument import Compared
from agent.report.earning import earned, sum_in_words
from agent.report.ledger import Given, Topic
from agent.report.model import GivenMark, Report
from agent.report.telling import (
    OUTCOMES_MEAN,
    chance_in_words,
    counted_in_words,
    end_in_words,
    level_name,
    same_words,
    shown_in_words,
    standing_in_words,
)
from agent.scripted import adds, answers, says
from agent.syllabus import Syllabus
from knowledge.kit_yaml import parse_kit

POLICY = Policy()
SYLLABUS = Syllabus(parse_kit(KIT, "kit.yaml"))
RUBRIC = (*SYLLABUS.rubric("history").core, *SYLLABUS.rubric("history").indicators)
VERDICTS = ("met", "not_met", "contradicted", "unsupported", "abstained")
WORDS = Quote(text="words", start=0, end=5)


def mark(atom: str, verdict: str, probability: float = 1.0, **more: Any) -> Mark:
    """A mark on a point or indicator of the question on history, with its quote."""
    of = next(each for each in RUBRIC if each.id == atom)
    return Mark.model_validate(
        {
            "atom": atom,
            "kind": of.kind,
            "text": of.text,
            "verdict": verdict,
            "probability": probability,
            "source": "local",
            "quote": WORDS if verdict in {"met", "contradicted"} else None,
            "polarity": of.polarity,
            "role": of.role,
            **more,
        }
    )


def topic(*given_: tuple[Aid, list[Mark]]) -> tuple[Topic, states.Testlet]:
    """The question on history once these answers were marked, as the report and as the state."""
    told = Topic("history", "Modelling", "mid", number=2, text=SYLLABUS.kit.by_id["history"].text)
    state = testlets.unanswered({**_empty(), **states.nothing_earned()})  # type: ignore[typeddict-item]
    for aid, marks in given_:
        state = testlets.with_marks(state, marks, RUBRIC, POLICY, help_had=aid)
        told.answers.append(Heard(text="words", stage="probes", question=2))
        told.given.append(Given(len(told.answers) - 1, tuple(marks), "local", aid=aid))
    told.score, told.review, told.outcome = state["score"], state["review"], "answered"
    return told, state


def _empty() -> dict[str, Any]:
    return {"question": "history", "hints": [], "follow_ups": [], "general": 0}


marks = st.tuples(
    *(
        st.builds(mark, st.just(atom.id), st.sampled_from(VERDICTS), st.floats(0, 1))
        for atom in RUBRIC
    )
).map(list)
told = st.tuples(st.sampled_from(("unaided", "prompted", "hinted")), marks)


@given(st.lists(told, min_size=1, max_size=3))
def test_the_lines_of_a_question_come_to_its_score(given_: list[tuple[Aid, list[Mark]]]) -> None:
    told, state = topic(*given_)
    lines = earned(told, SYLLABUS, POLICY)
    wanted = [each for each in lines if each.state not in {"left open", "beside", "against"}]
    assert (state["score"] is None) == (not wanted)
    if state["score"] is not None:
        points = sum(line.credit for line in lines) / min(len(wanted), POLICY.full_answer)
        counted = min(max(points - sum(line.off for line in lines), 0), 1)
        assert counted == pytest.approx(state["score"], abs=2e-4)
        assert "By these lines alone" not in (sum_in_words(lines, told, POLICY) or "")


def test_each_line_says_what_help_and_doubt_left_of_a_point() -> None:
    told, _ = topic(
        ("unaided", [mark("versions", "met", 0.49)]), ("hinted", [mark("validity", "met")])
    )
    versions, validity, *_ = earned(told, SYLLABUS, POLICY)
    assert (versions.aid, versions.worth, versions.sure) == ("unaided", 1.0, pytest.approx(0.4))
    assert (validity.aid, validity.worth, validity.sure) == ("hinted", 0.75, 1.0)
    assert validity.credit == 0.75
    said = sum_in_words(earned(told, SYLLABUS, POLICY), told, POLICY)
    assert said == "1.15 of 2 points: a score of 0.57 of 1; strong is 0.80."


def test_what_speaks_against_is_taken_off_in_a_line_of_its_own() -> None:
    told, _ = topic(("unaided", [mark("versions", "met"), mark("overwrites", "met")]))
    lines = earned(told, SYLLABUS, POLICY)
    assert [(line.atom, line.off) for line in lines if line.off] == [("overwrites", 0.25)]
    assert "less 0.25 for what speaks against it" in (sum_in_words(lines, told, POLICY) or "")


def test_a_point_that_the_question_says_itself_is_not_told_as_missed() -> None:
    told, _ = topic(("unaided", [mark("versions", "not_met"), mark("validity", "not_met")]))
    told.text = "Why does the old version of every row stay beside its new version?"
    versions, validity, *_ = earned(told, SYLLABUS, POLICY)
    assert (versions.state, validity.state) == ("said by the question", "not shown")


def test_points_that_one_quote_carries_name_each_other() -> None:
    inside = Quote(text="or", start=1, end=3)
    given_ = [
        GivenMark(mark=mark("versions", "met"), answer=0),
        GivenMark(mark=mark("validity", "met", quote=inside), answer=0),
        GivenMark(mark=mark("breaks", "met"), answer=1),
    ]
    assert same_words(given_) == {"versions": ("validity",), "validity": ("versions",)}


async def test_markdown_says_how_each_score_came_about(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    while held.asked and held.kind in {"core", "follow_up"}:
        await play(held, answers(FULL[held.asked].verdicts, quote="All of it"), "All of it, twice.")
    printed = as_markdown(held.report())
    assert "How the score came about: 2.00 of 2 points: a score of 1.00 of 1." in printed
    assert "; counts in full)" in printed
    assert "The same words also stand for:" in printed


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (-0.9, "below junior"),
        (-0.3, "junior"),
        (-0.04, "0.0"),
        (1.24, "1.2"),
        (3.0, "3.0"),
        (3.3, "principal"),
        (3.6, "beyond principal"),
    ],
)
def test_no_number_is_printed_that_lies_outside_the_scale(level: float, said: str) -> None:
    assert end_in_words(level) == said


def test_a_standing_below_the_scale_is_told_in_words() -> None:
    one = Compared(
        interview="a",
        level=-0.8,
        low=-2.0,
        high=0.4,
        verdict="not shown in this interview",
        testlets=4,
        provisional=True,
    )
    assert standing_in_words(one) == "junior or below (below junior to 0.4)"
    assert level_name(2.6) == "principal"


async def answered_once(hold: Hold) -> Report:
    """One competency with one full answer, the rest skipped."""
    held = await at_first_question(hold, core=4, mode="practice")
    await play(held, FULL[held.asked or ""], "All of it.")
    while held.state["stage"] == "probes":
        await held.press("skip")
    return held.report()


async def test_a_clear_probability_on_one_question_says_why_it_settles_nothing(hold: Hold) -> None:
    report = await answered_once(hold)
    assert report.overall is not None
    assert (report.overall.testlets, report.verdict) == (1, "could be either")
    assert (report.overall.probability or 0) > 0.8
    assert report.overall.because == "One question alone settles nothing, however clear its answer."
    assert report.overall.because in as_markdown(report)


async def test_nothing_known_of_a_competency_says_which_kind_of_nothing(hold: Hold) -> None:
    report = await answered_once(hold)
    because = {each.because for each in report.competencies if not each.testlets}
    assert because == {"Its question was skipped."}


def test_every_outcome_says_something_else_of_the_level() -> None:
    assert len(set(OUTCOMES_MEAN.values())) == len(OUTCOMES_MEAN)


async def test_an_addition_is_no_answer_of_its_own_in_communication(hold: Hold) -> None:
    held = await at_first_question(hold)
    first = held.asked or ""
    half, rest = answers([HALF[first]]), adds([REST[first]])
    await play(held, replace(half, communicated=("gave a reason",)), "Half of it.")
    more = replace(rest, communicated=("gave a reason", "gave an example"))
    await add(held, "The rest of it.", more)
    shown = {line.anchor: (line.shown, line.answers) for line in held.report().communication}
    assert shown["gave a reason"] == (1, 1)
    assert shown["gave an example"] == (1, 1)


async def test_flags_that_never_came_up_have_their_section_alone(hold: Hold) -> None:
    report = (await hold()).report()
    alone = {"flags": (), "flags_not_seen": (), "flags_never_asked": ("Works by hand.",)}
    printed = as_markdown(report.model_copy(update=alone))
    assert "## Flags" in printed
    assert "Never came up: Works by hand." in printed


async def test_in_practice_an_open_question_asks_no_team_for_an_answer(hold: Hold) -> None:
    for mode, words in (("practice", "not answered by the documents"), ("screen", "open: please")):
        held = await hold(core=1, mode=mode)
        await play(held, GREETING, "Hello.")
        while held.state["stage"] != "wrap_up":
            await held.press("skip")
        if held.kind == "unasked":
            await play(held, answers(), "Nothing.")
        await play(held, says("candidate_question"), "How many people are on the team?")
        assert f"({words}" in as_markdown(held.report())


@pytest.mark.parametrize(
    ("aid", "probability", "said"),
    [
        ("unaided", 1.0, "Shown"),
        ("prompted", 1.0, "Shown, after a follow-up (0.90)"),
        ("hinted", 1.0, "Shown, after a hint (0.75)"),
        ("unaided", 0.42, "Perhaps shown (0.20)"),
        ("hinted", 0.42, "Perhaps shown (0.20), after a hint (0.75)"),
    ],
)
def test_help_is_no_half_shown_point_and_doubt_is_told_as_doubt(
    aid: Aid, probability: float, said: str
) -> None:
    told, _ = topic((aid, [mark("versions", "met", probability)]))
    line = earned(told, SYLLABUS, POLICY)[0]
    assert "".join(shown_in_words(line)) == said
    assert ("unsure" in counted_in_words(line)) == ("Perhaps" in said)


def test_a_good_sign_is_no_point_and_the_sum_adds_up_in_steps() -> None:
    met = [mark("versions", "met"), mark("validity", "met"), mark("breaks", "met")]
    for marks_, said in (
        (met, "2.00 of 2 points, and a good sign (+0.50): 2.50 / 2 = 1.25, counted up to 1.00: "),
        (
            [mark("versions", "not_met"), *met[1:]],
            "1.00 of 2 points, and a good sign (+0.50): 1.50 / 2 = 0.75: a score of 0.75",
        ),
    ):
        told, _ = topic(("unaided", marks_))
        lines = earned(told, SYLLABUS, POLICY)
        assert (sum_in_words(lines, told, POLICY) or "").startswith(said)


def test_more_points_than_make_a_full_answer_are_not_counted_of_fewer() -> None:
    met = [mark(each, "met") for each in ("versions", "validity")]
    told, _ = topic(("unaided", met))
    few = POLICY.model_copy(update={"full_answer": 1})
    said = sum_in_words(earned(told, SYLLABUS, few), told, few) or ""
    assert said.startswith("2.00 points, more than the 1 point of a full answer, counted up")


@pytest.mark.parametrize(
    ("chance", "said"), [(1.0, "over 99%"), (0.998, "over 99%"), (0.0, "under 1%"), (0.93, "93%")]
)
def test_no_chance_is_told_as_certain(chance: float, said: str) -> None:
    assert chance_in_words(chance) == said


async def test_a_hint_stands_in_the_report_where_it_was_given(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    await held.press("hint")
    hint = held.said
    await play(held, answers(), "Nothing comes to mind.")
    while held.kind in {"core", "follow_up"}:
        await held.press("skip")
    question = held.report("candidate").questions[0]
    assert (question.helped[0].kind, question.helped[0].text) == ("hint", hint.split("\n")[0])
    assert question.helped[0].before == 0
    assert [each.kind for each in question.helped_before(1)] == ["follow_up"] * question.follow_ups
    printed = as_markdown(held.report())
    assert printed.index(question.helped[0].text) < printed.index("Nothing comes to mind")
    assert all(each.text in printed for each in question.helped)


async def test_communication_says_in_which_questions(hold: Hold) -> None:
    held = await at_first_question(hold, core=2)
    shown = replace(FULL[held.asked or ""], communicated=("gave an example",))
    await play(held, shown, "All of it, for example here.")
    while held.state["stage"] == "probes":
        await play(held, FULL[held.asked or ""], "All of it.")
    line = next(e for e in held.report().communication if e.anchor == "gave an example")
    assert line.questions == (1,)
    assert "in question 1" in as_markdown(held.report())
