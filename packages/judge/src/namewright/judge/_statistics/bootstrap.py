"""Confidence intervals by resampling requests.

Rows of one request are not independent, so whole requests are drawn, never rows (Cameron, Gelbach and Miller 2008).
The interval is Efron's bias-corrected and accelerated one (BCa; Efron 1987, "Better bootstrap confidence intervals",
JASA 82), whose acceleration comes from leaving out one request at a time.
"""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from namewright.judge.records import Interval

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

RESAMPLES = 4_000
LEVEL = 0.95
_CHUNK_CELLS = 4_000_000
"""So many drawn numbers at a time keep the memory of a resampling under about 100 MB."""
_NORMAL = NormalDist()


def mean_interval(values: Sequence[float], clusters: Sequence[Hashable] | None = None) -> Interval:
    """Give the mean of values with its 95% BCa interval, clustered by request.

    The same values in another order, or read twice, give the same interval: resampling is seeded by the data.
    """
    if not len(values):
        return Interval(estimate=None, low=None, high=None, n=0)
    sums, sizes = _by_cluster(values, clusters)
    low, high = _bca(sums, sizes)
    return Interval(estimate=_round(sums.sum() / sizes.sum()), low=_round(low), high=_round(high), n=len(sums))


def share_interval(hits: Sequence[float], clusters: Sequence[Hashable]) -> Interval:
    """Give a share, the mean of 0s and 1s (0.5 for a tie), with its 95% interval, clustered by request.

    Where nothing varies there is nothing to resample, and the rule of three (`proportion_interval`) says how far off the
    share may be all the same.
    """
    if hits and (not any(hits) or all(hit == 1 for hit in hits)):
        n = len(set(clusters))
        return proportion_interval(n if hits[0] else 0, n)
    return mean_interval(hits, clusters)


def paired_interval(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[Hashable] | None = None
) -> Interval:
    """Give the mean difference `after - before` of paired values with its 95% BCa interval."""
    if len(before) != len(after):
        msg = f"paired values come in pairs: {len(before)} before, {len(after)} after"
        raise ValueError(msg)
    return mean_interval([b - a for a, b in zip(before, after, strict=True)], clusters)


def proportion_interval(hits: int, n: int) -> Interval:
    """Give a share of independent requests with its 95% interval.

    Wilson's score interval (1927); with no hit, or nothing but hits, the rule of three, 3/n, gives the far end
    (Hanley and Lippman-Hand 1983, "If nothing goes wrong, is everything all right?", JAMA 249).
    """
    if n == 0:
        return Interval(estimate=None, low=None, high=None, n=0)
    share = hits / n
    if hits == 0:
        return Interval(estimate=0.0, low=0.0, high=_round(min(1.0, 3 / n)), n=n)
    if hits == n:
        return Interval(estimate=1.0, low=_round(max(0.0, 1 - 3 / n)), high=1.0, n=n)
    z = _NORMAL.inv_cdf(0.5 + LEVEL / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return Interval(estimate=_round(share), low=_round(centre - half), high=_round(centre + half), n=n)


def _by_cluster(
    values: Sequence[float], clusters: Sequence[Hashable] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum the values of each cluster and count them, in an order that does not depend on the rows' order."""
    if clusters is None:
        clusters = range(len(values))
    groups: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        groups.setdefault(cluster, []).append(float(value))
    pairs = sorted((sum(sorted(group)), len(group)) for group in groups.values())
    table = np.array(pairs, dtype=np.float64)
    return table[:, 0], table[:, 1]


def _bca(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> tuple[float, float]:
    estimate = sums.sum() / sizes.sum()
    if len(sums) < 2 or np.allclose(sums / sizes, estimate):  # noqa: PLR2004 - nothing to resample
        return float(estimate), float(estimate)
    draws = _resampled_means(sums, sizes)
    left_out = (sums.sum() - sums) / (sizes.sum() - sizes)
    away = left_out.mean() - left_out
    spread = (away**2).sum() ** 1.5
    acceleration = (away**3).sum() / (6 * spread) if spread > 0 else 0.0
    below = ((draws < estimate).sum() + 0.5 * (draws == estimate).sum()) / len(draws)
    bias = _NORMAL.inv_cdf(min(max(below, 1 / len(draws)), 1 - 1 / len(draws)))
    ends = []
    for tail in ((1 - LEVEL) / 2, (1 + LEVEL) / 2):
        z = bias + _expanded(_NORMAL.inv_cdf(tail), len(sums))
        ends.append(_NORMAL.cdf(bias + z / (1 - acceleration * z)))
    low, high = np.quantile(draws, ends)
    return float(low), float(high)


def _expanded(z: float, n: int) -> float:
    """Widen a normal quantile for few requests: Student's t, times sqrt(n / (n - 1)) for the plug-in variance.

    Hesterberg 2015, "What teachers should know about the bootstrap", American Statistician 69, section 5.3. The t
    quantile by its expansion in 1/(n - 1) (Abramowitz and Stegun 26.7.5). `benchmarks/coverage.py` measures it.
    """
    v = max(3, n - 1)
    t = z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    return t * math.sqrt(n / (n - 1))


def _resampled_means(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(np.round(np.concatenate([sums, sizes]), 6).tobytes()).digest()[:8], "little")
    generator = np.random.default_rng(seed)
    n = len(sums)
    step = max(1, _CHUNK_CELLS // n)
    parts = []
    for start in range(0, RESAMPLES, step):
        drawn = generator.integers(0, n, size=(min(step, RESAMPLES - start), n))
        parts.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
    return np.concatenate(parts)


def _round(value: float) -> float:
    return round(float(value), 4)
