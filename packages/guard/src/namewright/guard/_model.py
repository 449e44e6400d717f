"""The classifier at work: quantised weights, no numpy, a few microseconds a word.

Two models judge a text, and their scores are added: a linear one on words and pairs of words, and a small network that was taught
by a larger one (`_network.py`).
"""

from __future__ import annotations

import json
import struct
import zipfile
from array import array
from dataclasses import dataclass
from functools import lru_cache, reduce
from heapq import nlargest
from itertools import accumulate
from math import exp, log, sqrt
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
    bigram_slot,
    encode_word,
    pair_slot,
    stem_slot,
    subwords,
)
from namewright.guard._files import data_file
from namewright.guard._form import asks
from namewright.guard._network import Network, code_of
from namewright.guard._result import WeightsError
from namewright.guard._words import ranks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ARRAY_TYPES = {"|i1": "b", "<i2": "h", "<u2": "H", "|u1": "B"}
"""NumPy's names of kinds of integers to Python's."""
_MAX_REMEMBERED = 200_000
NO_STEM = 65_535
"""The stem of a word that is not in the vocabulary."""
_NPY_MAGIC = b"\x93NUMPY"

Known = tuple[int, float, float, int, int, int, int, int, int]
"""What is remembered of a word: id, weight, its own contribution to the score, and what it adds to the slots of pairs (which are sums, see
`_features`): as the first and as the second word of a bigram, of two clusters, and of two stems."""


_BIGRAM_MASK, _STEM_MASK, _PAIR_MASK = BIGRAM_SLOTS - 1, STEM_SLOTS - 1, PAIR_SLOTS - 1
_ADJACENT = pair_slot(0, 0, adjacent=True)
WINDOW, STEP = 100, 75
"""Of a longer text, so many words are judged at once."""
FEW = 4
"""Up to so many words are a name or a title: one word decides, and needs to be surer."""
SHORT, LONG = 15, 30
"""Up to so many words a text is a short one, and from so many on a long one; between them the threshold slides."""
HEARD_FROM = -1.5
"""The network hears what the linear model gives at least so much (a cascade: Viola and Jones 2001). Below, it was sure
enough to block in 35 of 43,534 texts, ten of them harmless."""
LONG_TEXT = 5_000
"""Of a text of more words only neighbouring words are paired, and the network hears only what the linear model finds worst, so that
nobody can keep the guard busy."""
MOST_HEARD = 64
"""How much of a long text the network hears, in sentences or runs of them."""
PART_WEIGHT = 8.0
"""A part is taken for at least as heavy as this: of a few light words nothing can be said."""


