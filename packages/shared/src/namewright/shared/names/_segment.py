"""Where the words of a joined label begin and end."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from namewright.shared.files import read_lines
from namewright.shared.names._words import word_ranks

_MAX_WORD = 18
_RANK_LIMITS = {1: 0, 2: 0, 3: 9_000, 4: 45_000}
"""A short string is in a list of 126,000 by accident: it has to be the more frequent, the shorter it is."""
_UNKNOWN_START, _UNKNOWN_STUMP = 9.0, 3.0
_UNKNOWN_CHARACTER = 2.2
"""Nats for opening a piece that is no word, more where it has fewer than five letters (`caffi` is a piece, `opu` is
what is left of a wrong split), and for each of its characters (English text has about 2.2 a letter)."""


def segment(label: str) -> tuple[str, ...]:
    """Split a label into its words: `rootandroast` into `root`, `and`, `roast`.

    The split with the least cost by dynamic programming, where a word costs the negative logarithm of its frequency
    (as in `wordninja` and Norvig, "Natural Language Corpus Data", 2009) and a stretch that is no word a fixed start
    and as much a letter as English needs, so that a coinage stays in one piece (`caffinode`, not `caf`, `fin`, `ode`).
    Hyphens and digits always part.
    """
    return _segment(label.lower())


@lru_cache(maxsize=65_536)
def _segment(label: str) -> tuple[str, ...]:
    if label.isascii() and label.isalpha():
        return tuple(_split(label))
    pieces = re.findall(r"[a-z]+|\d+|[^a-z\d-]+", label)
    return tuple(
        word for piece in pieces for word in (_split(piece) if piece.isascii() and piece.isalpha() else [piece])
    )


@lru_cache(maxsize=1)
def _word_costs() -> dict[str, float]:
    """Give the cost in nats of every word that may be taken for one in a label, not the too short or too rare ones."""
    costs = {
        word: math.log((rank + 1) * 12.0)
        for word, rank in word_ranks().items()
        if len(word) > 4 or rank < _RANK_LIMITS[len(word)]  # noqa: PLR2004 - longer than the limits know
    }
    return costs | {
        word: math.log((min(word_ranks().get(word, 2_000), 2_000) + 1) * 12.0)
        for word in read_lines("namewright.shared.names", "short_words.txt")
    }


_UNKNOWN_COSTS = [
    _UNKNOWN_START + _UNKNOWN_STUMP * max(0, 5 - length) + _UNKNOWN_CHARACTER * length for length in range(1_001)
]


def _split(text: str) -> list[str]:
    look_up, unknown = _word_costs().get, _UNKNOWN_COSTS
    best, starts, ends_in_word = [0.0], [0], [True]
    for end in range(1, len(text) + 1):
        least, at, is_word = unknown[min(end, 1_000)], 0, False
        for start in range(max(0, end - _MAX_WORD), end):
            before = best[start]
            if before >= least:
                continue
            cost = look_up(text[start:end])
            if cost is not None:
                if before + cost <= least:
                    least, at, is_word = before + cost, start, True
            elif ends_in_word[start] and before + unknown[end - start] < least:
                least, at, is_word = before + unknown[end - start], start, False
        best.append(least)
        starts.append(at)
        ends_in_word.append(is_word)
    words: list[str] = []
    end = len(text)
    while end:
        words.append(text[starts[end] : end])
        end = starts[end]
    return words[::-1]
