"""The network at work, in integers of Python: a convolution over five words, its highest values, one hidden layer.

Many small numbers are packed into one long integer, a lane of 16 bits each, so that one addition of Python's adds all of them
("SIMD within a register": Fisher and Dietz 1998; here the register is an integer of a few hundred bytes). A lane holds a number
that is never negative and leaves its highest bit free, which makes a comparison of all lanes a subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress
from math import log
from operator import mul
from typing import TYPE_CHECKING

from namewright.guard._features import MIN_SENTENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REACH = 2
"""The convolution sees two words on either side."""
WIDTH = 2 * REACH + 1
BLOCKS = 8
"""Of so many codes a word's vector is made."""
SPECIAL = ("unknown", "number")
UNKNOWN_WORD, NUMBER_WORD = 0, 1
"""Words without vectors of their own, numbered after the vocabulary."""
MEAN_LENGTH = 2.5
"""What is taken from the logarithm of a text's words, so that a text of twelve adds nothing."""
_ZERO = 128
"""What a table's 0 is stored as."""
_MOST_REMEMBERED = 8_192
_LANE, _WIDE = 16, 32


def code_of(word: str, ranks: Mapping[str, int]) -> int:
    """Give a word's number: its rank, or one of the special ones after the vocabulary."""
    rank = ranks.get(word, -1)
    if rank >= 0:
        return rank
    return len(ranks) + (NUMBER_WORD if word.isdigit() else UNKNOWN_WORD)


@dataclass(slots=True)
class Network:
    """A convolutional network over word codes.

    Attributes:
        filters: How many lanes there are.
        codes: `BLOCKS` bytes a word.
        pieces: For each block and code what it adds to each place's filters: (blocks, 256, width, filters) bytes.
        head: (filters, hidden) bytes.
        floor: What a filter has to exceed, one number a filter, in units of the pieces.
        scales: "step" of the head, its "bias", what the text's "length" adds, and the "out" weights with their bias last.
    """

    filters: int
    codes: bytes
    pieces: bytes
    head: bytes
    floor: Sequence[int]
    scales: dict[str, list[float]]
    _lanes: dict[int, int] = field(default_factory=dict)
    _words: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _lengths: dict[int, int] = field(default_factory=dict)
    _top: int = 0
    _start: int = 0
    _silence: tuple[int, ...] = ()
    _rows: list[int] = field(default_factory=list)
    _ones: int = 0
    _signs: int = 0
    _weights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        ones = int.from_bytes(b"\x01\x00" * self.filters, "little")
        self._top = ones << (_LANE - 1)
        silent = _ZERO * BLOCKS
        self._silence = (ones * silent,) * WIDTH
        least = silent * WIDTH
        self._start = _packed([max(0, least + value) for value in self.floor], _LANE)
        hidden = len(self.head) // self.filters
        self._rows = [_packed(self.head[at : at + hidden], _WIDE) for at in range(0, len(self.head), hidden)]
        self._ones = _packed([1] * hidden, _WIDE)
        self._signs = self._ones << (_WIDE - 1)
        (step,) = self.scales["step"]
        self._weights = [weight * step for weight in self.scales["out"][:-1]]

    @property
    def start(self) -> int:
        """The highest values of no words at all."""
        return self._start

    def highest(self, words: Sequence[int], best: int) -> int:
        """Give each filter's highest value over a sentence's word numbers, or what it was before (`best`), packed."""
        top, silence, known = self._top, self._silence, self._words
        spoken = [known.get(word) or self._spoken(word) for word in words]
        padded = [silence, silence, *spoken, silence, silence]
        for first, second, third, fourth, fifth in zip(
            padded, padded[1:], padded[2:], padded[3:], padded[4:], strict=False
        ):
            value = first[0] + second[1] + third[2] + fourth[3] + fifth[4]
            more = (best | top) - value  # its top bits say where best is at least value, the bits below by how much
            higher = more & top
            best = value + (more & (higher - (higher >> (_LANE - 1))))
        return best

    def merged(self, one: int, other: int) -> int:
        """Give the higher of two packed values, lane by lane."""
        more = (one | self._top) - other
        higher = more & self._top
        return other + (more & (higher - (higher >> (_LANE - 1))))

    def score(self, best: int, count: int) -> float:
        """Give the logit of a text of so many words, from the filters' highest values."""
        seen = memoryview((best - self._start).to_bytes(2 * self.filters, "little")).cast("H").tolist()
        total = sum(map(mul, filter(None, seen), compress(self._rows, seen)), self._length(count))
        total -= self._ones * (_ZERO * sum(seen))
        positive = total & self._signs
        active = total & (positive - (positive >> (_WIDE - 1)))
        units = memoryview(active.to_bytes(_WIDE // 8 * len(self._weights), "little")).cast("I")
        logit: float = self.scales["out"][-1] + sum(map(mul, units, self._weights))
        return logit

    def _length(self, count: int) -> int:
        """Give what the hidden units hear of nothing in a text of so many words, packed, with the top bit for the sign."""
        length = self._lengths.get(count)
        if length is None:
            (step,) = self.scales["step"]
            words = log(max(count, MIN_SENTENCE)) - MEAN_LENGTH
            both = zip(self.scales["bias"], self.scales["length"], strict=True)
            length = self._signs + sum(
                round((own + per_length * words) / step) << (_WIDE * place)
                for place, (own, per_length) in enumerate(both)
            )
            if len(self._lengths) < _MOST_REMEMBERED:
                self._lengths[count] = length
        return length

    def _spoken(self, word: int) -> tuple[int, ...]:
        """Give what a word adds to the filters where it stands first, second ... last of five, packed."""
        total = sum(
            self._piece(block * 256 + code)
            for block, code in enumerate(self.codes[BLOCKS * word : BLOCKS * word + BLOCKS])
        )
        bits = _LANE * self.filters
        spoken = tuple(total >> (bits * place) & ((1 << bits) - 1) for place in range(WIDTH))
        if len(self._words) < _MOST_REMEMBERED:
            self._words[word] = spoken
        return spoken

    def _piece(self, index: int) -> int:
        lanes = self._lanes.get(index)
        if lanes is None:
            size = WIDTH * self.filters
            lanes = self._lanes[index] = _packed(self.pieces[size * index : size * (index + 1)], _LANE)
        return lanes


def _packed(values: Sequence[int], bits: int) -> int:
    """Pack numbers that are not negative into one integer, a lane each."""
    if isinstance(values, bytes):
        lanes = bytearray(len(values) * bits // 8)
        lanes[:: bits // 8] = values
        return int.from_bytes(lanes, "little")
    return int.from_bytes(b"".join(value.to_bytes(bits // 8, "little") for value in values), "little")
