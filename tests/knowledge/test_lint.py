"""Checking a kit: each check on one kit that fails it, and a kit that passes them all."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml

from knowledge.atoms import Join, Kit, Link
from knowledge.embedder import FloatArray, MiniLM, WordHash
from knowledge.kit_yaml import parse_kit
from knowledge.lint import Checked, check
from knowledge.lint.meaning import gives_away, repeats
from knowledge.lint.retrieval import retrieve, self_test

HINTS = yaml.safe_load((Path(__file__).parent / "hints.yaml").read_text("utf-8"))

SOUND = """\
name: ward
atoms:
- format: Core questions
  minutes: 20
- competency: Giving tablets
  has:
  - level: Gives what is prescribed and asks when unsure.
    at: junior
  - level: Spots doses that cannot be right.
    at: mid
  - level: Plans the tablets of a whole ward.
    at: senior
  - level: Sets the rules for several wards.
    at: principal
  - indicator: Looks at the wristband first.
    polarity: positive
  - question: A dose on the chart looks twice as high as usual. What do you do?
    at: junior
    has:
    - point: The tablet waits until somebody has confirmed it.
    - point: The doctor on call is asked.
      role: any_of
      group: asked
    - point: The pharmacist is asked.
      role: any_of
      group: asked
    - hint: Imagine the patient swallows it now.
    - follow_up: Nobody answers the phone for an hour. What happens meanwhile?
    - exemplar: I give it, the chart will be right.
      grade: below
    - exemplar: I keep the tablet and phone the doctor.
      grade: meets
