"""Text into blocks that know their lines."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.blocks import scan


def kinds(text: str) -> list[str]:
    return [block.kind for block in scan(text)]


def test_markdown_is_cut_at_its_marks():
    text = "# Title\n\nSome text.\n\n- an item\n\n> a quote\n\n---\n\n```\ncode\n```\n"
    assert kinds(text) == ["heading", "paragraph", "item", "quote", "rule", "code"]


def test_an_underlined_line_is_a_label_where_headings_are_marked_otherwise():
    with_marks = scan("# Title\n\nExample:\n--------\n- one\n")
    alone = scan("Title\n=====\n\nPart\n----\ntext\n")
    assert [block.level for block in with_marks if block.kind == "heading"] == [1, 0]
    assert [block.level for block in alone if block.kind == "heading"] == [1, 2]


def test_a_wrapped_item_is_one_block_and_keeps_its_lines():
    (item,) = scan("1. What happens when a name is looked up\n   and nobody answers?\n")
    assert item.text == "What happens when a name is looked up and nobody answers?"
    assert (item.line, item.end) == (1, 2)


def test_lines_of_a_page_are_paragraphs_of_their_own():
    assert len(scan("Exceeds\nShows the whole plan.\nMeets\nShows a part of the plan.\n")) == 4


def test_wrapped_prose_is_joined():
    line = "This sentence was wrapped by an editor at about seventy columns and goes"
    text = f"{line}\non for a while in the next line, which is just as long as the last\n{line}\n"
    assert len(scan(text + "to its end.\n")) == 1


def test_table_cells_know_their_lines_and_escaped_bars_are_text():
    (table,) = scan("| a | b |\n|---|---|\n| x \\| y | z |\n")
    assert [cell.text for cell in table.rows[1]] == ["x | y", "z"]
    assert table.rows[1][0].line == 3


def test_rows_between_tabs_are_a_table():
    (table,) = scan("Skill\tJunior\tSenior\nSQL\tReads\tTunes\n")
    assert table.kind == "table"


def test_a_fence_that_is_never_closed_reaches_to_the_end():
    assert kinds("```\nSELECT 1;\n# not a heading\n") == ["code"]


@given(st.text(alphabet="ab #-*>|`~=1.\t\n_:?"))
def test_every_line_with_text_is_in_exactly_one_block(text):
    lines = text.split("\n")
    covered = [n for block in scan(text) for n in range(block.line, block.end + 1)]
    assert len(covered) == len(set(covered))
    assert {n for n, line in enumerate(lines, 1) if line.strip()} <= set(covered)
