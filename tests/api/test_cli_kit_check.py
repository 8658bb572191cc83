"""Kit check, diff and merge, as a person or a script meets them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main

KIT = """\
name: ward
atoms:
- competency: Giving tablets
  has:
  - indicator: Looks at the wristband first.
    polarity: positive
  - question: A dose on the chart looks twice as high as usual. What do you do?
    has:
    - point: The tablet waits until somebody has confirmed it.
"""

Viva = Callable[..., tuple[int, str, str]]


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Viva:
    """Runs a command in this process, with the light embedder: status, output, errors."""
    monkeypatch.setenv("VIVA_EMBEDDER", "light")

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["viva", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
        captured = capsys.readouterr()
        return int(done.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ward.yaml"
    path.write_text(KIT)
    return path


def test_check_lists_what_it_found_and_fails_as_asked(viva: Viva, file: Path) -> None:
    status, out, _ = viva("kit", "check", file)
    assert status == 0
    assert "0 errors, 0 warnings, 1 note" in out
    assert "Self-test: of 1 question, 100%" in out
    file.write_text(KIT + "- question: How do you plan a shift?\n")
    status, out, _ = viva("kit", "check", file)
    assert (status, "warning: no rubric (1)" in out) == (0, True)
    assert "How do you plan a shift? (ward.yaml, line 10)" in out
    assert viva("kit", "check", file, "--strict")[0] == 1
    file.write_text(KIT + "- question: Why [company]?\n")
    status, out, _ = viva("kit", "check", file, "--json")
    assert status == 1
    assert {"open-slot", "no-rubric"} <= {each["name"] for each in json.loads(out)["findings"]}


def test_a_kit_that_is_not_there_is_2(viva: Viva, tmp_path: Path) -> None:
    assert viva("kit", "check", "none-such")[0] == 2
    status, _, err = viva("kit", "diff", tmp_path / "no.yaml", "data-engineer")
    assert (status, "There is no file" in err) == (2, True)


def test_diff_tells_names_versions_and_files_apart(viva: Viva, file: Path) -> None:
    assert viva("kit", "load", file)[0] == 0
    assert viva("kit", "diff", "ward", file) == (0, "The kits are the same.\n", "")
    version = json.loads(viva("kit", "show", "ward", "--json")[1])["version"]
    file.write_text(KIT.replace("wristband", "bracelet"))
    assert viva("kit", "load", file)[0] == 0
    status, out, _ = viva("kit", "diff", f"ward@{version}", "ward")
    assert status == 1
    assert "reworded indicator: Looks at the bracelet first." in out
    assert "before: Looks at the wristband first." in out
    status, out, _ = viva("kit", "diff", f"ward@{version}", file, "--json")
    assert (status, json.loads(out)[0]["what"]) == (1, "reworded")


def test_two_kits_become_one_and_a_part_of_one_can_be_taken(viva: Viva, file: Path) -> None:
    status, out, _ = viva(
        *("kit", "merge", file, "data-engineer", "--name", "both"),
        *("--only", "SQL", "--only", "Data modelling"),
    )
    assert (status, "Kit both is now" in out) == (0, True)
    atoms = json.loads(viva("kit", "show", "both", "--json")[1])["atoms"]
    named = [a["text"] for a in atoms if a["kind"] in ("competency", "technology")]
    assert named == ["Giving tablets", "Data modelling", "SQL"]
    status, _, err = viva("kit", "merge", file, "data-engineer", "--name", "x", "--only", "Cooking")
    assert (status, "no competency or technology 'Cooking'" in err) == (2, True)


def test_a_file_merges_kits_of_the_library(viva: Viva, file: Path, tmp_path: Path) -> None:
    assert viva("kit", "load", file)[0] == 0
    (tmp_path / "more").mkdir()
    other = tmp_path / "more" / "night.yaml"
    other.write_text("merge:\n- kit: ward\natoms:\n- fact: Nights are long.\n")
    assert viva("kit", "load", other)[0] == 0
    assert "Looks at the wristband first." in viva("kit", "show", "night")[1]
