"""What is asked, what only looks like it, and whose answer is whose, in other teams' habits."""

import pytest

from knowledge.atoms import Atom
from knowledge.blocks import scan
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


COUNTS = ["1. 2.", "1) 2)", "(1) (2)", "a. b.", "(a) (b)", "i. ii.", "ii) iii)", "1.1 1.2", "1.a 1.b",  # noqa: E501
          "§ 1 § 2", "§1. §2.", "1️⃣ 2️⃣", "9️⃣ 🔟", "① ②", "Q1. Q2.", "Q1: Q2:"]  # fmt: skip


@pytest.mark.parametrize("counts", COUNTS)
def test_questions_are_counted_in_many_ways(counts: str) -> None:
    words = counts.split()
    one, two = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    parsed = read(
        f"# Kitchen\n\n{one} What is a roux?\n   - Fat\n\n{two} What is a stock?\n   - Bones\n"
    )
    first, second = of(parsed, "question")
    assert (first.text, second.text) == ("What is a roux?", "What is a stock?")
    assert [(p.text, p.question) for p in of(parsed, "point")] == [
        ("Fat", first.id),
        ("Bones", second.id),
    ]


@pytest.mark.parametrize("text", ["1.5 million users", "3.2 is a version", "i.e. that one"])
def test_a_number_in_a_sentence_counts_nothing(text: str) -> None:
    assert [block.kind for block in scan(text)] == ["paragraph"]


