"""The vocabulary with its word vectors and clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from namewright.guard._features import Vocabulary
from namewright.guard._result import GuardError
from namewright.guard._words import ranks

if TYPE_CHECKING:
    from pathlib import Path

OWN_CLUSTERS = 150
"""The commonest words are clusters of their own: "for", "against", "without" must not be mixed up."""
CLUSTERS = 600
_CLUSTERED = 30_000
"""The clusters are made of the commonest words, and the rest put into them."""

_ENDINGS = (
    "ingly", "edly", "ness", "ments", "ment", "ings", "ing", "ers", "er", "ies", "ied", "es", "ed", "ly", "s", "e", "y",
)  # fmt: skip
_LEAST_STEM = 3


@dataclass(frozen=True, slots=True)
class Space:
    """The vocabulary with its vectors and clusters.

    Attributes:
        words: By rank.
        vocabulary: Ranks and clusters.
        vectors: One row a word, up to length 1, shorter for a word of several pieces.
        stems: The stem of each word, as a number that words of one stem share.
        single: Whether a word is one piece of the tokenizer, so that its vector is its own.
    """

    words: list[str]
    vocabulary: Vocabulary
    vectors: np.ndarray
    stems: list[int]
    single: np.ndarray

    @property
    def unit(self) -> np.ndarray:
        """The vectors, each of length 1."""
        return np.asarray(self.vectors / (np.linalg.norm(self.vectors, axis=1, keepdims=True) + 1e-9))


def read_space(path: Path) -> Space:
    """Read word vectors made for the vocabulary, and cluster them.

    Raises:
        GuardError: they are missing, or belong to another vocabulary.
    """
    if not path.is_file():
        raise GuardError(f"{path}: there are no word vectors here; give --data FOLDER (a checkout's training folder)")
    archive = np.load(path)
    vectors = archive["vectors"].astype(np.float32) / 127
    known = ranks()
    if len(vectors) != len(known):
        raise GuardError(f"{path}: vectors of {len(vectors):,} words, and the vocabulary has {len(known):,}")
    unit = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    means = MiniBatchKMeans(CLUSTERS, random_state=0, batch_size=4096, n_init=1, max_iter=30).fit(unit[:_CLUSTERED])
    clusters = means.predict(unit).astype(int) + OWN_CLUSTERS + 2
    clusters[:OWN_CLUSTERS] = np.arange(OWN_CLUSTERS) + 2
    return Space(
        list(known), Vocabulary(known, clusters.tolist()), vectors, stems_of(list(known)), archive["pieces"] == 1
    )


def stems_of(words: list[str]) -> list[int]:
    """Number the words' stems, equal for words that differ in a common ending alone ("steal", "stealing", "steals")."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(_stem(word), len(numbers)) for word in words]


def _stem(word: str) -> str:
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _LEAST_STEM), "")
    stem = word.removesuffix(ending)
    doubled = ending and len(stem) > _LEAST_STEM and stem[-1] == stem[-2] and stem[-1] not in "lsz"
    return stem[:-1] if doubled else stem
