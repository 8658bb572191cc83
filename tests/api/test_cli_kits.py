"""The commands about kits, as a person or a script meets them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.cli import main

GUIDE = """\
# Analyst interview

## SQL

### What does a window function do?
- It computes over rows around the current one.
- It keeps every row.

## Red flags
- Edits production data by hand.
"""


class Result(NamedTuple):
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int


Viva = Callable[..., Result]


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Viva:
    """Runs a command in this process, with the light embedder."""
    monkeypatch.setenv("VIVA_EMBEDDER", "light")

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr(sys, "argv", ["viva", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
        captured = capsys.readouterr()
        return Result(captured.out, captured.err, int(done.value.code or 0))

    return run


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE)
    return path


def ingested(viva: Viva, guide: Path) -> Any:
    result = viva("ingest", guide, "--name", "analyst", "--json")
    assert (result.status, result.err) == (0, "")
    return json.loads(result.out)


def test_ingest_tells_what_came_out_of_each_file(viva: Viva, guide: Path) -> None:
    outcome = ingested(viva, guide)
    assert outcome["kit"] == "analyst"
    (file,) = outcome["files"]
    assert file["document"] == "guide.md"
    assert file["atoms"]["question"] == 1
    again = viva("ingest", guide, "--name", "analyst")
    assert "guide.md" in again.out
    assert "0 new texts embedded" in again.out


def test_show_prints_every_atom_with_every_key(viva: Viva, guide: Path) -> None:
    outcome = ingested(viva, guide)
    shown = json.loads(viva("kit", "show", "analyst", "--json").out)
    assert (shown["name"], shown["version"]) == ("analyst", outcome["version"])
    flag = next(atom for atom in shown["atoms"] if atom["kind"] == "flag")
    assert list(flag)[:15] == (
        "id kind text parent question topic level polarity question_kind role group grade "
        "critical about source".split()
    )
    assert (flag["polarity"], flag["level"]) == ("negative", None)
    assert flag["about"] == {"company": None, "role": flag["about"]["role"]}
    assert flag["source"] == {"document": "guide.md", "line": 10}


def test_show_prints_the_tree_for_a_person(viva: Viva, guide: Path) -> None:
    ingested(viva, guide)
    assert "What does a window function do?" in viva("kit", "show", "analyst").out


def test_an_exported_kit_loads_as_the_same_version(viva: Viva, guide: Path, tmp_path: Path) -> None:
    outcome = ingested(viva, guide)
    file = tmp_path / "analyst.yaml"
    assert viva("kit", "export", "analyst", file).status == 0
    assert [path.name for path in tmp_path.glob("*yaml*")] == ["analyst.yaml"]
    assert viva("kit", "load", file, "--name", "copy").status == 0
    listed = json.loads(viva("kit", "list", "--json").out)
    assert {kit["name"]: kit["version"] for kit in listed}["copy"] == outcome["version"]


def test_the_list_holds_the_shipped_kit_from_the_start(viva: Viva) -> None:
    assert "data-engineer" in viva("kit", "list").out


def test_search_finds_by_words_and_by_kind(viva: Viva, guide: Path) -> None:
    ingested(viva, guide)
    found = json.loads(viva("search", "window function", "--kit", "analyst", "--json").out)
    assert found[0]["atom"]["text"] == "What does a window function do?"
    only = viva("search", "window function", "--kit", "analyst", "--kind", "flag")
    assert "production" in only.out
    assert "window" not in only.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["kit", "show", "nobody"], "data-engineer"),
        (["search", "x", "--kit", "nobody"], "There is no kit"),
        (["search", "x", "--kit", "data-engineer", "--kind", "qestion"], "`question`"),
        (["ingest", "nowhere.md", "--name", "x"], "nowhere.md"),
        (["kit", "load", "nowhere.yaml"], "nowhere.yaml"),
        (["kit", "export", "data-engineer", "/nowhere/at/all.yaml"], "cannot be written"),
        (["ingest"], "Usage"),
        (["no-such-command"], "No such command"),
    ],
)
def test_a_mistake_is_one_clear_error(viva: Viva, arguments: list[str], told: str) -> None:
    result = viva(*arguments)
    assert result.status == 2
    assert told in result.err
    assert result.out == ""
    assert "Traceback" not in result.err


def test_a_broken_kit_file_is_named_with_its_line(viva: Viva, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("atoms:\n- fact: A\n- opinion: B\n")
    result = viva("kit", "load", file)
    assert result.status == 2
    assert "broken.yaml, line 3 at `atoms[1]`: `opinion` is no kind" in result.err


def test_a_home_that_cannot_be_made_names_the_setting(
    viva: Viva, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VIVA_HOME", str(tmp_path / "file" / "home"))
    result = viva("kit", "list")
    assert result.status == 2
    assert "VIVA_HOME" in result.err


def test_control_characters_of_a_document_do_not_reach_the_terminal(
    viva: Viva, tmp_path: Path
) -> None:
    file = tmp_path / "sly.yaml"
    file.write_text('atoms:\n- fact: "red \\e[31m alert"\n')
    assert viva("kit", "load", file).status == 0
    assert "\x1b" not in viva("kit", "show", "sly").out


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    script = (
        f"{sys.executable} -c 'from api.cli import main; main()' kit show data-engineer --json"
        " | head -1"
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.parametrize("args", [("search", " ", "--kit", "x"), ("ingest", "x", "--name", "a/b")])
def test_nothing_to_search_for_and_a_name_with_a_slash_are_refused(
    args: tuple[str, ...], home: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", *args],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
