"""Spreadsheets of any team's habits become tables whose every cell knows its place."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import BadInput
from knowledge.parser import parse
from knowledge.readers import read, sheets
from knowledge.reading import Received

Rows = Sequence[Sequence[Any]]


def book(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as made:
        fill(made)
    return packed.getvalue()


def put(sheet: Any, rows: Rows, row: int = 0, column: int = 0) -> None:
    for r, values in enumerate(rows):
        for c, value in enumerate(values):
            if value is not None:
                sheet.write(row + r, column + c, value)


def of(rows: Rows, title: str = "Sheet1") -> Received:
    return read(book(lambda made: put(made.add_worksheet(title), rows)), "bank.xlsx")


def csv(text: str) -> Received:
    return read(text.encode(), "bank.csv")


def lines(received: Received) -> list[str]:
    return [line for line in received.text.split("\n") if line]


def place_of(received: Received, text: str) -> str | None:
    """The place of the first cell that is this text."""
    for number, line in enumerate(received.text.split("\n"), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if text in cells:
            return received.place(number, cells.index(text))
    raise AssertionError(f"{text} is in no cell")


BANK: Rows = [
    ["Head chef – question bank"],
    ["Ask one of each theme."],
    [],
    ["#", "Theme", "Prompt", "What good looks like", "Level"],
    [1, "Food safety", "How do you keep allergens apart?", "Own boards\nLabels", "Junior"],
    [2, None, "Tell me about a delivery that failed.", "Calls another supplier", "Senior"],
    [3, "Leading", "How do you train a new cook?", "Shows, then watches", "Mid"],
]


def test_what_stands_above_a_table_is_its_title_and_notes() -> None:
    received = of(BANK, "Questions")
    assert lines(received)[:3] == [
        "# Head chef – question bank",
        "## Questions",
        "Ask one of each theme.",
    ]


def test_each_cell_names_its_place() -> None:
    received = of(BANK, "Questions")
    assert place_of(received, "How do you keep allergens apart?") == "Questions!C5"
    assert place_of(received, "Senior") == "Questions!E6"
    assert place_of(received, "Prompt") == "Questions!C4"


def test_a_theme_written_once_is_that_of_the_rows_below() -> None:
    received = of(BANK, "Questions")
    assert any(line.startswith("| 2 | Food safety |") for line in lines(received))
    questions = [a for a in parse(received).atoms if a.kind == "question"]
    assert [q.topic for q in questions] == ["Food safety", "Food safety", "Leading"]


def test_merged_cells_speak_for_every_row_beside_them() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Q")
        put(sheet, [["Owner", "Question"], [None, "What is a roux?"], [None, "What is a jus?"]])
        sheet.merge_range(1, 0, 2, 0, "Renske")

    received = read(book(fill), "bank.xlsx")
    assert lines(received)[-2:] == ["| Renske | What is a roux? |", "| Renske | What is a jus? |"]
    assert received.places[-1] == ("Q!A2", "Q!B3")


def test_two_rows_of_names_become_one() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Levels")
        put(sheet, [["Skill"], [None, "Junior", "Senior"], ["Care", "Follows", "Leads"]])
        sheet.merge_range(0, 1, 0, 2, "What we expect")

    received = read(book(fill), "levels.xlsx")
    assert "| Skill | Junior | Senior |" in received.text
    assert place_of(received, "Junior") == "Levels!B2"


def test_values_are_written_as_people_write_them() -> None:
    shown = [
        sheets.shown_value(value)
        for value in (3.0, 0.1 + 0.2, True, date(2024, 3, 1), datetime(2024, 3, 1, 9), time(9, 30))
    ]
    assert shown == ["3", "0.3", "yes", "2024-03-01", "2024-03-01 09:00", "09:30"]


def test_a_formula_shows_its_value() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Agenda")
        put(sheet, [["Part", "Minutes"], ["Welcome", 5], ["Questions", 40]])
        sheet.write(3, 0, "Sum")
        sheet.write_formula(3, 1, "=SUM(B2:B3)", None, 45)

    assert lines(read(book(fill), "a.xlsx"))[-1] == "| Sum | 45 |"


def test_groups_of_rows_become_headings_below_the_same_header() -> None:
    received = of(
        [
            ["Question", "Answer", "Level"],
            ["Triage"],
            ["What is sepsis?", "A reaction to infection.", "Junior"],
            [],
            ["Handover"],
            ["What is SBAR?", "A way to hand over.", "Senior"],
        ]
    )
    assert [line for line in lines(received) if line.startswith("###")] == [
        "### Triage",
        "### Handover",
    ]
    questions = [a for a in parse(received).atoms if a.kind == "question"]
    assert [(q.topic, q.level) for q in questions] == [("Triage", "junior"), ("Handover", "senior")]


def test_a_question_without_an_answer_is_no_group() -> None:
    received = of(
        [["Question", "Answer", "Level"], ["What is sepsis?"], ["What is SBAR?", "x", "y"]]
    )
    assert "###" not in received.text


def test_tables_side_by_side_are_two() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Q")
        put(sheet, [["Question", "Level"], ["What is a roux?", "Mid"], ["What is a jus?", "Mid"]])
        put(sheet, [["Score", "Meaning"], [1, "Poor"], [2, "Good"]], column=4)

    text = read(book(fill), "bank.xlsx").text
    assert "| Question | Level |" in text
    assert "| Score | Meaning |" in text


def test_an_empty_column_within_a_table_is_dropped() -> None:
    rows = [["Question", None, "Level"], ["What is a roux?", None, "Mid"], ["Why?", None, "Mid"]]
    assert lines(of(rows))[0] == "| Question | Level |"


def test_tables_one_below_the_other_are_two() -> None:
    received = of(
        [
            ["Theme", "Weight"],
            ["Care", 0.3],
            ["Speed", 0.7],
            [],
            ["Score", "Meaning"],
            [1, "Poor"],
            [2, "Good"],
        ]
    )
    assert [line for line in lines(received) if "---" in line] == ["| --- | --- |"] * 2
    assert place_of(received, "Poor") == "Sheet1!B6"


def test_a_table_without_a_header_gets_names_by_what_its_columns_hold() -> None:
    received = csv(
        "1,What is a join?,Databases,Two tables by a key,junior\n"
        "2,What is an index?,Databases,A way to find rows,mid\n"
    )
    assert lines(received)[0] == "| # | Question | Topic | Answer | Level |"
    assert received.places[0] == ("",) * 5
    assert [a.text for a in parse(received).atoms if a.kind == "reference"] == [
        "Two tables by a key",
        "A way to find rows",
    ]


def test_names_and_values_above_a_bank_are_no_table() -> None:
    rows = [["Role:", "Ward nurse"], ["Version", 2], [], *BANK[3:]]
    assert lines(of(rows))[:2] == ["Role: Ward nurse", "Version: 2"]


def test_a_note_below_a_table_is_no_row() -> None:
    received = of([*BANK[3:], [], ["Source: the kitchen, 2024"]])
    assert lines(received)[-1] == "Source: the kitchen, 2024"


@pytest.mark.parametrize("header", [[], [["Questions"]]])
def test_a_lone_column_of_questions_is_a_list_of_them(header: Rows) -> None:
    received = of([*header, ["What is a roux?"], ["What is a jus?"]])
    assert len([a for a in parse(received).atoms if a.kind == "question"]) == 2


def test_hidden_sheets_are_left_out_and_told() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        put(made.add_worksheet("Q"), [["What is a roux?"], ["What is a jus?"]])
        put(hidden := made.add_worksheet("Old"), [["secret"]])
        hidden.hide()

    received = read(book(fill), "bank.xlsx")
    assert "secret" not in received.text
    assert received.notes == ("Left out hidden sheets: Old.",)


# Values between commas


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_separates_the_values_is_found(delimiter: str) -> None:
    rows = [["Question", "Level"], ["What is a roux, and why?", "mid"], ["What is a jus?", "mid"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    assert "| What is a roux, and why? | mid |" in csv(text).text


def test_a_line_that_names_the_delimiter_is_obeyed_and_counted() -> None:
    received = csv("sep=;\nQuestion;Level\nWhat is a, b?;mid\n")
    assert place_of(received, "What is a, b?") == "A3"


def test_a_quoted_value_goes_over_lines_and_rows_are_counted_as_a_sheet_does() -> None:
    received = csv('Question,Level\n"What is\na roux?",mid\nWhat is a jus?,mid\n')
    assert "| What is<br>a roux? | mid |" in received.text
    assert place_of(received, "What is a jus?") == "A3"


def test_a_cell_may_be_long() -> None:
    long = "word " * 40_000
    assert long.strip() in csv(f"Question,Answer\nWhat is it?,{long}\n").text


def test_windows_1252_is_read() -> None:
    received = read("Question;Level\nWas heißt „gar“?;mid\n".encode("cp1252"), "bank.csv")
    assert "| Was heißt „gar“? | mid |" in received.text
    assert received.repairs


# What cannot be used


def empty(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet()


def charts(made: xlsxwriter.Workbook) -> None:
    put(data := made.add_worksheet("Data"), [[1], [2]])
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$A$1:$A$2"})
    made.add_chartsheet("Chart").set_chart(chart)
    made.get_worksheet_by_name("Chart").activate()
    data.hide()


def far_apart(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet()
    sheet.write(0, 0, "one")
    sheet.write(1_048_575, 16_383, "two")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (book(empty), "holds no text"),
        (book(charts), "only hidden sheets"),
        (book(far_apart), "too far apart"),
        (book(empty)[:2000], "broken"),
    ],
    ids=["empty", "charts", "far apart", "cut off"],
)
def test_a_workbook_that_cannot_be_used_says_why(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        read(data, "bank.xlsx")
    assert "bank.xlsx" in refused.value.message
    assert refused.value.remedy


def without(part: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(empty))) as old, zipfile.ZipFile(packed, "w") as new:
        for each in old.namelist():
            if part not in each:
                new.writestr(each, old.read(each))
    return packed.getvalue()


@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml.rels", "[Content_Types]"])
def test_a_workbook_with_a_part_missing_is_read_or_refused(part: str) -> None:
    with pytest.raises(BadInput):
        read(without(part), "bank.xlsx")


def test_a_workbook_with_a_million_empty_rows_is_quick() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        put(sheet := made.add_worksheet(), BANK[3:])
        sheet.write_blank(1_048_575, 3, None, made.add_format({"bold": True}))

    assert len(lines(read(book(fill), "bank.xlsx"))) == 5


@pytest.mark.parametrize("row", ["Copy {} is kept for a year", "Key {}:,value"])
def test_thousands_of_rows_around_no_table_are_read_one_by_one(row: str) -> None:
    received = read("\n".join(map(row.format, range(5000))).encode(), "notes.csv")
    assert len(lines(received)) == 5000


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_CELLS", 5)
    with pytest.raises(BadInput, match="filled cells"):
        of(BANK)


@pytest.mark.parametrize("text", ["", " \n\n", ",,,\n,,,\n"])
def test_values_that_say_nothing_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        csv(text)


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line() -> None:
    with pytest.raises(BadInput, match="line 3"):
        csv('Question,Level\nWhat?,mid\n"What is a roux?,mid\nWhat is a jus?,mid\n')


SMALL = book(lambda made: put(made.add_worksheet("Q"), BANK))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=20))
def test_a_damaged_workbook_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SMALL)
    for at, value in changes:
        data[at] = value
    try:
        received = sheets.read(b"PK" + bytes(data)[2:], "bank.xlsx")
    except BadInput:
        received = None
    assert received is None or received.text


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from('ab?,;\t|"\n 1'), max_size=80))
def test_any_separated_text_is_read_or_refused(text: str) -> None:
    try:
        received = sheets.read(text.encode(), "bank.csv")
    except BadInput:
        received = None
    if received:
        assert len(received.places) == len(received.text.split("\n"))
        assert parse(received).document == "bank.csv"


def test_shortened_names_of_columns_make_a_header() -> None:
    received = csv("Nr.;Wording;Sec.\n1;How do you bake bread?;60\n2;Why do you salt it?;90\n")
    assert lines(received)[0] == "| Nr. | Wording | Sec. |"
