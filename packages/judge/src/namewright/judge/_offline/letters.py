"""Whether letters stand in an order that somebody chose: four small convolutional networks over a label's letters.

They learned to put names above their own letters shuffled (`tools/train_letters.py`), so that they know nothing but order,
and differ in the seed alone: their mean is right more often than any of them. Each letter is seen with its neighbours
(Zhang, Zhao and LeCun 2015, "Character-level convolutional networks for text classification")
and with the words that it may stand in, by their length and frequency: a network of this size cannot hold a dictionary. Runs in numpy; the result is rounded, so that the order of a processor's sums has no say in it.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from namewright.judge._offline.stored import stored_arrays
from namewright.shared.names import word_rank

Array = NDArray[np.float32]
LETTERS = 26
START, END = LETTERS + 1, LETTERS + 2
"""The places before and after a label; letters are 1 to 26, and 0 is what the training pads with."""
SHORTEST, LONGEST, LONG = 3, 14, 8
"""Letters of a word that is looked for; those of eight and more are counted together."""
_RAREST = {3: 9_000, 4: 45_000}
_RAREST_LONG = 100_000
"""A short string is a word by accident: it counts only where it is a frequent one."""
_PARTS = ("embedding", "near", "near.bias", "wide", "wide.bias", "inner", "inner.bias", "outer", "outer.bias")


def letters_of(label: str) -> str:
    """Give the letters that are read of a label: a to z, joined over hyphens and digits."""
    return "".join(character for character in label if "a" <= character <= "z")


def places(letters: str) -> list[int]:
    """Number the places of a label, its ends marked."""
    return [START, *(ord(letter) - ord("a") + 1 for letter in letters), END]


def words_over(letters: str) -> Array:
    """Say for each place how familiar the words are that run over it: one column a length from 3 to 8 and more."""
    table = np.zeros((len(letters) + 2, LONG - SHORTEST + 1), dtype=np.float32)
    for start in range(len(letters)):
        for end in range(start + SHORTEST, min(len(letters), start + LONGEST) + 1):
            if (found := familiarity(letters[start:end])) > 0:
                over = table[start + 1 : end + 1, min(end - start, LONG) - SHORTEST]
                np.maximum(over, found, out=over)
    return table


def familiarity(word: str) -> float:
    """Give 1 for the most frequent word, falling with the logarithm of the rank to .07 for the last ones, else 0."""
    rank = word_rank(word)
    if rank is None or rank >= _RAREST.get(len(word), _RAREST_LONG):
        return 0.0
    return 1.05 - math.log(rank + 1) / math.log(126_000)


@lru_cache(maxsize=1)
def _networks() -> list[dict[str, Array]]:
    with stored_arrays("letters.npz", "letter model") as stored:
        parts = {name: stored[name].astype(np.float32) for name in _PARTS}
    return [{name: part[number] for name, part in parts.items()} for number in range(len(parts["outer"]))]


@lru_cache(maxsize=65_536)
def looks_ordered(label: str) -> float:
    """Say how much more a label looks like a name than like its own letters shuffled (log odds); 0 without letters."""
    letters = letters_of(label)
    if not letters:
        return 0.0
    numbers, words = places(letters), words_over(letters)
    found = [_log_odds(network, numbers, words) for network in _networks()]
    return round(sum(found) / len(found), 4)


def _log_odds(network: dict[str, Array], numbers: list[int], words: Array) -> float:
    states = np.concatenate([network["embedding"][numbers], words], axis=1)
    for layer in ("near", "wide"):
        states = np.maximum(_convolved(states, network[layer]) + network[f"{layer}.bias"], 0.0)
    pooled = np.concatenate([states.mean(axis=0), states.max(axis=0)])
    inner = np.maximum(network["inner"] @ pooled + network["inner.bias"], 0.0)
    return float(network["outer"][0] @ inner + network["outer.bias"][0])


def _convolved(states: Array, kernel: Array) -> Array:
    """Multiply each place and its neighbours with a kernel of (outputs, inputs, width), nothing beyond the ends."""
    width = kernel.shape[2]
    padded = np.pad(states, ((width // 2, width // 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    return np.asarray(windows.reshape(len(states), -1) @ kernel.reshape(len(kernel), -1).T)
