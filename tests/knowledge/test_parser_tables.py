"""Tables of every habit: question banks, competencies, anchors, signals, agendas."""

from typing import Any

import pytest

from knowledge.atoms import Atom
from knowledge.parser import Parsed, parse
from knowledge.reading import Written


def read(text: str) -> Parsed:
    from knowledge.reading import Received

    return parse(Received(document="bank.md", text=text))


def of(parsed: Parsed, kind: str) -> list[Atom]:
    return [atom for atom in parsed.atoms if atom.kind == kind]


def said(parsed: Parsed, kind: str, *fields: str) -> list[Any]:
    found = [(a.text, *(getattr(a, field) for field in fields)) for a in of(parsed, kind)]
    return found if fields else [text for (text,) in found]


def table(*rows: str) -> str:
    header, *others = rows
    edge = "|".join(["---"] * (header.count("|") - 1))
    return "\n".join([header, f"|{edge}|", *others])


@pytest.mark.parametrize(
    "header",
    [
        "| # | Interview question | What good looks like | Red flags | Probes | Level | Minutes |",
        "| Nr | We ask | Look for | Warning signs | Follow-ups | Seniority | Time |",
        "| ID | Prompt | Strong answer | Dealbreakers | Dig deeper | Lvl | Duration |",
    ],
)
def test_a_question_bank_is_read_whatever_its_columns_are_called(header: str) -> None:
    row = "| 1 | How do you plan a shift? | Asks first<br>Keeps a spare | Never checks | And at night? | Senior | 5 |"  # noqa: E501
    parsed = read(table(header, row))
    (asked,) = of(parsed, "question")
    assert (asked.text, asked.level) == ("How do you plan a shift?", "senior")
    assert said(parsed, "indicator", "polarity", "question") == [
        ("Asks first", "positive", asked.id),
        ("Keeps a spare", "positive", asked.id),
    ]
    assert said(parsed, "flag", "polarity") == [("Never checks", "negative")]
    assert said(parsed, "follow_up", "parent") == [("And at night?", asked.id)]
    assert [a.minutes for a in of(parsed, "format")] == [5]


def test_the_columns_may_stand_in_any_order() -> None:
    text = table(
        "| Level | Expected answer | Question |", "| Junior | Dry and cool. | How is flour kept? |"
    )
    parsed = read(text)
    assert said(parsed, "question", "level") == [("How is flour kept?", "junior")]
    assert said(parsed, "reference") == ["Dry and cool."]


def test_each_line_of_a_cell_is_a_point_with_the_cell_as_its_place() -> None:
    written = Written("bank.xlsx", "xlsx")
    rows = [
        ["Question", "Expected answer"],
        ["What if a rack is bent?", "Unload it\nClose the aisle"],
    ]
    written.table(rows, [["Q!A1", "Q!B1"], ["Q!A2", "Q!B2"]])
    parsed = parse(written.received())
    assert said(parsed, "reference") == ["Unload it\nClose the aisle"]
    assert said(parsed, "point") == ["Unload it", "Close the aisle"]
    assert {a.source.place for a in of(parsed, "point") if a.source} == {"Q!B2"}


def test_the_weight_of_a_question_is_kept_in_words() -> None:
    parsed = read(table("| Question | Weight |", "| How do you bake bread? | 20 % |"))
    (asked,) = of(parsed, "question")
    assert said(parsed, "fact", "parent") == [("Weight: 20 %", asked.id)]


def test_a_theme_holds_for_the_rows_below_it() -> None:
    own_row = table("| Ask | Look for |", "| **Care** | |", "| How do you hand over? | In order |")
    merged = table(
        "| Theme | Ask |", "| Care | How do you hand over? |", "| | Who is told first? |"
    )
    assert said(read(own_row), "question", "topic") == [("How do you hand over?", "Care")]
    assert [a.topic for a in of(read(merged), "question")] == ["Care", "Care"]


def test_a_topic_left_out_after_its_question_is_not_that_of_the_row_above() -> None:
    parsed = read(
        table("| Ask | Topic |", "| How is bread cut? | Bread |", "| Who is told first? | |")
    )
    assert [a.topic for a in of(parsed, "question")] == ["Bread", None]


def test_a_table_without_names_begins_with_its_first_question() -> None:
    parsed = read(table(
        "| What do you do when a rack is bent? | Unload it and close the aisle at once. | junior |",
        "| Who may drive a truck around here? | Only those who hold a valid licence. | mid |",
    ))  # fmt: skip
    assert [a.level for a in of(parsed, "question")] == ["junior", "mid"]
    assert len(of(parsed, "reference")) == 2


def test_an_unknown_column_of_questions_asks_but_a_column_of_names_does_not() -> None:
    asks = table("| Pytanie | Ref |", "| What is a rack? | A1 |", "| How is it fixed? | A2 |")
    assert said(read(asks), "question") == ["What is a rack?", "How is it fixed?"]
    assert not of(read(asks), "fact")
    names = table("| Name | Place |", "| Rack | Hall 1 |", "| Truck | Yard |")
    assert not of(read(names), "question")


def test_lines_that_begin_with_plus_and_minus_speak_for_and_against() -> None:
    parsed = read(
        table("| Question | Notes |", "| What do you do in a fire? | + Leaves<br>- Packs |")
    )
    assert said(parsed, "indicator", "polarity") == [("Leaves", "positive"), ("Packs", "negative")]


