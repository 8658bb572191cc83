import json
from multiprocessing import active_children
from pathlib import Path

import pytest
from tests_of_many import replaced_kit
from typer.testing import CliRunner, Result

from agent.events import Heard, Mark, Regraded
from agent.policy import Policy
from api.cli import app
from evals.marks import MarkRow, QuestionRow, competencies_of, marks_of
from evals.replay.asking import Asked
from evals.replay.differences import MarkChange
from evals.replay.fleet import Fleet
from evals.replay.many import run
from evals.replay.outcomes import Outcome
from evals.replay.playing import Ready
from evals.replay.regrade import Job, Regrader, competencies
from evals.replay.sources import Kits
from evals.replay.transcript import Transcript, read, write
from evals.results import read_rows, read_versions
from knowledge.embedder import WordHash
from knowledge.errors import BadInput, NotFound


def regrade(folder: Path, out: Path | None = None, **asked: object) -> list[Outcome]:
    given = {"kind": "regrade", "embedder": "light", **asked}
    return run([str(folder)], Asked(**given), out)  # type: ignore[arg-type]


def viva(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_marking_anew_as_it_was_changes_nothing(folder: Path) -> None:
    found = regrade(folder)
    assert [each.id for each in found] == ["good", "mixed", "wrong"]
    for each in found:
        assert each.answers > 0
        assert each.before == each.after


def test_the_rows_of_a_log_are_those_of_its_report(folder: Path) -> None:
    from agent.report import report

    transcript = read(folder / "good.jsonl.gz")
    syllabus = Ready(WordHash()).deps(Kits().of(transcript)).room.syllabus
    told = report("good", transcript.events, syllabus)
    assert competencies(transcript, syllabus) == list(competencies_of("good", told))


def test_a_question_that_the_kit_has_not_is_listed_and_not_scored(folder: Path) -> None:
    kit = replaced_kit(folder, lambda text: text.replace("id: window", "id: elsewhere"))
    for each in regrade(folder, kit=str(kit)):
        assert each.not_in_kit == ["window"]
        assert each.before
        assert each.after
        assert {row.question for row in each.before.questions} == {"history", "window"}
        assert {row.question for row in each.after.questions} == {"history"}
        assert {row.question for row in each.after.marks} == {"history"}
        streaming = next(c for c in each.after.competencies if c.competency == "Streaming")
        assert streaming.estimate is None


def test_a_kit_with_none_of_the_questions_is_a_failure_and_no_result(folder: Path) -> None:
    kit = replaced_kit(
        folder,
        lambda text: text.replace("id: window", "id: other").replace("id: history", "id: past"),
    )
    for each in regrade(folder, kit=str(kit)):
        assert each.state == "failed"
        assert "None of its questions" in each.told
        assert not each.after


def test_another_point_is_told_as_new_and_the_old_one_as_gone(folder: Path) -> None:
    kit = replaced_kit(folder, lambda text: text.replace("id: versions", "id: kept"))
    out = folder.parent / "out"
    regrade(folder, out, kit=str(kit))
    changes = read_rows(out / "mark_changes.parquet", MarkChange)
    assert {each.atom: each.change for each in changes if each.change in {"new", "gone"}} == {
        "versions": "gone",
        "kept": "new",
    }
    now = {each.kit_version for each in read_versions(out / "marks.parquet")}
    then = {each.kit_version for each in read_versions(out / "before" / "marks.parquet")}
    assert len(now) == len(then) == 1
    assert now != then


def marked_by_a_person(transcript: Transcript) -> Transcript:
    """With the first answer's marks ruled to be met by a person."""
    row = next(iter(marks_of(transcript)))
    mark = Mark(
        atom=row.atom,
        kind="point",
        text=row.text,
        verdict="contradicted" if row.verdict == "met" else "met",
        probability=1.0,
        source="human",
    )
    ruled = Regraded(
        seq=len(transcript.events) + 1,
        at=transcript.events[-1].at,
        testlet=0,
        question=row.question,
        answer=0,
        aid="unaided",
        marks=(mark,),
        score=0.5,
        anchor="meets",
        source="human",
        recount=True,
    )
    return Transcript(transcript.id, (*transcript.events, ruled), transcript.folder)


async def test_what_a_person_has_marked_stays(folder: Path) -> None:
    transcript = marked_by_a_person(read(folder / "mixed.jsonl.gz"))
    kit, ready = Kits().of(transcript), Ready(WordHash())
    [found] = await Regrader(ready, ready.local).regrade([Job(transcript, kit, kit, Policy())])
    assert found.by_people == 1
    ruled = {row.atom for row in marks_of(transcript) if row.source == "human"}
    assert ruled == {row.atom for row in found.marks() if row.source == "human"}


def test_a_model_that_fails_leaves_its_questions_ungraded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_MODEL", "nobody")
    monkeypatch.setenv("VIVA_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("VIVA_TIMEOUT", "2")
    out = folder.parent / "out"
    for each in regrade(folder, out, examiner="model"):
        assert each.failed
        assert each.after
        assert all(row.score is None for row in each.after.questions)
    lines = (out / "failures.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["transcript"] for line in lines} == {"good", "mixed", "wrong"}
    assert not list((out / "parts").iterdir())


def test_verifying_is_what_is_done_where_nothing_differs(folder: Path) -> None:
    found = viva("replay", folder)
    assert found.exit_code == 0, found.output
    assert "3 transcripts: 3 same." in found.output


def test_a_broken_transcript_is_told_and_the_rest_goes_on(folder: Path) -> None:
    whole = (folder / "good.jsonl.gz").read_bytes()
    (folder / "half.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "alone").mkdir()
    (folder / "alone" / "gone.jsonl.gz").write_bytes(whole)
    out = folder.parent / "out"
    found = viva("replay", folder / "alone", folder, "--out", out)
    assert found.exit_code == 1
    assert "5 transcripts: 2 failed, 3 same." in found.output
    lines = (out / "failures.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["transcript"] for line in lines} == {"half.jsonl.gz", "gone"}
    assert {row.transcript for row in read_rows(out / "questions.parquet", QuestionRow)} == {
        "good",
        "mixed",
        "wrong",
    }


def test_a_second_run_does_what_is_missing_and_comes_to_the_same(folder: Path) -> None:
    out = folder.parent / "out"
    first = regrade(folder, out)
    marks = read_rows(out / "marks.parquet", MarkRow)
    parts = sorted((out / "parts").iterdir())
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:20])
    kept = parts[2].stat().st_mtime_ns
    assert regrade(folder, out) == first
    assert read_rows(out / "marks.parquet", MarkRow) == marks
    assert parts[2].stat().st_mtime_ns == kept
    assert sorted((out / "parts").iterdir()) == parts


def test_a_folder_of_other_settings_is_refused(folder: Path) -> None:
    out = folder.parent / "out"
    regrade(folder, out)
    with pytest.raises(BadInput, match=r"other settings \(examiner\)"):
        regrade(folder, out, examiner="local")
    with pytest.raises(BadInput, match="something else than results"):
        regrade(folder, folder)


@pytest.mark.parametrize(
    ("prompt", "why"),
    [
        (None, "holds no examine.md or phrase.md"),
        ("x", "no line of three dashes"),
        ("a\n---\n$question $odd", r"missing or unknown .*\$odd"),
    ],
)
def test_prompts_that_cannot_be_filled_are_one_error(
    folder: Path, prompt: str | None, why: str
) -> None:
    prompts = folder.parent / "prompts"
    prompts.mkdir()
    if prompt is not None:
        (prompts / "examine.md").write_text(prompt, "utf-8")
    with pytest.raises(BadInput, match=why):
        regrade(folder, prompts=prompts)


@pytest.mark.long
def test_workers_come_to_the_same_as_this_process(folder: Path) -> None:
    asked = Asked(kind="regrade", embedder="light")
    assert run([str(folder)], asked, fleet=Fleet(2)) == run([str(folder)], asked)


@pytest.mark.long
def test_a_worker_that_is_killed_costs_no_transcript(folder: Path) -> None:
    asked, killed = Asked(kind="regrade", embedder="light"), list[str]()

    def kill_one(done: int, of: int) -> None:
        if not killed:
            worker = active_children()[0]
            worker.kill()
            killed.append(worker.name)

    found = run([str(folder)], asked, fleet=Fleet(2), progress=kill_one)
    assert killed
    assert found == run([str(folder)], asked)


def test_a_folder_without_transcripts_leaves_no_results(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(NotFound):
        regrade(folder / "empty", folder.parent / "out")
    assert not (folder.parent / "out").exists()


def test_results_of_another_model_are_others_wherever_a_model_may_be_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = folder.parent / "out"
    monkeypatch.setenv("VIVA_MODEL", "one")
    regrade(folder, out)
    monkeypatch.setenv("VIVA_MODEL", "other")
    with pytest.raises(BadInput, match=r"other settings \(model\)"):
        regrade(folder, out)


def test_who_marks_is_no_part_of_a_counterfactual(folder: Path) -> None:
    policy = folder.parent / "policy.yaml"
    policy.write_text("unaided: 0.9\n", "utf-8")
    with pytest.raises(BadInput, match="not who marks"):
        run([str(folder)], Asked(policy=policy, examiner="local", embedder="light"))


def test_any_line_break_that_unicode_has_may_stand_in_an_answer(folder: Path) -> None:
    good = read(folder / "good.jsonl.gz")
    broken = [
        each.model_copy(update={"text": f"{each.text}\u2028\x85More."})
        if isinstance(each, Heard)
        else each
        for each in good.events
    ]
    write(Transcript("good", tuple(broken)), folder / "good.jsonl.gz")
    assert [each.state for each in regrade(folder)] == ["regraded"] * 3


@pytest.mark.long
def test_a_cluster_that_is_not_there_is_one_error(folder: Path) -> None:
    asked = Asked(kind="regrade", embedder="light")
    with pytest.raises(BadInput, match="no Dask cluster at tcp"):
        run([str(folder)], asked, fleet=Fleet(0, "tcp://127.0.0.1:9"))


@pytest.mark.parametrize("content", ["[" * 100_000, '{"settings": [1]}', '{"settings": "kind"}'])
def test_a_folder_whose_run_was_tampered_with_is_told(
    folder: Path, tmp_path: Path, content: str
) -> None:
    out = tmp_path / "out"
    regrade(folder, out)
    (out / "run.json").write_text(content)
    with pytest.raises(BadInput, match=r"run\.json is not a run's"):
        regrade(folder, out)


def test_a_part_that_is_another_transcripts_or_broken_is_made_anew(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    before = regrade(folder, out)
    one, other, third = sorted((out / "parts").iterdir())
    one.write_bytes(other.read_bytes())
    third.write_bytes(third.read_bytes()[:30] + bytes(20) + third.read_bytes()[50:])
    assert regrade(folder, out) == before


def test_two_fleets_at_once_listen_to_this_machine_alone() -> None:
    with Fleet(1).client() as one, Fleet(1).client() as other:
        for client in (one, other):
            told = client.scheduler_info()
            assert client.dashboard_link.startswith("http://127.0.0.1:")
            assert told["address"].startswith("tcp://127.0.0.1:")
            assert [address[:16] for address in told["workers"]] == ["tcp://127.0.0.1:"]
