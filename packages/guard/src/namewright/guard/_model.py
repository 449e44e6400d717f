"""The classifier at work: quantised weights, no numpy, a few microseconds a word."""

from __future__ import annotations

import json
import struct
import zipfile
from array import array
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from math import exp, sqrt
from typing import TYPE_CHECKING

from namewright.guard._features import (
    BIGRAM_SLOTS,
    MIN_WEIGHT,
    NUMBER,
    PAIR_SLOTS,
    REACH,
    UNKNOWN,
    Vocabulary,
    encode_word,
    subwords,
)
from namewright.guard._result import WeightsError
from namewright.guard._words import ranks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TYPES = {"|i1": "b", "<i2": "h", "<u2": "H", "|u1": "B"}
_MAX_REMEMBERED = 200_000
_NPY_MAGIC = b"\x93NUMPY"

Known = tuple[int, int, float, float]
"""What is remembered of a word: id, cluster, weight, and its whole contribution to the score."""


@dataclass(slots=True)
class Model:
    """A linear classifier, unsafe or not, and which category.

    Attributes:
        vocabulary: Known words and their clusters.
        tables: Quantised weights by name: "words", "subwords", "bigrams", "pairs", and one a category.
        scales: What a unit of each table is worth.
        bias: The score of nothing.
        categories: What the category tables stand for.
        threshold: The score at which a text counts as unsafe, measured when the weights were made.
        remembered: Words seen before.
    """

    vocabulary: Vocabulary
    tables: dict[str, array[int]]
    scales: dict[str, float]
    bias: float
    categories: tuple[str, ...]
    threshold: float
    remembered: dict[str, Known]

    def probability(self, words: Sequence[str]) -> float:
        """Give how unsafe the words look, from 0 to 1; 0.5 is the threshold at which the weights were measured."""
        if not words:
            return 0.0
        margin = self.logit(words) - self.threshold
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, margin))))

    def logit(self, words: Sequence[str]) -> float:
        """Give the classifier's raw score of some words."""
        remembered = self.remembered
        known = [remembered.get(word) or self._remember(word) for word in words]
        total_weight = sum([entry[2] for entry in known])
        score = sum([entry[3] for entry in known])
        bigrams, pairs = self.tables["bigrams"], self.tables["pairs"]
        bigram_mask, pair_mask = BIGRAM_SLOTS - 1, PAIR_SLOTS - 1
        near = far = 0.0
        count = len(known)
        for start in range(count - 1):
            first_id, first, first_weight, _ = known[start]
            second_id, second, second_weight, _ = known[start + 1]
            weight = first_weight + second_weight
            base = first * 2741
            near += weight * bigrams[(first_id * 1_000_003 + second_id * 7919) & bigram_mask]
            far += weight * pairs[(base + second * 65_537 + 131_071) & pair_mask]
            for place in range(start + 2, min(start + REACH + 1, count)):
                other = known[place]
                far += (first_weight + other[2]) * pairs[(base + other[1] * 65_537) & pair_mask]
        score += 0.5 * (near * self.scales["bigrams"] + far * self.scales["pairs"])
        return self.bias + score * 2.0 / max(total_weight, MIN_WEIGHT)

    def category(self, words: Sequence[str]) -> str:
        """Say which category unsafe words belong to."""
        ids = [entry for entry in map(self.remembered.get, words) if entry]
        size = len(self.tables["words"])
        sums = []
        for name in self.categories:
            table = self.tables[f"category_{name}"]
            total = sum(table[entry[0]] for entry in ids if entry[0] < size) * self.scales[f"category_{name}"]
            sums.append(total / max(1, len(ids)) * 2.0 + self.scales[f"bias_{name}"])
        return self.categories[sums.index(max(sums))]

    def _remember(self, word: str) -> Known:
        identity, cluster, weight = encode_word(word, self.vocabulary)
        table, scale = self.tables["words"], self.scales["words"]
        if identity < len(table):
            score = table[identity] * scale
        else:
            score = self.scales["number" if cluster == NUMBER else "unknown"]
            if cluster == UNKNOWN:
                slots = subwords(word)
                score += (
                    self.scales["subwords"]
                    * sum(self.tables["subwords"][slot] for slot in slots)
                    * 2
                    / sqrt(len(slots))
                )
        known = (identity, cluster, weight, score)
        if len(self.remembered) < _MAX_REMEMBERED and len(word) < 64:  # noqa: PLR2004 - hostile words are not kept
            self.remembered[word] = known
        return known


@lru_cache(maxsize=1)
def default_model() -> Model:
    """Load the weights that ship with the package."""
    with resources.as_file(resources.files("namewright.guard").joinpath("_data/weights.npz")) as path:
        return load_model(path)


def load_model(path: Path) -> Model:
    """Load weights.

    Raises:
        WeightsError: the file is missing, damaged, or made for another vocabulary.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            card = json.loads(archive.read("card.json"))
            tables = {
                name.removesuffix(".npy"): _read_npy(archive.read(name))
                for name in archive.namelist()
                if name.endswith(".npy")
            }
        vocabulary = Vocabulary(ranks(), tables.pop("clusters").tolist())
        if len(vocabulary.clusters) != len(vocabulary.ranks) or len(tables["words"]) != len(vocabulary.ranks):
            raise WeightsError(f"{path}: these weights belong to another vocabulary; run guard train")
        return Model(vocabulary, tables, card["scales"], card["bias"], tuple(card["categories"]), card["threshold"], {})
    except (OSError, KeyError, ValueError, struct.error, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path}: the weights cannot be read: {error}") from error


def _read_npy(raw: bytes) -> array[int]:
    """Read a one-dimensional NumPy array (format 1.0) without NumPy."""
    if raw[:6] != _NPY_MAGIC:
        raise ValueError("not an npy file")
    (length,) = struct.unpack("<H", raw[8:10])
    header = raw[10 : 10 + length].decode("latin-1")
    kind = next((code for name, code in _TYPES.items() if f"'{name}'" in header), None)
    if kind is None:
        raise ValueError(f"an array of a kind that is not read here: {header.strip()}")
    values: array[int] = array(kind)
    values.frombytes(raw[10 + length :])
    return values