def test_a_competency_has_its_definition_weight_and_indicators() -> None:
    parsed = read(table(
        "| Competency | Definition | Positive indicators | Negative indicators | Weight |",
        "| Calm | Is steady under load | Speaks slowly<br>Asks for help | Shouts | 30% |",
    ))  # fmt: skip
    (calm,) = of(parsed, "competency")
    assert said(parsed, "indicator", "polarity", "parent") == [
        ("Speaks slowly", "positive", calm.id),
        ("Asks for help", "positive", calm.id),
        ("Shouts", "negative", calm.id),
    ]
    assert said(parsed, "fact") == ["Is steady under load", "Weight: 30%"]


def test_a_column_before_the_levels_may_name_an_area() -> None:
    parsed = read(table(
        "| Area | Skill | Junior | Senior |",
        "| Craft | Baking | Follows recipes | Invents them |",
        "| | Cleaning | Wipes | Audits |",
    ))  # fmt: skip
    (craft,) = of(parsed, "area")
    assert said(parsed, "competency", "parent") == [("Baking", craft.id), ("Cleaning", craft.id)]
    assert [a.level for a in of(parsed, "level")] == ["junior", "senior"] * 2


def test_levels_may_stand_below_each_other() -> None:
    parsed = read(
        table(
            "| Level | Planning | Care |",
            "| Junior | Follows | Sees |",
            "| Senior | Makes | Teaches |",
        )
    )
    assert said(parsed, "competency") == ["Planning", "Care"]
    assert said(parsed, "level", "level")[0] == ("Follows", "junior")


@pytest.mark.parametrize(
    "header",
    [
        "| Competency | Below | Meets | Exceeds |",
        "| What we mark | 1 | 2 | 3 |",
        "| Criterion | 0 – Not yet | 1 – Safe | 2 – Strong |",
        "| Dimension | Poor | Good | Excellent |",
    ],
)
def test_anchors_stand_side_by_side(header: str) -> None:
    parsed = read(table(header, "| Calm | Shouts | Is calm | Calms all |"))
    (calm,) = of(parsed, "competency")
    assert said(parsed, "anchor", "grade", "parent") == [
        ("Shouts", "below", calm.id),
        ("Is calm", "meets", calm.id),
        ("Calms all", "exceeds", calm.id),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Marks\n\n" + table("| Rating | Meaning |", "| 0 | No |", "| 1 | Some |", "| 2 | All |"),
        "## Verdict\n\n- Strong hire: All\n- Hire: Some\n- No hire: No\n",
        "## Rubric\n\n**1 – Poor.** No\n\n**3 – Good.** Some\n\n**5 – Excellent.** All\n",
        table(
            "| Vote | In words |", "| No hire | No |", "| Hire | Some |", "| Strong hire | All |"
        ),
    ],
)
def test_anchors_stand_one_below_the_other(text: str) -> None:
    found = {a.grade: a.text.split(". ")[-1] for a in of(read(text), "anchor")}
    assert found == {"below": "No", "meets": "Some", "exceeds": "All"}


def test_a_list_of_two_named_things_is_no_scale() -> None:
    assert not of(read("## Bakers\n\n- Good: one in ten\n- Poor: the rest\n"), "anchor")


@pytest.mark.parametrize(
    "header", ["| Listen for | Be careful of |", "| ✓ | ✗ |", "| Good | Bad |"]
)
def test_signals_side_by_side_speak_for_and_against(header: str) -> None:
    parsed = read("## Signals\n\n" + table(header, "| Owns mistakes | Blames others |"))
    assert said(parsed, "flag", "polarity") == [
        ("Owns mistakes", "positive"),
        ("Blames others", "negative"),
    ]


def test_a_column_may_say_whether_its_row_speaks_for_or_against() -> None:
    text = table("| Signal | Type |", "| Owns mistakes | Green |", "| Blames others | Red |")
    assert [a.polarity for a in of(read(text), "flag")] == ["positive", "negative"]


def test_dos_and_donts_are_rules_and_no_signals() -> None:
    parsed = read(table("| Do | Don't |", "| Offer water<br>Start on time | Ask about children |"))
    assert said(parsed, "rule") == ["Offer water", "Start on time", "Ask about children"]


def test_a_flag_is_critical_where_its_row_says_so() -> None:
    parsed = read(
        table("| Red flag | Knock-out? |", "| Lies about a licence | yes |", "| Late | no |")
    )
    assert [a.critical for a in of(parsed, "flag")] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        table("| Time | What |", "| 0-5 | Welcome |", "| 5-20 | Core |", "| 20-30 | Closing |"),
        "## Agenda\n\n- 0-5 min: Welcome\n- 5-20 min: Core part\n- 20-30 min: Closing\n",
    ],
)
def test_spans_that_follow_each_other_tell_the_length_of_each_part(text: str) -> None:
    assert [a.minutes for a in of(read(text), "format")] == [5, 15, 10]


def test_a_span_by_itself_is_how_long_a_part_may_take() -> None:
    parsed = read(table("| Part | Minutes |", "| Warm-up | 5-10 |", "| Core | 20-30 |"))
    assert [a.minutes for a in of(parsed, "format")] == [10, 30]


@pytest.mark.parametrize("title", ["Part 2 (15') Role play", "Part 2: Role play (15 min)"])
def test_a_title_may_tell_how_long_its_part_takes(title: str) -> None:
    assert [a.minutes for a in of(read(f"# Plan\n\n## {title}\n\nText.\n"), "format")] == [15]


def test_a_year_in_quotes_is_no_time() -> None:
    assert not of(read("# Plan\n\n## The class of '95\n\nText.\n\n## Rows\n\nText.\n"), "format")
