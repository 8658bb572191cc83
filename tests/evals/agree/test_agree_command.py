"""`viva agree`: people's marks from files and from the database, beside the machine's."""

import asyncio
import io
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from overlapping import cases, files, reference, write_marks

from api.cli import main
from api.hiring.tables import LOCAL, decisions, overrides, reviews
from api.settings import Settings, open_database
from api.tables import events, interviews
from evals.agree.agreement import compared, figures
from evals.agree.cases import Case
from evals.agree.disagreements import Disagreement, disagreements
from evals.agree.marks_csv import read_marks
from evals.agree.people import PersonMark, settled
from evals.commands.agree import agree
from evals.results import read_rows
from knowledge.database import Database


class Result(NamedTuple):
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int


Viva = Callable[..., Result]


@pytest.fixture
def viva(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Viva:
    """Runs a command in this process."""

    def run(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["viva", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main()
        captured = capsys.readouterr()
        return Result(captured.out, captured.err, int(done.value.code or 0))

    return run


def as_the_machine(case: Case, by: str) -> list[PersonMark]:
    """A person who finds of every point what the machine found."""
    decided = {"met", "not_met", "contradicted", "abstained"}
    return [
        PersonMark(
            case.id, q, a, row.verdict if row.verdict in decided else "abstained", by, "person"
        )  # type: ignore[arg-type]
        for (q, a), row in case.marks.items()
    ]


def test_figures_of_a_file_stand_beside_a_constant_rater_and_the_human_human_figure(
    viva: Viva, tmp_path: Path
) -> None:
    marks = [m for by in ("Ann", "Ben") for case in cases() for m in reference(case, by=by)]
    authors = [replace(m, by="Cy", role="author") for m in marks if m.by == "Ann"]
    file = write_marks(tmp_path / "marks.csv", [*marks, *authors])
    out = tmp_path / "out"
    done = viva("agree", *files(), "--marks", file, "--by", "level", "--out", out)
    assert done.status == 0
    assert done.err == ""
    told = json.loads((out / "agreement.json").read_text())
    blind = [f for f in told if f["sort"] == "blind" and not f["group"]]
    beside = {f["name"]: f for f in blind if f["first"] == "the machine" and f["pairs"] == 2}
    assert {"agreement", "kappa", "Spearman", "MAE"} < beside.keys()
    assert 0.5 <= beside["agreement"]["constant"] <= 1
    assert beside["agreement"]["low"] < beside["agreement"]["value"] < beside["agreement"]["high"]
    people = next(f for f in blind if (f["first"], f["name"]) == ("Ann", "kappa"))
    assert people["second"] == "Ben"
    assert people["value"] > beside["kappa"]["value"]
    assert {f["second"] for f in told if f["sort"] == "author"} == {"Cy"}
    assert "not human agreement" in done.out
    worst = read_rows(out / "disagreements.parquet", Disagreement)
    scored = [each for each in worst if each.sort == "blind" and each.person_score is not None]
    assert worst[0].apart == max(e.apart for e in scored if e.machine_score is not None)
    assert all(each.answers for each in worst)
    assert json.loads((out / "run.json").read_text())["marks"] == len(marks) + len(authors)


def test_wrong_lines_are_told_with_their_numbers_and_the_rest_goes_on(
    viva: Viva, tmp_path: Path
) -> None:
    case = cases()[0]
    given_ = list(reference(case))
    question, atom = given_[0].question, given_[0].atom
    file = write_marks(
        tmp_path / "marks.csv",
        given_,
        extra=[
            f"nobody,{question},{atom},met,,Ann,person,",
            f"{case.id},gone,{atom},met,,Ann,person,",
            f"{case.id},{question},gone,met,,Ann,person,",
            f"{case.id},{question},{atom},maybe,,Ann,person,",
            f"{case.id},{question},{atom},met,,Ann,boss,",
            f"{case.id},{question},{atom},met,,Ann,person,",
            f",{question},{atom},met,,Ann,person,",
            f"nobody,{question},{atom},met,,Ben,person,",
        ],
    )
    latin = tmp_path / "latin.csv"
    latin.write_bytes("transcript,question,atom,verdict,by,role\né".encode("latin-1"))
    short = tmp_path / "short.csv"
    short.write_text("transcript,verdict\nx,met\n")
    gone = tmp_path / "gone.csv"
    options = [o for path in (file, latin, short, gone) for o in ("--marks", path)]
    done = viva("agree", files()[0], *options, "--out", tmp_path / "out")
    first = len(given_) + 2
    for line, why in enumerate(
        ("no transcript 'nobody'", "'gone' was not put", "not marked by 'gone'",
         "no verdict 'maybe'", "no role 'boss'", "line 2 counts", "nothing stands under transc"),
        first,
    ):  # fmt: skip
        assert any(f"marks.csv, line {line}: " in told and why in told for told in _lines(done.err))
    assert "latin.csv: is not text in UTF-8" in done.err
    assert "short.csv, line 1: columns are missing: question, atom, by, role" in done.err
    assert "gone.csv: cannot be read" in done.err
    assert f"{len(given_)} marks by people on 1 of 1 interviews" in done.out
    kept = (tmp_path / "out" / "failures.jsonl").read_text().splitlines()
    assert len(kept) == len(_lines(done.err)) == 10
    assert done.status == 0


class Closed(io.StringIO):
    """What a pipe is once its reader has had enough."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError


def test_results_are_kept_though_nobody_reads_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_marks(tmp_path / "marks.csv", reference(cases()[0]))
    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(BrokenPipeError):
        agree([str(files()[0])], [file], out=tmp_path / "out")
    assert (tmp_path / "out" / "agreement.json").is_file()


def _lines(text: str) -> list[str]:
    return text.splitlines()


def test_nothing_usable_is_an_error_in_one_line(viva: Viva, tmp_path: Path) -> None:
    file = write_marks(tmp_path / "marks.csv", [], extra=["nobody,q,a,met,,Ann,person,"])
    done = viva("agree", files()[0], "--marks", file, "--out", tmp_path / "out")
    assert done.status != 0
    assert done.err.startswith("There are no marks by people to compare with: marks.csv, line 2")
    assert len(_lines(done.err)) == 1
    assert not (tmp_path / "out").exists()


def test_a_spreadsheets_file_is_read_as_it_is(tmp_path: Path) -> None:
    """A byte order mark, semicolons, quotes, and the mark before what would be a formula."""
    path = tmp_path / "marks.csv"
    path.write_bytes(
        "\ufeffRole;By;Verdict;Atom;Question;Transcript;Words;Blind\r\n"
        "person;Ann;MET;a;q;t;'=SUM is what I use;no\r\n".encode()
    )
    marks, lines, problems = read_marks(path)
    assert problems == []
    assert marks == [PersonMark("t", "q", "a", "met", "Ann", "person", "=SUM is what I use", False)]
    assert marks[0].sort == "informed"
    assert lines == {0: 2}


@settings(max_examples=60)
@given(st.binary(max_size=200), st.booleans())
def test_no_file_breaks_the_reader(body: bytes, headed: bool) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        head = b"transcript,question,atom,verdict,words,by,role,at\n" if headed else b""
        path.write_bytes(head + body)
        marks, lines, problems = read_marks(path)
    assert len(marks) == len(lines)
    assert all(str(problem) for problem in problems)


def test_a_person_who_finds_what_the_machine_found_agrees_on_everything() -> None:
    by_id = {case.id: case for case in cases()}
    marks = [mark for case in cases() for mark in as_the_machine(case, "Ann")]
    found = figures(compared(by_id, marks))
    points = {f.name: f for f in found if f.of == "points"}
    assert points["agreement"].value == points["kappa"].value == 1.0
    assert disagreements(by_id, marks) == []


def test_a_score_of_a_person_is_that_of_the_machine_where_the_machine_is_certain() -> None:
    """The same arithmetic: of a machine's certain marks, with words that stand in the answers."""
    case = next(c for c in cases() if any(c.machine_score(q) for q in c.questions))
    for question, topic in case.topics.items():
        found = {
            atom.id: PersonMark(case.id, question, atom.id, "met", "Ann", "person")
            for atom in case.rubric(question)
            if atom.polarity != "negative"
        }
        none = {atom: replace(mark, verdict="not_met") for atom, mark in found.items()}
        rest = {
            atom.id: PersonMark(case.id, question, atom.id, "not_met", "Ann", "person")
            for atom in case.rubric(question)
            if atom.id not in found
        }
        best, worst = (case.score_of(question, {**each, **rest}) for each in (found, none))
        assert topic.answers == [] or (best or 0) >= 0.7
        assert (worst or 0) <= case.policy.found_a_way
        if len(found) > 1:
            assert case.score_of(question, dict([*found.items()][1:])) is None


def test_what_markers_found_alike_stands_beside_what_was_adjudicated() -> None:
    def mark(atom: str, verdict: str, by: str, role: str = "person") -> PersonMark:
        return PersonMark("t", "q", atom, verdict, by, role)  # type: ignore[arg-type]

    marks = [mark(a, "met", by) for a in "ab" for by in ("Ann", "Ben")]
    marks += [mark("c", "met", "Ann"), mark("c", "not_met", "Ben"), mark("d", "met", "Ann")]
    assert settled(marks) == marks
    ruled = settled([*marks, mark("c", "met", "Cy", "adjudicated")])
    assert {(m.atom, m.by) for m in ruled if m.sort == "adjudicated"} == {
        ("a", "all markers"), ("b", "all markers"), ("c", "Cy"),
    }  # fmt: skip


def in_database(work: Callable[[Database], Awaitable[Any]]) -> Any:
    """Do something with the database of the settings in force."""

    async def opened() -> Any:
        database = await open_database(Settings())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(opened())


async def put(database: Database, case: Case) -> None:
    """Keep an interview with its log, as if it had been held here."""
    header = case.transcript.header
    row = {
        "id": case.id[:16], "kit": header.kit, "kit_version": header.kit_version,
        "level": header.level, "mode": header.mode, "examiner": header.examiner, "seed": 0,
        "options": {}, "status": "ended", "question": 1, "state_version": 1, "created": 0.0,
        "updated": 0.0,
    }  # fmt: skip
    async with database.write() as connection:
        await connection.execute(sa.insert(interviews).values(**row))
        for event in case.transcript.events:
            body = event.model_dump(mode="json", exclude={"seq", "turn", "at", "type"})
            await connection.execute(
                sa.insert(events).values(
                    interview_id=row["id"],
                    seq=event.seq,
                    turn=event.turn,
                    at=event.at,
                    type=event.type,
                    body=body,
                )
            )


def review(case: Case, name: str, *, blind: bool, author: bool = False) -> dict[str, Any]:
    places = list(case.questions)
    marks = [
        {
            "question": places.index(m.question) + 1,
            "atom": m.atom,
            "verdict": m.verdict,
            "words": "",
        }
        for m in reference(case, by=name)
    ]
    return {
        "id": f"r-{name}", "workspace_id": LOCAL, "interview_id": case.id[:16], "reviewer": name,
        "blind": blind, "is_author": author, "marks": marks, "text": "", "at": 5.0,
    }  # fmt: skip


async def _with_marks(database: Database, case: Case, also: Iterable[dict[str, Any]]) -> None:
    await put(database, case)
    places = list(case.questions)
    override = {
        "id": "o-1", "workspace_id": LOCAL, "interview_id": case.id[:16],
        "subject": next(reference(case)).atom, "machine": "met", "value": "not_met", "reason": "x",
        "question": places.index(next(reference(case)).question) + 1, "by": "Dan", "at": 6.0,
    }  # fmt: skip
    async with database.write() as connection:
        for row in also:
            await connection.execute(sa.insert(reviews).values(**row))
        await connection.execute(sa.insert(overrides).values(**override))
        verdict = override | {"id": "o-2", "subject": "verdict", "question": None}
        await connection.execute(sa.insert(overrides).values(**verdict))
        decision = {
            name: override[name] for name in ("workspace_id", "interview_id", "reason", "by")
        }
        for at, outcome in enumerate(("decline", "advance")):
            row = {"id": f"d-{at}", "outcome": outcome, "at": float(at), **decision}
            await connection.execute(sa.insert(decisions).values(**row))


@pytest.mark.long
def test_reviews_and_overrides_are_found_and_told_apart(viva: Viva, tmp_path: Path) -> None:
    """Without names: every interview that somebody marked; what was seen before is no agreement."""
    case = cases()[0]
    rows = [
        review(case, "Ann", blind=True),
        review(case, "Ben", blind=False),
        review(case, "Cy", blind=True, author=True),
    ]
    in_database(lambda database: _with_marks(database, case, rows))
    done = viva("agree", "--out", tmp_path / "out")
    assert (done.status, done.err) == (0, "")
    told = json.loads((tmp_path / "out" / "agreement.json").read_text())
    by_sort = {(f["sort"], f["second"]) for f in told if f["first"] == "the machine"}
    assert {("blind", "Ann"), ("informed", "Ben"), ("informed", "Dan"), ("author", "Cy")} <= by_sort
    assert not {("blind", "Ben"), ("blind", "Cy"), ("blind", "Dan")} & by_sort
    assert next(f["count"] for f in told if f["second"] == "Dan") == 1
    groups = tmp_path / "groups.csv"
    groups.write_text(f"transcript,sex\n{case.id[:16]},f\n")
    fair = viva("fairness", case.id[:16], "--groups", groups)
    assert (fair.status, fair.err) == (0, "")
    decided = fair.out.partition("People decided to go on")[2]
    assert "| f | 1 | 1 | 1.00 |" in decided


def test_equal_verdicts_agree_wholly_by_verdicts_whatever_the_machine_s_doubt(
    viva: Viva, tmp_path: Path
) -> None:
    marks = [
        mark
        for case in cases()
        for question in case.questions
        for mark in case.as_a_person(question).values()
    ]
    out = tmp_path / "out"
    assert viva("agree", *files(), "--marks", write_marks(tmp_path / "m.csv", marks), "--out", out)
    told = json.loads((out / "agreement.json").read_text())
    by_verdicts = {f["name"]: f["value"] for f in told if f["of"] == "questions"}
    assert by_verdicts["QWK, 3 anchors"] == by_verdicts["Spearman"] == 1
    assert by_verdicts["MAE"] == 0
    counted = {f["name"]: f["value"] for f in told if f["of"] == "scores"}
    assert counted["MAE"] > 0
