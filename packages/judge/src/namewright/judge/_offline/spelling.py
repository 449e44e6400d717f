"""How a label's letters follow one another: a character trigram model of the judge's own, and the cost of its words.

`shared` has a 4-gram model that synth and suggest rank with; a judge that had only the same one would praise what they
optimised. This one counts words by how common they are, backs off by absolute discounting (Ney, Essen and Kneser
1994), and says where the worst place is, not only the mean.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

from namewright.shared.names import segment, word_rank, word_ranks

_WORDS = 60_000
_LETTERS = 27
_DISCOUNT = 0.75
_UNKNOWN = 12.0


@lru_cache(maxsize=1)
def _counts() -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count letter groups of up to three, their contexts, and how many kinds follow each context."""
    grams: Counter[str] = Counter()
    for word, rank in word_ranks().items():
        if rank < _WORDS and len(word) > 2:  # noqa: PLR2004 - shorter ones are mostly abbreviations
            weight = 1.0 + math.log(_WORDS / (rank + 1))
            text = f"^{word}$"
            for end in range(1, len(text)):
                for size in (1, 2, 3):
                    if end - size + 1 >= 0:
                        grams[text[end - size + 1 : end + 1]] += weight  # type: ignore[assignment] # counts may be parts
    totals: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for gram, count in grams.items():
        totals[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    return grams, totals, kinds


@lru_cache(maxsize=65_536)
def _bits(context: str, letter: str) -> float:
    return -math.log2(_probability(context, letter))


def _probability(context: str, letter: str) -> float:
    grams, totals, kinds = _counts()
    shorter = _probability(context[1:], letter) if context else 1.0 / _LETTERS
    total = totals.get(context, 0)
    if not total:
        return shorter
    return (max(0.0, grams.get(context + letter, 0) - _DISCOUNT) + _DISCOUNT * kinds[context] * shorter) / total


@lru_cache(maxsize=65_536)
def spelling(label: str) -> tuple[float, float]:
    """Give the mean bits a letter of a label, and the mean of its two worst places."""
    bits: list[float] = []
    for run in "".join(c if c.isalpha() else " " for c in label.lower()).split():
        text = f"^{run}$"
        bits += [_bits(text[max(0, i - 2) : i], text[i]) for i in range(1, len(text))]
    if not bits:
        return math.log2(_LETTERS), math.log2(_LETTERS)
    worst = sorted(bits)[-2:]
    return sum(bits) / len(bits), sum(worst) / len(worst)


@lru_cache(maxsize=65_536)
def word_cost(label: str) -> float:
    """Give the nats a letter that a label's words cost by their frequency; what is no word costs as letters do."""
    words = segment(label)
    cost = 0.0
    for word in words:
        rank = word_rank(word)
        known = rank is not None and (len(word) > 3 or rank < 3_000)  # noqa: PLR2004 - short strings are words by accident
        cost += math.log((rank + 1) * _UNKNOWN) if known and rank is not None else _UNKNOWN + len(word) * 0.5
    return cost / max(1, sum(map(len, words)))
