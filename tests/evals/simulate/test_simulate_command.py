"""`viva simulate`: a folder of results, gone on with, and refused where it is of something else."""

import json
from pathlib import Path

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request
from typer.testing import CliRunner

from api.cli import app
from evals.marks import CompetencyRow, MarkRow, QuestionRow
from evals.replay.sources import all_of
from evals.replay.transcript import Transcript
from evals.results import read_rows
from evals.scorecard.figures import Figures
from evals.simulate.outcomes import Outcome
from knowledge.errors import BadInput, VivaError

KITCHEN = Path(__file__).with_name("kitchen.yaml")
PERSONAS = """personas:
- {name: senior-plain, level: senior}
- {name: mid-terse, style: terse, level: {all: mid, Food safety: junior}, claims: [Combi oven]}
"""


@pytest.fixture(autouse=True)
def light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")


def _simulate(folder: Path, *more: str) -> tuple[int, str]:
    personas = folder.parent / "personas.yaml"
    personas.write_text(PERSONAS, "utf-8")
    asked = ["--kit", str(KITCHEN), "--personas", str(personas), "--minutes", "12"]
    found = CliRunner().invoke(
        app, ["simulate", "--out", str(folder), *asked, "--questions", "1", *more]
    )
    if isinstance(found.exception, VivaError):
        raise found.exception
    return found.exit_code, found.output


def test_it_writes_transcripts_with_their_kit_rows_and_a_summary(tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, told = _simulate(out)
    assert status == 0
    assert "2 interviews, 0 failures." in told
    transcripts = list(all_of([str(out / "transcripts")]))
    assert all(isinstance(each, Transcript) for each in transcripts)
    assert len(list((out / "transcripts" / "kits").iterdir())) == 1
    ids = {each.id for each in transcripts}
    assert {row.transcript for row in read_rows(out / "marks.parquet", MarkRow)} == ids
    assert {row.transcript for row in read_rows(out / "questions.parquet", QuestionRow)} == ids
    assert {row.transcript for row in read_rows(out / "simulated.parquet", Outcome)} == ids
    assert {row.transcript for row in read_rows(out / "figures.parquet", Figures)} == ids
    assert read_rows(out / "competencies.parquet", CompetencyRow)
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert (run["interviews"], run["failures"]) == (2, 0)
    assert (out / "failures.jsonl").read_text("utf-8") == ""

    before = {path: path.stat().st_mtime_ns for path in (out / "transcripts").glob("*.gz")}
    status, told = _simulate(out, "--n", "3")
    assert status == 0
    assert "3 interviews" in told
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())

    with pytest.raises(BadInput, match="another level"):
        _simulate(out, "--level", "senior")


def test_a_candidates_model_that_fails_is_a_listed_failure_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plays(request: Request) -> Reply | str:
        text = request["messages"][-1]["content"]
        if "senior" in text:
            return Reply(status=400)
        asked = "what would you like to ask" in text or "Anything else" in text
        said = "No, nothing more." if asked else "I write the temperature into the log."
        return json.dumps({"does": "write", "text": said})

    out = tmp_path / "out"
    with OpenAIEndpoint(plays) as server:
        monkeypatch.setenv("VIVA_CANDIDATE_MODEL", "desk")
        monkeypatch.setenv("VIVA_CANDIDATE_BASE_URL", server.url)
        status, told = _simulate(out, "--candidate", "model", "--mode", "screen")
        hidden = "thrown away", "inspector", "different corners"
        sent = json.dumps(server.requests)
        assert "eleven degrees" in sent
        assert not any(words in sent for words in hidden)
    assert status == 1
    assert "1 interview, 1 failure." in told
    failures = (out / "failures.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["name"] for line in failures] == ["screen-mid-senior-plain-0.0"]


def test_without_a_model_for_the_candidate_nothing_is_begun(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No language model"):
        _simulate(tmp_path / "out", "--candidate", "model")
    assert not (tmp_path / "out").exists()
