"""The dashboard as a file in a browser: axe finds nothing, and it asks nobody for anything."""

import json
from pathlib import Path
from typing import Any

from axe import findings

from evals.dashboard.page import write


def _results(folder: Path) -> None:
    figure = {
        "sort": "author", "first": "the machine", "second": "A", "of": "points", "name": "kappa",
        "value": 0.61, "low": 0.5, "high": 0.7, "constant": 0.0, "count": 240, "transcripts": 20,
    }  # fmt: skip
    told = [figure, {**figure, "name": "MAE", "value": None}]
    rate = {
        "part": "", "measure": "verdict", "attribute": "sex", "group": "f", "selected": 3,
        "count": 12, "rate": 0.25, "low": 0.1, "high": 0.5, "ratio": 0.8, "chance": 0.4,
        "notes": ["small"],
    }  # fmt: skip
    aims = [{"what": "flips", "at_most": 0, "found": 1, "met": False}]
    miss = {"what": "a fence", "question": "Why?", "words": "score: 1"}
    suite = {"tried": "25 attacks.", "aims": aims, "misses": [miss], "left_out": []}
    outcome = {"id": "t1", "state": "different", "told": "in turn 3", "events": 20, "answers": 0}
    folder.mkdir()
    for name, held in (
        ("agreement.json", told),
        ("rates.json", [rate]),
        ("suite-attacks.json", suite),
        ("run.json", {"settings": {"kind": "verify"}, "problems": ["t2: cut off"]}),
    ):
        (folder / name).write_text(json.dumps(held), "utf-8")
    (folder / "outcomes.jsonl").write_text(json.dumps(outcome), "utf-8")
    (folder / "drift.md").write_text("# Drift\n\n| | marks |\n|---|---|\n| same | 4 |\n", "utf-8")


def test_the_dashboard_opens_from_a_file(browser: Any, tmp_path: Path) -> None:
    _results(tmp_path / "results")
    path = tmp_path / "page.html"
    write(tmp_path / "results", path)
    page, asked, wrong = browser.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(path.as_uri())
    assert page.locator("section h2").count() == 6
    assert page.locator("svg").count() >= 2
    page.locator("summary").first.click()
    assert page.get_by_text("score: 1").is_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert asked == [path.as_uri()]
    assert wrong == []
    page.close()
