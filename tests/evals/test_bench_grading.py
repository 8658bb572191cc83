"""The document of measurements: its sections, and what it says without its data."""

from pathlib import Path

import pytest

from evals import bench_grading
from evals.grader import word_overlap
from evals.markdown import table


def test_a_section_without_its_data_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VIVA_GRADED", str(tmp_path / "nowhere"))
    text = bench_grading.section("agreement", word_overlap(), word_overlap())
    assert text.endswith(bench_grading.ABSENT)


def test_a_section_names_the_command_that_prints_it_alone() -> None:
    text = bench_grading.section("other_roads", word_overlap(), word_overlap())
    assert "`python -m evals.bench_grading other_roads`" in text


def test_a_name_of_no_section_is_told_the_names_there_are() -> None:
    with pytest.raises(SystemExit, match="There are: agreement, exemplars"):
        bench_grading.main(["nothing"])


def test_every_section_that_reports_has_a_title() -> None:
    assert set(bench_grading.REPORTS) | bench_grading.NEEDS_PEOPLE <= set(bench_grading.TITLES)


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    assert table(("a", "b"), [("x|y", 0.5)]).splitlines()[-1] == "| x\\|y | 0.500 |"
