"""The same question twice in other words is kept once; opposites that look alike stay apart."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from knowledge.atoms import Atom, Kind, Level, Source
from knowledge.embedder import FloatArray, MiniLM, WordHash, unit
from knowledge.repeats import same_texts, without_repeats
from knowledge.telling_words import said, swapped

PAIRS = yaml.safe_load((Path(__file__).parent / "repeats.yaml").read_text("utf-8"))


def atom(
    id_: str,
    kind: Kind,
    text: str,
    question: str | None = None,
    level: Level | None = None,
    document: str = "a.md",
) -> Atom:
    source = Source(document=document, line=len(id_))
    return Atom(
        id=id_, kind=kind, text=text, parent=question, question=question, level=level, source=source
    )


def kept(atoms: list[Atom], embedder: WordHash) -> list[str]:
    found = without_repeats(atoms, embedder.embed([each.text for each in atoms]))
    return [each.id for each in found]


@pytest.mark.parametrize(("same", "apart"), [("same", "apart"), ("late_same", "late_apart")])
def test_pairs_of_our_own_writing(minilm: MiniLM, same: str, apart: str) -> None:
    texts = [text for name in (same, apart) for pair in PAIRS[name] for text in pair]
    rows = minilm.embed(texts)
    found = [bool(same_texts(texts[n : n + 2], rows[n : n + 2])) for n in range(0, len(texts), 2)]
    first, then = found[: len(PAIRS[same])], found[len(PAIRS[same]) :]
    assert [pair for pair, wrong in zip(PAIRS[apart], then, strict=True) if wrong] == []
    assert sum(first) >= 0.5 * len(first)


def test_what_came_with_a_repeat_comes_with_what_is_kept(light: WordHash) -> None:
    atoms = [
        atom("q1", "question", "How do you make a rerun safe?"),
        atom("p1", "point", "Replaces the partition.", "q1"),
        atom("f1", "follow_up", "What if it runs twice?", "q1"),
        atom("q2", "question", "How would you make reruns safe?", document="b.md"),
        atom("p2", "point", "It replaces the partition.", "q2", document="b.md"),
        atom("p3", "point", "Tests it by running twice.", "q2", document="b.md"),
        atom("h3", "hint", "Think of the day after.", "q2", document="b.md"),
    ]
    rows = light.embed([each.text for each in atoms])
    found = {each.id: each for each in without_repeats(atoms, rows)}
    assert list(found) == ["q1", "p1", "f1", "p3", "h3"]
    assert found["q1"].also == (Source(document="b.md", line=2),)
    assert found["p1"].also == (Source(document="b.md", line=2),)
    assert {found[id_].question for id_ in ("p3", "h3")} == {"q1"}
    assert {found[id_].parent for id_ in ("p3", "h3")} == {"q1"}


def test_two_levels_are_two_questions(light: WordHash) -> None:
    text = "How do you make a rerun safe?"
    leveled = [atom("a", "question", text, level="junior"), atom("b", "question", text)]
    assert kept(leveled, light) == ["a"]
    other = leveled[1].model_copy(update={"level": "senior"})
    assert kept([leveled[0], other], light) == ["a", "b"]


def test_points_are_the_same_only_within_their_question(light: WordHash) -> None:
    atoms = [
        atom("q1", "question", "How do you plan a lesson?"),
        atom("p1", "point", "Sets the goal first.", "q1"),
        atom("q2", "question", "How do you price a product?"),
        atom("p2", "point", "Sets the goal first.", "q2"),
    ]
    assert kept(atoms, light) == ["q1", "p1", "q2", "p2"]


def test_what_waits_or_is_withdrawn_is_no_repeat(light: WordHash) -> None:
    one = atom("a", "question", "How do you plan a lesson?")
    gone = atom("b", "question", "How do you plan lessons?").model_copy(update={"withdrawn": "old"})
    assert kept([one, gone], light) == ["a", "b"]


def test_directions_turn_a_meaning_round() -> None:
    assert swapped(said("Convert JSON to CSV"), said("Convert CSV to JSON"))
    assert not swapped(said("Convert JSON to CSV"), said("JSON is converted to CSV"))


def test_thousands_of_questions_give_the_pairs_that_each_two_would(light: WordHash) -> None:
    texts = [
        f"How do you {verb} item {n % 900}?" for verb in ("wash", "paint") for n in range(1500)
    ]
    found = same_texts(texts, light.embed(texts))
    assert {(one % 1500 % 900, texts[one][:12]) for one, _ in found} == {
        (other % 1500 % 900, texts[other][:12]) for _, other in found
    }
    assert len(found) == 2 * 600


def test_nothing_repeats_where_there_is_nothing() -> None:
    empty: FloatArray = unit(np.zeros((0, 4), dtype=np.float32))
    assert without_repeats([], empty) == ()