QUOTED = [
    '"Tell me about a patient who refused."\n\n- Listens\n\n'
    '"How do you hand over?"\n\n- In order\n',
    '> "Tell me about a patient who refused."\n\n- Listens\n\n'
    '> "How do you hand over?"\n\n- In order\n',
    'Ask: "Tell me about a patient who refused."\n\n- Listens\n\n'
    'Ask: "How do you hand over?"\n\n- In order\n',
    '**Mo likes:** “Tell me about a patient who refused.”\n\n- Listens\n\n“How do you hand over?”\n\n- In order\n',  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize("text", QUOTED)
def test_a_line_that_is_one_quotation_is_asked_as_it_stands(text: str) -> None:
    parsed = read(f"# Ward\n\n## Talk\n\n{text}")
    first, second = of(parsed, "question")
    assert first.text == "Tell me about a patient who refused."
    assert second.text == "How do you hand over?"
    assert [p.question for p in of(parsed, "point")] == [first.id, second.id]
    assert said(parsed, "topic") == ["Talk"]


@pytest.mark.parametrize(
    "line",
    [
        'Then: "How was the journey?" It is small talk.',
        '"Great, thank you." - "Shall we go on?" - "Take your time." are fine.',
        'Instead of "You know knives, right?" ask "Which knife do you reach for first?"',
        'Not "Why did you fail?", but "What did you change?"',
        '"Thank you, that helps."',
        'Never ask "How old are you?"',
    ],
)
def test_speech_within_a_line_or_that_asks_nothing_is_no_question(line: str) -> None:
    parsed = read(f"# Chef\n\n## Questions\n\n{line}\n\n- What is a roux?\n")
    assert said(parsed, "question") == ["What is a roux?"]


def test_a_question_that_quotes_somebody_is_asked() -> None:
    parsed = read('# Ward\n\n- A patient says "Am I dying?" What do you say?\n- What is sepsis?\n')
    assert len(of(parsed, "question")) == 2


@pytest.mark.parametrize(
    "talk",
    [
        "Interviewer: Sell me this pen.\nCandidate: When did you last write?\n"
        "Interviewer: Why do you ask?\nCandidate: To learn.",
        "> **M:** What would you check first?\n> **T:** The till.\n> **M:** Great, thank you.",
    ],
)
def test_what_was_asked_in_a_conversation_is_not_for_the_next_candidate(talk: str) -> None:
    parsed = read(
        f"# Sales\n\n## Questions\n\n{talk}\n\n- How do you price it?\n- What is churn?\n"
    )
    assert said(parsed, "question") == ["How do you price it?", "What is churn?"]


def test_questions_and_answers_in_turn_are_no_conversation() -> None:
    parsed = read("Q: What is a roux?\nA: Fat and flour.\nQ: What is a stock?\nA: Bones.\n")
    assert len(of(parsed, "question")) == len(of(parsed, "reference")) == 2


@pytest.mark.parametrize("slot", ["[dish]", "{dish}", "[name of the dish]"])
def test_a_template_is_told_and_never_asked(slot: str) -> None:
    parsed = read(f"# Chef\n\n1. How do you plate {slot}?\n   - Clean rim\n2. What is a roux?\n")
    assert said(parsed, "question") == ["What is a roux?"]
    assert said(parsed, "advice") == [f"How do you plate {slot}?"]
    assert parsed.notes == (f"Line 3 is a template: put a word in for {slot}, and it is asked.",)


@pytest.mark.parametrize(
    "line",
    ["What does `x[index]` print? [senior]", "[Python] What is a list?", "What is [this](a.md)?"],
)
def test_brackets_that_hold_a_tag_code_or_a_link_are_no_slot(line: str) -> None:
    parsed = read(f"# Chef\n\n1. {line}\n2. What is a roux?\n")
    assert len(of(parsed, "question")) == 2


def test_headings_about_the_document_are_no_questions() -> None:
    parsed = read(
        "# Bank\n\n## What is this guide?\n\nA list.\n\n## Who should read this?\n\nAll.\n\n"
        "## What is a lock?\n\nA gate.\n\n## What does this print?\n\n```\nprint(1)\n```\n\n"
        "## How do you open a sluice?\n\nSlowly.\n\n## Any questions?\n\nAsk Petra.\n"
    )
    assert said(parsed, "question") == [
        "What is a lock?",
        "What does this print?",
        "How do you open a sluice?",
    ]


def test_a_heading_beside_a_section_of_questions_is_no_question() -> None:
    parsed = read(
        "# Script\n\n## Why does the tone matter?\n\nWe learned it.\n\n## Core questions\n\n"
        "- How do you start a lesson?\n- What is homework for?\n\n"
        "## What do the marks mean?\n\nLittle.\n"
    )
    assert said(parsed, "question") == ["How do you start a lesson?", "What is homework for?"]


def test_a_heading_with_an_answer_below_it_is_a_question_wherever_it_stands() -> None:
    parsed = read(
        "# Script\n\n## Core questions\n\n- What is homework for?\n- Who marks it?\n\n"
        "## What does silence mean?\n\n**Answer:** Thinking.\n"
    )
    assert "What does silence mean?" in said(parsed, "question")


def test_a_part_of_an_answer_with_a_heading_of_its_own_is_the_reference() -> None:
    parsed = read(
        "# Nurse\n\n## How do you triage?\n\n### Answer\n\n- By urgency\n\n## Who helps?\n"
    )
    assert said(parsed, "point") == ["By urgency"]
    assert above(parsed, "- By urgency") == "How do you triage?"


def test_plain_lines_are_asked_and_questions_within_an_answer_are_not() -> None:
    parsed = read(
        "What is a lock?\n\nA gate in a canal. Why use one? Because boats cannot climb.\n\n"
        "What is a weir?\n\nA low dam.\n"
    )
    assert said(parsed, "question") == ["What is a lock?", "What is a weir?"]
    assert said(parsed, "point") == ["A gate in a canal", "Because boats cannot climb", "A low dam"]


def test_a_follow_up_within_an_answer_is_found() -> None:
    parsed = read(
        "## Teaching\n\n**How do you start?**\n\nWith a riddle. Is it hard? No. "
        "Follow-up: What if nobody answers?\n\n**How do you end?**\n\nWith a song.\n"
    )
    assert len(of(parsed, "question")) == 2
    assert above(parsed, "What if nobody answers?") == "How do you start?"


FOLLOWED = [
    "1. How do you start?\n   - With a riddle\n   - Follow-ups:\n     - What if nobody answers?\n"
    "       - Waits\n     - And if they laugh?\n       - Laughs too\n"
    "2. How do you end?\n   - In time\n",
    "Q: How do you start?\nA: With a riddle\nFollow-up: What if nobody answers?\nA: Waits\n"
    "Follow-up: And if they laugh?\nA: Laughs too\nQ: How do you end?\nA: In time\n",
]  # fmt: skip


@pytest.mark.parametrize("text", FOLLOWED)
def test_a_follow_up_keeps_its_own_answer(text: str) -> None:
    parsed = read(f"## Teaching\n\n{text}")
    asked, _ = of(parsed, "question")
    waits, laughs = of(parsed, "follow_up")
    assert (waits.parent, laughs.parent) == (asked.id, asked.id)
    owners = {p.text: p.question for p in of(parsed, "point")}
    assert (owners["Waits"], owners["Laughs too"]) == (waits.id, laughs.id)
    assert owners["With a riddle"] == asked.id


@pytest.mark.parametrize(
    "rule",
    [
        'If they mention caching: ask "How do you empty it?"',
        "If the candidate brings up caching -> How do you empty it?",
        "When they propose caching, ask: How do you empty it?",
    ],
)
def test_a_question_on_a_condition_belongs_to_its_rule(rule: str) -> None:
    parsed = read(
        f"## Systems\n\n1. How would you scale it?\n   - {rule}\n2. How would you test it?\n"
    )
    first, _ = of(parsed, "question")
    assert said(parsed, "rule") == [rule]
    assert above(parsed, rule) == first.text
    assert above(parsed, "How do you empty it?") == rule
    assert of(parsed, "follow_up")[0].question == first.id


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("If they are stuck: What does a library do with old books?", "hint"),
        ("If they say sharding, ask how they pick the key.", "rule"),
    ],
)
def test_help_for_the_stuck_and_indirect_speech_are_no_follow_ups(line: str, kind: str) -> None:
    parsed = read(
        f"## Systems\n\n1. How would you scale it?\n   - {line}\n2. How would you test it?\n"
    )
    assert len(of(parsed, kind)) == 1
    assert not of(parsed, "follow_up")


