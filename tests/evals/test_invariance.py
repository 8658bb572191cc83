"""Harmless changes change the manner alone, and a grader that minds the manner is caught."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.events import Mark, Quote
from agent.examiner import Examination, Sheet
from evals import invariance
from evals.grader import PLAIN, Grader, WordOverlap, word_overlap
from evals.questions import load
from evals.rewriting import REWRITES, sentences, swapped, typos
from knowledge.embedder import WordHash

TEXT = "I'd lock the row first. Then the job runs, and the others wait. What if it dies? It ends."
SAME_WORDS = ("bullets", "sentences reversed", "sentences shuffled", "a line each", "double spaces")


class Lengthy(WordOverlap):
    """Likes long answers."""

    async def examine(self, sheet: Sheet) -> Examination:
        text = sheet.message.text
        chance = min(len(text) / 1_500, 1.0)
        marks = tuple(
            Mark(
                atom=atom.id,
                kind="point" if atom.kind == "point" else "indicator",
                text=atom.text,
                verdict="met",
                probability=chance,
                source="local",
                quote=Quote(text=text, start=0, end=len(text)),
                role=atom.role,
                group=atom.group,
                polarity=atom.polarity,
            )
            for atom in sheet.rubric
            if atom.polarity != "negative"
        )
        return Examination(intents=("answer",), marks=marks)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


@pytest.mark.parametrize("name", SAME_WORDS)
def test_layout_and_order_keep_every_word(name: str) -> None:
    changed = REWRITES[name](TEXT)
    assert changed != TEXT
    assert _words(changed) == _words(TEXT)


@pytest.mark.parametrize("name", REWRITES)
def test_a_change_repeats(name: str) -> None:
    assert REWRITES[name](TEXT) == REWRITES[name](TEXT)


@given(st.text(alphabet="abc de.fgh ijkl\n", max_size=200))
def test_no_text_breaks_a_change(text: str) -> None:
    for rewrite in REWRITES.values():
        assert isinstance(rewrite(text), str)


def test_typos_touch_the_share_of_words_they_say() -> None:
    text = " ".join(["window", "garden", "stream", "pocket", "silver"] * 20)
    wrong = sum(a != b for a, b in zip(text.split(), typos(text, share=0.06).split(), strict=True))
    assert 4 <= wrong <= 6


def test_a_short_word_gets_no_typo() -> None:
    assert typos("it is so", share=0.5) == "it is so"


def test_only_whole_words_are_swapped_and_back_again() -> None:
    pairs = [("colour", "color"), ("I'd", "I would")]
    assert swapped("I'd colour it, discolour", pairs) == "I would color it, discolour"
    assert swapped("I would color it", pairs, back=True) == "I'd colour it"


def test_a_sentence_ends_where_white_space_follows() -> None:
    assert sentences("At 4.5 degrees. Why? So.") == ["At 4.5 degrees.", "Why?", "So."]


def test_forty_answers_of_every_quality_are_changed_in_every_way() -> None:
    assert len(invariance.answers()) >= 40
    found = Counter(pair.change for pair in invariance.pairs())
    named = load("invariance")
    ways = [*named["rewritten"], *named["both_ways"], *named["one_way"], *named["frames"]]
    assert all(found[way] >= 10 for way in ways), found


def test_a_frame_changes_only_who_is_named() -> None:
    for frame in load("invariance")["frames"].values():
        assert "$answer" in frame["plain"]
        assert all("$answer" in changed for changed in frame["changed"])


def test_word_overlap_does_not_mind_the_order() -> None:
    found = invariance.measure(word_overlap(), invariance.answers()[:12])
    assert all(m.by == 0 for m in found if m.pair.change == "sentences reversed")
    assert any(m.by > 0 for m in found if m.pair.change == "typos in 6 % of words")


def test_a_grader_that_likes_length_is_caught_by_padding() -> None:
    few = invariance.answers()[:3]
    found = invariance.measure(Grader(Lengthy(), WordHash(), PLAIN), few)
    assert any(m.by > 0.05 for m in found if m.pair.change == "padding behind")
    assert "| padding behind |" in invariance.report(word_overlap(), word_overlap(), few)
