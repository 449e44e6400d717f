"""English words by how often they are met.

The words are those of `wordninja` (MIT), 126,000 forms in order of their frequency in English Wikipedia. The list is
read from the package's file: importing the module itself would build a second model of the same words.
"""

from __future__ import annotations

import gzip
import math
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

COMMON_WORD_RANK = 60_000
"""Down to this rank a word is one that an English reader knows; below it stand mostly surnames and places."""
_TOKENS_BILLION = 1e9


@lru_cache(maxsize=1)
def word_ranks() -> dict[str, int]:
    """Give the rank of every word, the most frequent first (0), spelled with the letters a to z alone."""
    spec = find_spec("wordninja")
    if spec is None or spec.origin is None:  # pragma: no cover - a broken installation
        raise ModuleNotFoundError("wordninja, which namewright-shared depends on, is not installed")
    path = Path(spec.origin).parent / "wordninja" / "wordninja_words.txt.gz"
    words = gzip.decompress(path.read_bytes()).decode("ascii").split()
    found: dict[str, int] = {}
    for rank, word in enumerate(words):
        if word.isalpha():
            found.setdefault(word.lower(), rank)
    return found


def word_rank(word: str) -> int | None:
    """Give a word's place in the frequency list (0 is `the`), or None for what is no known word."""
    return word_ranks().get(word.lower())


def word_frequency(word: str) -> float:
    """Estimate how often a word is met, on the Zipf scale (log10 per billion words); 0 for an unknown one.

    The list has ranks and no counts, so Zipf's law stands in: the word at rank r makes up 1 / (r ln N) of a text.
    `the` has 7.9, `coffee` about 4.3, the last words of the list 2.8. The scale is that of van Heuven et al. (2014),
    "SUBTLEX-UK: A new and improved word frequency database for British English".
    """
    rank = word_rank(word)
    if rank is None:
        return 0.0
    return math.log10(_TOKENS_BILLION / ((rank + 1) * math.log(len(word_ranks()))))


def is_single_common_word(label: str) -> bool:
    """Say whether a label is one word of the dictionary, or its plural: such domains were taken decades ago."""
    word = label.lower()
    forms = {word, word.removesuffix("s"), word.removesuffix("es")}
    return any(len(form) > 1 and word_ranks().get(form, COMMON_WORD_RANK) < COMMON_WORD_RANK for form in forms)