"""


def kit(more: str = "", text: str = SOUND) -> Kit:
    return parse_kit(text + more, "ward.yaml")


def names(checked: Checked) -> set[str]:
    return {finding.name for finding in checked.findings if finding.weight != "note"}


def test_a_sound_kit_has_nothing_to_mend(light: WordHash) -> None:
    checked = check(kit(), light)
    assert names(checked) == set()
    assert checked.exit_status(strict=True) == 0
    assert checked.retrieval is not None
    assert checked.retrieval.own.recall == 1.0


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("no-rubric", "- question: How do you plan a shift?\n"),
        ("unreached", "- competency: Hygiene\n  has:\n  - indicator: Washes hands.\n"),
        ("missing-levels", "- competency: Hygiene\n  has:\n  - level: Knows it.\n    at: mid\n"),
        (
            "double",
            "- question: What would you do if a dose on the chart looks twice as high as usual?\n"
            "  has:\n  - point: Waits.\n",
        ),
        (
            "lone-group",
            "- question: Who signs?\n  has:\n  - point: Two.\n    role: any_of\n    group: g\n",
        ),
        ("reference-without-points", "- question: Who?\n  has:\n  - reference: Two nurses sign.\n"),
        (
            "two-signs",
            "- flag: Works alone.\n  polarity: positive\n"
            "- flag: works alone\n  polarity: negative\n",
        ),
        (
            "shared-alias",
            "- technology: Elastic\n  aliases: [ES]\n- technology: Event Store\n  aliases: [es]\n",
        ),
        (
            "open-slot",
            "- question: Why do you want to work at [company name]?\n  has:\n  - point: Us.\n",
        ),
        ("concern", "- indicator: Is a native speaker of English.\n  polarity: positive\n"),
        (
            "hint-tells",
            "- question: Who signs the book?\n  has:\n  - point: Two nurses sign together.\n"
            "  - hint: Two nurses should sign together.\n",
        ),
        (
            "hint-repeats",
            "- question: Who signs the opioid book?\n  has:\n  - point: Two nurses.\n"
            "  - hint: Who signs the opioid book?\n",
        ),
        (
            "follow-up-repeats",
            "- question: Who signs the opioid book?\n  has:\n  - point: Two nurses.\n"
            "  - follow_up: Who would sign the opioid book?\n",
        ),
        (
            "no-difference",
            "- exercise: Hand over a patient.\n  has:\n"
            "  - anchor: Names open tasks.\n    grade: meets\n"
            "  - anchor: Names the open tasks.\n    grade: exceeds\n",
        ),
    ],
)
def test_each_fault_is_found_by_its_name(light: WordHash, name: str, more: str) -> None:
    checked = check(kit(more), light)
    assert name in names(checked)
    finding = next(each for each in checked.findings if each.name == name)
    assert finding.problem
    assert finding.remedy
    assert finding.atom in kit(more).by_id
    assert finding.source is not None


def test_too_many_questions_for_the_minutes_are_told(light: WordHash) -> None:
    asked = "".join(f"  - question: What of case {n}?\n    as: opening\n" for n in range(6))
    made = kit(text=f"atoms:\n- format: Core questions\n  minutes: 20\n  has:\n{asked}")
    assert "too-little-time" in names(check(made, light))


def test_joins_and_links_to_what_is_gone_are_told(light: WordHash) -> None:
    made = kit("- competency: Hygiene\n  withdrawn: gone\n")
    (gone,) = (atom for atom in made.atoms if atom.text == "Hygiene")
    (question,) = made.of("question")
    joined = made.changed(joins=(Join(name="j", members=(gone.id,)),))
    assert "dangling" in names(check(joined, light))
    linked = made.changed(links=(Link(question=question.id, competency=gone.id),))
    assert "dangling" in names(check(linked, light))


def test_what_waits_for_a_person_is_a_note_and_no_fault(light: WordHash) -> None:
    checked = check(kit("- question: May I?\n  proposed: model\n"), light)
    assert names(checked) == set()
    assert [finding.name for finding in checked.findings][-1] == "proposed"
    assert checked.exit_status(strict=True) == 0


def test_errors_fail_and_warnings_fail_only_when_strict(light: WordHash) -> None:
    warned = check(kit("- question: How do you plan a shift?\n"), light)
    assert (warned.exit_status(strict=False), warned.exit_status(strict=True)) == (0, 1)
    wrong = check(kit("- question: Why [company]?\n"), light)
    assert wrong.exit_status(strict=False) == 1


def likeness_of(embedder: MiniLM, hints: Sequence[dict[str, str]], other: str) -> list[float]:
    """The cosine of each hint and what else it stands beside."""
    rows = embedder.embed([each[name] for name in ("hint", other) for each in hints])
    return (rows[: len(hints)] * rows[len(hints) :]).sum(axis=1).tolist()


@pytest.mark.parametrize(("kind", "wanted"), [("tells", True), ("helps", False)])
def test_hints_of_our_own_writing(minilm: MiniLM, kind: str, wanted: bool) -> None:
    likeness = likeness_of(minilm, HINTS[kind], "point")
    for each, alike in zip(HINTS[kind], likeness, strict=True):
        assert gives_away(each["hint"], each["point"], each["question"], alike) is wanted, each


def test_hints_that_repeat_are_of_our_own_writing_too(minilm: MiniLM) -> None:
    hints = [*HINTS["repeats"], *HINTS["helps"]]
    for each, alike in zip(hints, likeness_of(minilm, hints, "question"), strict=True):
        assert repeats(each["hint"], each["question"], alike) is (each in HINTS["repeats"]), each


def test_the_self_test_ranks_rubrics_and_counts_ties_by_half() -> None:
    asked = "".join(f"- question: Q{n}\n  id: q{n}\n  has:\n  - point: P{n}\n" for n in range(12))
    made = kit(text=f"atoms:\n{asked}")
    alike = retrieve(made, [("q3", "Q3")], lambda texts: np.ones((len(texts), 1), np.float32))
    assert (alike.own.recall, alike.own.mrr) == (0.0, round(1 / 6.5, 3))
    assert alike.missed == ("q3",)
    rows = np.eye(12, dtype=np.float32)

    def right(texts: Sequence[str]) -> FloatArray:
        return np.stack([rows[int(t[1:])] if t[1:].isdigit() else rows[0] for t in texts])

    found = self_test(made, right)
    assert found is not None
    assert (found.questions, found.own.recall, found.own.mrr) == (12, 1.0, 1.0)


def test_a_kit_without_rubrics_has_no_self_test(light: WordHash) -> None:
    assert check(kit(text="atoms:\n- fact: Nothing yet."), light).retrieval is None
