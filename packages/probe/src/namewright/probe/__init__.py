"""Hunts the edge cases of a suggester: mutations, red-team requests and clustered failures.

The job is the `probe` command; the rows that it writes are these models.
"""

from namewright.probe.records import Cluster, Clusters, Failure, Regression, Tally

__all__ = ["Cluster", "Clusters", "Failure", "Regression", "Tally"]
