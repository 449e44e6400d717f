"""Tests of whether one run is better than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PERMUTATIONS = 9_999
_EXACT = 13
"""Up to 2^13 sign patterns are all tried; more are sampled."""
_CHUNK_CELLS = 4_000_000


def permutation_p(differences: Sequence[float], seed: int = 42) -> float:
    """Give the two-sided p value that paired differences have mean 0, by flipping their signs.

    Fisher's paired permutation test: exact for up to 13 pairs that differ, else 9,999 random flips with the observed
    one counted (Phipson and Smyth 2010, "Permutation p-values should never be zero"). One difference a request.
    """
    values = np.array([d for d in differences if d != 0], dtype=np.float64)
    if not len(values):
        return 1.0
    observed = abs(values.sum()) * (1 - 1e-12)
    if len(values) <= _EXACT:
        patterns = (np.arange(2 ** len(values))[:, None] >> np.arange(len(values))) & 1
        return float((np.abs((1 - 2 * patterns) @ values) >= observed).mean())
    generator = np.random.default_rng(seed)
    step = max(1, _CHUNK_CELLS // len(values))
    extreme = 0
    for start in range(0, PERMUTATIONS, step):
        size = (min(step, PERMUTATIONS - start), len(values))
        signs = generator.integers(0, 2, size=size, dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ values) >= observed).sum())
    return (extreme + 1) / (PERMUTATIONS + 1)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Correct p values for how many were asked for, in the way of Holm (1979): never less power than Bonferroni's."""
    adjusted: dict[str, float] = {}
    largest = 0.0
    for place, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        largest = max(largest, min(1.0, (len(p_values) - place) * p))
        adjusted[name] = largest
    return {name: adjusted[name] for name in p_values}
