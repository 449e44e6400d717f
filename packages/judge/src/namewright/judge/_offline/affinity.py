"""What pieces of a name say about a business, learned from tens of thousands of real names.

Whole words compared with whole words miss what a fragment says (`pay`, `med`, `bio`, `ledg`). Here a name and a
description are each projected to one small vector, whose product is large where they belong together: the name from
its letter groups (hashed, as in fastText: Bojanowski et al. 2017), from the vectors of the words in it and from the
encoder, the description from its words and from the encoder. The projections were trained on names of real companies
and products against the others in a batch (InfoNCE: van den Oord, Li and Vinyals 2018) by
`tools/train_affinity.py`. Nothing of the validation data was among them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from namewright.judge._offline.encoder import encode
from namewright.judge._offline.pieces import pieces
from namewright.judge._offline.stored import stored_arrays
from namewright.judge._offline.vectors import table, vector_rows, vectors_at
from namewright.shared.names import segment

if TYPE_CHECKING:
    from collections.abc import Iterator

Array = NDArray[np.float32]
MEANING_GRAMS = (3, 4, 5, 6)


@dataclass(frozen=True, eq=False)
class _Model:
    grams: Array
    name_sense: Array
    name_words: Array
    text_sense: Array
    text_words: Array


@lru_cache(maxsize=1)
def _model() -> _Model:
    with stored_arrays("affinity.npz", "affinity model") as stored:
        parts = {name: stored[name].astype(np.float32) * stored[f"{name}.scale"] for name in _Model.__annotations__}
    return _Model(**parts)


def letter_groups(label: str, sizes: tuple[int, ...], buckets: int) -> list[int]:
    """Hash a label's letter groups of some sizes, its ends marked; what is no letter or digit is left out."""
    text = f"^{''.join(c for c in label if c.isalnum())}$"
    return [zlib.crc32(group.encode()) % buckets for size in sizes for group in _groups(text, size)]


def _groups(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(len(text) - size + 1))


@lru_cache(maxsize=65_536)
def word_sense(label: str) -> Array:
    """Give the mean vector of the words in a label, hidden ones with their weight; zeros where none is known."""
    weighed = pieces(label)
    known, rows = vector_rows(tuple(weighed))
    if not known:
        return np.zeros(table().vectors.shape[1], dtype=np.float32)
    weights = np.array([weighed[word] for word in known], dtype=np.float32)
    return np.asarray(weights @ vectors_at(rows) / weights.sum(), dtype=np.float32)


@lru_cache(maxsize=65_536)
def project_name(label: str) -> Array:
    """Project a name into the space where it is compared with descriptions."""
    model = _model()
    groups = letter_groups(label, MEANING_GRAMS, len(model.grams))
    spelled = model.grams[groups].sum(axis=0) / np.sqrt(max(1, len(groups)))
    sensed = model.name_sense @ encode(sense_text(label))
    return np.asarray(spelled + sensed + model.name_words @ word_sense(label), dtype=np.float32)


def project_text(sense: Array, centre: Array) -> Array:
    """Project a description, given what the encoder and its words' vectors make of it."""
    model = _model()
    return np.asarray(model.text_sense @ sense + model.text_words @ centre, dtype=np.float32)


def sense_text(label: str) -> str:
    """Write a label as the encoder reads it: its words, parted."""
    return " ".join(segment(label))
