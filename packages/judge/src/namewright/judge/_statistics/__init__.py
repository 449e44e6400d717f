"""Intervals, tests and agreement: textbook methods, vectorised with numpy, each with its source."""

from namewright.judge._statistics.agreement import krippendorff_alpha, spearman, weighted_kappa
from namewright.judge._statistics.bootstrap import mean_interval, paired_interval, proportion_interval, share_interval
from namewright.judge._statistics.tests import holm, permutation_p

__all__ = [
    "holm",
    "krippendorff_alpha",
    "mean_interval",
    "paired_interval",
    "permutation_p",
    "proportion_interval",
    "share_interval",
    "spearman",
    "weighted_kappa",
]
