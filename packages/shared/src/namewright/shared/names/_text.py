"""The words of a text that say what it is about."""

from __future__ import annotations

import re
from functools import lru_cache

from namewright.shared.files import read_lines

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SUFFIXES = (
    ("ational", "ate"), ("iveness", "ive"), ("fulness", "ful"), ("ization", "ize"), ("ations", "ate"), ("ation", "ate"),
    ("ments", ""), ("ment", ""), ("ness", ""), ("ings", ""), ("ing", ""), ("edly", ""), ("ies", "y"), ("ied", "y"),
    ("ers", ""), ("ery", ""), ("ed", ""), ("es", ""), ("er", ""), ("ly", ""), ("s", ""),
)  # fmt: skip
_MIN_STEM = 3


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    return frozenset(read_lines("namewright.shared.names", "stop_words.txt"))


def relevance_words(text: str) -> tuple[str, ...]:
    """Give the words of a description that say what it is about: no function words, none twice, in their order."""
    stop_words = _stop_words()
    words = (word.lower().removesuffix("'s") for word in _WORD.findall(text))
    return tuple(dict.fromkeys(word for word in words if len(word) > 1 and word not in stop_words))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Cut an English word's ending, so that `roasters`, `roasted` and `roasting` meet (lighter than Porter, 1980)."""
    for suffix, instead in _SUFFIXES:
        base = word[: len(word) - len(suffix)]
        if word.endswith(suffix) and len(base) >= _MIN_STEM and re.search("[aeiouy]", base):
            word = base + instead
            break
    if len(word) > _MIN_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _MIN_STEM else word
