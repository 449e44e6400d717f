"""Nothing twice, nothing nearly twice: MinHash bands in constant memory."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

SHINGLE = 4
_SHORT_TEXT = (5, 24)
BANDS, ROWS = 24, 7
"""Two texts of Jaccard similarity s over 4-grams of characters collide with probability 1 - (1 - s^7)^24: .9999 at .9,
.997 at .8, .87 at .7, .17 at .5, .0003 at .2 (Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", 3.4)."""
_PRIME = np.uint64(0x100000001B3)
_NEVER = np.uint32(0)
_FULL = 0.75
"""Beyond this load, looking for a free place gets long."""


def normalise(text: str) -> str:
    """Bring a text to what makes it the same request: letters and digits, lower case, no accents, one blank between."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


class HashSet64:
    """A set of 64-bit numbers in 4 bytes each and some room: open addressing, a number known by its place and 32 other bits.

    The place is part of what is known (quotienting; Cleary 1984, "Compact Hash Tables Using Bidirectional Linear
    Probing"), so a number that is not in the set is taken for one that is with a probability of 2^-32 a place looked at.
    A full table is kept and another of twice its size put beside it: nothing is ever copied.
    """

    def __init__(self, expected: int = 1 << 12) -> None:
        self._tables = [np.zeros(1 << max(12, int(expected / _FULL).bit_length()), dtype=np.uint32)]
        self._counts = [0]

    def holds(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Say for each key whether it is in the set."""
        mixed, marks = _places_and_marks(keys)
        found = np.zeros(len(keys), dtype=bool)
        for table in self._tables:
            mask = np.uint64(len(table) - 1)
            places = mixed & mask
            open_ = ~found
            while open_.any():
                there = table[places]
                found |= open_ & (there == marks)
                open_ &= (there != marks) & (there != _NEVER)
                places = (places + np.uint64(1)) & mask
        return found

    def add(self, keys: NDArray[np.uint64]) -> None:
        """Put keys into the set."""
        if self._counts[-1] + len(keys) > _FULL * len(self._tables[-1]):
            self._tables.append(np.zeros(2 * len(self._tables[-1]), dtype=np.uint32))
            self._counts.append(0)
        if len(self._tables) > 1:
            keys = keys[~self.holds(keys)]
        table = self._tables[-1]
        mask = len(table) - 1
        mixed, marks = _places_and_marks(keys)
        for place, mark in zip((mixed & np.uint64(mask)).tolist(), marks.tolist(), strict=True):
            while table[place] != _NEVER and table[place] != mark:
                place = (place + 1) & mask  # noqa: PLW2901 - the next place
            self._counts[-1] += int(table[place] == _NEVER)
            table[place] = mark


def _places_and_marks(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """Give where keys' probing begins (its low bits), and what is kept of them: their high bits, never 0."""
    mixed = _mix(keys)
    marks = (mixed >> np.uint64(32)).astype(np.uint32)
    return mixed, np.where(marks == _NEVER, np.uint32(1), marks)


def _mix(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits (the finaliser of SplitMix64, Steele et al. 2014)."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


_RANDOM = np.random.Generator(np.random.PCG64(20_260_101))
_ODD = _RANDOM.integers(0, 2**31, (BANDS * ROWS, 1), dtype=np.uint32) * np.uint32(2) + np.uint32(1)
"""Multiplying by an odd number permutes the 32-bit numbers; vectors of 32 bits are multiplied four times as fast."""
_BAND_KEYS = _RANDOM.integers(0, 2**63, (BANDS, ROWS), dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def shingles(text: str) -> NDArray[np.uint64]:
    """Hash every run of four characters of a normalised text."""
    data = np.frombuffer(f" {normalise(text)} ".encode(), dtype=np.uint8).astype(np.uint64)
    if len(data) < SHINGLE:
        data = np.pad(data, (0, SHINGLE - len(data)))
    hashes = np.zeros(len(data) - SHINGLE + 1, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashes = hashes * _PRIME + data[offset : len(data) - SHINGLE + 1 + offset]
    return np.unique(_mix(hashes))


def bands(text: str) -> NDArray[np.uint64]:
    """Reduce a text to 24 numbers of 64 bits; texts that are nearly the same share at least one (Broder, 1997)."""
    hashes = (shingles(text) >> np.uint64(32)).astype(np.uint32)
    signature = (_ODD * hashes).min(axis=1).reshape(BANDS, ROWS)
    folded = (signature * _BAND_KEYS).sum(axis=1, dtype=np.uint64)
    return _mix(folded ^ np.arange(1, BANDS + 1, dtype=np.uint64))


def neighbours(text: str, left_out: int = 1) -> NDArray[np.uint64]:
    """Give a short text's words, and its words without each one of them, as numbers.

    Two texts that differ in one word share a number, whatever the length of that word: characters alone let
    `... my own photographer` and `... my own app for seniors` pass. For texts of 5 to 24 words; shorter ones differ
    in too much when they differ in a word, longer ones are near to each other by their characters.

    Args:
        text: The text.
        left_out: How many words are left out at the most; two for languages that the writer has few sentences in.
    """
    words = sorted(set(normalise(text).split()))
    low, high = _SHORT_TEXT
    if not low <= len(words) <= high:
        return np.zeros(0, dtype=np.uint64)
    kept = (some for out in range(left_out + 1) for some in combinations(words, len(words) - out))
    digests = (hashlib.blake2b(" ".join(some).encode(), digest_size=8).digest() for some in kept)
    return np.array([int.from_bytes(digest) for digest in digests], dtype=np.uint64)


def jaccard(a: str, b: str) -> float:
    """Measure exactly how alike two texts are: the share of 4-grams that they have in common."""
    left, right = shingles(a), shingles(b)
    common = len(np.intersect1d(left, right, assume_unique=True))
    return common / (len(left) + len(right) - common)


class Seen:
    """Texts that have been used; in constant memory a text (25 x 4 bytes and some room)."""

    def __init__(self, expected: int = 1_000) -> None:
        self._bands = HashSet64((BANDS + 1) * expected)

    def has(self, keys: NDArray[np.uint64]) -> bool:
        """Say whether a text with these bands is nearly the same as one that was used."""
        return bool(self._bands.holds(keys).any())

    def add(self, keys: NDArray[np.uint64]) -> None:
        """Remember a text's bands."""
        self._bands.add(keys)

    def add_texts(self, texts: Iterable[str]) -> None:
        """Remember texts."""
        for text in texts:
            self.add(bands(text))