def test_a_condition_put_to_the_candidate_is_a_question() -> None:
    parsed = read(
        "# Project\n\n- If you were to start again, what would you do?\n- What is left?\n"
    )
    assert len(of(parsed, "question")) == 2


def test_what_each_level_would_say_is_told_apart() -> None:
    parsed = read(
        "## Care\n\n### How do you notice a worsening patient?\n\n"
        "By looking. A junior nurse will call. "
        ""
        "A mid-level candidate reads the score. They know it. A senior nurse would prepare the room.\n\n"  # noqa: E501
        "### The senior nurse has left. What do you do?\n\n- Calls\n"
    )
    first, second = of(parsed, "question")
    levels = [(a.level, a.text.split()[-1], a.question) for a in of(parsed, "level")]
    assert levels == [
        ("junior", "call.", first.id),
        ("mid", "it.", first.id),
        ("senior", "room.", first.id),
    ]
    assert second.text == "The senior nurse has left. What do you do?"


CONTENTS = [
    "In this document:\n\n- What we hope for\n- Getting through the hour\n- The things to ask\n",
    "- [What for](#a)\n- [How long](#b)\n- [What is asked?](#c)\n",
    "1. What we want .... 2\n2. How long ........ 3\n3. What is asked? .... 4\n",
]


@pytest.mark.parametrize("contents", CONTENTS)
def test_a_table_of_contents_in_other_words_is_skipped(contents: str) -> None:
    parsed = read(
        f"# Chef\n\n{contents}\n## Hopes\n\nCalm.\n\n## The hour\n\n10 min - Hello\n\n"
        "## Questions\n\n1. What is a roux?\n2. What is a stock?\n"
    )
    assert said(parsed, "question") == ["What is a roux?", "What is a stock?"]
    assert sum(s.reason == "A table of contents." for s in parsed.skipped) >= 3
    assert said(parsed, "fact") == ["Calm."]


def test_a_list_that_names_no_sections_is_no_table_of_contents() -> None:
    parsed = read(
        "# Chef\n\n- Knives are sharp\n- Aprons hang left\n- Doors stay open\n\n## Salt\n\nYes.\n"
    )
    assert len(of(parsed, "fact")) == 4


def test_one_of_several_ways_is_enough_where_the_label_says_so() -> None:
    parsed = read(
        "# Ward\n\n### What makes you stop?\n\n"
        ""
        "Good answers mention one of these: an allergy, a dose nobody can read, or a missing name.\n"  # noqa: E501
    )
    points = of(parsed, "point")
    assert [p.role for p in points] == ["any_of"] * 3
    assert len({p.group for p in points}) == 1


def test_items_over_questions_are_their_topics() -> None:
    parsed = read(
        "## Service\n\n1. Noise\n   1.a How do you quieten a class?\n   1.b When do you shout?\n"
        "2. Bells\n   2.a How do you end a lesson?\n"
    )
    assert len(of(parsed, "question")) == 3
    assert {q.topic for q in of(parsed, "question")} == {"Noise", "Bells"}
