"""Makes a synthetic dataset of business descriptions, brandable domain names and unsafe requests."""

from namewright.synth._check import Problem, check_file
from namewright.synth._make import Plan, make_dataset
from namewright.synth._rows import split_rows

__all__ = ["Plan", "Problem", "check_file", "make_dataset", "split_rows"]
