"""Habits of layout that other teams have, in small documents of our own."""

import pytest

from knowledge.atoms import Atom
from knowledge.parser import Parsed, parse
from knowledge.reading import Received


def read(text: str) -> Parsed:
    return parse(Received(document="kit.md", text=text))


def of(parsed: Parsed, *kinds: str) -> list[Atom]:
    return [atom for atom in parsed.atoms if atom.kind in kinds]


def said(parsed: Parsed, *kinds: str) -> list[str]:
    return [atom.text for atom in of(parsed, *kinds)]


def above(parsed: Parsed, text: str) -> str | None:
    """What the atom of this text belongs to."""
    by_id = {atom.id: atom for atom in parsed.atoms}
    atom = next(atom for atom in parsed.atoms if atom.text == text)
    return by_id[atom.parent].text if atom.parent else None


NESTED = """# Conversation

## Storage

**1. Reads got slow on Sunday and nothing was deployed. What do you do?** _(mid)_

- What a strong answer covers
  - Looks at the query plan first
  - Compares with last week
- Weak answer
  - Adds an index blindly
- Probes
  - What if the plan is the same?
- Hints
  - What else runs on Sundays?

**2. The disk bill has doubled. Lead us through your search.** _(senior)_

- *Covers:* splits it by table; asks who keeps what
"""


def test_labels_that_are_bullets_hold_the_bullets_below_them():
    parsed = read(NESTED)
    first, second = of(parsed, "question")
    assert (first.level, second.level) == ("mid", "senior")
    assert second.text == "The disk bill has doubled. Lead us through your search."
    points = of(parsed, "point")
    assert [p.question for p in points] == [first.id] * 2 + [second.id] * 2
    assert points[-1].text == "asks who keeps what"
    assert above(parsed, "Adds an index blindly") == first.text
    assert said(parsed, "follow_up") == ["What if the plan is the same?"]
    assert said(parsed, "hint") == ["What else runs on Sundays?"]
    assert said(parsed, "topic") == ["Storage"]


@pytest.mark.parametrize(("yes", "no"), [("[+]", "[-]"), ("+", "-"), ("✓", "✗"), ("✅", "❌")])
def test_plus_and_minus_bullets_speak_for_and_against_an_answer(yes, no):
    parsed = read(
        "# SQL\n\n1. Why is this join slow?\n"
        f"   {yes} Reads the plan\n   {no} Buys a bigger machine\n"
        f"2. What is an index?\n   {yes} Names what it costs\n"
        f"   {no} Puts one on every column\n"
    )
    question = of(parsed, "question")[0]
    indicators = of(parsed, "indicator")
    assert [i.polarity for i in indicators] == ["positive", "negative"] * 2
    assert [i.parent == question.id for i in indicators] == [True, True, False, False]
    assert not said(parsed, "reference")


def test_plus_and_minus_bullets_below_no_question_are_flags():
    parsed = read("# Impression\n\n[+] Says what was measured\n[-] Blames a colleague\n")
    assert [flag.polarity for flag in of(parsed, "flag")] == ["positive", "negative"]


def test_a_list_under_a_new_heading_is_no_answer_to_the_question_before():
    parsed = read(
        "# Guide\n\n## Openers\n\n1. Which tool would you keep?\n2. Which would you drop?\n\n"
        "## What should worry you\n\n- Guesses and calls it data\n\n"
        "## Rooms\n\nThe blue one.\n\n## People\n\nTwo of us.\n"
    )
    assert len(of(parsed, "question")) == 2
    assert not of(parsed, "reference", "point")


def test_short_names_below_sub_headings_are_topics_of_areas():
    parsed = read(
        "# Talk with mobile engineers\n\n## Ground we go over\n\n### Screens\n- Large text sizes\n"
        "- Navigation state\n\n### Network\n- Retries and offline queues\n- Certificate pinning\n"
    )
    assert said(parsed, "area") == ["Screens", "Network"]
    assert above(parsed, "Certificate pinning") == "Network"
    assert len(of(parsed, "topic")) == 4


