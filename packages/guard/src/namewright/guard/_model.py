"""The classifier at work: quantised weights, no numpy, a few microseconds a word."""

from __future__ import annotations

import json
import struct
import zipfile
from array import array
from dataclasses import dataclass
from functools import lru_cache
from math import exp, sqrt
from typing import TYPE_CHECKING

from namewright.guard._features import (
    BIGRAM_SLOTS,
    MIN_WEIGHT,
    NUMBER,
    PAIR_SLOTS,
    REACH,
    STEM_SLOTS,
    UNKNOWN,
    Vocabulary,
    encode_word,
    subwords,
)
from namewright.guard._files import data_file
from namewright.guard._result import WeightsError
from namewright.guard._words import ranks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_TYPES = {"|i1": "b", "<i2": "h", "<u2": "H", "|u1": "B"}
_MAX_REMEMBERED = 200_000
NO_STEM = 65_535
"""The stem of a word that is not in the vocabulary."""
_NPY_MAGIC = b"\x93NUMPY"

Known = tuple[int, int, float, float, int]
"""What is remembered of a word: id, cluster, weight, its whole contribution to the score, and its stem."""


_BIGRAM_MASK, _STEM_MASK, _PAIR_MASK = BIGRAM_SLOTS - 1, STEM_SLOTS - 1, PAIR_SLOTS - 1
WINDOW, STEP = 100, 75
"""Of a longer text, so many words are judged at once."""
LONG_TEXT = 5_000
"""Of a text of more words only neighbouring words are paired, so that nobody can keep the guard busy."""
PART_WEIGHT = 8.0
"""A part is taken for at least as heavy as this: of a few light words nothing can be said."""


@dataclass(slots=True)
class Model:
    """A linear classifier, unsafe or not, and which category.

    Attributes:
        vocabulary: Known words and their clusters.
        tables: Quantised weights by name: "words", "subwords", "bigrams", "pairs", "stems", "stem_pairs", and one a category.
        scales: What a unit of each table is worth.
        bias: The score of nothing.
        categories: What the category tables stand for.
        thresholds: The raw score at which a "whole" text, or a "part" of one, counts as unsafe; found when the weights were made.
        remembered: Words seen before.
    """

    vocabulary: Vocabulary
    tables: dict[str, array[int]]
    scales: dict[str, float]
    bias: float
    categories: tuple[str, ...]
    thresholds: dict[str, float]
    remembered: dict[str, Known]

    def judge(self, sentences: Sequence[Sequence[str]]) -> tuple[float, Sequence[str]]:
        """Give how unsafe a text looks, from 0 to 1 (0.5 is the measured threshold), and the words that look it most.

        The whole is judged, and each part of it for itself, so that a request among much that is harmless is not diluted.
        """
        best = self.highest(sentences)
        if not best:
            return 0.0, ()
        margin, first, end = max(
            (score - self.thresholds[kind], first, end) for kind, (score, first, end) in best.items()
        )
        words = [word for sentence in sentences for word in sentence]
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, margin)))), words[first:end]

    def highest(self, sentences: Sequence[Sequence[str]]) -> dict[str, tuple[float, int, int]]:
        """Give the highest raw score of a "whole" and of a "part", each with the places of its first word and its end."""
        scores, weights = self._running_sums(sentences)
        best: dict[str, tuple[float, int, int]] = {}
        for kind, first, end in _units(sentences, len(scores) - 1):
            least = MIN_WEIGHT if kind == "whole" else PART_WEIGHT
            score = self.bias + (scores[end] - scores[first]) * 2.0 / max(weights[end] - weights[first], least)
            if kind not in best or score > best[kind][0]:
                best[kind] = score, first, end
        return best

    def _running_sums(self, sentences: Sequence[Sequence[str]]) -> tuple[list[float], list[float]]:
        """Give the sums of contributions and of weights before each word; pairs count where their first word stands."""
        remembered, remember = self.remembered, self._remember
        bigrams, stems, pairs = self.tables["bigrams"], self.tables["stem_pairs"], self.tables["pairs"]
        bigram_scale, stem_scale, pair_scale = (0.5 * self.scales[name] for name in ("bigrams", "stem_pairs", "pairs"))
        long = sum(map(len, sentences)) > LONG_TEXT
        total = total_weight = 0.0
        scores, weights = [0.0], [0.0]
        for sentence in sentences:
            known = [remembered.get(word) or remember(word) for word in sentence]
            count = len(known)
            for start, (identity, cluster, weight, score, stem) in enumerate(known):
                if start + 1 < count:
                    second_id, second, second_weight, _, second_stem = known[start + 1]
                    both = weight + second_weight
                    near = both * bigrams[(identity * 1_000_003 + second_id * 7919) & _BIGRAM_MASK]
                    score += near * bigram_scale  # noqa: PLW2901 - the word's, with its pairs
                if start + 1 < count and not long:
                    base, stem_base = cluster * 2741, stem * 1_000_003
                    far = both * pairs[(base + second * 65_537 + 131_071) & _PAIR_MASK]
                    stemmed = both * stems[(stem_base + second_stem * 7919) & _STEM_MASK]
                    for _, other, other_weight, _, other_stem in known[start + 2 : start + REACH + 1]:
                        both = weight + other_weight
                        far += both * pairs[(base + other * 65_537) & _PAIR_MASK]
                        stemmed += both * stems[(stem_base + other_stem * 7919) & _STEM_MASK]
                    score += stemmed * stem_scale + far * pair_scale  # noqa: PLW2901
                total += score
                total_weight += weight
                scores.append(total)
                weights.append(total_weight)
        return scores, weights

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
        stems = self.tables["stems"]
        stem = NO_STEM
        if identity < len(table):
            score, stem = table[identity] * scale, stems[identity]
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
        known = (identity, cluster, weight, score, stem)
        if len(self.remembered) < _MAX_REMEMBERED and len(word) < 64:  # noqa: PLR2004 - hostile words are not kept
            self.remembered[word] = known
        return known


def _units(sentences: Sequence[Sequence[str]], count: int) -> Iterator[tuple[str, int, int]]:
    """Give what of a text is judged for itself: which threshold holds, and the places of its first word and its end."""
    if 0 < count <= WINDOW:
        yield "whole", 0, count
    elif count:
        for first in range(0, count - (WINDOW - STEP), STEP):
            yield "whole", first, min(first + WINDOW, count)
    first = 0
    for sentence in sentences:
        end = first + len(sentence)
        if len(sentence) < count:
            yield "part", first, end
        first = end


@lru_cache(maxsize=1)
def default_model() -> Model:
    """Load the weights that ship with the package."""
    return load_model(data_file("weights.npz"))


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
        return Model(
            vocabulary, tables, card["scales"], card["bias"], tuple(card["categories"]), card["thresholds"], {}
        )
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
