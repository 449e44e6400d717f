"""Hunts the edge cases of a suggester: mutations, red-team requests and clustered failures."""
