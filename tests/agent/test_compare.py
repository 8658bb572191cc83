"""Candidates side by side: an order only where their answers support one."""

from dataclasses import replace
from itertools import pairwise

import pytest
from held import LADDER, Held, Hold
from hypothesis import given, settings
from hypothesis import strategies as st
from test_graph import FULL, at_first_question, play

from agent.measuring import Belief, Look, Measuring
from agent.policy import Policy
from agent.report.argument import Comparison
from agent.report.compare import ABOVE, MOST, Side, chance_above, compare, side, tiers
from agent.report.markdown_argument import comparison_as_markdown
from agent.scripted import Reply, answers
from knowledge.atoms import LEVELS
from knowledge.errors import BadInput

LOOKS = st.lists(
    st.builds(
        Look,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(LEVELS),
        st.integers(0, 20).map(lambda twentieths: twentieths / 20),
        st.sampled_from(["local", "model", "human"]),
    ),
    min_size=1,
    max_size=8,
)
GROUP = st.dictionaries(st.sampled_from("uvwxyz"), LOOKS, min_size=2, max_size=6)


def belief(looks: list[Look]) -> Belief:
    return Measuring(looks, "mid", Policy().measure).overall


def over(who: str, found: tuple[tuple[str, ...], ...]) -> set[str]:
    """Everyone in a tier above this one's."""
    mine = next(place for place, tier in enumerate(found) if who in tier)
    return {each for tier in found[:mine] for each in tier}


@settings(max_examples=60)
@given(GROUP)
def test_everyone_of_a_tier_is_above_everyone_of_a_lower_one(group: dict[str, list[Look]]) -> None:
    beliefs = {who: belief(looks) for who, looks in group.items()}
    found = tiers(beliefs)
    assert sorted(who for tier in found for who in tier) == sorted(group)
    for upper, lower in pairwise(found):
        assert upper == tuple(sorted(upper))
        for one in upper:
            assert all(chance_above(beliefs[one], beliefs[other]) >= ABOVE for other in lower)


@settings(max_examples=60)
@given(GROUP)
def test_no_tier_could_be_cut_once_more(group: dict[str, list[Look]]) -> None:
    beliefs = {who: belief(looks) for who, looks in group.items()}
    for tier in tiers(beliefs):
        for size in range(1, 2 ** len(tier) - 1):
            upper = {who for place, who in enumerate(tier) if size >> place & 1}
            lower = set(tier) - upper
            assert not all(
                chance_above(beliefs[one], beliefs[other]) >= ABOVE
                for one in upper
                for other in lower
            )


@settings(max_examples=60)
@given(GROUP, st.sampled_from(LEVELS), st.sampled_from(["a", "b", "c", "d"]))
def test_a_strong_answer_more_never_moves_anybody_to_a_lower_tier(
    group: dict[str, list[Look]], level: str, subject: str
) -> None:
    who = min(group)
    strong = Look(subject, level, 1.0, "local")  # type: ignore[arg-type]
    before = tiers({each: belief(looks) for each, looks in group.items()})
    group = {**group, who: [*group[who], strong]}
    after = tiers({each: belief(looks) for each, looks in group.items()})
    assert over(who, after) <= over(who, before)


@given(LOOKS, LOOKS)
def test_the_chances_of_two_make_one(one: list[Look], other: list[Look]) -> None:
    there, back = belief(one), belief(other)
    assert chance_above(there, back) + chance_above(back, there) == pytest.approx(1)


async def screened(hold: Hold, replies: dict[str, Reply], **more: object) -> Held:
    held = await at_first_question(hold, core=4, mode="screen", **more)
    while held.kind in {"core", "follow_up"}:
        await play(held, replies.get(held.asked or "", answers()), "So it is done by us.")
    return held


def of(held: Held, interview: str) -> Side:
    return side(interview, held.events, held.syllabus)


def told(*sides: Side) -> Comparison:
    return compare(sides)


