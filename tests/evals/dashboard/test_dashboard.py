"""The dashboard: one file with nothing from elsewhere, of whatever parts there are."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli import app
from evals.dashboard.drawn import bar, interval, stacked
from evals.dashboard.page import dashboard
from evals.dashboard.reading import as_html
from evals.marks import Versions
from evals.replay.differences import MarkChange
from evals.results import write_rows
from evals.scorecard.finding import Finding
from knowledge.errors import BadInput, NotFound

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x onerror=a> \"'&{{ 7*7 }}"
VERSIONS = Versions("0", 2, "k", "1", "local", "", "", "light")
FIGURE = {
    "sort": "author",
    "first": "the machine",
    "second": HOSTILE,
    "pairs": 1,
    "by": "",
    "group": "",
    "of": "points",
    "name": "kappa",
    "value": 0.61,
    "low": 0.5,
    "high": 0.7,
    "constant": 0.0,
    "count": 240,
    "transcripts": 20,
}


@dataclass(frozen=True)
class FigureRow:
    """Figures of an interview, as far as the dashboard needs them."""

    transcript: str
    faults: int
    looks: int
    minutes: float


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A results folder with several parts, and hostile words in each."""
    folder = tmp_path / "results"
    replay = folder / "regrade"
    change = MarkChange(
        "t1", "q1", "p1", HOSTILE, "c", "mid", "verdict", "met", "not_met", 0.9, 0.2, HOSTILE, "",
        "local", "model",
    )  # fmt: skip
    write_rows(replay / "mark_changes.parquet", [change], VERSIONS)
    outcome = {"id": "t1", "state": "different", "told": HOSTILE, "answers": 3, "events": 0}
    (replay / "outcomes.jsonl").write_text(json.dumps(outcome), "utf-8")
    _json(replay / "run.json", {"settings": {"kind": "regrade"}})
    _json(folder / "agreement" / "agreement.json", [FIGURE, {**FIGURE, "value": None}])
    finding = Finding("t1", "said twice", "fault", 7, 3, HOSTILE, "said before")
    write_rows(folder / "scorecard" / "conduct.parquet", [finding], VERSIONS)
    rows = [FigureRow("t1", 1, 0, 12.5), FigureRow("t2", 0, 0, 11.0)]
    write_rows(folder / "scorecard" / "figures.parquet", rows, VERSIONS)
    aims = [{"what": "flips", "at_most": 0, "found": 1, "met": False}]
    suite = {"tried": HOSTILE, "aims": aims, "misses": [], "left_out": []}
    _json(folder / "suites" / "suite-attacks.json", suite)
    (folder / "gate").mkdir()
    (folder / "gate" / "gate.md").write_text(f"# Gate\n\n{HOSTILE}\n", "utf-8")
    return folder


def _json(path: Path, told: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told), "utf-8")


def test_each_part_that_is_there_is_shown(results: Path) -> None:
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", dashboard(results))
    assert headings == [
        "Re-grade",
        "Agreement with people",
        "Gate",
        "The interviewer&#39;s own rules",
        "Suite: attacks",
    ]


def test_nothing_of_the_results_can_act_and_nothing_is_fetched(results: Path) -> None:
    page = dashboard(results)
    assert page.count("&lt;script&gt;alert(1)") >= 6
    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert not re.findall(r"<[^>]*\s(?:src|onerror|action|data)=", page)
    assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', page))


def test_numbers_are_those_of_the_files(results: Path) -> None:
    page = dashboard(results)
    assert "0.610" in page
    assert "0.50 to 0.70" in page
    assert "too few to say" in page
    assert "met to not_met" in page
    assert "missed" in page


def test_a_part_alone_can_be_shown(results: Path) -> None:
    assert "Agreement with people" in dashboard(results / "agreement")


def test_a_file_that_is_not_whole_is_told_and_the_rest_is_shown(results: Path) -> None:
    (results / "scorecard" / "figures.parquet").write_bytes(b"PAR1 half")
    (results / "agreement" / "agreement.json").write_text('[{"sort": ', "utf-8")
    page = dashboard(results)
    assert "scorecard/figures.parquet cannot be read" in page
    assert "agreement/agreement.json cannot be read" in page
    assert "Re-grade" in page


def test_rows_that_lack_what_is_drawn_are_told(results: Path) -> None:
    _json(results / "rates.json", [{"part": "", "group": "a"}])
    page = dashboard(results)
    assert "fairness cannot be shown" in page
    assert "Re-grade" in page


def test_the_command_writes_the_page(results: Path, tmp_path: Path) -> None:
    path = tmp_path / "there" / "page.html"
    done = CliRunner().invoke(app, ["dashboard", str(results), "--out", str(path)])
    assert done.exit_code == 0
    assert path.read_text("utf-8") == dashboard(results)


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no results"):
        dashboard(tmp_path)
    with pytest.raises(NotFound):
        dashboard(tmp_path / "nowhere")


@given(st.text(max_size=200))
def test_markdown_becomes_html_that_cannot_act(text: str) -> None:
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", str(as_html(text))))
    assert tags <= {
        "p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "code", "pre", "em", "strong", "s",
        "blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip


@given(
    st.floats(-10, 10),
    st.floats(-10, 10),
    st.floats(-10, 10),
    st.text(st.characters(categories=["L", "P", "S", "N"]), max_size=20),
)
def test_drawings_are_xml_and_stay_within_their_frame(
    value: float, low: float, high: float, label: str
) -> None:
    drawings = (
        bar(value, abs(high), label),
        interval(value, low, high, label, beside=low),
        stacked({"right": int(abs(value)), "wrong": int(abs(high))}, label),
    )
    for drawing in drawings:
        tree = ElementTree.fromstring(str(drawing))
        assert tree.attrib["aria-label"] == label
        for shape in tree:
            ends = [float(shape.attrib.get(key, 0)) for key in ("x", "x1", "x2", "cx")]
            ends.append(ends[0] + float(shape.attrib.get("width", 0)))
            assert all(0 <= end <= 200.2 for end in ends)


def test_what_is_nested_too_deep_or_of_another_shape_is_told_and_the_rest_shown(
    tmp_path: Path,
) -> None:
    (tmp_path / "agreement.json").write_text("[" * 100_000)
    (tmp_path / "run.json").write_text('{"problems": 5}')
    (tmp_path / "outcomes.jsonl").write_text('{"id": "a", "state": "same"}\n')
    page = dashboard(tmp_path)
    assert "agreement.json cannot be read" in page
    assert "transcripts" in page
