"""How expected each character of a label is, by a small model of how English words are spelled."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache

from namewright.shared.names._words import word_ranks

_TRAINING_WORDS = 30_000
_ORDER = 3
_LETTERS = 27


@lru_cache(maxsize=1)
def _counts() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Count contexts of up to three characters: followed by what, how often, by how many different characters."""
    grams: defaultdict[str, int] = defaultdict(int)
    for word, rank in word_ranks().items():
        if rank >= _TRAINING_WORDS:
            break
        if len(word) > 2:  # noqa: PLR2004 - shorter ones are mostly abbreviations
            text = "^" + word + "$"
            for end in range(2, len(text) + 1):
                for size in range(1, min(_ORDER + 1, end) + 1):
                    grams[text[end - size : end]] += 1
    totals: defaultdict[str, int] = defaultdict(int)
    kinds: defaultdict[str, int] = defaultdict(int)
    for gram, count in grams.items():
        totals[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    return dict(grams), dict(totals), dict(kinds)


@lru_cache(maxsize=65_536)
def _probability(context: str, character: str) -> float:
    """Interpolate the orders after Witten and Bell (1991): a context with many followers trusts the shorter one more."""
    grams, totals, kinds = _counts()
    shorter = _probability(context[1:], character) if context else 1.0 / _LETTERS
    total = totals.get(context)
    if total is None:
        return shorter
    return (grams.get(context + character, 0) + kinds[context] * shorter) / (total + kinds[context])


def surprisals(letters: str) -> list[float]:
    """Give the bits of each character of a run of letters, and of its end."""
    text = "^" + letters.lower() + "$"
    return [-math.log2(_probability(text[max(0, i - _ORDER) : i], text[i])) for i in range(1, len(text))]


def char_surprisal(label: str) -> float:
    """Give the mean bits per character of a label; hyphens and digits part it.

    Words and pronounceable coinages have 2 to 4, letters at random above 5. It is the cross-entropy of the label under
    a character 4-gram model of the 30,000 most frequent English words, each counted once.
    """
    runs = "".join(character if character.isalpha() else " " for character in label).split()
    bits = [bit for run in runs for bit in surprisals(run)]
    return sum(bits) / len(bits) if bits else math.log2(_LETTERS)
