"""What words mean, as far as a judge needs it: one small vector a word, distilled from MiniLM.

The table is made by `tools/distil_vectors.py`. It is data of the package: no model is
loaded and nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from namewright.judge._offline.stored import stored_arrays
from namewright.shared.names import stem

Matrix = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Table:
    """Words with their unit vectors, (words, 128)."""

    rows: dict[str, int]
    vectors: Matrix


@lru_cache(maxsize=1)
def table() -> Table:
    """Read the table, once a process (about 0.2 s).

    Raises:
        NamewrightError: it is damaged or missing; there is no judging without it.
    """
    with stored_arrays("vectors.npz", "word vectors") as stored:
        words = stored["words"].tobytes().decode("ascii").split("\n")
        vectors = stored["table"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    return Table({word: index for index, word in enumerate(words)}, vectors)


@lru_cache(maxsize=65_536)
def _row(word: str) -> int | None:
    """Find a word's row, by itself or by its stem; None for what is no known word."""
    rows = table().rows
    for form in (word, stem(word), stem(word) + "e", word.removesuffix("s")):
        if (found := rows.get(form)) is not None:
            return found
    return None


def vector_rows(words: tuple[str, ...]) -> tuple[tuple[str, ...], list[int]]:
    """Give those of some words that have a vector, and its row in the table."""
    known = [(word, row) for word in words if (row := _row(word)) is not None]
    return tuple(word for word, _ in known), [row for _, row in known]


def vectors_at(rows: list[int]) -> Matrix:
    """Give the unit vectors in some rows of the table, one a row."""
    return table().vectors[rows]
