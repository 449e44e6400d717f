"""What can be measured of a name against a description: the inputs of the judge's two small models.

`fit` features ask whether the name belongs to this business; `shape` features ask whether somebody would choose such
a name at all. Each is named, bounded and cheap; `weights.json` says how much each counts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from namewright.judge._offline.vectors import vectors_of
from namewright.shared.names import name_traits, segment, stem, word_rank

if TYPE_CHECKING:
    from namewright.judge._offline.brief import Brief

Features = dict[str, float]
_AFFIXES = frozenset(
    "get try use go my the we join hello hey meet app apps hq labs lab io ai tech inc co now hub online web site "  # noqa: SIM905
    "official best top pro plus store shop group team".split(),
)
_CLUTTER = frozenset("the best top official online web site cheap free 24 247 123 buy discount deals real".split())  # noqa: SIM905
_COMMON, _SHORT = 60_000, 2
_MIN_PIECE = 4


def fit_features(label: str, brief: Brief) -> Features:
    """Measure how far a label belongs to a description."""
    words = content_words(label)
    known, vectors = vectors_of(words)
    similar = vectors @ brief.vectors.T if len(known) and len(brief.vectors) else np.zeros((0, 0), dtype=np.float32)
    features = dict.fromkeys(("nearest", "nearest_mean", "soft_nearest", "centre", "centre_best"), 0.0)
    if similar.size:
        best = similar.max(axis=1)
        centre = vectors @ brief.centre
        whole = vectors.sum(axis=0)
        soft = np.sort(similar, axis=1)[:, -3:].mean(axis=1)
        features = {
            "nearest": float(best.max()),
            "nearest_mean": float(best.mean()),
            "soft_nearest": float(soft.max()),
            "centre": float(whole @ brief.centre / (np.linalg.norm(whole) + 1e-9)),
            "centre_best": float(centre.max()),
        }
    return features | _lexical(label, words, brief)


def _lexical(label: str, words: tuple[str, ...], brief: Brief) -> Features:
    letters = "".join(c for c in label if c.isalpha())
    shared = [brief.weights[stem(word)] for word in words if stem(word) in brief.weights]
    run = max((_common_run(letters, word) for word in brief.words if len(word) >= _MIN_PIECE), default=(0, 0.0))
    prefix = max((_prefix(word, other) for word in words for other in brief.words), default=0.0)
    return {
        "same_word": min(1.0, sum(shared)),
        "common_run": min(1.0, max(0.0, (run[0] - 2) / 6)),
        "run_share": run[1],
        "prefix": prefix,
        "initials": _initials(letters, brief.words),
        "unknown_words": sum(word_rank(word) is None for word in words) / max(1, len(words)),
    }


@lru_cache(maxsize=65_536)
def content_words(label: str) -> tuple[str, ...]:
    """Give the words of a label without the little ones that any company may add (`get`, `hq`, `labs`)."""
    words = tuple(word for word in segment(label) if word.isalpha() and len(word) > 1)
    return tuple(word for word in words if word not in _AFFIXES) or words


def _common_run(letters: str, word: str) -> tuple[int, float]:
    """Give the longest run of letters that a label shares with a word, and its share of the word."""
    best = 0
    for start in range(len(word) - _MIN_PIECE + 1):
        while start + best < len(word) and word[start : start + best + 1] in letters:
            best += 1
    return best, best / len(word) if best >= _MIN_PIECE else 0.0


def _prefix(word: str, other: str) -> float:
    size = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return size / max(len(word), len(other)) if size >= 3 else 0.0  # noqa: PLR2004 - shorter ones say nothing


def _initials(letters: str, words: tuple[str, ...]) -> float:
    initials = "".join(word[0] for word in words)
    return float(2 <= len(letters) <= 5 and letters in initials)  # noqa: PLR2004 - an abbreviation's length


@lru_cache(maxsize=65_536)
def shape_features(label: str) -> Features:
    """Measure whether a label looks like a name that somebody chose."""
    traits = name_traits(label)
    words = segment(label)
    letters = sum(c.isalpha() for c in label)
    return {
        "surprisal": traits.surprisal - 3.0,
        "surprisal_high": max(0.0, traits.surprisal - 4.2),
        "unsayable": 1.0 - traits.pronounceability,
        "length": len(label) / 10 - 1.0,
        "long": max(0.0, len(label) - 14) / 10,
        "hyphens": min(3.0, label.count("-")),
        "digits": min(3.0, sum(c.isdigit() for c in label)),
        "letters_share": letters / max(1, len(label)),
        "known_share": sum(len(w) for w in words if _is_known(w)) / max(1, letters),
        "many_words": max(0, len(words) - 3) / 2,
        "clutter_words": float(sum(word in _CLUTTER for word in words)),
    }


def _is_known(word: str) -> bool:
    return word.isalpha() and len(word) > _SHORT and (word_rank(word) or _COMMON) < _COMMON
