"""The words that a brief's names are made of, by where each comes from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.shared.files import read_lines
from namewright.shared.names import relevance_words, stem, word_rank
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from namewright.synth._brief import Brief

_TEXT_WORD = (3, 8)
_KNOWN = 40_000


ENGLISH_ENDINGS = (
    ("ly", 1.0), ("ify", 0.5), ("ery", 1.4), ("ella", 0.7), ("ette", 0.6), ("ora", 0.5), ("io", 0.6), ("ist", 0.6),
    ("ling", 0.9), ("ster", 0.4), ("wise", 1.2), ("ology", 0.8), ("folk", 1.4), ("smith", 1.6), ("wright", 0.9),
    ("nest", 1.2), ("loop", 1.0), ("kit", 1.0), ("ful", 0.8), ("some", 0.6), ("bound", 0.9), ("craft", 1.4),
    ("verse", 0.7), ("ward", 0.9), ("scape", 1.0), ("topia", 0.8), ("berry", 0.5), ("well", 1.0), ("field", 1.0),
    ("fox", 0.9), ("bird", 0.9), ("kin", 0.8), ("mint", 0.5), ("mosaic", 0.4), ("garden", 0.7),
)  # fmt: skip
"""Endings, and words that serve as one, with how often each is used; `-ly` and `-ify` sparingly, since they are worn."""
_ENDINGS = {
    "es": (("eria", 1.0), ("ita", 1.0), ("era", 0.7), ("landia", 0.5), ("mia", 0.5)),
    "fr": (("erie", 1.0), ("ette", 1.0), ("elle", 0.8), ("ville", 0.4)),
    "de": (("chen", 1.0), ("werk", 1.2), ("ling", 0.7), ("haus", 1.0)),
    "pt": (("aria", 1.0), ("inha", 1.0), ("eira", 0.8), ("landia", 0.4)),
}
_JOINERS = {"en": "and", "es": "y", "fr": "et", "de": "und", "pt": "e"}


@dataclass(frozen=True)
class Parts:
    """Words to make names of.

    Attributes:
        core: What the business is, `core` of its kind.
        near: What it is thought of with.
        heads: What its names can end in.
        text: Words of the request itself, from what it does and sells.
        flavour: Words for its qualities, audience, place and tone, each with what it comes from.
        joiner: What stands between two words of a pair (`and`).
        endings: What a word may be lengthened by, with how often.
        short: Whether short names are wished for.
        wants_puns: Whether wordplay is.
        is_english: Whether its words are English ones.
        puns: Whole names that play on words.
    """

    core: tuple[str, ...]
    near: tuple[str, ...]
    heads: tuple[str, ...]
    text: tuple[str, ...]
    flavour: tuple[tuple[str, str], ...]
    puns: tuple[str, ...]
    joiner: str = "and"
    endings: tuple[tuple[str, float], ...] = ENGLISH_ENDINGS
    short: bool = False
    wants_puns: bool = False
    is_english: bool = True


def parts_of(brief: Brief) -> Parts:
    """Gather the words that a brief's names are made of."""
    kind, words = brief.kind, vocabulary()
    local = kind.local.get(brief.language)
    flavour: list[tuple[str, str]] = []
    for quality in () if local else brief.qualities:
        known = words.qualities.get(quality) or words.technical_qualities.get(quality, ())
        flavour += [(word, "quality") for word in known]
    if not local:
        flavour += [(word, "audience") for word in words.audiences.get(brief.audience, ())]
        flavour += [(word, "tone") for word in words.tones.get(brief.tone, ())]
    if brief.place:
        flavour += [(word, "place") for word in brief.place.words + _short_name(brief.place.name)]
    return Parts(
        core=local.core if local else kind.core,
        near=local.near if local else kind.near,
        heads=local.heads if local else kind.heads,
        text=() if local else text_words(brief.has, kind.core),
        flavour=tuple(flavour),
        puns=() if local else kind.puns,
        joiner=_JOINERS[brief.language],
        endings=_ENDINGS.get(brief.language, ENGLISH_ENDINGS),
        short=brief.short,
        wants_puns=brief.puns,
        is_english=local is None,
    )


def _short_name(place: str) -> tuple[str, ...]:
    name = re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", place).lower())
    return (name,) if len(name) <= 7 else ()  # noqa: PLR2004 - longer ones leave no room for a second word


@lru_cache(maxsize=1)
def _dull_words() -> frozenset[str]:
    return frozenset(read_lines("namewright.synth", "dull_words.txt"))


@lru_cache(maxsize=100_000)
def text_words(texts: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Pick from what a business says of itself the words that a name could be made of."""
    low, high = _TEXT_WORD
    stems, dull = {stem(word) for word in known}, _dull_words()
    found = []
    for word in relevance_words(" ".join(texts)):
        if low <= len(word) <= high and word not in dull and stem(word) not in stems and word.isascii():
            rank = word_rank(word)
            if rank is not None and rank < _KNOWN and not word.endswith(("ing", "ed", "ly")):
                found.append(word)
    return tuple(found)
