"""How far two raters, or many, agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Give Spearman's rank correlation, ties sharing their mean rank; nan where one side never varies."""
    if len(first) != len(second):
        msg = f"two lists of one length are wanted, not {len(first)} and {len(second)}"
        raise ValueError(msg)
    a, b = _ranks(first), _ranks(second)
    a, b = a - a.mean() if len(a) else a, b - b.mean() if len(b) else b
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale else float("nan")


def weighted_kappa(first: Sequence[int], second: Sequence[int], categories: int) -> float:
    """Give Cohen's kappa with quadratic weights (Cohen 1968) for ratings 0 to categories - 1."""
    if len(first) != len(second) or not len(first):
        msg = f"two lists of one length are wanted, not {len(first)} and {len(second)}"
        raise ValueError(msg)
    table = np.zeros((categories, categories))
    np.add.at(table, (np.asarray(first, dtype=int), np.asarray(second, dtype=int)), 1)
    grid = np.arange(categories)
    weights = (grid[:, None] - grid) ** 2
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    chance = float((weights * expected).sum())
    return 1 - float((weights * table).sum()) / chance if chance else float("nan")


def krippendorff_alpha(ratings: Sequence[Sequence[float | None]]) -> float:
    """Give Krippendorff's alpha for interval data; one list of ratings a unit, None where a rater gave none.

    Krippendorff (2011), "Computing Krippendorff's alpha-reliability": 1 minus observed over expected disagreement,
    where the disagreement of two ratings is their squared difference. Units with fewer than two ratings say nothing.
    """
    units = [[float(r) for r in unit if r is not None] for unit in ratings]
    units = [unit for unit in units if len(unit) > 1]
    everything = np.array([r for unit in units for r in unit])
    n = len(everything)
    if n < 2:  # noqa: PLR2004 - a pair
        return float("nan")
    observed = sum(_pair_sum(np.array(unit)) / (len(unit) - 1) for unit in units) / n
    expected = _pair_sum(everything) / (n * (n - 1))
    return 1 - observed / expected if expected else float("nan")


def _pair_sum(values: NDArray[np.float64]) -> float:
    """Sum (a - b)^2 over all ordered pairs of values."""
    return float(2 * (len(values) * (values**2).sum() - values.sum() ** 2))


def _ranks(values: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    _, inverse, counts = np.unique(array, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return np.asarray((last - (counts - 1) / 2)[inverse], dtype=np.float64)
