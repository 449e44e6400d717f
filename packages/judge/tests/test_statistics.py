"""Statistics against textbook values, and properties that have to hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from namewright.judge._statistics import (
    holm,
    krippendorff_alpha,
    mean_interval,
    paired_interval,
    permutation_p,
    proportion_interval,
    share_interval,
    spearman,
    weighted_kappa,
)

SCORES = st.lists(st.floats(0, 5).map(lambda x: round(x, 2)), min_size=1, max_size=30)


@given(SCORES)
def test_an_interval_holds_its_estimate_and_does_not_depend_on_order(values):
    found = mean_interval(values)
    assert found.low <= found.estimate + 1e-4
    assert found.estimate <= found.high + 1e-4
    assert mean_interval(values[::-1]) == found


def test_rows_of_one_request_count_as_one():
    values = [(7 * i % 11) / 2.2 for i in range(60)]
    once, thrice = mean_interval(values), mean_interval(values * 3, list(range(60)) * 3)
    assert (thrice.n, thrice.estimate) == (60, once.estimate)
    assert (thrice.low, thrice.high) == (pytest.approx(once.low, abs=0.06), pytest.approx(once.high, abs=0.06))
    rows = mean_interval(values * 3)
    assert rows.high - rows.low < 0.7 * (once.high - once.low), "rows taken for independent look too certain"


def test_nothing_to_measure_is_none_and_never_zero():
    assert mean_interval([]).estimate is None
    assert proportion_interval(0, 0).estimate is None


def test_no_failure_in_thirty_is_at_most_one_in_ten():
    assert proportion_interval(0, 30).high == pytest.approx(0.1)
    assert proportion_interval(30, 30).low == pytest.approx(0.9)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_that_never_varies_is_still_not_sure(share):
    found = share_interval([share] * 60, [number % 30 for number in range(60)])
    assert found.n == 30
    assert (found.estimate, found.high - found.low) == (share, pytest.approx(0.1))
    assert share_interval([0.0, 1.0, 0.5], [1, 2, 3]) == mean_interval([0.0, 1.0, 0.5], [1, 2, 3])


def test_wilson_interval_of_a_textbook_case():
    found = proportion_interval(15, 20)
    assert (found.low, found.high) == (pytest.approx(0.531, abs=1e-3), pytest.approx(0.888, abs=1e-3))


@given(SCORES)
def test_a_run_against_itself_differs_by_nothing(values):
    found = paired_interval(values, values)
    assert (found.estimate, found.low, found.high) == (0, 0, 0)


def test_exact_permutation_of_five_equal_gains():
    assert permutation_p([1, 1, 1, 1, 1]) == pytest.approx(2 / 32)
    assert permutation_p([0, 0]) == 1.0
    assert permutation_p([0.5] * 60) == pytest.approx(1 / 10_000)


def test_holm_on_the_textbook_case():
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert found == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})


def test_spearman_with_ties():
    assert spearman([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1)
    assert spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(0.9487, abs=1e-4)
    assert math.isnan(spearman([1, 1], [1, 2]))


def test_quadratic_kappa():
    assert weighted_kappa([0, 1, 2, 5], [0, 1, 2, 5], 6) == 1
    assert weighted_kappa([0, 0, 5, 5], [0, 5, 0, 5], 6) == pytest.approx(0)


def test_krippendorff_on_his_own_example():
    """Krippendorff (2011), four observers and twelve units: alpha for interval data is 0.849."""
    raters = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    assert krippendorff_alpha([list(unit) for unit in zip(*raters, strict=True)]) == pytest.approx(0.849, abs=1e-3)
