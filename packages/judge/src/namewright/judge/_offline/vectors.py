"""What words mean, as far as a judge needs it: one small vector a word, distilled from MiniLM.

The table is made by `tools/distil_vectors.py`. It is data of the package: no model is loaded and nothing is fetched.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from namewright.shared import NamewrightError
from namewright.shared.names import stem

Vector = NDArray[np.float32]


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, int], NDArray[np.float32]]:
    path = files("namewright.judge._offline").joinpath("data/vectors.npz")
    try:
        with np.load(io.BytesIO(path.read_bytes())) as stored:
            words = stored["words"].tobytes().decode("ascii").split("\n")
            table = stored["table"].astype(np.float32)
    except (OSError, KeyError, ValueError) as error:
        msg = f"{path}: the judge's word vectors cannot be read ({error}); install namewright-judge again"
        raise NamewrightError(msg) from error
    table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
    return {word: index for index, word in enumerate(words)}, table


@lru_cache(maxsize=65_536)
def vector_index(word: str) -> int | None:
    """Find a word's row in the table, by itself or by its stem; None for what is no known word."""
    index, _ = _table()
    for form in (word, stem(word), stem(word) + "e", word.removesuffix("s")):
        if (found := index.get(form)) is not None:
            return found
    return None


def vectors_of(words: tuple[str, ...]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Give those of some words that have a vector, and their unit vectors, one a row."""
    known = [(word, row) for word in words if (row := vector_index(word)) is not None]
    _, table = _table()
    return tuple(word for word, _ in known), table[[row for _, row in known]]
