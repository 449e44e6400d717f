"""Evaluations: predictions in, judged rows and a summary out, with canaries; and comparisons of two of them."""
