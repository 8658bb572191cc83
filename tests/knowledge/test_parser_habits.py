"""Habits that no phrase gives away: what stands around a line tells what it is."""

import pytest

from knowledge.atoms import Atom
from knowledge.parser import Parsed, parse
from knowledge.parser.valence import tone
from knowledge.reading import Received


def read(text: str) -> Parsed:
    return parse(Received(document="guide.md", text=text))


def of(parsed: Parsed, kind: str) -> list[Atom]:
    return [atom for atom in parsed.atoms if atom.kind == kind]


def texts(parsed: Parsed, kind: str) -> list[str]:
    return [atom.text for atom in of(parsed, kind)]


@pytest.mark.parametrize(
    ("title", "heard"),
    [
        ("Run away when they say", "negative"),
        ("Hesitate if", "negative"),
        ("We do not want to hear", "negative"),
        ("Would delight the head gardener", "positive"),
        ("Great to see", "positive"),
        ("Never hire if", "negative"),
        ("Worries and delights", False),
        ("Notes on soil", None),
    ],
)
def test_a_title_is_heard_by_its_tone(title: str, heard: object) -> None:
    assert tone(title) == heard


LABELLED = (
    "1. How do you prune a pear?\n\n{good}:\n- Waits for frost\n\n{bad}:\n- Cuts all at once\n"
)


@pytest.mark.parametrize(
    ("good", "bad"),
    [("We warm to", "Puts us off"), ("Lovely, we like to hear", "Makes us nervous")],
)
def test_labels_in_a_teams_own_words_speak_for_and_against(good: str, bad: str) -> None:
    parsed = read(f"## Questions\n\n{LABELLED.format(good=good, bad=bad)}")
    (asked,) = of(parsed, "question")
    told = {(a.text, a.polarity, a.question) for a in of(parsed, "indicator")}
    assert told == {
        ("Waits for frost", "positive", asked.id),
        ("Cuts all at once", "negative", asked.id),
    }


def test_a_title_of_both_tones_sets_neither() -> None:
    parsed = read("# Gardener\n\n## Worries and delights\n\n- Talks to the roses\n")
    assert not of(parsed, "flag") + of(parsed, "indicator")


def test_plus_says_nothing_where_there_is_no_minus() -> None:
    listed = "## Plus\n\n- A van comes with the job\n"
    assert not of(read(f"# Courier\n\n{listed}"), "flag")
    both = read("# Courier\n\n## Plus\n\n- Knows the streets\n\n## Minus\n\n- Drives too fast\n")
    assert [f.polarity for f in of(both, "flag")] == ["positive", "negative"]


@pytest.mark.parametrize(
    "parts",
    [
        "a) Who holds the rope?\n\nb) And in the rain?\n",
        "   - Who holds the rope?\n   - And in the rain?\n",
        "   i. Who holds the rope?\n   ii. And in the rain?\n",
    ],
)
def test_questions_below_a_numbered_question_follow_it_up(parts: str) -> None:
    parsed = read(
        f"## Questions\n\n1. How do you fell a tree?\n\n{parts}\n2. How do you plant one?\n"
    )
    first, _ = of(parsed, "question")
    assert [(f.text, f.parent) for f in of(parsed, "follow_up")] == [
        ("Who holds the rope?", first.id),
        ("And in the rain?", first.id),
    ]


def test_a_situation_with_lettered_questions_is_a_question() -> None:
    parsed = read(
        "## Questions\n\n1. How do you calm a dog?\n\n"
        "2. A parrot has flown out. It sits on a lamp.\n\n"
        "a) What do you do?\n\nb) Who helps?\n"
    )
    assert [q.text[:8] for q in of(parsed, "question")] == ["How do y", "A parrot"]
    assert len(of(parsed, "follow_up")) == 2


@pytest.mark.parametrize(
    "said",
    [
        "Put your watch on the table.",
        "A question is asked twice at most.",
        "If the candidate is late, wait ten minutes.",
        "Nobody scores before the others have left.",
    ],
)
def test_what_binds_interviewers_is_advice(said: str) -> None:
    assert (
        texts(read(f"# Baker\n\n## On the day\n\n- {said}\n- Be kind to the oven.\n"), "fact") == []
    )


@pytest.mark.parametrize("said", ["The bakery opens at four.", "Notes of vanilla are typical."])
def test_what_only_tells_stays_a_fact(said: str) -> None:
    assert texts(read(f"# Baker\n\n## About us\n\n{said}\n"), "fact") == [said]


@pytest.mark.parametrize("title", ["If they ask", "What applicants usually ask", "They may ask"])
def test_candidates_questions_have_the_answer_on_their_line(title: str) -> None:
    parsed = read(
        f"# Diver\n\n## {title}\n\nIs the suit warm? Mostly.\n\nWho drives? The cook, yes.\n"
    )
    assert texts(parsed, "candidate_question") == ["Is the suit warm?", "Who drives?"]
    assert {"Mostly.", "The cook, yes."} <= set(texts(parsed, "fact"))


@pytest.mark.parametrize(
    "line", ["Questions about this file? Ask Renske.", "Something missing? Tell the front desk."]
)
def test_a_question_about_the_file_is_asked_of_nobody(line: str) -> None:
    parsed = read(f"## Questions\n\n- How do you bind a book?\n- What is gum?\n\n{line}\n")
    assert len(of(parsed, "question")) == 2


@pytest.mark.parametrize("name", ["Competency B: Patience", "Core competency 2 – Patience"])
def test_a_lettered_competency_is_named_without_its_letter(name: str) -> None:
    parsed = read(f"# Tutor\n\n## {name}\n\n**Lead question:** When did you last wait?\n")
    assert texts(parsed, "competency") == ["Patience"]
    assert texts(parsed, "question") == ["When did you last wait?"]


