"""What the classifier sees of a text: its words, pairs of neighbours, and pairs of word clusters that stand near."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")
"""Where a sentence may end; names such as "St. Ives" are kept together by `MIN_SENTENCE`."""
MIN_SENTENCE = 4
"""A shorter sentence is one with the next, so that nobody hides a request by full stops."""
WORD_PATTERN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")

SUBWORD_SLOTS, BIGRAM_SLOTS, STEM_SLOTS, PAIR_SLOTS = 1 << 16, 1 << 16, 1 << 18, 1 << 17
REACH = 4
"""Clusters, and stems, are paired with those of the next four words."""
RARITY = 150.0
"""A word of rank r weighs r / (r + 150): the commonest carry little (Arora et al. 2017, smooth inverse frequency)."""
MIN_WEIGHT = 3.0
MAX_WORD_CHARACTERS = 60
"""Of a longer word only the beginning is spelt out."""
UNKNOWN, NUMBER = 0, 1
"""Clusters of words that are not in the vocabulary, and of numbers."""
_UNKNOWN_IDS = 100_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known words by rank, and the cluster of each."""

    ranks: dict[str, int]
    clusters: bytes | tuple[int, ...] | list[int]


Encoded = tuple[int, int, float]
"""A word's id (its rank, or a hash from 100,000 on), its cluster and its weight."""


def words_of(folded: str) -> list[str]:
    """Split a folded text into words; a possessive is the word itself."""
    return [word.partition("'")[0] if "'" in word else word for word in WORD_PATTERN.findall(folded)]


def sentences_of(folded: str) -> list[list[str]]:
    """Split a folded text into sentences of words; none of them is empty."""
    sentences: list[list[str]] = []
    short: list[str] = []
    for part in SENTENCE_END.split(folded):
        short += words_of(part)
        if len(short) >= MIN_SENTENCE:
            sentences.append(short)
            short = []
    if short and sentences:
        sentences[-1] += short
    elif short:
        sentences.append(short)
    return sentences


def encode_word(word: str, vocabulary: Vocabulary) -> Encoded:
    """Encode one word."""
    rank = vocabulary.ranks.get(word, -1)
    if rank >= 0:
        return rank, vocabulary.clusters[rank], rank / (rank + RARITY)
    if word.isdigit():
        return _UNKNOWN_IDS + (crc32(word.encode()) & 0xFFFF), NUMBER, 0.1
    return _UNKNOWN_IDS + (crc32(word.encode()) & 0xFFFF), UNKNOWN, 1.0


def subwords(word: str) -> list[int]:
    """Give the slots of a word's character 3- to 5-grams, with its ends marked (as in fastText, Bojanowski et al. 2017)."""
    marked = f"<{word[:MAX_WORD_CHARACTERS]}>"
    return [
        crc32(marked[start : start + size].encode()) & (SUBWORD_SLOTS - 1)
        for size in (3, 4, 5)
        for start in range(len(marked) - size + 1)
    ]


def bigram_slot(first: int, second: int) -> int:
    """Give the slot of two neighbouring words."""
    return (first * 1_000_003 + second * 7919) & (BIGRAM_SLOTS - 1)


def stem_slot(first: int, second: int) -> int:
    """Give the slot of two stems that stand near each other, in their order."""
    return (first * 1_000_003 + second * 7919) & (STEM_SLOTS - 1)


def pair_slot(first: int, second: int, *, adjacent: bool) -> int:
    """Give the slot of two clusters, in their order, neighbours apart from the rest."""
    return (first * 2741 + second * 65_537 + (131_071 if adjacent else 0)) & (PAIR_SLOTS - 1)