def test_a_column_of_levels_tells_what_each_level_means():
    rows = "| Mid | Does it alone |\n| Senior | Teaches it |\n"
    parsed = read(f"# Depth\n\n| Seniority | What we hope for |\n|---|---|\n{rows}")
    assert [(a.level, a.text) for a in of(parsed, "level")] == [
        ("mid", "Does it alone"),
        ("senior", "Teaches it"),
    ]
    assert not of(parsed, "competency", "topic")


def test_sections_by_level_belong_to_the_competency_above_them():
    parsed = read(
        "# Growth\n\n## Modelling\n\n### Junior\n- Adds a column with a test\n\n"
        "### Senior\n- Splits a model in two\n\n## Operations\n\n- **Mid**: Restarts a job.\n"
        "- **Principal**: Retires a pipeline.\n"
    )
    assert said(parsed, "competency") == ["Modelling", "Operations"]
    assert [a.level for a in of(parsed, "level")] == ["junior", "senior", "mid", "principal"]
    assert above(parsed, "Retires a pipeline.") == "Operations"


LADDERS = [
    "A disk fills up.\n\n- Junior: What do you delete?\n- Senior: How do you stop it?\n",
    "> A disk fills up.\n\n1. (Junior) What do you delete?\n2. (Senior) How do you stop it?\n",
    "A disk fills up.\n\n### Junior\n\nWhat do you delete?\n\n### Senior\n\nHow do you stop it?\n",
    "A disk fills up.\n\n| Level | Question |\n|---|---|\n"
    "| Junior | What do you delete? |\n| Senior | How do you stop it? |\n",
]


@pytest.mark.parametrize("text", LADDERS)
def test_a_scenario_with_a_question_for_each_level_is_a_ladder(text):
    parsed = read(f"# Ladders\n\n## The full disk\n\n{text}")
    scenario, *rungs = of(parsed, "question")
    assert scenario.text == "A disk fills up."
    assert [(r.text, r.level) for r in rungs] == [
        ("What do you delete?", "junior"),
        ("How do you stop it?", "senior"),
    ]
    assert {r.parent for r in rungs} == {scenario.id}
    assert {a.group for a in (scenario, *rungs)} == {scenario.id}


@pytest.mark.parametrize(
    "lines",
    [
        "3 = Explains and picks\n2 = Names one\n1 = Guesses\n",
        "Explains well (3): Explains and picks\n\nFine (2): Names one\n\nNot yet (1): Guesses\n",
        "3 = Explains and picks, 2 = Names one, 1 = Guesses\n",
        "| Score | Meaning |\n|---|---|\n| 3 | Explains and picks |\n"
        "| 2 | Names one |\n| 1 | Guesses |\n",
    ],
)
def test_scores_from_top_to_bottom_are_anchors(lines):
    parsed = read(f"# Round\n\n## The numbers\n\n{lines}")
    assert [(a.grade, a.text) for a in of(parsed, "anchor")] == [
        ("exceeds", "Explains and picks"),
        ("meets", "Names one"),
        ("below", "Guesses"),
    ]


TAKE_HOME = """# Take-home exercise: a rate limiter

Build a small rate limiter and explain how two replicas behave.

## Requirements
- Survives a restart (20%)

## Limits
- No external services

## Time box

90 minutes

## How we mark

| Criterion | Weight | What we look at |
|---|---|---|
| Correctness | 50% | Counts right at the edge of a window |

## Follow-on questions

1. What happens when the clock jumps?
   - Good: uses a monotonic clock; says why
   - Bad: has not thought of it
"""


def test_a_page_of_an_exercise_gives_points_rules_minutes_and_questions():
    parsed = read(TAKE_HOME)
    (exercise,) = of(parsed, "exercise")
    assert exercise.minutes == 90
    assert said(parsed, "point") == [
        "Survives a restart (20%)",
        "Correctness – 50% – Counts right at the edge of a window",
    ]
    assert said(parsed, "rule") == ["No external services"]
    follow_on = of(parsed, "question")[-1]
    indicators = of(parsed, "indicator")
    assert [i.polarity for i in indicators] == ["positive", "positive", "negative"]
    assert {i.question for i in indicators} == {follow_on.id}
    assert follow_on.parent == exercise.id


