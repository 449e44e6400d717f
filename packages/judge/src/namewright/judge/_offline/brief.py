"""A description, read once for all names that are judged against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from namewright.judge._offline.affinity import project_text
from namewright.judge._offline.encoder import encode_all
from namewright.judge._offline.vectors import vector_rows, vectors_at
from namewright.shared.names import relevance_words, stem, word_frequency

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLACEHOLDER = re.compile(r"\[[A-Z_ ]+\]")
"""Where a name was taken out of a text (`[COMPANY]`): it says nothing of the business."""
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_SHORTEST = 3
"""Words of a sentence that is read by itself."""


@dataclass(frozen=True, eq=False)
class Brief:
    """What of a description a name may pick up.

    Attributes:
        words: Its content words.
        weights: How telling each word is by its stem: rare words say more than common ones (inverse frequency).
        sense: What it means, by the encoder: the mean of its sentences, as a unit vector.
        senses: What each of its sentences means, (sentences, 384).
        projected: Where it lies in the space that names are compared in (see `affinity`).
    """

    words: tuple[str, ...]
    weights: dict[str, float]
    sense: NDArray[np.float32]
    senses: NDArray[np.float32]
    projected: NDArray[np.float32]


def sentences(description: str) -> list[str]:
    """Give what the encoder reads of a description: its sentences, or all of it where none has three words."""
    text = " ".join(_PLACEHOLDER.sub(" ", description).split())
    return [part for part in _SENTENCE_END.split(text) if len(part.split()) >= _SHORTEST] or [text]


@lru_cache(maxsize=4_096)
def read_brief(description: str) -> Brief:
    """Read a description."""
    words = relevance_words(_PLACEHOLDER.sub(" ", description))
    weights = {word: telling(word) for word in words}
    senses = np.stack(encode_all(sentences(description)))
    sense = _unit(senses.mean(axis=0))
    return Brief(
        words=words,
        weights={stem(word): weight for word, weight in weights.items()},
        sense=sense,
        senses=senses,
        projected=project_text(sense, centre_of(words)),
    )


def centre_of(words: tuple[str, ...]) -> NDArray[np.float32]:
    """Give the mean of words' vectors, the telling ones weighing more, as a unit vector; zeros where none is known."""
    known, rows = vector_rows(words)
    return _unit(np.array([telling(word) for word in known], dtype=np.float32) @ vectors_at(rows))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / (np.linalg.norm(vector) + 1e-9)


def telling(word: str) -> float:
    """Weigh a word by its rarity, as smooth inverse frequency does (Arora, Liang and Ma 2017)."""
    return 1.0 / (1.0 + 10 ** (word_frequency(word) - 4.6))
