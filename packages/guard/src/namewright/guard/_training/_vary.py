"""Vary the examples, so that only what makes a text unsafe tells it apart."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from namewright.guard._features import sentences_of
from namewright.guard._fold import fold
from namewright.guard._result import SAFE

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence

    from namewright.guard._training._draw import Example
    from namewright.guard._training._space import Space

COMMON = 150
"""Words among the commonest are never swapped: they are what a sentence is built of."""
_LETTERS = re.compile(r"[a-z]+")
_NEAR = 0.55
"""Cosine from which a word resembles a telling one; "steal" and "theft" stand at .6."""
_SWAPPED_SAFE, _SWAPPED_UNSAFE, _SWAPPED_TELLING = 0.45, 0.33, 0.3

Labelled = tuple[str, str]
"""A text and its category."""


class Varier:
    """Swaps words: harmless ones for any others, telling ones for their neighbours.

    Args:
        examples: What the telling words are found in.
        space: Vocabulary and vectors.
        rng: Where chance comes from.
    """

    def __init__(self, examples: Sequence[Example], space: Space, rng: random.Random) -> None:
        self._rng = rng
        self._ranks = space.vocabulary.ranks
        self.telling = telling_words(examples, space)
        self.harmless = harmless_words(self.telling, space, rng)
        self._neighbours = nearest_words(self.telling, space)

    def safe(self, text: str) -> str:
        """Swap the words that say nothing for any others."""
        return _swap(text, self._swapped_safe)

    def unsafe(self, text: str) -> str:
        """Swap some words that say nothing for any others, and some telling ones for their neighbours."""
        return _swap(text, self._swapped_unsafe)

    def most_telling(self, text: str) -> str:
        """Give the sentence of a text that has most telling words, for its length."""
        sentences = [" ".join(words) for words in sentences_of(fold(text))]
        return max(sentences, key=lambda sentence: self._telling_share(sentence.split()))

    def _telling_share(self, words: list[str]) -> float:
        return sum(word in self.telling for word in words) / (len(words) + 4)

    def nonsense(self) -> str:
        """String harmless words together: what says nothing must weigh nothing."""
        return " ".join(self._rng.choices(self.harmless, k=self._rng.choice([2, 3, 5, 8, 14])))

    def _swapped_safe(self, word: str) -> str:
        free = self._ranks.get(word, 0) >= 2 * COMMON and word not in self.telling
        return self._rng.choice(self.harmless) if free and self._rng.random() < _SWAPPED_SAFE else word

    def _swapped_unsafe(self, word: str) -> str:
        if word in self.telling:
            near = self._neighbours.get(word)
            return self._rng.choice(near) if near and self._rng.random() < _SWAPPED_TELLING else word
        free = self._ranks.get(word, 0) >= 2 * COMMON
        return self._rng.choice(self.harmless) if free and self._rng.random() < _SWAPPED_UNSAFE else word


def _swap(text: str, change: Callable[[str], str]) -> str:
    return _LETTERS.sub(lambda match: change(match.group()), fold(text))


def telling_words(examples: Iterable[Example], space: Space) -> set[str]:
    """Find the words that unsafe texts have much more often than safe ones, business descriptions and the rest apart."""
    unsafe, safe, plain = Counter[str](), Counter[str](), Counter[str]()
    totals = Counter[str]()
    for example in examples:
        words = set(_LETTERS.findall(fold(example.text)))
        kinds = {"unsafe": unsafe} if example.category != SAFE else {"safe": safe}
        if example.category == SAFE and not example.business:
            kinds["plain"] = plain
        for kind, counts in kinds.items():
            counts.update(words)
            totals[kind] += 1
    known = space.vocabulary.ranks
    return {
        word
        for word, count in unsafe.items()
        if known.get(word, 0) >= COMMON
        and count > 1
        and count / totals["unsafe"] > 3 * (safe[word] + 2) / max(totals["safe"], 1)
        and count / totals["unsafe"] > 2.5 * (plain[word] + 2) / max(totals["plain"], 1)
    }


def harmless_words(telling: set[str], space: Space, rng: random.Random) -> list[str]:
    """Draw harmless words as often as people use them: none of the telling ones, and none that resembles one."""
    rows = [space.vocabulary.ranks[word] for word in sorted(telling)]
    unit = space.unit
    near = (unit @ unit[rows].T).max(axis=1) > _NEAR
    free = [rank for rank in range(200, 45_000) if not near[rank]]
    drawn = rng.choices(free, weights=[1 / (rank + 600) for rank in free], k=200_000)
    return [space.words[rank] for rank in drawn]


def nearest_words(telling: set[str], space: Space) -> dict[str, list[str]]:
    """Give the words that stand nearest to each telling word."""
    unit = space.unit
    candidates = np.array([rank for rank in range(COMMON, 22_000) if space.single[rank]])
    found = {}
    for word in sorted(telling):
        rank = space.vocabulary.ranks[word]
        if space.single[rank]:
            likeness = unit[candidates] @ unit[rank]
            best = np.argsort(-likeness)[:8]
            found[word] = [space.words[candidates[k]] for k in best if 0.38 < likeness[k] < 0.999]  # noqa: PLR2004
    return found