CAPITALS = """ROLE PLAY: THE ANGRY TENANT
Time: 30 minutes

THE SCENE

A tenant has had no heating for six days and calls the hotline. You answer.

THE PARTNER

Mrs. Holm, loud but fair.

DO NOT

- Promise a technician

MARKS

4 - Calms, informs and agrees on a next step
3 - Informs and stays polite
2 - Stays polite
1 - Argues
"""


def test_titles_in_capitals_are_the_parts_of_an_exercise():
    parsed = read(CAPITALS)
    (exercise,) = of(parsed, "exercise")
    assert exercise.minutes == 30
    assert said(parsed, "rule") == ["Promise a technician"]
    assert [a.grade for a in of(parsed, "anchor")] == ["exceeds", "meets", "below"]
    assert len(of(parsed, "question")) == 1


def test_accepted_answers_and_nudges_on_the_line_of_a_money_question_are_its_own():
    parsed = read(
        "# Quick-fire round\n\n**Redis (KV store)**\n"
        "- What does EXPIRE do? *Accept:* sets a time to live / lets a key vanish. "
        "*Nudge:* think of caches.\n\n**Git**\n- What is a rebase? *Accept:* replays commits.\n"
    )
    redis, git = of(parsed, "technology")
    assert (redis.text, redis.aliases, git.text) == ("Redis", ("KV store",), "Git")
    assert [m.parent for m in of(parsed, "money")] == [redis.id, git.id]
    points = of(parsed, "point")
    assert [p.role for p in points] == ["any_of", "any_of", "core"]
    assert points[0].group == points[1].group
    assert said(parsed, "hint") == ["think of caches."]


def test_lines_of_an_agenda_are_parts_with_their_minutes():
    parsed = read(
        "# Your visit\n\n## What will happen\n\n10 min - Introductions\n0:10–0:50 The talk\n"
    )
    assert [a.minutes for a in of(parsed, "format")] == [10, 40]


def test_what_they_ask_and_what_is_answered_is_about_the_company():
    parsed = read("| They ask | We answer |\n|---|---|\n| How big is the team? | Nine people. |\n")
    assert said(parsed, "candidate_question") == ["How big is the team?"]
    assert above(parsed, "Nine people.") == "How big is the team?"


def test_dos_and_donts_side_by_side_are_rules():
    parsed = read("# Hour\n\n| Do | Don't |\n|---|---|\n| Leave pauses | Interrupt |\n")
    assert [(a.text, a.topic) for a in of(parsed, "rule")] == [
        ("Leave pauses", "do"),
        ("Interrupt", "don't"),
    ]


def test_front_matter_tells_whom_a_document_speaks_of():
    parsed = read(
        "---\nrole: Data Engineer\ncompany: Lumen & Co\nlevel: senior\n---\n\n"
        "# Questions\n\n1. What is a snapshot?\n2. When do you take one?\n"
    )
    first, second = of(parsed, "question")
    assert (first.about.role, first.about.company) == ("Data Engineer", "Lumen & Co")
    assert (first.level, second.level) == ("senior", "senior")
    assert len(parsed.atoms) == 2
    assert parsed.skipped[0].reason.startswith("Front matter")


def test_what_the_team_says_to_a_candidates_question_is_a_fact_to_be_told() -> None:
    parsed = read(
        "# Welder\n\n## Questions candidates may ask\n\n"
        "Q: Is there work on weekends?\nA: One weekend in six, with a day off in lieu.\n"
    )
    assert said(parsed, "candidate_question") == ["Is there work on weekends?"]
    assert said(parsed, "fact") == ["One weekend in six, with a day off in lieu."]
    assert above(parsed, "One weekend in six, with a day off in lieu.") == (
        "Is there work on weekends?"
    )
