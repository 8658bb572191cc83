from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.marks import CompetencyRow, MarkRow, Versions
from evals.results import read_rows, read_versions, write_rows
from knowledge.errors import BadInput, NotFound


@dataclass(frozen=True)
class Line:
    transcript: str
    yes: bool
    count: int | None
    share: float | None
    kind: Literal["a", "b"] | Literal["c"] | None
    words: tuple[str, ...]


texts = st.text(st.characters(exclude_categories=["Cs"]))
lines = st.builds(
    Line,
    transcript=st.sampled_from(["one", "two"]),
    yes=st.booleans(),
    count=st.none() | st.integers(-(2**63), 2**63 - 1),
    share=st.none() | st.floats(allow_nan=False),
    kind=st.sampled_from(["a", "b", "c", None]),
    words=st.lists(texts).map(tuple),
)


def versions(viva: str = "1") -> Versions:
    return Versions(viva, 2, "kit", "v", "local", "", "", "light@1")


@given(rows=st.lists(lines, max_size=5))
def test_rows_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Line]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "deep" / "rows.parquet"
    of = {"one": versions("1"), "two": versions("2")}
    write_rows(path, rows, of)
    assert read_rows(path, Line) == rows
    assert read_versions(path) == [of[row.transcript] for row in rows]


def line(transcript: str = "one") -> Line:
    return Line(transcript, True, 1, 0.5, "a", ("x",))


def test_one_versions_speak_for_all_rows(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.parquet", [line(), line("two")], versions("7"))
    assert [each.viva for each in read_versions(tmp_path / "rows.parquet")] == ["7", "7"]


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        read_rows(tmp_path / "none.parquet", Line)


@pytest.mark.parametrize("kept", [0, 3, 100, -1])
def test_a_broken_file_is_one_error(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "rows.parquet"
    write_rows(path, [line()], versions())
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(BadInput, match=r"rows\.parquet is no whole Parquet file"):
        read_rows(path, Line)


def test_rows_of_another_kind_are_refused(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.parquet", [line()], versions())
    with pytest.raises(BadInput, match="holds no MarkRows: it lacks atom"):
        read_rows(tmp_path / "rows.parquet", MarkRow)


def test_a_value_that_its_field_cannot_have_is_refused(tmp_path: Path) -> None:
    odd = Line("one", True, 1, 0.5, "z", ())  # type: ignore[arg-type]
    write_rows(tmp_path / "rows.parquet", [line(), odd], versions())
    with pytest.raises(BadInput, match="row 1 kind"):
        read_rows(tmp_path / "rows.parquet", Line)


def test_nothing_stays_of_a_write_that_fails(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    write_rows(path, [line()], versions())
    other = CompetencyRow("one", "", "shown", None, None, None, None)
    with pytest.raises(TypeError, match="several kinds"):
        write_rows(path, [line(), other], versions())
    with pytest.raises(KeyError):
        write_rows(path, [line("three")], {"one": versions()})
    assert read_rows(path, Line) == [line()]
    assert [each.name for each in tmp_path.iterdir()] == ["rows.parquet"]