@dataclass(slots=True)
class Model:
    """A linear classifier and a network, unsafe or not, and which category.

    Attributes:
        vocabulary: Known words and their clusters.
        tables: Quantised weights by name: "words", "subwords", "bigrams", "pairs", "stems", "stem_pairs", and one a category.
        scales: What a unit of each table is worth.
        bias: The score of nothing.
        categories: What the category tables stand for.
        network: The network that was taught.
        network_weight: What the network's score is multiplied by before it is added.
        thresholds: The raw scores from which a text counts as unsafe: one that is "asked" (`_form`), one of "few" words, a short one (as a
            "whole"), a "long" one, and a "part" of one; found when the weights were made. 0 where none is given.
        remembered: Words seen before, forgotten when they are too many.
    """

    vocabulary: Vocabulary
    tables: dict[str, array[int]]
    scales: dict[str, float]
    bias: float
    network: Network
    network_weight: float
    categories: tuple[str, ...]
    thresholds: dict[str, float]
    remembered: dict[str, Known]

    def judge(
        self, sentences: Sequence[Sequence[str]], heard_from: float = HEARD_FROM
    ) -> Iterator[tuple[float, Sequence[str]]]:
        """Give how unsafe the whole of a text and each part of it look, from 0 to 1 (0.5 is the measured threshold), and their words, the worst first.

        A part is judged for itself so that a request among much that is harmless is not diluted. The network hears what the linear
        model gives at least `heard_from`.
        """
        words = [word for sentence in sentences for word in sentence]
        for margin, _, first, end in sorted(self.margins(sentences, heard_from), reverse=True):
            yield 1.0 / (1.0 + exp(-max(-30.0, min(30.0, margin)))), words[first:end]

    def margins(
        self, sentences: Sequence[Sequence[str]], heard_from: float = HEARD_FROM
    ) -> list[tuple[float, str, int, int]]:
        """Give how far the whole and each part score above their thresholds, which it is ("whole", "part"), and the places of first word and end."""
        asked = asks(sentences)
        if any(len(sentence) > WINDOW for sentence in sentences):
            sentences = [sentence[at : at + WINDOW] for sentence in sentences for at in range(0, len(sentence), WINDOW)]
        scores, weights = self._running_sums(sentences)
        ends = list(accumulate(map(len, sentences), initial=0))
        units = []
        for kind, first, end in _units(ends):
            least = MIN_WEIGHT if kind == "whole" else PART_WEIGHT
            total = scores[ends[end]] - scores[ends[first]]
            linear = self.bias + total * 2.0 / max(weights[ends[end]] - weights[ends[first]], least)
            units.append((linear, kind, first, end))
        if ends[-1] > LONG_TEXT:
            units = nlargest(MOST_HEARD, units)
        heard: dict[int, int] = {}
        found = []
        for linear, kind, first, end in units:
            count = ends[end] - ends[first]
            margin = linear - self.threshold(kind, count, asked=asked)
            if linear >= heard_from:
                for place in range(first, end):
                    if place not in heard:
                        heard[place] = self._heard(sentences[place])
                highest = reduce(self.network.merged, map(heard.__getitem__, range(first, end)))
                margin += self.network_weight * self.network.score(highest, count)
            found.append((margin, kind, ends[first], ends[end]))
        return found

    def threshold(self, kind: str, count: int, *, asked: bool) -> float:
        """Give the raw score from which so many words count as unsafe: many words have more chances to look it."""
        if kind == "whole" and (asked or count <= FEW):
            kind = "asked" if asked else "few"
        if kind != "whole" or count <= SHORT:
            return self.thresholds.get(kind, 0.0)
        short, long = self.thresholds.get("whole", 0.0), self.thresholds.get("long", 0.0)
        return short + (long - short) * min(1.0, log(count / SHORT) / log(LONG / SHORT))

    def _heard(self, sentence: Sequence[str]) -> int:
        """Give what the network's filters find in a sentence."""
        known = self.vocabulary.ranks
        return self.network.highest([code_of(word, known) for word in sentence], self.network.start)

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
            for start, (_, weight, score, bigram, _, pair, _, stemmed_pair, _) in enumerate(known):
                if start + 1 < count:
                    _, second_weight, _, _, second_bigram, _, second_pair, _, second_stem = known[start + 1]
                    both = weight + second_weight
                    near = both * bigrams[(bigram + second_bigram) & _BIGRAM_MASK]
                    score += near * bigram_scale  # noqa: PLW2901 - the word's, with its pairs
                if start + 1 < count and not long:
                    far = both * pairs[(pair + second_pair + _ADJACENT) & _PAIR_MASK]
                    stemmed = both * stems[(stemmed_pair + second_stem) & _STEM_MASK]
                    for _, other_weight, _, _, _, _, other, _, other_stem in known[start + 2 : start + REACH + 1]:
                        both = weight + other_weight
                        far += both * pairs[(pair + other) & _PAIR_MASK]
                        stemmed += both * stems[(stemmed_pair + other_stem) & _STEM_MASK]
                    score += stemmed * stem_scale + far * pair_scale  # noqa: PLW2901
                total += score
                total_weight += weight
                scores.append(total)
                weights.append(total_weight)
        return scores, weights

    def category(self, words: Sequence[str]) -> str:
        """Say which category unsafe words belong to."""
        ids = [self.remembered.get(word) or self._remember(word) for word in words]
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
        known = (
            identity, weight, score,
            bigram_slot(identity, 0), bigram_slot(0, identity),
            pair_slot(cluster, 0, adjacent=False), pair_slot(0, cluster, adjacent=False),
            stem_slot(stem, 0), stem_slot(0, stem),
        )  # fmt: skip
        if len(self.remembered) >= _MAX_REMEMBERED:
            self.remembered.clear()
        if len(word) < 64:  # noqa: PLR2004 - hostile words are not kept
            self.remembered[word] = known
        return known


def _units(ends: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Give what of a text is judged for itself: which threshold holds, and its first and its end sentence.

    `ends` has where each sentence begins, and last where the text ends. A text of up to `WINDOW` words is judged whole, a longer
    one by runs of sentences; and each sentence for itself.
    """
    count = len(ends) - 1
    first = 0
    while first < count:
        end = first + 1
        while end < count and ends[end + 1] - ends[first] <= WINDOW:
            end += 1
        yield "whole", first, end
        if end == count:
            break
        first = next(place for place in range(first + 1, end + 1) if ends[end] - ends[place] <= WINDOW - STEP)
    if count > 1:
        for first in range(count):
            yield "part", first, first + 1


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
            vocabulary, tables, card["scales"], card["bias"], network_of(tables, card["network"]), card["network_weight"],
            tuple(card["categories"]), card["thresholds"], {},
        )  # fmt: skip
    except (OSError, KeyError, ValueError, struct.error, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path}: the weights cannot be read: {error}") from error


def network_of(tables: dict[str, array[int]], scales: dict[str, list[float]]) -> Network:
    """Take the network's tables out of the others."""
    floor, codes, pieces, head = (tables.pop(f"network_{name}") for name in ("floor", "codes", "pieces", "head"))
    return Network(len(floor), codes.tobytes(), pieces.tobytes(), head.tobytes(), floor, scales)


def _read_npy(raw: bytes) -> array[int]:
    """Read a one-dimensional NumPy array (format 1.0) without NumPy."""
    if raw[:6] != _NPY_MAGIC:
        raise ValueError("not an npy file")
    (length,) = struct.unpack("<H", raw[8:10])
    header = raw[10 : 10 + length].decode("latin-1")
    kind = next((code for name, code in ARRAY_TYPES.items() if f"'{name}'" in header), None)
    if kind is None:
        raise ValueError(f"an array of a kind that is not read here: {header.strip()}")
    values: array[int] = array(kind)
    values.frombytes(raw[10 + length :])
    return values
