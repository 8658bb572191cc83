"""Impact ratios: the figures, the file of groups, and what is said of whom."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact

from api.cli import main
from evals.agree.sides import COMPETENCIES, MARKS, QUESTIONS
from evals.fairness.groups import Groups, read_groups
from evals.fairness.impact import ABOVE, DECIDED, FEWEST, VERDICT, GroupRate, Unplaced, impact
from evals.fairness.outcomes import Outcome
from evals.fairness.rates import ratio_interval, wilson
from evals.marks import CompetencyRow, Versions
from evals.results import write_rows
from knowledge.errors import BadInput

counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
some = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@given(counts)
def test_the_interval_of_a_rate_is_scipys(given_: tuple[int, int]) -> None:
    part, whole = given_
    expected = binomtest(part, whole).proportion_ci(0.9, method="wilson")
    assert wilson(part, whole) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(counts, some)
def test_the_interval_of_a_ratio_holds_the_ratio(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    low, high = ratio_interval(*one, *other)
    ratio = (one[0] / one[1]) / (other[0] / other[1])
    assert 0 <= low <= ratio + 1e-9
    assert high >= ratio - 1e-9


@given(some, some)
def test_the_ratio_the_other_way_round_has_the_interval_turned_round(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    low, high = ratio_interval(*one, *other)
    low_back, high_back = ratio_interval(*other, *one)
    assert low * high_back == pytest.approx(1)
    assert low_back * high == pytest.approx(1)


@pytest.mark.parametrize(("p", "q", "n", "m"), [(0.3, 0.5, 40, 60), (0.1, 0.2, 80, 30)])
def test_nine_of_ten_intervals_of_a_ratio_hold_the_true_one(
    p: float, q: float, n: int, m: int
) -> None:
    rng = random.Random(1)
    held = tried = 0
    for _ in range(2_000):
        a, b = (sum(rng.random() < x for _ in range(k)) for x, k in ((p, n), (q, m)))
        if b:
            low, high = ratio_interval(a, n, b, m)
            held, tried = held + (low <= p / q <= high), tried + 1
    assert 0.87 < held / tried < 0.94


def outcome(number: int, verdict: str, estimate: float | None, decided: bool | None) -> Outcome:
    return Outcome(f"i{number}", "kit", verdict, estimate, decided)


def groups(of: dict[str, dict[str, str]]) -> Groups:
    return Groups(tuple(next(iter(of.values()))), of, ())


def rates(found: list[GroupRate | Unplaced], measure: str, attribute: str) -> dict[str, GroupRate]:
    rows = (r for r in found if isinstance(r, GroupRate))
    return {r.group: r for r in rows if (r.measure, r.attribute) == (measure, attribute)}


def test_ratios_are_to_the_group_most_often_selected_worked_out_by_hand() -> None:
    every = [
        outcome(
            n, "likely shown" if n % 40 < (20 if n < 40 else 10) else "could be either", n, None
        )
        for n in range(80)
    ]
    of = {f"i{n}": {"sex": "f" if n < 40 else "m"} for n in range(80)}
    found = list(impact({"": every}, groups(of)))
    by_verdict = rates(found, VERDICT, "sex")
    assert (by_verdict["f"].ratio, by_verdict["m"].ratio) == (1.0, 0.5)
    expected = fisher_exact([[10, 30], [20, 20]]).pvalue
    assert by_verdict["m"].chance == pytest.approx(expected)
    assert "below four fifths" in by_verdict["m"].notes
    scored = rates(found, ABOVE, "sex")
    assert (scored["f"].selected, scored["m"].selected) == (0, 40)
    assert rates(found, DECIDED, "sex") == {}


def test_decisions_are_a_measure_of_their_own_and_the_undecided_are_left_out() -> None:
    every = [outcome(n, "could be either", None, None if n < 5 else n % 2 == 0) for n in range(45)]
    of = {f"i{n}": {"sex": "fm"[n % 3 == 0]} for n in range(45)}
    decided = rates(list(impact({"": every}, groups(of))), DECIDED, "sex")
    assert sum(rate.count for rate in decided.values()) == 40
    assert rates(list(impact({"": every}, groups(of))), ABOVE, "sex") == {}


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from("ab"), st.sampled_from("xyz")),
        min_size=1,
        max_size=90,
    )
)
def test_every_interview_is_counted_once_for_each_attribute_and_for_two_together(
    people: list[tuple[bool, str, str]],
) -> None:
    every = [outcome(n, "likely shown" if p[0] else "", None, None) for n, p in enumerate(people)]
    of = {f"i{n}": {"one": p[1], "two": p[2]} for n, p in enumerate(people)}
    found = list(impact({"": every}, groups(of)))
    for attribute in ("one", "two", "one x two"):
        mine = rates(found, VERDICT, attribute).values()
        assert sum(rate.count for rate in mine) == len(people)
        assert sum(rate.selected for rate in mine) == sum(p[0] for p in people)
        for rate in mine:
            assert rate.count >= FEWEST or rate.ratio is None
            assert rate.ratio is None or 0 <= rate.ratio <= 1
    crossed = Counter(f"{p[1]} x {p[2]}" for p in people)
    assert {g: r.count for g, r in rates(found, VERDICT, "one x two").items()} == crossed


def test_small_groups_are_warned_of_and_too_small_ones_get_no_ratio() -> None:
    every = [outcome(n, "likely shown", 1.0, None) for n in range(600)]
    names = ["many" if n >= 20 else "few" if n >= 9 else "nine" for n in range(600)]
    of = {f"i{n}": {"group": name} for n, name in enumerate(names)}
    found = rates(list(impact({"": every}, groups(of))), VERDICT, "group")
    assert found["nine"].ratio is None
    assert found["nine"].notes == ("fewer than 10: no ratio", "under 2% of all")
    assert found["few"].ratio == 1.0
    assert found["few"].notes == ("small: fewer than 30", "under 2% of all")
    assert found["many"].notes == ()


def test_a_group_that_is_not_known_is_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_text(
        "transcript,Sex,Age\ni0,f,old\ni1,F,\ni2,Unknown,young\ni0,m,old\n,f,old\ni3,f\n"
    )
    found = read_groups(path)
    assert found.of == {
        "i0": {"Sex": "f", "Age": "old"},
        "i1": {"Sex": "f"},
        "i2": {"Age": "young"},
    }
    assert [problem.where for problem in found.problems] == [
        "groups.csv, line 5", "groups.csv, line 6", "groups.csv, line 7",
    ]  # fmt: skip
    every = [outcome(n, "likely shown", 1.0, None) for n in range(3)]
    apart = [each for each in impact({"": every}, found) if isinstance(each, Unplaced)]
    told = {each.attribute: each.count for each in apart if each.measure == VERDICT}
    assert told == {"Sex": 1, "Age": 1, "Sex x Age": 2}


@pytest.mark.parametrize("text", ["", "id,sex\n1,f\n", "transcript\ni0\n", "transcript,a,A\n"])
def test_a_file_that_is_no_table_of_groups_is_one_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "groups.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"groups\.csv"):
        read_groups(path)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A results folder of thirty interviews."""
    versions = Versions("1", 2, "kit", "v", "local", "", "", "light")
    folder = tmp_path / "results"
    for name in (MARKS, QUESTIONS):
        write_rows(folder / name, [], versions)
    rows = [
        CompetencyRow(f"i{n}", "", "likely shown" if n % 3 else "", 0.5, float(n), 0.0, 3.0)
        for n in range(30)
    ]
    write_rows(folder / COMPETENCIES, rows, versions)
    return folder


def test_the_command_lists_unknown_and_missing_ids_and_goes_on(
    results: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = _runner(monkeypatch)
    path = tmp_path / "groups.csv"
    lines = [f"i{n},{'fm'[n % 2]}" for n in range(29)]
    path.write_text("\n".join(["transcript,sex", *lines, "i99,f"]))
    out = tmp_path / "out"
    assert run("fairness", results, "--groups", path, "--by", "kit", "--out", out) == 0
    told = capsys.readouterr()
    assert "there is no interview 'i99' among those given" in told.err
    assert "i29: no line of groups.csv is about it" in told.err
    assert "Kit: scored above the median" in told.out
    assert {file.name for file in out.iterdir()} == {
        "fairness.md", "rates.json", "failures.jsonl", "run.json",
    }  # fmt: skip
    assert "i5" not in "".join(file.read_text() for file in out.iterdir())
    path.write_text("transcript,sex\nother,f\n")
    assert run("fairness", results, "--groups", path) != 0
    assert run("fairness", results, "--groups", path.with_name("gone.csv")) != 0
    assert "None of the 1 ids" in (told := capsys.readouterr().err)
    assert "There is no file" in told


def _runner(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["viva", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run
