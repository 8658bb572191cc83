"""The figures against cases worked out by hand, and what must hold of them for any raters."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from evals.agree.series import STATISTICS, FigureName, Series, mean_over
from evals.agree.statistics import (
    agreed,
    counted,
    interval,
    kappa,
    resamples,
    spearman,
)

categories = st.integers(0, 3)
two_raters = st.lists(st.tuples(categories, categories), min_size=1, max_size=40)
scores = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=40)


def _table(pairs: list[tuple[int, int]]) -> np.ndarray:
    return counted([a for a, _ in pairs], [b for _, b in pairs], 4)


def test_cohens_kappa_of_a_table_worked_out_by_hand() -> None:
    # 35 of 50 alike; by chance 25/50 * 30/50 + 25/50 * 20/50 = 1/2
    assert kappa(np.array([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)


def test_quadratic_weighted_kappa_worked_out_by_hand() -> None:
    # one disagreement two categories apart: 4; by chance (1 + 4 + 2 + 1 + 16 + 2) / 4 = 6.5
    table = counted([0, 1, 2, 2], [0, 1, 2, 0], 3)
    assert kappa(table, "quadratic") == pytest.approx(1 - 4 / 6.5)


def test_spearman_with_ties_worked_out_by_hand() -> None:
    found = spearman(np.array([1.0, 2, 2, 4]), np.array([1.0, 3, 2, 4]))
    assert found == pytest.approx(4.5 / math.sqrt(4.5 * 5))


@given(two_raters)
def test_kappa_is_at_most_one_and_the_same_the_other_way_round(
    pairs: list[tuple[int, int]],
) -> None:
    table = _table(pairs)
    for weights in ("nominal", "quadratic"):
        found = float(kappa(table, weights))  # type: ignore[arg-type]
        assert math.isnan(found) or -1.0 - 1e-9 <= found <= 1.0 + 1e-9
        assert float(kappa(table.T, weights)) == pytest.approx(found, nan_ok=True)  # type: ignore[arg-type]


@given(two_raters, st.permutations(range(4)))
def test_names_of_categories_do_not_matter_to_cohens_kappa(
    pairs: list[tuple[int, int]], order: list[int]
) -> None:
    renamed = [(order[a], order[b]) for a, b in pairs]
    assert float(kappa(_table(renamed))) == pytest.approx(float(kappa(_table(pairs))), nan_ok=True)
    assert agreed(_table(renamed)) == pytest.approx(agreed(_table(pairs)))


@given(two_raters)
def test_turning_the_scale_round_leaves_the_weighted_kappa(pairs: list[tuple[int, int]]) -> None:
    turned = [(3 - a, 3 - b) for a, b in pairs]
    before, after = (float(kappa(_table(each), "quadratic")) for each in (pairs, turned))
    assert after == pytest.approx(before, nan_ok=True)


@given(st.lists(categories, min_size=2, max_size=40))
def test_who_agrees_on_everything_has_one_unless_nothing_ever_varies(given_: list[int]) -> None:
    table = counted(given_, given_, 4)
    expected = 1.0 if len(set(given_)) > 1 else math.nan
    assert float(kappa(table)) == pytest.approx(expected, nan_ok=True)
    assert float(kappa(table, "quadratic")) == pytest.approx(expected, nan_ok=True)
    assert float(agreed(table)) == 1.0


@given(scores)
def test_spearman_is_scipys(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = float(spearmanr(first, second).statistic)
    assert spearman(first, second) == pytest.approx(expected, nan_ok=True)
    assert spearman(second, first) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("name", STATISTICS)
def test_a_resample_of_each_transcript_once_is_the_figure_itself(name: FigureName) -> None:
    rng = np.random.default_rng(3)
    size = {"agreement": 2, "kappa": 2, "QWK, 3 anchors": 3}.get(name, 4)
    columns = rng.integers(0, size, (2, 60)).astype(float)
    series = Series(rng.integers(0, 9, 60), *columns)
    once = STATISTICS[name](series, np.ones((1, 9), dtype=np.int64))
    again = STATISTICS[name](series, np.full((1, 9), 3, dtype=np.int64))
    assert once == pytest.approx(again)
    table = counted(columns[0].astype(int), columns[1].astype(int), size)
    by_hand = {
        "agreement": agreed(table),
        "kappa": kappa(table),
        "Spearman": spearman(*columns),
        "MAE": np.abs(columns[0] - columns[1]).mean(),
    }
    assert float(once[0]) == pytest.approx(float(by_hand.get(name, kappa(table, "quadratic"))))


def test_several_pairs_count_by_what_they_have_in_common() -> None:
    all_alike = Series(np.array([0, 0, 0]), np.array([1.0, 0, 1]), np.array([1.0, 0, 1]))
    never = Series(np.array([1]), np.array([1.0]), np.array([0.0]))
    once = np.ones((1, 2), dtype=np.int64)
    assert mean_over([all_alike, never], "agreement", once) == pytest.approx(0.75)


def test_a_pair_without_a_figure_is_left_out_of_the_mean() -> None:
    alike = Series(np.array([0, 0]), np.array([1.0, 0]), np.array([1.0, 0]))
    constant = Series(np.array([0, 0]), np.array([1.0, 1]), np.array([1.0, 1]))
    once = np.ones((1, 1), dtype=np.int64)
    assert mean_over([alike, constant], "kappa", once) == pytest.approx(1.0)


def test_marks_of_one_transcript_are_drawn_together() -> None:
    """Ten points of one interview are no ten interviews: the interval is as wide as for one."""
    rng = np.random.default_rng(0)
    alike = rng.integers(0, 2, 12).astype(float)
    one = Series(np.arange(12), alike, np.ones(12))
    ten = Series(np.repeat(np.arange(12), 10), np.repeat(alike, 10), np.ones(120))
    draws = resamples(12, seed=1)
    bounds = [interval(mean_over([s], "agreement", draws), 12) for s in (one, ten)]
    assert bounds[0] == pytest.approx(bounds[1])


def test_an_interval_repeats_and_is_not_made_of_few_transcripts() -> None:
    values = np.linspace(0, 1, 1_000)
    assert interval(values, 40) == interval(values, 40)
    assert interval(values, 4) is None
    assert interval(np.full(1_000, np.nan), 40) is None
    assert (resamples(7, seed=2) == resamples(7, seed=2)).all()
    assert (resamples(7, seed=2).sum(axis=1) == 7).all()
