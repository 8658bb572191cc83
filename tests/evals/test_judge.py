"""The whole judgement: each part into its folder, what fails told, and a page over all."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from evals import judge as judging
from evals.corpus.plan import FOLDER
from evals.judge import Asked, Judgement, in_words, judge
from knowledge.errors import BadInput, NotFound

SHORT = ("course-is-gone", "course-hangs-up")


def _folder(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "transcripts"
    shutil.copytree(FOLDER / "kits", folder / "kits")
    for name in names:
        shutil.copy(FOLDER / f"{name}.jsonl.gz", folder)
    return folder


@contextmanager
def _only(monkeypatch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    parts = {name: judging.PARTS[name] for name in names}
    with monkeypatch.context() as patch:
        patch.setattr(judging, "PARTS", parts)
        yield


def test_rules_and_agreement_are_judged_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(_folder(tmp_path, *SHORT), tmp_path / "out")
    heard = list[str]()
    with _only(monkeypatch, "scorecard", "agreement"):
        done = judge(asked, heard.append)
    assert done.found["scorecard"].startswith("2 interviews")
    assert done.found["agreement"] == "left out: there is no marks.csv beside the transcripts."
    assert not done.problems
    assert any(line.startswith("scorecard: 2 interviews") for line in heard)
    page = (asked.out / "index.html").read_text("utf-8")
    assert "The interviewer&#39;s own rules" in page
    assert json.loads((asked.out / "run.json").read_text("utf-8"))["transcripts"] == 2


def test_what_cannot_be_read_is_told_and_the_rest_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path, SHORT[0])
    (folder / "torn.jsonl").write_text('{"type": "header", ', "utf-8")
    with _only(monkeypatch, "scorecard"):
        done = judge(Asked(folder, tmp_path / "out"))
    assert done.found["scorecard"].startswith("1 interview,")
    assert [problem for problem in done.problems if "torn" in problem]
    assert "torn" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_marks_that_are_not_there_stop_no_other_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(_folder(tmp_path, SHORT[0]), tmp_path / "out", tmp_path / "nowhere.csv")
    with _only(monkeypatch, "agreement", "scorecard"):
        done = judge(asked)
    assert [problem for problem in done.problems if problem.startswith("agreement")]
    assert "scorecard" in done.found


def test_a_quick_judgement_takes_transcripts_from_the_whole_folder(tmp_path: Path) -> None:
    every = judging._sample(Asked(FOLDER, tmp_path))
    quick = judging._sample(Asked(FOLDER, tmp_path, quick=True))
    assert len(quick) == judging.QUICK
    assert set(quick) < set(every)
    kinds = {Path(name).name.partition("-")[0] for name in quick}
    assert len(kinds) >= 4


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "home"
    out.mkdir()
    (out / "letter.txt").write_text("Dear all")
    with pytest.raises(BadInput, match="something else"):
        judge(Asked(_folder(tmp_path, SHORT[0]), out))
    assert [path.name for path in out.iterdir()] == ["letter.txt"]


def test_a_folder_without_transcripts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        judge(Asked(tmp_path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_the_command_fails_where_an_interview_cannot_be_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")
    folder, out = _folder(tmp_path, "course-hangs-up"), tmp_path / "out"
    with _only(monkeypatch, "verify"):
        done = CliRunner().invoke(app, ["judge", str(folder), "--out", str(out)])
    assert done.exit_code == 1
    assert "verify, course-hangs-up: It cannot be verified" in done.stdout
    assert "What failed" in (out / "index.html").read_text("utf-8")


def test_problems_are_counted_in_words() -> None:
    done = Judgement({"verify": "2 transcripts: 2 same."}, ["regrade, x: torn"])
    told = list(in_words(done))
    assert told == ["verify: 2 transcripts: 2 same.", "\n1 problem:", "  regrade, x: torn"]


@pytest.mark.long
def test_a_quick_judgement_of_the_corpus_is_whole(tmp_path: Path) -> None:
    done = judge(Asked(FOLDER, tmp_path / "out", quick=True))
    assert done.problems == []
    assert set(done.found) == set(judging.PARTS)
