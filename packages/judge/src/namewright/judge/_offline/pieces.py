"""The parts of a label that may mean something: its words, and the words hidden in it."""

from __future__ import annotations

from functools import lru_cache

from namewright.shared.names import segment, word_rank

_AFFIXES = frozenset(
    "get try use go my the we join hello hey meet app apps hq labs lab io ai tech inc co now hub online web site "  # noqa: SIM905
    "official best top pro plus store shop group team lets with".split(),
)
_RAREST = {3: 6_000, 4: 25_000}
"""A short string is a word by accident: hidden in a label it counts only where it is a frequent one."""
_RAREST_LONG = 50_000
_SHORTEST, _LONGEST = 3, 12


@lru_cache(maxsize=65_536)
def content_words(label: str) -> tuple[str, ...]:
    """Give the words of a label without the little ones that any company may add (`get`, `hq`, `labs`)."""
    words = tuple(word for word in segment(label) if word.isalpha() and len(word) > 1)
    return tuple(word for word in words if word not in _AFFIXES) or words


@lru_cache(maxsize=65_536)
def pieces(label: str) -> dict[str, float]:
    """Give each piece of a label that may mean something, with its weight.

    The words of the best split weigh 1. A coinage hides others (`polotab`: polo, tab; `vendah`: vend), and any of them
    may be what its maker had in mind: those weigh their share of the label's letters.
    """
    letters = "".join(character for character in label if character.isalpha())
    found = dict.fromkeys(content_words(label), 1.0)
    for start in range(len(letters)):
        for end in range(start + _SHORTEST, min(len(letters), start + _LONGEST) + 1):
            piece = letters[start:end]
            rank = word_rank(piece)
            if rank is not None and rank < _RAREST.get(len(piece), _RAREST_LONG):
                found.setdefault(piece, len(piece) / len(letters))
    return found
