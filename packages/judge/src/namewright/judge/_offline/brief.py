"""A description, read once for all names that are judged against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from namewright.judge._offline.affinity import project_text
from namewright.judge._offline.encoder import encode
from namewright.judge._offline.vectors import vector_rows, vectors_at
from namewright.shared.names import relevance_words, stem, word_frequency

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLACEHOLDER = re.compile(r"\[[A-Z_ ]+\]")
"""Where a name was taken out of a text (`[COMPANY]`): it says nothing of the business."""
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)][.!?])\s+")


@dataclass(frozen=True, eq=False)
class Brief:
    """What of a description a name may pick up.

    Attributes:
        words: Its content words.
        weights: How telling each word is by its stem: rare words say more than common ones (inverse frequency).
        vectors: Unit vectors of those words that have one.
        vector_weights: How telling each of these is; sums to 1.
        centre: The weighted mean of the vectors, as a unit vector.
        sense: What the whole text means, by the encoder.
        opening: What its first sentence means, which says most often what the business is.
        projected: Where it lies in the space that names are compared in (see `affinity`).
    """

    words: tuple[str, ...]
    weights: dict[str, float]
    vectors: NDArray[np.float32]
    vector_weights: NDArray[np.float32]
    centre: NDArray[np.float32]
    sense: NDArray[np.float32]
    opening: NDArray[np.float32]
    projected: NDArray[np.float32]


def brief_texts(description: str) -> tuple[str, str]:
    """Give what the encoder reads of a description: the whole of it, and its first sentence."""
    text = " ".join(_PLACEHOLDER.sub(" ", description).split())
    return text, _SENTENCE_END.split(text, maxsplit=1)[0]


@lru_cache(maxsize=4_096)
def read_brief(description: str) -> Brief:
    """Read a description."""
    text, opening = brief_texts(description)
    words = relevance_words(text)
    weights = {word: telling(word) for word in words}
    known, rows = vector_rows(words)
    vectors = vectors_at(rows)
    shares = np.array([weights[word] for word in known], dtype=np.float32)
    shares = shares / shares.sum() if len(known) else shares
    centre = shares @ vectors
    norm = float(np.linalg.norm(centre))
    centre = centre / norm if norm else centre
    sense = encode(text)
    return Brief(
        words=words,
        weights={stem(word): weight for word, weight in weights.items()},
        vectors=vectors,
        vector_weights=shares,
        centre=centre,
        sense=sense,
        opening=encode(opening),
        projected=project_text(sense, centre),
    )


def telling(word: str) -> float:
    """Weigh a word by its rarity, as smooth inverse frequency does (Arora, Liang and Ma 2017)."""
    return 1.0 / (1.0 + 10 ** (word_frequency(word) - 4.6))
