"""Texts as rows of a sparse matrix: what the classifier sees of them, column by column."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from namewright.guard._features import (
    BIGRAM_SLOTS,
    MIN_WEIGHT,
    PAIR_SLOTS,
    REACH,
    STEM_SLOTS,
    SUBWORD_SLOTS,
    UNKNOWN,
    bigram_slot,
    encode_word,
    pair_slot,
    sentences_of,
    stem_slot,
    subwords,
)
from namewright.guard._fold import fold
from namewright.guard._model import NO_STEM
from namewright.guard._training._space import CLUSTERS, OWN_CLUSTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from namewright.guard._training._space import Space

MOST_WORDS = 400
SCALES = {
    "words": 1.0, "subwords": 0.7, "bigrams": 0.5, "stem_pairs": 0.5, "stems": 1.0, "clusters": 1.0, "pairs": 0.4,
    "vectors": 2.0,
}  # fmt: skip
"""What the columns of a kind are multiplied by: the less, the stronger they are penalised."""
_SHORTENED_FROM = 1_000
"""Words of a lower rank are never taken for unknown."""


def offsets_of(space: Space) -> dict[str, int]:
    """Give where the columns of each kind begin, and "end"."""
    sizes = {
        "words": len(space.words),
        "subwords": SUBWORD_SLOTS,
        "bigrams": BIGRAM_SLOTS,
        "stem_pairs": STEM_SLOTS,
        "stems": len(set(space.stems)),
        "clusters": OWN_CLUSTERS + CLUSTERS + 2,
        "pairs": PAIR_SLOTS,
        "vectors": space.vectors.shape[1],
    }
    offsets, at = {}, 0
    for name, size in sizes.items():
        offsets[name] = at
        at += size
    return {**offsets, "end": at}


def column_scales(space: Space) -> np.ndarray:
    """Give what each column is multiplied by."""
    offsets = offsets_of(space)
    scales = np.ones(offsets["end"], np.float32)
    for name, after in pairwise(offsets):
        scales[offsets[name] : offsets[after]] = SCALES[name]
    return scales


def featurize(texts: Sequence[str], space: Space, *, dropped: float = 0.0, seed: int = 0) -> sp.csr_matrix:
    """Turn texts into rows; `dropped` is the share of rarer words taken for unknown, so that their spelling is learnt."""
    rng = random.Random(seed)
    offsets = offsets_of(space)
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    means = np.zeros((len(texts), space.vectors.shape[1]), np.float32)
    for row, text in enumerate(texts):
        features, mean = _features_of(text, space, offsets, dropped, rng)
        columns.extend(features)
        data.extend(features.values())
        ends.append(len(columns))
        means[row] = mean
    shape = (len(texts), offsets["vectors"])
    counts = sp.csr_matrix((np.array(data, np.float32), np.array(columns, np.int32), np.array(ends)), shape=shape)
    return sp.hstack([counts, sp.csr_matrix(means)]).tocsr()


def _features_of(
    text: str, space: Space, offsets: dict[str, int], dropped: float, rng: random.Random
) -> tuple[dict[int, float], np.ndarray]:
    features: dict[int, float] = {}
    ranks: list[int] = []
    weights: list[float] = []
    total = 0.0
    for sentence in sentences_of(fold(text)[: 12 * MOST_WORDS]):
        encoded = [_encode(word, space, dropped, rng) for word in sentence]
        for word, (identity, cluster, weight, stem) in zip(sentence, encoded, strict=True):
            total += weight
            _add(features, offsets["clusters"] + cluster, weight)
            if identity < len(space.words):
                _add(features, offsets["words"] + identity, weight)
                _add(features, offsets["stems"] + stem, weight)
                ranks.append(identity)
                weights.append(weight)
            elif cluster == UNKNOWN:
                slots = subwords(word)
                for slot in slots:
                    _add(features, offsets["subwords"] + slot, 2 / len(slots) ** 0.5)
        _add_pairs(features, encoded, offsets)
    norm = 2.0 / max(total, MIN_WEIGHT)
    mean = np.asarray(weights, np.float32) @ space.vectors[ranks] if ranks else np.zeros(space.vectors.shape[1])
    return {column: value * norm for column, value in features.items()}, mean * norm


_Encoded = tuple[int, int, float, int]


def _encode(word: str, space: Space, dropped: float, rng: random.Random) -> _Encoded:
    identity, cluster, weight = encode_word(word, space.vocabulary)
    if identity >= len(space.words):
        return identity, cluster, weight, NO_STEM
    if dropped and identity >= _SHORTENED_FROM and rng.random() < dropped:
        return 100_000, UNKNOWN, 1.0, NO_STEM
    return identity, cluster, weight, space.stems[identity]


def _add_pairs(features: dict[int, float], encoded: Sequence[_Encoded], offsets: dict[str, int]) -> None:
    for start, (identity, cluster, weight, stem) in enumerate(encoded):
        for place in range(start + 1, min(start + REACH + 1, len(encoded))):
            other, other_cluster, other_weight, other_stem = encoded[place]
            half = (weight + other_weight) / 2
            _add(features, offsets["pairs"] + pair_slot(cluster, other_cluster, adjacent=place == start + 1), half)
            _add(features, offsets["stem_pairs"] + stem_slot(stem, other_stem), half)
            if place == start + 1:
                _add(features, offsets["bigrams"] + bigram_slot(identity, other), half)


def _add(features: dict[int, float], column: int, value: float) -> None:
    features[column] = features.get(column, 0.0) + value
