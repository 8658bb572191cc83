"""What is proposed for a kit, decided at a terminal."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, prompt_of

from api.cli import main

GUIDE = """\
# Nursing panel

## Patient safety

### How do you check that a patient is the right one?
- Asks for the name and the birth date.

### What do you do with a dose that was missed?

## What we remember of the last round

Those whom we took *also* looked at the wristband, and said so.
"""


class Result(NamedTuple):
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int


class Viva:
    """Runs commands in this process, with the light embedder and the model that a server plays."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capture = patch, capture
        patch.setenv("VIVA_EMBEDDER", "light")

    def __call__(self, *arguments: str | Path) -> Result:
        self._patch.setattr(sys, "argv", ["viva", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
        captured = self._capture.readouterr()
        return Result(captured.out, captured.err, int(done.value.code or 0))

    def asks(self, server: OpenAIEndpoint) -> None:
        for name, value in {"MODEL": "desk", "BASE_URL": server.url, "PRICE_IN": "1"}.items():
            self._patch.setenv(f"VIVA_{name}", value)
        self._patch.setenv("VIVA_PRICE_OUT", "10")


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Viva:
    return Viva(monkeypatch, capsys)


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE)
    return path


def says(request: dict[str, Any]) -> str:
    """A flag from the passage, or a point for the question that has none."""
    told = prompt_of(request)
    if "wants:" in told:
        line = next(x for x in told.splitlines() if "wants: points" in x)
        point = {"question": line.split()[0], "points": ["The doctor is asked first."]}
        return json.dumps({"drafts": [point | {"indicators": [], "hints": []}]})
    [line] = [x for x in told.splitlines() if x.startswith("f") and "wristband" in x]
    flag = {"passage": line.split(">")[0], "span": "looked at the wristband", "parent": ""}
    facts = {"kind": "flag", "level": "", "polarity": "positive"}
    return json.dumps({"proposals": [flag | facts | {"text": "Looked at the wristband."}]})


def waiting(viva: Viva) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(viva("kit", "proposals", "g", "--json").out)
    return found


def test_a_kit_is_read_with_a_model_completed_and_decided_on(viva: Viva, guide: Path) -> None:
    with OpenAIEndpoint(says) as server:
        viva.asks(server)
        read = viva("ingest", guide, "--name", "g", "--with-model")
        assert "left as fact: 1 atom." in read.out
        assert "1 call to the model, 100 tokens in, 20 out, cost 0.0003." in read.out
        completed = viva("kit", "complete", "g", "--with-model")
        assert "1 question in g with nothing to mark by" in completed.out
        listed = viva("kit", "proposals", "g").out
        assert "flag (positive): Looked at the wristband." in listed
        assert "guide.md, line 12: “looked at the wristband”" in listed
        assert "proposed by model desk" in listed
        [point] = [each for each in waiting(viva) if each["what"] == "point"]
        taken = viva("kit", "accept", "g", point["id"]).out
        assert taken.startswith("1 accepted. Kit g is now at version")
        assert viva("kit", "reject", "g", "--all").out.startswith("1 rejected.")
        assert viva("kit", "proposals", "g").out == "Nothing waits in g.\n"
        again = viva("ingest", guide, "--name", "g", "--with-model").out
        assert "Left out, 1 x: said already, or rejected before." in again
    assert waiting(viva) == []
    atoms = json.loads(viva("kit", "show", "g", "--json").out)["atoms"]
    decided = {a["text"]: a for a in atoms if "accepted" in a or "proposed" in a}
    assert decided["The doctor is asked first."]["accepted"] == "model desk"
    assert decided["Looked at the wristband."]["withdrawn"] == "rejected"


def test_a_model_that_fails_leaves_the_kit_whole_and_says_so(viva: Viva, guide: Path) -> None:
    with OpenAIEndpoint(lambda _: Reply("no", status=400)) as server:
        viva.asks(server)
        read = viva("ingest", guide, "--name", "g", "--with-model")
    assert read.status == 0
    assert "1 failed: the endpoint answered 400. The kit is whole" in read.out
    assert "2 question" in viva("kit", "show", "g").out
    assert waiting(viva) == []


def test_without_a_model_set_nothing_is_begun(viva: Viva, guide: Path) -> None:
    refused = viva("ingest", guide, "--name", "g", "--with-model")
    assert refused.status == 2
    assert "Set VIVA_MODEL to its name." in refused.err
    assert viva("kit", "show", "g").status == 2


def test_it_has_to_be_said_which_proposals_are_meant(viva: Viva, guide: Path) -> None:
    viva("ingest", guide, "--name", "g")
    for ids in ([], ["--all", "flag-1"], ["flag-1"]):
        refused = viva("kit", "accept", "g", *ids)
        assert refused.status == 2
        assert "proposals" in refused.err


def test_the_help_comes_without_heavy_imports() -> None:
    code = (
        "import sys; from api import proposal_commands, kit_commands; "
        "print([m for m in ('torch', 'langchain_openai', 'chromadb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
