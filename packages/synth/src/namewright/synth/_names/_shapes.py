"""The ways in which names are formed: compounds, blends, affixes, pairs, puns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.shared.files import read_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from namewright.synth._names._parts import Parts


@dataclass(frozen=True, slots=True, order=True)
class Draft:
    """A label, how it was formed, and the words it was made of."""

    label: str
    shape: str
    words: tuple[str, ...]
    fit: float


_FIT = {"core": 1.0, "text": 1.0, "near": 0.55, "head": 0.3, "quality": 0.6, "audience": 0.6, "place": 0.6, "tone": 0.4}
_VOWELS = "aeiou"
_FLAVOURED = 0.5
_BEGINNINGS = ("un", "re", "ever", "all", "true", "kind", "over", "out", "up", "good", "with")


@lru_cache(maxsize=1)
def _adjectives() -> frozenset[str]:
    return frozenset(read_lines("namewright.synth", "adjectives.txt"))


def join(first: str, second: str) -> str:
    """Put two words together; a doubled letter at the joint is written once where three would meet."""
    if len(first) > 1 and first[-1] == first[-2] == second[0]:
        return first + second[1:]
    return first + second


def blend(first: str, second: str) -> str | None:
    """Fuse two words at what they share: `bean` and `anchor` have `an`, which gives `beanchor`.

    At least two letters have to be shared, and at least two of each word have to be left beside the overlap.
    """
    if second in _adjectives():
        return None
    for size in range(min(len(first), len(second)) - 2, 1, -1):
        if first.endswith(second[:size]):
            return first + second[size:]
    return None


def with_ending(word: str, ending: str) -> str:
    """Add an ending as English spelling wants it: a silent e goes before a vowel, a y before i."""
    if ending[0] in _VOWELS:
        if word[-1] == "e" or (word[-1] in "aiouy" and len(word) > 4):  # noqa: PLR2004
            return word[:-1] + ending
        if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", word) and len(word) <= 4:  # noqa: PLR2004
            return word + word[-1] + ending
    return join(word, ending)


def compound(rng: Random, parts: Parts) -> Draft | None:
    """Join a word that says what it is with one that gives it colour, or a place to be."""
    anchor, kind = _anchor(rng, parts)
    chance = rng.random()
    if parts.flavour and chance < 0.42:  # noqa: PLR2004
        word, source = rng.choice(parts.flavour)
        first, second = (word, anchor) if word in _adjectives() or rng.random() < 0.85 else (anchor, word)  # noqa: PLR2004
    elif chance < 0.72:  # noqa: PLR2004
        word, source = rng.choice(parts.near[:12] if rng.random() < 0.7 else parts.near), "near"  # noqa: PLR2004
        first, second = (word, anchor) if word in _adjectives() or rng.random() < 0.5 else (anchor, word)  # noqa: PLR2004
    else:
        word, source = rng.choice(parts.heads), "head"
        first, second = anchor, word
    return _draft(join(first, second), "compound", (first, second), (kind, source))


def pair(rng: Random, parts: Parts) -> Draft | None:
    """Name two things side by side: `rootandroast`."""
    anchor, kind = _anchor(rng, parts)
    nouns = [word for word in (*parts.near[:10], *parts.core) if word not in _adjectives()]
    alike = [word for word in nouns if word[0] == anchor[0]]
    second = rng.choice(alike or nouns)
    first, second = (anchor, second) if rng.random() < 0.6 else (second, anchor)  # noqa: PLR2004
    source = "core" if second in parts.core and first in parts.core else "near"
    return _draft(f"{first}{parts.joiner}{second}", "pair", (first, second), (kind, source))


def fused(rng: Random, parts: Parts) -> Draft | None:
    """Blend a word that says what it is with any other that overlaps it."""
    lasting = _blends(parts.core, parts.near + parts.heads + parts.core)
    passing = [
        (label, words, source)
        for word, source in parts.flavour
        for label, words, _ in _blends(parts.core, (word,))
    ]  # fmt: skip
    if passing and rng.random() < _FLAVOURED:
        label, words, source = rng.choice(passing)
        return _draft(label, "blend", words, ("core", source))
    if not lasting:
        return None
    label, words, other = rng.choice(lasting)
    source = "core" if other in parts.core else "near" if other in parts.near else "head"
    return _draft(label, "blend", words, ("core", source))


@lru_cache(maxsize=20_000)
def _blends(anchors: tuple[str, ...], others: tuple[str, ...]) -> tuple[tuple[str, tuple[str, str], str], ...]:
    """Give every blend of an anchor and another word, either first: the label, its words in order, the other word."""
    found = []
    for anchor in anchors:
        for other in others:
            for first, second in ((anchor, other), (other, anchor)):
                label = blend(first, second) if first != second else None
                if label:
                    found.append((label, (first, second), other))
    return tuple(found)


def affixed(rng: Random, parts: Parts) -> Draft | None:
    """Give a word that says what it is an ending, or now and then a beginning."""
    anchor, kind = _anchor(rng, parts)
    if parts.joiner == "and" and rng.random() < 0.12:  # noqa: PLR2004
        before = rng.choice(_BEGINNINGS)
        return _draft(before + anchor, "affix", (before, anchor), (kind, "head"))
    endings, weights = zip(*parts.endings, strict=True)
    ending = rng.choices(endings, weights)[0]
    return _draft(with_ending(anchor, ending), "affix", (anchor, ending), (kind, "head"))


def pun(rng: Random, parts: Parts) -> Draft | None:
    """Take one of the kind's puns."""
    if not parts.puns:
        return None
    label = rng.choice(parts.puns)
    return Draft(label, "pun", (label,), 0.95)


SHAPES: dict[Callable[[Random, Parts], Draft | None], float] = {
    compound: 10.0,
    fused: 2.2,
    pair: 1.6,
    affixed: 2.0,
    pun: 0.3,
}


def _anchor(rng: Random, parts: Parts) -> tuple[str, str]:
    if parts.text and rng.random() < 0.3:  # noqa: PLR2004
        return rng.choice(parts.text), "text"
    return rng.choice(parts.core), "core"


def _draft(label: str, shape: str, words: tuple[str, str], sources: tuple[str, str]) -> Draft | None:
    a, b = words
    if a == b or a in b or b in a or (a[:4] == b[:4] and len(a) > 3 and len(b) > 3):  # noqa: PLR2004
        return None
    return Draft(
        label, shape, words, min(1.0, 0.7 * max(_FIT[s] for s in sources) + 0.3 * min(_FIT[s] for s in sources))
    )
