"""The words that the guard knows, by how common they are, and how a joined name falls apart into them."""

from __future__ import annotations

import gzip
from functools import lru_cache
from math import log

from namewright.guard._files import data_file

COMMON_RANK = 51_600
"""A word less common than this may be another one in disguise, and no disguise is read as one; it moves with the vocabulary."""
MAX_WORD_CHARACTERS = 20
"""Longer pieces are not looked for when a name is segmented."""
MAX_SEGMENTED_CHARACTERS = 200
"""A joined text beyond this is cut before it is segmented: the work grows with its length."""


@lru_cache(maxsize=1)
def ranks() -> dict[str, int]:
    """Give the rank of every known word, the most common first (0)."""
    raw = data_file("words.txt.gz").read_bytes()
    words = gzip.decompress(raw).decode("ascii").split("\n")
    return dict(zip(words, range(len(words)), strict=True))


@lru_cache(maxsize=4096)
def segment(joined: str) -> tuple[str, ...]:
    """Split a joined lower-case text into its likeliest words.

    A word of rank r costs log((r + 1) log N), after Zipf's law, as in wordninja (D. Anderson, MIT licence); a letter
    that belongs to no word costs more than any word. The cheapest split wins (Viterbi).
    """
    joined = joined[:MAX_SEGMENTED_CHARACTERS]
    known = ranks()
    log_size = log(len(known))
    unknown = log(len(known) * log_size) + 4.0
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(joined) + 1):
        candidates = []
        for start in range(max(0, end - MAX_WORD_CHARACTERS), end):
            rank = known.get(joined[start:end])
            if rank is not None:
                candidates.append((best[start][0] + log((rank + 1) * log_size), start))
        candidates.append((best[end - 1][0] + unknown, end - 1))
        best.append(min(candidates))
    words, end = [], len(joined)
    while end:
        start = best[end][1]
        words.append(joined[start:end])
        end = start
    return tuple(reversed(words))
