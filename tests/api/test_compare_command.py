"""`viva compare`: candidates of one screen side by side, from a terminal."""

import json
from pathlib import Path

import pytest
from test_chat import viva

LINES = ("I built pipelines with Kafka.", "I would keep both versions and compare them.", "/end")


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Two screens that their candidates have left, and a practice."""
    folder = tmp_path_factory.mktemp("compare")
    for mode in ("screen", "screen", "practice"):
        done = viva("chat", "--mode", mode, home=folder, text="\n".join(LINES))
        assert done.returncode == 0, done.stderr
    listed = json.loads(viva("interviews", "--json", home=folder).stdout)
    return folder, [row["id"] for row in sorted(listed, key=lambda row: row["started"])]


def test_it_prints_markdown_or_json(screens: tuple[Path, list[str]]) -> None:
    folder, (one, other, _) = screens
    printed = viva("compare", one, other, home=folder)
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("# 2 interviews side by side")
    told = json.loads(viva("compare", one, other, "--json", home=folder).stdout)
    assert [each["interview"] for each in told["candidates"]] == sorted([one, other])
    assert len(told["tiers"]) <= 1


def test_what_cannot_be_compared_is_told_with_its_remedy(
    screens: tuple[Path, list[str]],
) -> None:
    folder, (one, _, practice) = screens
    for ids, words in (
        ([one], "1 interview cannot be compared. Name two or more"),
        ([one, practice], "different modes: practice, screen"),
        ([one, "nosuchone"], "There is no interview 'nosuchone'"),
    ):
        refused = viva("compare", *ids, home=folder)
        assert refused.returncode != 0
        assert words in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_a_report_says_how_it_stands_beside_the_others(screens: tuple[Path, list[str]]) -> None:
    folder, (one, _, practice) = screens
    told = json.loads(viva("report", one, "--format", "json", home=folder).stdout)
    assert told["receipt"]["others"] == 0  # the other candidate left early
    assert "Beside the other interviews" in viva("report", one, home=folder).stdout
    assert "Beside the other interviews" not in viva("report", practice, home=folder).stdout
