"""What is deliberately made worse is caught by the gate; what is the same, or harmless, passes."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_endpoint import OpenAIEndpoint
from overlapping import cases, files, reference, side, stand_in, write_marks, write_side

from agent.model import ModelExaminer
from agent.model.endpoint import Endpoint
from agent.model.prompts import Prompt, Purpose, load
from agent.policy import Policy
from api.cli import main
from api.settings import Settings
from evals.agree.drift import drift
from evals.agree.gate import Gate, gate
from evals.agree.power import failed
from evals.agree.sides import Side
from evals.marks import CompetencyRow, MarkRow, QuestionRow, Versions
from evals.replay.playing import Ready
from evals.replay.regrade import Job, Regrader
from evals.scorecard.finding import Finding
from knowledge.atoms import Kit
from knowledge.embedder import WordHash
from knowledge.errors import BadInput

READY = Ready(WordHash())


def regraded(
    name: str,
    *,
    prompts: Mapping[Purpose, Prompt] | None = None,
    kit: Kit | None = None,
    policy: Policy | None = None,
) -> Side:
    """The interviews marked anew by the stand-in model."""
    jobs = [
        Job(c.transcript, c.syllabus.kit, kit or c.syllabus.kit, policy or c.policy)
        for c in cases()
    ]

    async def run(url: str) -> Side:
        endpoint = Endpoint(Settings(model="stand-in", base_url=url))
        try:
            return side(name, await Regrader(READY, ModelExaminer(endpoint, prompts)).regrade(jobs))
        finally:
            await endpoint.close()

    with OpenAIEndpoint(stand_in) as server:
        return asyncio.run(run(server.url))


@pytest.fixture(scope="module")
def baseline() -> Side:
    return regraded("baseline")


def passed_by(baseline: Side, candidate: Side) -> Gate:
    marks = [mark for case in cases() for mark in reference(case)]
    return gate(baseline, candidate, marks, {case.id: case for case in cases()})


def failures(found: Gate) -> set[str]:
    return {check.name for check in found.checks if check.failed}


def without(prompt: Prompt, words: str) -> Prompt:
    assert words in prompt.text
    return Prompt(prompt.purpose, prompt.text.replace(words, ""))


def test_the_stand_in_agrees_with_the_reference_and_the_same_twice_passes(baseline: Side) -> None:
    again = regraded("again")
    found = passed_by(baseline, again)
    assert found.passed, failures(found)
    assert found.reference > 150
    judged = {check.name: check for check in found.checks if not check.why}
    assert all(check.worse == 0 for check in judged.values())
    assert (judged["points: agreement with the reference"].baseline or 0) > 0.85
    assert drift(baseline, again).nothing


@pytest.mark.long
def test_another_wording_of_how_to_phrase_changes_no_mark_and_passes(baseline: Side) -> None:
    phrase = load("phrase")
    reworded = Prompt("phrase", phrase.text.replace("candidate", "person", 1))
    assert reworded.hash != phrase.hash
    candidate = regraded("reworded", prompts={"phrase": reworded})
    assert candidate.versions != baseline.versions
    assert passed_by(baseline, candidate).passed


def test_a_prompt_that_no_longer_rules_out_keywords_is_caught(baseline: Side) -> None:
    worse = without(load("examine"), "not met by a bare keyword, ")
    found = passed_by(baseline, regraded("worse", prompts={"examine": worse}))
    assert "points: agreement with the reference" in failures(found)


@pytest.mark.long
def test_a_prompt_that_no_longer_asks_to_copy_is_caught(baseline: Side) -> None:
    worse = without(load("examine"), "copied letter by letter ")
    found = passed_by(baseline, regraded("worse", prompts={"examine": worse}))
    assert {"marks unsupported", "points of the reference that have a mark"} <= failures(found)


def test_a_rubric_that_lost_every_other_point_is_caught(baseline: Side) -> None:
    kit = cases()[0].syllabus.kit
    points = [atom.id for atom in kit.atoms if atom.kind == "point"]
    worse = kit.changed(atoms=tuple(a for a in kit.atoms if a.id not in points[::2]))
    found = passed_by(baseline, regraded("worse", kit=worse))
    assert "points of the reference that have a mark" in failures(found)


@pytest.mark.long
def test_a_policy_that_hardly_gives_credit_is_caught(baseline: Side) -> None:
    worse = Policy(credit_from=0.9, credit_full=1.0)
    found = passed_by(baseline, regraded("worse", policy=worse))
    assert {"questions: mean absolute error", "questions: QWK of anchors"} <= failures(found)
    assert "points: agreement with the reference" not in failures(found)


def test_a_candidate_that_lacks_transcripts_fails_as_incomplete(baseline: Side) -> None:
    gone = cases()[0].id
    less = Side("less", versions={k: v for k, v in baseline.versions.items() if k != gone})
    less.marks = [row for row in baseline.marks if row.transcript != gone]
    less.questions = [row for row in baseline.questions if row.transcript != gone]
    found = passed_by(baseline, less)
    assert found.missing == (gone,)
    assert not found.passed
    assert passed_by(less, baseline).passed


def test_more_faults_of_the_interviewer_are_caught_and_one_more_is_noise(baseline: Side) -> None:
    def with_faults(name: str, every: int) -> Side:
        faulty = [t for n, t in enumerate(sorted(baseline.versions)) if n % every == 0]
        conduct = [Finding(t, "length", "fault", 3, 1, "words", "too long") for t in faulty]
        return replace(baseline, name=name, conduct=conduct)

    quiet = with_faults("quiet", 99)
    assert "faults of the interviewer, per interview" in failures(
        passed_by(quiet, with_faults("loud", 2))
    )
    assert passed_by(replace(quiet, conduct=[]), quiet).passed


def test_nothing_in_common_is_an_error_and_no_pass(baseline: Side) -> None:
    with pytest.raises(BadInput, match="0 transcripts in common"):
        gate(baseline, Side("empty"), [], {})
    with pytest.raises(BadInput, match="None of the reference marks"):
        gate(baseline, baseline, [], {})


def test_reference_marks_too_few_to_say_anything_are_an_error_and_no_pass(baseline: Side) -> None:
    few = list(reference(cases()[0]))[:5]
    with pytest.raises(BadInput, match="5 reference marks on shared transcripts: too few"):
        gate(baseline, baseline, few, {case.id: case for case in cases()})


@pytest.mark.long
def test_the_command_compares_results_folders_and_tells_by_its_exit_status(
    baseline: Side,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = write_side(baseline, tmp_path / "before")
    worse = write_side(
        regraded("worse", policy=Policy(credit_from=0.9, credit_full=1.0)), tmp_path / "worse"
    )
    marks = write_marks(
        tmp_path / "marks.csv",
        (mark for case in cases() for mark in reference(case)),
        extra=["nobody,q,a,met,,Ann,person,"],
    )
    common = ["--marks", str(marks)]
    for path in files():
        common += ["--transcripts", str(path)]
    for candidate, status in ((before, 0), (worse, 1)):
        out = tmp_path / f"gate-{candidate.name}"
        command = ["viva", "gate", str(before), str(candidate), *common, "--out", str(out)]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == status
        assert json.loads((out / "run.json").read_text())["passed"] is (status == 0)
    told = capsys.readouterr()
    assert "Failed: questions: QWK of anchors" in told.out
    assert "nobody: 1 reference mark of it, and no result." in told.err


def _side(name: str, verdicts: Mapping[str, str], negative: bool = False) -> Side:
    versions = Versions("1", 2, "kit", "v", "local", "", "", "light")
    marks = [
        MarkRow(
            "t", "q", atom, atom, "point", negative, "SQL", "mid", verdict, 0.5, "local", name, ""
        )  # type: ignore[arg-type]
        for atom, verdict in verdicts.items()
    ]
    return Side(
        name,
        marks,
        [QuestionRow("t", "q", "Why?", "SQL", "mid", 0.5, "meets", "answered", None, "local")],
        [CompetencyRow("t", "", "likely shown", 0.9, 2.0, 1.0, 3.0)],
        {"t": versions},
    )


def test_drift_tells_which_way_a_mark_went() -> None:
    was = _side("was", {"a": "met", "b": "not_met", "c": "met", "d": "abstained", "e": "met"})
    now = _side("now", {"a": "not_met", "b": "met", "c": "unsupported", "d": "met", "f": "met"})
    found = drift(was, now)
    ways = {change.atom: change.way for change in found.marks}
    assert ways == {"a": "lost", "b": "gained", "c": "lost its mark", "d": "marked now"}
    assert (found.only_before["marks"], found.only_after["marks"]) == (1, 1)
    signs = drift(_side("was", {"a": "met"}, True), _side("now", {"a": "not_met"}, True))
    assert [change.way for change in signs.marks] == ["gained"]


verdicts = st.dictionaries(
    st.sampled_from("abcdef"),
    st.sampled_from(["met", "not_met", "contradicted", "unsupported", "abstained"]),
)


@given(verdicts, verdicts)
def test_drift_the_other_way_round_is_the_same_the_other_way(
    one: dict[str, str], other: dict[str, str]
) -> None:
    turned = {"gained": "lost", "lost": "gained", "lost its mark": "marked now"}
    turned |= {"marked now": "lost its mark", "other": "other"}
    there = drift(_side("one", one), _side("other", other))
    back = drift(_side("other", other), _side("one", one))
    assert {c.atom: turned[c.way] for c in there.marks} == {c.atom: c.way for c in back.marks}
    assert there.only_before == back.only_after
    assert drift(_side("one", one), _side("again", one)).nothing


@pytest.mark.long
def test_the_gate_hardly_ever_fails_by_chance_and_mostly_sees_twice_the_errors() -> None:
    assert sum(failed(seed, 20, 0.1) for seed in range(40)) <= 4
    assert sum(failed(seed, 20, 0.2) for seed in range(40)) >= 28
