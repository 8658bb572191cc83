"""Shapes that documents come in, in small documents of our own."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.atoms import Atom
from knowledge.parser import Parsed, parse
from knowledge.reading import Received


def read(text: str, **options: str) -> Parsed:
    return parse(Received(document="guide.md", text=text), **options)  # type: ignore[arg-type]


def of(parsed: Parsed, kind: str) -> list[Atom]:
    return [atom for atom in parsed.atoms if atom.kind == kind]


def texts(parsed: Parsed, kind: str) -> list[str]:
    return [atom.text for atom in of(parsed, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "# SQL\n\n1. What is an index?\n   - Speeds up reads\n2. Explain MVCC.\n   - Snapshots\n",
        "# SQL\n\na) What is an index?\n   Answer: Speeds up reads.\n"
        "b) Explain MVCC.\n   A: Snapshots\n",
        "## SQL\n\n**What is an index?**\n\nSpeeds up reads.\n\n**Explain MVCC.**\n\nSnapshots.\n",
        "Q: What is an index?\nA: Speeds up reads.\n\nQ: Explain MVCC.\nA: Snapshots.\n",
        "Question 1: What is an index?\nAnswer: Speeds up reads.\n\n"
        "Question 2: Explain MVCC.\nAnswer: Snapshots.\n",
        "# SQL\n## Q1. What is an index?\nSpeeds up reads.\n## Q2. Explain MVCC.\nSnapshots.\n",
        "# SQL\n\n1. **What is an index?** Speeds up reads.\n2. **Explain MVCC.** Snapshots.\n",
        "- **Q:** What is an index?\n- **A:** Speeds up reads.\n"
        "- **Q:** Explain MVCC.\n- **A:** Snapshots.\n",
        "| Question | Expected answer |\n|---|---|\n"
        "| What is an index? | Speeds up reads |\n| Explain MVCC. | Snapshots |\n",
    ],
)
def test_a_question_and_its_answer_are_known_in_any_dress(text):
    parsed = read(text)
    questions, references = of(parsed, "question"), of(parsed, "reference")
    assert [q.text for q in questions] == ["What is an index?", "Explain MVCC."]
    assert [r.parent for r in references] == [q.id for q in questions]
    assert [p.strip(".") for p in texts(parsed, "point")] == ["Speeds up reads", "Snapshots"]
    assert [p.parent for p in of(parsed, "point")] == [r.id for r in references]


RUBRIC = """# Platform Engineer interview

## Kubernetes

### How does a rolling update work?

**What to look for:**
- Knows surge and unavailable limits

**Weak answer**
- Restarts everything by hand

**Red flags:**
- Deletes pods in production (deal-breaker)

**Good answer covers:** readiness probes

**Follow-ups:**
1. What happens when the new version never becomes ready?
2. How do you roll back?

**Hint:** Think about who decides that a pod is ready.

**Difficulty:** Hard

Junior: Knows that it is gradual.
Senior: Sets limits from the capacity that is left.

### Why is liveness not readiness?
"""


def test_what_stands_under_a_question_belongs_to_it():
    parsed = read(RUBRIC)
    asked = of(parsed, "question")[0]
    expected = {
        "indicator": 2, "flag": 1, "point": 1, "follow_up": 2, "hint": 1, "level": 2,
    }  # fmt: skip
    linked = [a for a in parsed.atoms if a.question == asked.id]
    assert Counter(a.kind for a in linked) == expected
    assert {a.parent for a in linked} == {asked.id}
    assert [a.polarity for a in of(parsed, "indicator")] == ["positive", "negative"]
    assert [a.level for a in of(parsed, "level")] == ["junior", "senior"]
    assert of(parsed, "flag")[0].critical
    assert asked.level == "senior"
    assert asked.topic == "Kubernetes"


@pytest.mark.parametrize("title", ["Red flags", "Warning signs", "What worries us", "RED FLAGS"])
def test_red_flags_are_known_by_other_names(title):
    parsed = read(f"## {title}\n\n- Blames others\n\nTalk about them in the debrief.\n")
    assert [(f.text, f.polarity) for f in of(parsed, "flag")] == [("Blames others", "negative")]
    assert texts(parsed, "advice") == ["Talk about them in the debrief."]


@pytest.mark.parametrize("title", ["Green flags", "Positive signals", "What good looks like"])
def test_green_flags_are_known_by_other_names(title):
    (flag,) = of(read(f"## {title}\n\n- Shows own graphs\n"), "flag")
    assert flag.polarity == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "## How to prepare?\nSleep well.\n",
        "## Why this role?\nWe grow.\n",
        "## FAQ\n### What is the dress code?\nThere is none.\n",
        '## About us\nPeople ask "What do you do?" and we show them.\n',
    ],
)
def test_a_title_with_a_question_mark_is_no_interview_question(text):
    assert not of(read(text), "question")


LEVELS = "| Skill | Junior | Mid | Senior | Principal |\n|---|---|---|---|---|\n"


@pytest.mark.parametrize(
    "text",
    [
        f"# Career ladder\n\n{LEVELS}| SQL | Reads it | Writes it | Tunes it | Teaches it |\n",
        "Skill\tJunior\tMid\tSenior\tPrincipal\nSQL\tReads it\tWrites it\tTunes it\tTeaches it\n",
        "Progression\n\nSkillJuniorMidSeniorPrincipal\nSQL\n\nReads plain queries alone.\n\n"
        "Writes good queries alone.\n\nTunes the slowest of queries.\n\n"
        "Teaches everybody to tune.\n",
    ],
)
def test_a_competency_means_something_at_each_level(text):
    parsed = read(text)
    (competency,) = of(parsed, "competency")
    assert competency.text == "SQL"
    levels = of(parsed, "level")
    assert [a.level for a in levels] == ["junior", "mid", "senior", "principal"]
    assert {a.parent for a in levels} == {competency.id}


@pytest.mark.parametrize(
    "text",
    [
        "## Scoring scale\n\n- 1 - No answer\n- 2 - Some\n- 3 - Fair\n- 5 - Teaches\n",
        "## Scoring\n\n| Score | Meaning |\n|---|---|\n| 1 | No answer |\n| 2 | Some |\n"
        "| 3 | Fair |\n| 5 | Teaches |\n",
    ],
)
def test_the_ends_and_the_middle_of_a_scale_are_anchors(text):
    parsed = read(text)
    anchors = [(a.text, a.grade) for a in of(parsed, "anchor")]
    assert anchors == [("No answer", "below"), ("Fair", "meets"), ("Teaches", "exceeds")]
    assert texts(parsed, "fact") == ["2: Some"]


EXERCISE = """# Analytics Engineer at Fabrikam