def test_an_underlined_line_that_counts_is_a_title() -> None:
    text = "1. ROPES\n--------\n\n1.1 (*) Which knot holds?\n\n1.2 How old is a rope?\n"
    assert len(of(read(text), "question")) == 2


def test_a_hint_names_its_question_by_number() -> None:
    parsed = read(
        "## Questions\n\n1. How do you tune a harp?\n2. How do you carry one?\n\n"
        "## If the talk stalls\n\nFor number 2: think of stairs\n"
    )
    (hint,) = of(parsed, "hint")
    assert (hint.text, hint.question) == ("think of stairs", of(parsed, "question")[1].id)


def test_whom_interviewers_play_is_no_question() -> None:
    parsed = read(
        "# Waiter\n\n## Role play at table four\n\nYou are a guest with a cold soup. "
        "The candidate serves you.\n\n- Do not smile before the soup is warm.\n"
    )
    assert texts(parsed, "exercise") == ["Role play at table four"]
    assert not of(parsed, "question")
    assert texts(parsed, "rule") == ["Do not smile before the soup is warm."]


def test_columns_that_grow_better_in_own_words_are_anchors() -> None:
    parsed = read(
        "# Tailor\n\n## Compare\n\n|  | Not yet | One of us | Our teacher |\n|---|---|---|---|\n"
        "| Seams | Pulls | Lies flat | Cannot be found |\n"
    )
    assert texts(parsed, "competency") == ["Seams"]
    assert [a.grade for a in of(parsed, "anchor")] == ["below", "meets", "exceeds"]


def test_minutes_may_be_spelled_out() -> None:
    parsed = read(
        "# Vet\n\n## How the hour goes\n\nTea for five minutes. Then half an hour of cases.\n"
    )
    assert [f.minutes for f in of(parsed, "format")] == [5.0, 30.0]


def test_areas_to_cover_hold_the_topics_below_them() -> None:
    parsed = read(
        "# Pilot\n\n## Ground to cover\n\n- Weather\n    - Fog\n    - Ice\n- Crew\n    - Rest\n"
    )
    assert texts(parsed, "area") == ["Weather", "Crew"]
    areas = {a.id: a.text for a in of(parsed, "area")}
    assert [areas[t.parent or ""] for t in of(parsed, "topic")] == ["Weather", "Weather", "Crew"]


def test_a_form_of_one_question_is_read_from_left_to_right() -> None:
    parsed = read(
        "# Baker\n\n| Question 1 | Skill: Dough |\n|---|---|\n"
        "| Core question | Tell us about a loaf that failed. |\n"
        "| Prompts | - Whose was it? |\n"
        "| Evidence of strength | - Names the cause<br>- Baked it again |\n"
        "| Signs of weakness | - Blames the flour |\n| Notes |  |\n| Mark | 1 2 3 4 |\n"
    )
    (asked,) = of(parsed, "question")
    assert (asked.text, asked.topic) == ("Tell us about a loaf that failed.", "Dough")
    assert texts(parsed, "follow_up") == ["Whose was it?"]
    assert [a.polarity for a in of(parsed, "indicator")] == ["positive", "positive", "negative"]
    assert all("1 2 3" not in a.text for a in parsed.atoms)


def test_rows_that_are_asked_no_more_are_left_out() -> None:
    head = "# Baker\n\n| Question | Retired on | If they struggle |\n|---|---|---|\n"
    parsed = read(f"{head}| How do you knead? |  | Show hands |\n| How old are you? | 2021 |  |\n")
    assert texts(parsed, "question") == ["How do you knead?"]
    assert texts(parsed, "hint") == ["Show hands"]
    dated = read(f"{head}| How do you knead? | 2031 |  |\n| Why salt? | 2032 |  |\n")
    assert len(of(dated, "question")) == 2


def test_parts_in_one_sentence_have_their_own_minutes() -> None:
    parsed = read(
        "# Vet\n\n## Running order\n\nTea (5 minutes), cases (25 minutes), and a walk (10 min).\n"
    )
    assert [f.minutes for f in of(parsed, "format")] == [5.0, 25.0, 10.0]


def test_a_section_may_be_counted_by_letters() -> None:
    parsed = read("# Vet\n\n## Part C: The candidate's questions\n\n- Is there a pond?\n")
    assert texts(parsed, "candidate_question") == ["Is there a pond?"]


@pytest.mark.parametrize(
    "ladder",
    [
        "Junior: Waters on time. Senior: Plans the beds for years.",
        "  Junior: Waters on time.\n  Senior: Plans the beds for years.",
    ],
)
def test_a_name_over_what_it_means_at_each_level_is_a_competency(ladder: str) -> None:
    parsed = read(f"# Gardener\n\n## Scorecard\n\nCare of plants\n\n{ladder}\n\nThe end\n")
    (care,) = of(parsed, "competency")
    assert care.text == "Care of plants"
    assert [(a.level, a.parent) for a in of(parsed, "level")] == [
        ("junior", care.id),
        ("senior", care.id),
    ]


def test_a_known_label_in_bold_may_end_with_a_full_stop() -> None:
    parsed = read(
        "# Gardener\n\n## Roses\n\n**Question.** A rose has black spots. What do you do?\n\n"
        "**Why we ask.** It happens every June.\n\n**Watch out for:**\n- Sprays at once\n"
    )
    assert texts(parsed, "question") == ["A rose has black spots. What do you do?"]
    assert [(a.text, a.polarity) for a in of(parsed, "indicator")] == [
        ("Sprays at once", "negative")
    ]
    assert texts(parsed, "advice") == ["It happens every June."]
