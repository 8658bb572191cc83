"""What is measured of the shipped kit's rubrics: the right texts with the right questions."""

from evals.bench_kits import exemplars, people
from knowledge.embedder import WordHash
from knowledge.kit_yaml import shipped
from knowledge.lint.retrieval import retrieve


def test_answers_come_with_the_question_that_they_answer(light: WordHash) -> None:
    kit = shipped("data-engineer")
    assert kit is not None
    answers = [*people(kit), *exemplars(kit, "meets")]
    assert {kit.by_id[id_].kind for id_, _ in answers} == {"question"}
    assert len(exemplars(kit)) == 3 * len(exemplars(kit, "meets"))
    found = retrieve(kit, answers, light.embed)
    assert found.questions == len(answers)
    assert found.own.recall > 0.5
