"""A screen tried before it is sent."""

from collections.abc import Iterator

import pytest
from held import LADDER

from agent.measuring import Belief
from agent.pace import FAST, SLOW, seconds
from agent.planning import plan
from agent.policy import Policy
from agent.rehearsal import Rehearsal, rehearse
from agent.rehearsal_words import says
from agent.simulated import Screen
from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Kit, Level
from knowledge.errors import BadInput, NotFound
from knowledge.kit_yaml import parse_kit

POLICY = Policy()
SYLLABLES = "bal dor fim gul hek jat kov lum mip nar".split()


def term(number: int) -> str:
    """A word of its own for each number."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:03}")


def _sentence(terms: Iterator[str]) -> str:
    return f"It keeps {next(terms)} beside {next(terms)} and {next(terms)}."


def kit_of(questions: dict[str, list[str | None]], *, points: int = 3) -> Syllabus:
    """A kit with questions of these levels on each competency, no two alike."""
    lines = ["viva: 1", "name: made", "atoms:"]
    terms = map(term, range(1000))
    for name, levels in questions.items():
        lines += [f"- competency: {name}", "  has:"]
        for level in levels:
            lines.append(f"  - question: When does {next(terms)} need {next(terms)}?")
            lines += [f"    at: {level}"] * (level is not None)
            lines += ["    has:"] if points else []
            lines += [f"    - point: {_sentence(terms)}" for _ in range(points)]
    return Syllabus(parse_kit("\n".join(lines), "made.yaml"))


@pytest.fixture(scope="module")
def data_engineer(shipped: Kit) -> Syllabus:
    return Syllabus(shipped)


def width(made: Rehearsal) -> float:
    assert made.overall.width is not None
    return made.overall.width


def said(made: Rehearsal) -> str:
    return " ".join(made.says + made.kit_says)


def test_too_many_competencies_are_told_and_not_refused(data_engineer: Syllabus) -> None:
    made = rehearse(
        data_engineer, POLICY, level="senior", minutes=40, subjects=data_engineer.subjects[:6]
    )
    assert "6 competencies in 40 minutes tells you almost nothing about each" in said(made)
    assert [each.width is None for each in made.competencies].count(True) == 2
    assert len(made.competencies) == made.chosen == 6
    with pytest.raises(BadInput):
        plan(
            data_engineer,
            POLICY,
            mode="screen",
            level="senior",
            minutes=40,
            subjects=data_engineer.subjects[:6],
        )


def test_one_question_each_settles_none_and_more_settle_some() -> None:
    syllabus = kit_of({f"Subject {n}": ["mid"] for n in range(5)})
    made = rehearse(syllabus, POLICY, level="mid", minutes=60)
    assert "One question on each of 5 competencies cannot settle any of them" in said(made)
    assert all(each.right == each.wrong == 0 for each in made.competencies)
    alone = kit_of({"Subject": ["mid"] * 4 + ["senior"] * 4})
    settled = rehearse(alone, POLICY, level="mid", minutes=60)
    assert settled.competencies[0].right > 0.3
    assert "own verdict is settled for" in said(settled)


def test_more_time_narrows_the_ranges_and_makes_more_verdicts_right() -> None:
    syllabus = kit_of({"One": ["mid"] * 5, "Two": ["senior"] * 5})
    short, long = (
        rehearse(syllabus, POLICY, level="mid", minutes=minutes, by="human") for minutes in (20, 80)
    )
    assert width(long) < width(short) - 0.2
    assert long.overall.right > short.overall.right
    assert long.overall.wrong < short.overall.wrong


def test_the_same_seed_gives_the_same_rehearsal_and_the_examiner_matters() -> None:
    syllabus = kit_of({"One": ["mid"] * 4, "Two": ["mid"] * 4})
    first, again, people = (
        rehearse(syllabus, POLICY, level="mid", minutes=45, by=by)
        for by in ("local", "local", "human")
    )
    assert first == again
    assert width(people) < width(first)


def test_typing_takes_longer_for_more_points_and_for_those_who_type_slowly() -> None:
    little, much = (
        next(iter(kit_of({"One": ["mid"]}, points=points).items.values())) for points in (1, 3)
    )
    for item in (little, much):
        assert seconds(item, "", FAST, POLICY) < seconds(item, "", SLOW, POLICY)
    assert seconds(little, "", SLOW, POLICY) < seconds(much, "", SLOW, POLICY)
    scene = "A nightly load of a million rows fails now and then."
    assert seconds(little, "", FAST, POLICY) < seconds(little, scene, FAST, POLICY)


def test_a_range_of_minutes_is_told_and_who_gets_to_what() -> None:
    syllabus = kit_of({"One": ["mid"] * 5, "Two": ["mid"] * 5})
    made = rehearse(syllabus, POLICY, level="mid", minutes=30)
    assert made.fast.minutes < made.slow.minutes
    assert made.slow.questions <= made.fast.questions <= made.questions
    assert f"{made.fast.minutes:.0f} to {made.slow.minutes:.0f} minutes" in said(made)


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ({"One": ["junior"] * 6}, "Nothing the kit asks about here is at senior level"),
        ({"One": ["senior"], "Two": ["junior"]}, "On 1 of 2 competencies the kit has no question"),
        ({"One": [None] * 4}, "No question says what level it is for; all are taken to be"),
        ({"One": ["senior"] * 2}, "The kit has only 2 questions for this"),
        ({"One": ["senior"] * 2}, "There is no stretch question"),
        ({"One": ["senior"] * 9}, "No question is left above senior level"),
    ],
)
def test_what_the_kit_lacks_is_told(questions: dict[str, list[str | None]], words: str) -> None:
    made = rehearse(kit_of(questions), POLICY, level="senior", minutes=45)
    assert words in " ".join(made.kit_says)


def test_questions_without_anything_to_mark_by_are_told() -> None:
    some = parse_kit(
        "viva: 1\nname: some\natoms:\n- competency: One\n  has:\n"
        "  - question: How would one mend the ledger?\n"
        "    has: [{point: The rows keep the version that was valid.}]\n"
        "  - question: What do you think of turbines?\n",
        "some.yaml",
    )
    made = rehearse(Syllabus(some), POLICY, level="mid", minutes=45)
    assert "1 question of the kit has nothing to mark an answer by" in " ".join(made.kit_says)
    with pytest.raises(BadInput, match="no question that an answer could be marked by"):
        rehearse(kit_of({"One": ["mid"]}, points=0), POLICY, level="mid", minutes=45)


def test_an_unknown_competency_is_an_error_with_the_names_there_are() -> None:
    with pytest.raises(NotFound) as refused:
        rehearse(kit_of({"One": ["mid"]}), POLICY, level="mid", minutes=45, subjects=["Nine"])
    assert "One" in refused.value.remedy


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("minutes", [5.0, 17.5, 240.0])
def test_it_is_plain_short_and_complete_at_every_level_and_length(
    data_engineer: Syllabus, level: Level, minutes: float
) -> None:
    made = rehearse(data_engineer, POLICY, level=level, minutes=minutes)
    assert 1 <= len(made.says) <= 4
    assert [each.level for each in made.verdicts] == list(LEVELS)
    for each in made.verdicts:
        assert each.right + each.wrong + each.open == pytest.approx(1.0, abs=0.002)
    assert Rehearsal.model_validate_json(made.model_dump_json()) == made


def test_nothing_of_a_question_or_rubric_is_in_it(data_engineer: Syllabus) -> None:
    told = rehearse(data_engineer, POLICY, level="mid", minutes=45).model_dump_json()
    hidden = [a.text for a in data_engineer.kit.of("question", "point", "indicator", "hint")]
    assert not [text for text in hidden if text in told]
    assert not [id_ for id_ in data_engineer.items if id_ in told]


def test_a_name_that_gives_a_question_away_can_be_left_out() -> None:
    made = rehearse(kit_of({"One": ["mid"], "Two": ["mid"]}), POLICY, level="mid", minutes=45)
    names = [each.name for each in made.naming_only({"Two"}).competencies]
    assert names == ["Competency 1", "Two"]


def test_a_ladder_s_rungs_are_climbed_as_in_a_real_screen() -> None:
    syllabus = Syllabus(parse_kit(LADDER, "ladder.yaml"))
    planned = plan(syllabus, POLICY, mode="screen", level="mid", minutes=45)
    screen = Screen(syllabus, POLICY, planned, "mid")
    counts = {each.known.overall.testlets for each in screen.held("principal", 30, seed=0)}
    assert max(counts) > planned.core


def test_better_candidates_come_out_better(data_engineer: Syllabus) -> None:
    planned = plan(data_engineer, POLICY, mode="screen", level="mid", minutes=45)
    screen = Screen(data_engineer, POLICY, planned, "mid")

    def mean(level: Level) -> float:
        beliefs: list[Belief] = [each.known.overall for each in screen.held(level, 60, seed=0)]
        return sum(belief.mean for belief in beliefs) / len(beliefs)

    assert mean("junior") < mean("mid") < mean("senior") < mean("principal")


def test_who_is_asked_everything_and_runs_out_of_time_is_told_so() -> None:
    made = rehearse(kit_of({"Rows": ["mid"] * 4}), POLICY, level="mid", minutes=43.75)
    slow = made.slow.model_copy(update={"minutes": 60.2, "questions": made.questions})
    fast = made.fast.model_copy(update={"minutes": 20.0})
    told = says(made.model_copy(update={"slow": slow, "fast": fast}))[-1]
    assert told == (
        "Typing it takes 20 to 60 minutes, and 44 are planned: those who type slowly are asked "
        "every core question, and their time runs out before the end."
    )