async def test_a_strong_and_a_weak_candidate_are_in_two_tiers(hold: Hold) -> None:
    strong, weak = await screened(hold, FULL), await screened(hold, {})
    found = told(of(weak, "a"), of(strong, "b"), of(weak, "c"))
    assert found.tiers == (("b",), ("a", "c"))
    assert [each.interview for each in found.candidates] == ["a", "b", "c"]
    assert found.candidates[1].verdict == strong.report().verdict
    assert found.candidates[1].level == strong.report().overall.level  # type: ignore[union-attr]
    assert len(found.common) >= 3
    assert any("Provisional" in note for note in found.notes)
    printed = comparison_as_markdown(found)
    assert "2 tiers, the highest first" in printed
    assert printed.index("| b | 1 |") < printed.index("| a | 2 |") < printed.index("| c | 2 |")


async def test_equal_candidates_are_in_no_order(hold: Hold) -> None:
    held = await screened(hold, FULL)
    found = told(of(held, "b"), of(held, "a"))
    assert found.tiers == (("a", "b"),)
    assert "nobody is clearly ahead" in comparison_as_markdown(found)


async def test_who_has_no_graded_answer_is_in_no_tier(hold: Hold) -> None:
    strong = await screened(hold, FULL)
    quiet = await at_first_question(hold, core=4, mode="screen")
    for _ in range(4):
        if quiet.kind == "core":
            await quiet.press("skip")
    found = told(of(strong, "a"), of(quiet, "b"))
    assert found.tiers == (("a",),)
    assert found.candidates[1].level is None
    assert "Nothing graded, and so in no tier: b." in found.notes
    assert "| b | – | not enough evidence | not known | 0 |" in comparison_as_markdown(found)


async def test_different_forms_are_compared_on_what_they_have_in_common(hold: Hold) -> None:
    held = await screened(hold, FULL)
    whole = of(held, "a")
    other = replace(
        of(held, "b"),
        header=whole.header.model_copy(update={"form": ("history",)}),
        topics=whole.topics[:2],
        texts=dict(list(whole.texts.items())[:2]),
    )
    found = told(whole, other)
    assert [each.testlets for each in found.candidates] == [2, 2]
    assert found.candidates[0].level == found.candidates[1].level
    assert any("questions in common alone" in note for note in found.notes)


async def test_nothing_in_common_is_refused(hold: Hold) -> None:
    held = await screened(hold, FULL)
    one = of(held, "a")
    header = one.header.model_copy(update={"kit_version": "another"})
    other = replace(one, interview="b", header=header, texts={"else": "Something else?"})
    with pytest.raises(BadInput, match="no question in common"):
        told(one, other)


async def test_different_examiners_and_times_are_noted(hold: Hold) -> None:
    one = of(await screened(hold, FULL), "a")
    header = one.header.model_copy(update={"minutes": 20.0})
    other = replace(one, interview="b", header=header, examiners=frozenset({"model"}))
    notes = " ".join(told(one, other).notes)
    assert "two instruments" in notes
    assert "not given the same time" in notes


async def test_other_kits_levels_and_modes_are_refused(hold: Hold) -> None:
    one = of(await screened(hold, FULL), "a")
    ladder = of(await hold(kit=LADDER, mode="screen"), "b")
    with pytest.raises(BadInput, match="different kits: ladder, small"):
        told(one, ladder)
    for what, update in (("levels", {"level": "senior"}), ("modes", {"mode": "practice"})):
        other = replace(one, interview="b", header=one.header.model_copy(update=update))
        with pytest.raises(BadInput, match=f"different {what}"):
            told(one, other)


async def test_a_drill_tells_no_level_to_compare(hold: Hold) -> None:
    one = of(await hold(), "a")
    other = replace(one, interview="b", header=one.header.model_copy(update={"drill": True}))
    with pytest.raises(BadInput, match="tells no level: b"):
        told(one, other)


async def test_one_interview_twice_is_no_comparison_and_a_crowd_is_refused(hold: Hold) -> None:
    one = of(await hold(mode="screen"), "a")
    with pytest.raises(BadInput, match="1 interview cannot"):
        told(one, one)
    with pytest.raises(BadInput, match=f"{MOST + 1} interviews cannot"):
        told(*(replace(one, interview=f"i{number}") for number in range(MOST + 1)))


async def test_an_interview_under_way_is_noted(hold: Hold) -> None:
    held = await screened(hold, FULL)
    assert "Not over yet: a, b." in told(of(held, "a"), of(held, "b")).notes
