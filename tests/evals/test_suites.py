"""The suites on any kit and examiner: what is missed is told, and what a model costs is bounded."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_endpoint import OpenAIEndpoint, Request
from typer.testing import CliRunner

from agent.local import LocalExaminer
from api.cli import app
from evals import attacks, invariance
from evals.grader import word_overlap
from evals.leakage import attempts, leaks
from evals.questions import QUALITIES, own
from evals.suites.grading import Marking, attacked, drawn_cases, drawn_pairs, invariant
from evals.suites.outcome import Aim, Cost, Outcome
from evals.suites.questions import asked
from knowledge.embedder import WordHash
from knowledge.errors import BadInput
from knowledge.kit_yaml import parse_kit

KITCHEN = Path(__file__).with_name("simulate") / "kitchen.yaml"


@pytest.fixture(autouse=True)
def light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")


def _outcome(*aims: Aim, cases: int = 3) -> Outcome:
    return Outcome("x", "3 cases.", aims, (), Cost(), cases)


def test_it_passes_only_where_every_aim_is_met_and_something_was_tried() -> None:
    met, missed = Aim("a", 0.5, 0.5), Aim("b", 0, 1)
    assert _outcome(met).passed
    assert not _outcome(met, missed).passed
    assert not _outcome(met, cases=0).passed


def test_a_kits_questions_have_answers_of_three_qualities() -> None:
    kit = parse_kit(KITCHEN.read_text("utf-8"), KITCHEN.name)
    questions = asked(kit)
    assert len(questions) == 5
    assert all(set(question.answers) == set(QUALITIES) for question in questions)
    fridge = questions[0].answers
    assert len(fridge["poor"]) < len(fridge["middling"]) < len(fridge["good"])
    assert questions[1].answers["poor"] == "I put them in different corners."


def test_a_kit_without_a_rubric_is_refused() -> None:
    bare = parse_kit("viva: 1\nname: bare\natoms:\n- question: Why?\n", "bare.yaml")
    with pytest.raises(BadInput, match="bare"):
        asked(bare)


def test_no_more_is_graded_than_was_allowed() -> None:
    lines = [(q, q.answers["good"].strip()) for q in own()]
    every = list(invariance.pairs(lines))
    chosen = drawn_pairs(every, 20, seed=1)
    assert 10 <= len({(p.question.question, t) for p in chosen for t in (p.before, p.after)}) <= 20
    assert chosen == drawn_pairs(every, 20, seed=1) != drawn_pairs(every, 20, seed=2)
    cases = drawn_cases(own(), attacks.attacks(), 20, seed=1)
    assert len(cases) + len({(q.question, quality) for q, quality, _ in cases}) <= 20


def test_a_grader_that_minds_manner_or_falls_for_stuffing_is_told_with_the_cases() -> None:
    marking = Marking(LocalExaminer(WordHash()), WordHash())
    marking.grader = word_overlap()
    found = attacked(marking, own()[:1], None, 0)
    assert not found.passed
    assert any("stuffing" in miss.what for miss in found.misses)
    assert "missed" in found.text
    assert "No calls" in found.text
    assert invariant(marking, own()[:1], 60, 0).cases > 20


def test_the_suites_run_on_a_kit_of_ones_own(tmp_path: Path) -> None:
    for name in ("invariance", "leakage"):
        asked_ = ["--kit", str(KITCHEN), "--most", "6", "--out", str(tmp_path)]
        ran = CliRunner().invoke(app, ["suite", name, *asked_])
        assert ran.exit_code in (0, 1)
        assert not isinstance(ran.exception, Exception)
        told = json.loads((tmp_path / f"suite-{name}.json").read_text("utf-8"))
        assert ran.exit_code == (0 if told["passed"] else 1)
        assert told["cases"] > 0
    assert told["passed"], "nothing hidden is said with the guard"


async def test_without_the_guard_hidden_words_of_any_kit_are_seen() -> None:
    kit = parse_kit(KITCHEN.read_text("utf-8"), KITCHEN.name)
    assert (await leaks(attempts()[:2], guarded=False, kit=kit)).leaks
    assert not (await leaks(attempts()[:2], kit=kit)).leaks


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIEndpoint]:
    """A model that reads, marks nothing, and fails on every third message."""

    def marks(request: Request) -> str:
        nth = len(server.requests)
        reply = {"readable": True, "intents": ["answer"], "mentions": [], "marks": []}
        return "no JSON" if nth % 3 == 0 else json.dumps(reply)

    with OpenAIEndpoint(marks) as server:
        monkeypatch.setenv("VIVA_MODEL", "desk")
        monkeypatch.setenv("VIVA_BASE_URL", server.url)
        yield server


def test_with_a_model_calls_are_bounded_and_told_and_failures_count_neither_way(
    model: OpenAIEndpoint, tmp_path: Path
) -> None:
    asked_ = ["--examiner", "model", "--most", "12", "--out", str(tmp_path)]
    CliRunner().invoke(app, ["suite", "attacks", *asked_])
    told = json.loads((tmp_path / "suite-attacks.json").read_text("utf-8"))
    assert 0 < told["cost"]["calls"] <= 12
    assert told["cost"]["tokens"] > 0
    assert told["cost"]["failed"] == 0 or told["left_out"]
    assert told["cases"] + len(told["left_out"]) > 0
