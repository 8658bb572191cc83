import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.highlights import Block, Span, highlighted

ANSWER = "Überall 😀 each day has a partition; replace it whole, then a rerun is safe."


def span(number: int, quote: str, text: str = ANSWER, *, against: bool = False) -> Span:
    start = text.index(quote)
    return Span(number, start, start + len(quote), against)


def lit(blocks: list[Block], number: int) -> str:
    return "".join(p.text for block in blocks for p in block.pieces if number in p.numbers)


def whole(blocks: list[Block]) -> str:
    return "".join(piece.text for block in blocks for piece in block.pieces)


def test_a_quote_is_lit_by_code_points_where_emoji_and_umlauts_go_before() -> None:
    blocks = highlighted(ANSWER, [span(1, "replace it whole")])
    assert lit(blocks, 1) == "replace it whole"
    assert whole(blocks) == ANSWER


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("has a partition; replace it", "replace it whole, then"),  # they overlap
        ("has a partition; replace it whole", "partition"),  # one lies in the other
        ("replace it whole", "replace it whole"),  # the same words
        ("partition; ", "replace it"),  # they touch
    ],
)
def test_quotes_that_overlap_are_each_lit_whole_and_begin_and_end_once(
    first: str, second: str
) -> None:
    blocks = highlighted(ANSWER, [span(1, first), span(2, second)])
    assert (lit(blocks, 1), lit(blocks, 2)) == (first, second)
    assert whole(blocks) == ANSWER
    pieces = [piece for block in blocks for piece in block.pieces]
    for ends in ("begins", "ends"):
        assert sorted(n for piece in pieces for n in getattr(piece, ends)) == [1, 2]


def test_words_are_against_only_where_nothing_they_stand_under_is_for() -> None:
    against, good = span(1, "replace it whole", against=True), span(2, "whole, then")
    pieces = highlighted(ANSWER, [against, good])[0].pieces
    told = {piece.text: piece.against for piece in pieces if piece.numbers}
    assert told == {"replace it ": True, "whole": False, ", then": False}


def test_fenced_code_is_set_apart_without_its_fences() -> None:
    text = "First:\n\n```sql\nselect 1;\n\n  -- two\n```\nand then this."
    blocks = highlighted(text, [])
    assert [(block.code, whole([block])) for block in blocks] == [
        (False, "First:"),
        (True, "select 1;\n\n  -- two"),
        (False, "and then this."),
    ]


def test_a_fence_that_is_never_closed_is_code_to_the_end() -> None:
    blocks = highlighted("So:\n~~~\nx = 1\n", [])
    assert [(block.code, whole([block])) for block in blocks] == [(False, "So:"), (True, "x = 1")]


def test_ticks_inside_a_line_are_no_fence() -> None:
    assert [block.code for block in highlighted("I use ```x``` and `y`.", [])] == [False]


def test_a_quote_that_crosses_into_code_is_lit_on_both_sides_and_referred_to_once() -> None:
    text = "I would run\n```\nmerge into t\n```\nevery night."
    quote = Span(1, text.index("run"), len(text))
    blocks = highlighted(text, [quote])
    assert lit(blocks, 1) == "runmerge into tevery night."
    assert sum(1 in p.begins for b in blocks for p in b.pieces) == 1
    assert sum(1 in p.ends for b in blocks for p in b.pieces) == 1


def test_a_quote_out_of_the_text_lights_nothing() -> None:
    assert lit(highlighted("short", [Span(1, 3, 90), Span(1, 4, 4)]), 1) == ""


def test_a_control_character_is_made_visible_and_moves_no_quote() -> None:
    text = "a\x00b\x1b[31m\x07 red"
    blocks = highlighted(text, [span(1, "red", text)])
    assert whole(blocks) == "a\ufffdb\ufffd[31m\ufffd red"
    assert lit(blocks, 1) == "red"


words = st.text(st.sampled_from("ab😀é `~\n\t"), max_size=60)
places = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5)


@given(words, places)
def test_nothing_but_fences_and_blank_ends_is_ever_lost_or_moved(
    text: str, found: list[tuple[int, int]]
) -> None:
    spans = [Span(n, *place) for n, place in enumerate(found, 1)]
    blocks, plain = highlighted(text, spans), highlighted(text, [])
    assert [whole([block]) for block in blocks] == [whole([block]) for block in plain]
    for each in spans:
        held = 0 <= each.start < each.end <= len(text)
        shown = lit(blocks, each.number)
        assert _is_within(shown, text[each.start : each.end] if held else "")
        begun = sum(each.number in p.begins for b in blocks for p in b.pieces)
        ended = sum(each.number in p.ends for b in blocks for p in b.pieces)
        assert begun == ended == (1 if shown else 0)


def _is_within(shown: str, quote: str) -> bool:
    """Whether one is the other with some characters left out."""
    rest = iter(quote)
    return all(char in rest for char in shown)
