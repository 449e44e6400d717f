"""The two classifiers: unsafe or not, and which category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from namewright.guard._result import CATEGORIES, SAFE
from namewright.guard._training._matrix import column_scales, offsets_of
from namewright.guard._training._tables import fold_weights, quantise, word_scores

if TYPE_CHECKING:
    from namewright.guard._training._space import Space
    from namewright.guard._training._tables import Scales, Tables

PENALTY, CATEGORY_PENALTY = 6.0, 0.3
"""Inverse strength of the ridge penalty (scikit-learn's C)."""


def fit(matrix: sp.csr_matrix, labels: np.ndarray, space: Space, seed: int) -> tuple[Tables, Scales, float]:
    """Fit a logistic regression of unsafe or not, and one a category; returns their tables, scales, and the bias."""
    columns = column_scales(space)
    scaled = (matrix @ sp.diags(columns)).tocsr()
    model = _regression(PENALTY, seed).fit(scaled, labels != SAFE)
    tables, scales = fold_weights(model.coef_[0] * columns, space)
    category_tables, category_scales = _fit_categories(scaled, labels, columns, space, seed)
    return {**tables, **category_tables}, {**scales, **category_scales}, float(model.intercept_[0])


def _fit_categories(
    matrix: sp.csr_matrix, labels: np.ndarray, columns: np.ndarray, space: Space, seed: int
) -> tuple[Tables, Scales]:
    """Fit which category an unsafe text belongs to, from its words alone, one table a category."""
    offsets = offsets_of(space)
    keep = np.ones(matrix.shape[1], bool)
    keep[offsets["subwords"] : offsets["clusters"]] = False
    keep[offsets["pairs"] : offsets["vectors"]] = False
    unsafe = labels != SAFE
    rows = (matrix[unsafe] @ sp.diags(keep.astype(np.float32))).tocsr()
    tables, scales = {}, {}
    for category in CATEGORIES:
        model = _regression(CATEGORY_PENALTY, seed).fit(rows, labels[unsafe] == category)
        scores = word_scores(model.coef_[0] * columns * keep, space)
        tables[f"category_{category}"], scales[f"category_{category}"] = quantise(scores, 8)
        scales[f"bias_{category}"] = float(model.intercept_[0])
    return tables, scales


def _regression(penalty: float, seed: int) -> LogisticRegression:
    return LogisticRegression(C=penalty, solver="liblinear", dual=True, max_iter=300, tol=0.02, random_state=seed)
