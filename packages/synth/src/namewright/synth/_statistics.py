"""What a dataset is like: counts, lengths, and how diverse its texts and names are."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from namewright.shared import DatasetRow, read_rows, split_domain
from namewright.shared.names import name_quality, segment
from namewright.synth._dedupe import normalise
from namewright.synth._rows import SPLITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SAMPLE = 200
"""Texts that the measures of diversity look at; they compare every pair."""
_BLEU_ORDER = 4


@dataclass
class Statistics:
    """Counts over a dataset, gathered in one pass with constant memory.

    Attributes:
        categories: Rows by split and category.
        languages: Rows by language.
        tlds: Names by top-level domain.
        label_lengths: Names by the characters of their label.
        words: Names by the number of their words.
        request_lengths: Requests by their words, in steps of ten.
        constraints: Requests by the constraints that they set.
        sample: Rows drawn at random (reservoir sampling), for the measures that compare pairs.
    """

    categories: dict[str, Counter[str]] = field(default_factory=lambda: {split: Counter() for split in SPLITS})
    languages: Counter[str] = field(default_factory=Counter)
    tlds: Counter[str] = field(default_factory=Counter)
    label_lengths: Counter[int] = field(default_factory=Counter)
    words: Counter[int] = field(default_factory=Counter)
    request_lengths: Counter[int] = field(default_factory=Counter)
    constraints: Counter[str] = field(default_factory=Counter)
    sample: list[DatasetRow] = field(default_factory=list)
    rows: int = 0
    names: int = 0
    distinct_labels: int = 0
    quality: float = 0.0


def gather(folder: Path, *, seed: int) -> Statistics:
    """Read the splits of a dataset and count."""
    found, rng, labels = Statistics(), Random(seed), set[int]()
    for split in SPLITS:
        for row in read_rows(folder / f"{split}.jsonl", DatasetRow.model_validate):
            found.rows += 1
            found.categories[split][row.category] += 1
            _count(found, row, labels)
            if len(found.sample) < SAMPLE:
                found.sample.append(row)
            elif (place := rng.randrange(found.rows)) < SAMPLE:
                found.sample[place] = row
    found.distinct_labels = len(labels)
    return found


def _count(found: Statistics, row: DatasetRow, labels: set[int]) -> None:
    request = row.request
    found.languages[request.language] += 1
    found.request_lengths[len(request.description.split()) // 10 * 10] += 1
    set_ = {
        "hyphens allowed": request.allow_hyphens,
        "digits allowed": request.allow_numbers,
        "puns wanted": request.prefer_puns,
        "max_length": request.max_length < 63,  # noqa: PLR2004 - the schema's default
        "must_contain": bool(request.must_contain),
        "avoid": bool(request.avoid),
        "tone": bool(request.tone),
        "several TLDs": len(request.tlds) > 1,
    }
    found.constraints.update(name for name, is_set in set_.items() if is_set)
    for domain in row.names:
        label, tld = split_domain(domain)
        found.names += 1
        found.tlds[tld] += 1
        found.label_lengths[len(label)] += 1
        found.words[len(segment(label))] += 1
        found.quality += name_quality(label)
        labels.add(zlib.crc32(label.encode()) << 8 | len(label))


def distinct_n(texts: Sequence[str], n: int) -> float:
    """Give the share of distinct n-grams of words among all (Li et al., 2016)."""
    grams = [tuple(words[i : i + n]) for words in map(str.split, texts) for i in range(len(words) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 0.0


def self_bleu(texts: Sequence[str]) -> float:
    """Give the mean BLEU-4 of each text against all others (Zhu et al., 2018, Texygen): 1 where all say the same."""
    counts = [[_ngrams(text.split(), n) for n in range(1, _BLEU_ORDER + 1)] for text in texts]
    scores = []
    for i, own in enumerate(counts):
        if not own[-1]:
            continue
        precisions = []
        for n in range(_BLEU_ORDER):
            best: Counter[tuple[str, ...]] = Counter()
            for j, other in enumerate(counts):
                if j != i:
                    best |= own[n] & other[n]
            precisions.append((best.total() + 0.1) / (own[n].total() + 0.1))
        scores.append(math.exp(sum(map(math.log, precisions)) / _BLEU_ORDER))
    return sum(scores) / len(scores) if scores else 0.0


def vendi(texts: Sequence[str], size: int = 3) -> float:
    """Give the effective number of different texts (Vendi score, Friedman and Dieng, 2023), by n-grams of characters."""
    grams = [Counter(text[i : i + size] for i in range(len(text) - size + 1)) for text in texts if len(text) >= size]
    index = {gram: column for column, gram in enumerate(sorted(set().union(*grams)))} if grams else {}
    matrix = np.zeros((len(grams), len(index)))
    for row, counter in enumerate(grams):
        for gram, count in counter.items():
            matrix[row, index[gram]] = count
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    eigenvalues = np.linalg.eigvalsh(matrix @ matrix.T / len(grams))
    positive = eigenvalues[eigenvalues > 1e-12]  # noqa: PLR2004 - rounding leaves a little below 0
    return float(np.exp(-(positive * np.log(positive)).sum()))


def diversity(sample: Sequence[DatasetRow]) -> dict[str, float]:
    """Measure how diverse a sample's requests and names are."""
    texts = [normalise(row.request.description) for row in sample]
    labels = [split_domain(row.names[0])[0] for row in sample if row.names]
    found = {
        "distinct-1 of the requests": distinct_n(texts, 1),
        "distinct-2 of the requests": distinct_n(texts, 2),
        "self-BLEU of the requests": self_bleu(texts[:100]),
        f"Vendi score of {len(texts)} requests": vendi(texts),
        f"Vendi score of {len(labels)} first names": vendi([f"^{label}$" for label in labels]),
    }
    return {name: round(value, 3) for name, value in found.items()}


def _ngrams(words: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