## Coding challenge

Build a small model over the orders file.

### Constraints
- No paid services

### Don'ts
- Don't share the data

### Success criteria
- Model is idempotent

### Scoring
- **Exceeds:** Explains the cost.
- **Meets:** Works.
- **Below:** Does not run.

Time limit: 3 hours

### Negative indicators
- Copies code without understanding

## Interview structure

1. Introductions (5 minutes)
2. Deep dive – 30 min

## Trivia round

- **Kafka**: What is a consumer group?
- What is a Python generator?
  - Answer: A function that yields.
"""


def test_an_exercise_keeps_its_prompt_rules_criteria_and_anchors():
    parsed = read(EXERCISE)
    (exercise,) = of(parsed, "exercise")
    (prompt,) = of(parsed, "question")
    assert (prompt.parent, prompt.question_kind, exercise.minutes) == (exercise.id, "coding", 180)
    assert [(r.topic, r.parent) for r in of(parsed, "rule")] == [
        ("Constraints", exercise.id),
        ("Don'ts", exercise.id),
    ]
    assert [a.grade for a in of(parsed, "anchor")] == ["exceeds", "meets", "below"]
    (indicator,) = of(parsed, "indicator")
    assert (indicator.parent, indicator.question) == (exercise.id, prompt.id)


def test_the_parts_of_the_hour_have_their_minutes():
    parts = [a.minutes for a in of(read(EXERCISE), "format") if a.parent is None]
    assert parts == [5, 30]


def test_trivia_are_money_questions_of_their_technology():
    parsed = read(EXERCISE)
    technologies = {a.id: a.text for a in of(parsed, "technology")}
    asked = [(technologies[a.parent or ""], a.text) for a in of(parsed, "money")]
    assert asked == [
        ("Kafka", "What is a consumer group?"),
        ("Python", "What is a Python generator?"),
    ]
    assert texts(parsed, "reference") == ["A function that yields."]


def test_the_company_and_role_are_those_that_the_document_names():
    abouts = {(a.about.company, a.about.role) for a in read(EXERCISE).atoms}
    assert abouts == {("Fabrikam", "Analytics Engineer")}
    given = read(EXERCISE, company="Contoso")
    assert {a.about.company for a in given.atoms} == {"Fabrikam"}
    unnamed = read("# SQL\n\n- What is an index?\n", company="Contoso")
    assert {a.about.company for a in unnamed.atoms} == {"Contoso"}


PAGE = """Site Reliability Engineer

Behavioral Questions

1. Tell me about an outage you led.

Positive indicators

• Keeps a timeline

Negative indicators

• Blames

2. How do you say no?

Positive indicators

• Offers alternatives

Questions candidates can ask

• How large is the on-call rotation?
"""


def test_a_page_without_marks_is_read_by_its_short_lines():
    parsed = read(PAGE)
    first, second = of(parsed, "question")
    assert {first.question_kind, second.question_kind} == {"behavioral"}
    links = [(i.question, i.polarity) for i in of(parsed, "indicator")]
    assert links == [(first.id, "positive"), (first.id, "negative"), (second.id, "positive")]
    assert texts(parsed, "candidate_question") == ["How large is the on-call rotation?"]
    assert parsed.atoms[0].about.role == "Site Reliability Engineer"


TWO_COMPETENCIES = """Product Analyst

3 Competency Questions

1 of 3

Job requirement

SQL Analysis

Writes correct queries over large tables without help.

Expected at Senior

