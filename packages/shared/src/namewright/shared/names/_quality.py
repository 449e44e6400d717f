"""How good a label is as a name, whatever it is a name for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from namewright.shared.names._brands import near_famous_brand
from namewright.shared.names._characters import char_surprisal
from namewright.shared.names._hazards import joint_hazards
from namewright.shared.names._segment import segment
from namewright.shared.names._sounds import pronounceability, syllables
from namewright.shared.names._words import is_single_common_word, word_frequency

_WEIGHTS = {"length": 0.20, "sound": 0.25, "rhythm": 0.15, "words": 0.40}
_BEST_LENGTH = (6, 11)
_BEST_SYLLABLES = (2, 4)
_FAMILIAR, _UNFAMILIAR = 4.3, 2.8
"""Zipf frequencies (`coffee`, and the end of the list) between which a word becomes easier to recognise."""
_MIN_WORD = 3
_SAYABLE = 0.6


@dataclass(frozen=True)
class NameTraits:
    """What can be said of a label by itself.

    Attributes:
        words: Its words.
        length: Its characters.
        syllables: How many it has.
        pronounceability: How easily it is said, 0 to 1.
        surprisal: Bits a character.
        familiarity: How familiar its words are, 0 to 1, weighed by their letters; a coinage counts by how it sounds.
        hazards: Unwanted words in it.
        brand: The famous brand it could be taken for.
        is_common_word: Whether it is a single word of the dictionary.
    """

    words: tuple[str, ...]
    length: int
    syllables: int
    pronounceability: float
    surprisal: float
    familiarity: float
    hazards: tuple[str, ...]
    brand: str | None
    is_common_word: bool


@lru_cache(maxsize=65_536)
def name_traits(label: str) -> NameTraits:
    """Measure a label."""
    words = segment(label)
    return NameTraits(
        words=words,
        length=len(label),
        syllables=syllables(label),
        pronounceability=pronounceability(label),
        surprisal=char_surprisal(label),
        familiarity=_familiarity(words),
        hazards=joint_hazards(label),
        brand=near_famous_brand(label),
        is_common_word=is_single_common_word(label),
    )


@lru_cache(maxsize=65_536)
def name_quality(label: str) -> float:
    """Say how good a label is as a name, 0 to 1.

    A weighted mean of four things that naming guides ask for (short, easy to say, a rhythm of two to four syllables,
    words that are recognised), times a penalty for each thing that spoils a name:

    - length .20: full from 6 to 11 characters, falling to 0 at 2 and at 24;
    - sound .25: `pronounceability`;
    - rhythm .15: full for 2 to 4 syllables, less beyond;
    - words .40: the familiarity of its words; four and more words read as a sentence and lose.

    Below a pronounceability of .6 the whole falls with it: what cannot be said is no name, however short it is.
    Penalties: a single common word x .45 (taken long ago), a hazard x .1, a famous brand x .1, each hyphen x .8, digits
    x .7, a letter that stands three times at a joint x .7. The weights are the author's; nothing was fitted. Judges have criteria of their own.
    """
    words = segment(label)
    sound = pronounceability(label)
    quality = (
        _WEIGHTS["length"] * _within(len(label), *_BEST_LENGTH, least=2, most=24)
        + _WEIGHTS["sound"] * sound
        + _WEIGHTS["rhythm"] * _within(syllables(label), *_BEST_SYLLABLES, least=0, most=9)
        + _WEIGHTS["words"] * _familiarity(words) * _few_words(len(words))
    )
    return round(quality * _penalty(label, sound), 4)


def _penalty(label: str, sound: float) -> float:
    penalty = min(1.0, (sound / _SAYABLE) ** 1.5)
    penalty *= 0.45 if is_single_common_word(label) else 1.0
    penalty *= 0.1 if joint_hazards(label) else 1.0
    penalty *= 0.1 if near_famous_brand(label) else 1.0
    if not label.isalpha():
        penalty *= 0.8 ** label.count("-") * (0.7 if any(c.isdigit() for c in label) else 1.0)
    thrice = any(a == b == c for a, b, c in zip(label, label[1:], label[2:], strict=False))
    return float(penalty * (0.7 if thrice else 1.0))


def _familiarity(words: tuple[str, ...]) -> float:
    letters = [word for word in words if word.isalpha()]
    total = sum(map(len, letters))
    if not total:
        return 0.0
    return sum(_familiar(word) * len(word) for word in letters) / total


def _familiar(word: str) -> float:
    zipf = word_frequency(word)
    if zipf:
        return 0.55 + 0.45 * min(1.0, max(0.0, (zipf - _UNFAMILIAR) / (_FAMILIAR - _UNFAMILIAR)))
    if len(word) < _MIN_WORD:
        return 0.1
    return 0.75 * pronounceability(word) ** 2


def _few_words(count: int) -> float:
    return {0: 0.0, 1: 1.0, 2: 1.0, 3: 0.85}.get(count, 0.5)


def _within(value: int, low: int, high: int, *, least: int, most: int) -> float:
    """Score 1 from low to high, falling as half a cosine to 0 at `least` and `most`."""
    if low <= value <= high:
        return 1.0
    edge, zero = (low, least) if value < low else (high, most)
    away = min(1.0, abs(value - edge) / abs(zero - edge))
    return 0.5 * (1.0 + math.cos(math.pi * away))
