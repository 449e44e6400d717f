"""How well a name is remembered.

People recognise again what is concrete, striking and specific, and what is spelled unlike other words (Isola et al. and
Tuckute et al. 2022, "Intrinsically memorable words have unique associations with their meanings"; Hunt 1995 on
distinctiveness; Paivio 1991 on concreteness). Meaning is read off two axes in the word vectors, each from a handful of
seed words at its ends, which were chosen for their sense alone: no human rating was fitted. A name, unlike a word on
a list, has to be said and typed as well: length, many parts and unsayable letters count against it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from namewright.judge._offline.pieces import content_words
from namewright.judge._offline.vectors import table, vector_rows, vectors_at
from namewright.shared.names import name_traits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CONCRETE = (
    "apple hammer dog table banana elephant guitar knife shoe bottle bread chair horse tomato spoon truck pumpkin tiger "
    "candle umbrella"
)
_ABSTRACT = (
    "idea truth concept theory notion justice manner extent basis aspect virtue logic belief reason purpose method "
    "meaning essence degree policy"
)
_STRIKING = (
    "blood fire bomb ghost shark wolf devil storm naked scream poison dragon vampire pirate volcano cinderella titanic "
    "hawaii tokyo einstein elvis dinosaur"
)
_PLAIN = (
    "average routine schedule column format margin item section normal segment unit value portion layer general certain "
    "various common regular usual basic several"
)
_WORDS = {0: 0.6, 1: 1.0, 2: 0.95, 3: 0.75}
_SENTENCE = 0.5
_COMFORTABLE = 10
"""Characters up to which length costs nothing: seven plus or minus two chunks are held, and few letters are one."""


@lru_cache(maxsize=65_536)
def memorability(label: str) -> float:
    """Estimate how well a label is remembered, 0 to 1."""
    traits = name_traits(label)
    odd_spelling = max(-1.5, min(1.5, (traits.surprisal - 3.0) / 0.8))
    logit = 0.2 + 0.55 * vividness(label) + 0.55 * odd_spelling
    held = 1.0 / (1.0 + math.exp(-logit))
    length = 1.0 / (1.0 + max(0, traits.length - _COMFORTABLE) / 10)
    return held * length * _WORDS.get(len(traits.words), _SENTENCE) * (0.25 + 0.75 * traits.pronounceability)


def vividness(label: str) -> float:
    """Say how concrete and striking a label's words are, in standard deviations of English words; 0 where unknown."""
    known, rows = vector_rows(content_words(label))
    if not known:
        return 0.0
    concrete, striking = _axes()
    vectors = vectors_at(rows)
    values = [(vectors @ axis.direction - axis.mean) / axis.spread for axis in (concrete, striking)]
    return float(np.clip(np.mean(values, axis=0), -2.5, 2.5).mean())


class _Axis:
    """A direction from words of one kind to their opposites, with what English words usually have on it."""

    def __init__(self, ends: tuple[str, str]) -> None:
        towards, away = (vectors_at(vector_rows(tuple(words.split()))[1]).mean(axis=0) for words in ends)
        self.direction: NDArray[np.float32] = towards - away
        usual = table().vectors[:20_000] @ self.direction
        self.mean, self.spread = float(usual.mean()), float(usual.std())


@lru_cache(maxsize=1)
def _axes() -> tuple[_Axis, _Axis]:
    return _Axis((_CONCRETE, _ABSTRACT)), _Axis((_STRIKING, _PLAIN))
