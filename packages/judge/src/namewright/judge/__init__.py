"""Scores domain name suggestions: gates, an offline judge, an LLM judge, canaries, intervals and a report."""