Senior analysts own definitions.

How would you check a metric that jumped overnight?

Positive indicators

Checks the pipeline first
Segments the change

2 of 3

Job requirement

Communication

Tell us about a time you changed a mind with data.

Negative indicators

Guesses
"""


def test_each_competency_of_a_page_keeps_its_own_question_and_indicators():
    parsed = read(TWO_COMPETENCIES)
    first, second = of(parsed, "question")
    assert [a.text for a in of(parsed, "competency")] == [first.topic, second.topic]
    assert [i.question for i in of(parsed, "indicator")] == [first.id, first.id, second.id]
    assert [a.level for a in of(parsed, "level")] == ["senior", "senior"]
    assert parsed.notes == ("3 competency questions announced, 2 here.",)


def test_an_agenda_and_timed_phases_are_parts_of_the_format():
    parsed = read(
        "# Guide\n\n## Agenda\n| Phase | Minutes |\n|---|---|\n| Intro | 5 |\n\n"
        "## Phase 2: Deep dive (30 minutes)\n- What is a lock?\n"
    )
    assert [a.minutes for a in of(parsed, "format")] == [5, 30]


def test_an_underlined_summary_is_no_question_of_a_collection():
    parsed = read("# Locks\n\n## What is a lock?\nA gate.\n\n## Conclusion\nRead on.\n")
    assert len(of(parsed, "question")) == 1
    assert texts(parsed, "fact") == ["Read on."]


def test_signs_are_about_the_employer():
    parsed = read("## Questions to ask us\n\n### How do you deploy?\n**Red flags:** silence\n")
    (asked,), (sign,) = of(parsed, "candidate_question"), of(parsed, "sign")
    assert (sign.parent, sign.polarity) == (asked.id, "negative")
    assert not of(parsed, "flag")


def test_a_persons_project_becomes_the_candidates_own():
    text = (
        "## Project questions (Your ATLAS Data Platform)\n\n"
        "- Why did you build the ATLAS platform?\n"
        "- What changed after launch (see `atlas-notes.md`)?\n"
    )
    questions = of(read(text), "question")
    assert [q.text for q in questions] == [
        "Why did you build your platform?",
        "What changed after launch?",
    ]
    assert {q.question_kind for q in questions} == {"project"}


def test_competencies_carry_their_levels_and_questions():
    text = (
        "# Competencies\n\n## Ownership\nTakes responsibility.\n- Junior: Owns tasks\n"
        "- Senior: Owns systems\n\n### Questions\n- Tell me about a failure you owned.\n"
        "  - Strong answer: names own part\n"
    )
    parsed = read(text)
    (competency,), (question,) = of(parsed, "competency"), of(parsed, "question")
    assert question.parent == competency.id
    assert {a.parent for a in (*of(parsed, "level"), *of(parsed, "indicator"))} == {competency.id}


def test_furniture_is_skipped_with_a_reason_and_announcements_are_noted():
    parsed = read("5 Competency Questions\n\n1 of 5\n\nREC\n0:10 / 1:00\n\nGood luck!\n")
    assert parsed.notes == ("5 competency questions announced, 1 here.",)
    assert not parsed.atoms
    assert [s.line for s in parsed.skipped] == [1, 3, 5, 6, 8]


def test_what_is_said_twice_arrives_once():
    parsed = read("## Green flags\n- Tests first\n- Tests first\n")
    assert len(of(parsed, "flag")) == 1
    assert parsed.skipped[-1].reason == "Said before, on line 2."


def test_documents_do_not_share_ids():
    taken: set[str] = set()
    received = Received(document="a.md", text="## Red flags\n- Blames\n")
    first = parse(received, taken=taken)
    second = parse(received.model_copy(update={"document": "b.md"}), taken=taken)
    assert not {a.id for a in first.atoms} & {a.id for a in second.atoms}
    assert taken == {a.id for a in (*first.atoms, *second.atoms)}


PIECES = st.sampled_from(
    [
        "# Title", "## Questions", "### What is a lock?", "- an item", "  - nested", "1. Why so?",
        "**Red flags:**", "Answer: because", "text, more text", "---", "> quote", "", "", "```",
        "| a | b |", "|---|---|", "Exceeds", "Stage 1 · Door", "Label:\n------", "2 of 3", "*",
        "Coding test", "20 min", "## Red flags", "Questions to ask us", "\ttab\ttab", "- **Q:** x?",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25))
def test_no_line_is_lost_and_every_link_holds(pieces):
    text = "\n".join(pieces) or "x"
    parsed = read(text)
    ids = {a.id for a in parsed.atoms}
    assert all(a.parent in ids for a in parsed.atoms if a.parent)
    assert all(a.question in ids for a in parsed.atoms if a.question)
    skipped = {s.line for s in parsed.skipped}
    began = {a.source.line for a in parsed.atoms if a.source}
    everything = "\n".join(a.text for a in parsed.atoms)
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip(" -*#>|:`").removeprefix("1. ").split()
        if line.strip() and number not in skipped | began:
            assert all(word.strip("*:|") in everything for word in words), (number, line)
