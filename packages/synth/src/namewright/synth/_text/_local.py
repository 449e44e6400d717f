"""Requests in other languages than English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from namewright.synth._kinds import read_table
from namewright.synth._text._slots import blanks, upper
from namewright.synth._vocabulary import vocabulary

if TYPE_CHECKING:
    from random import Random

    from namewright.synth._brief import Brief


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, list[str]]]:
    return read_table("phrases_local.toml")


_ARTICLES = {
    "es": {"a_noun": ("una", "un"), "my_noun": ("mi", "mi"), "our_noun": ("nuestra", "nuestro")},
    "pt": {"a_noun": ("uma", "um"), "my_noun": ("a minha", "o meu"), "of_our_noun": ("da nossa", "do nosso")},
}
_NO_HYPHENS = re.compile("guiones|tiret|Bindestrich|hífen")
_MASCULINE = frozenset({"programa", "espaço"})


def _articles(language: str, noun: str) -> dict[str, str]:
    """Put Spanish and Portuguese articles before a noun, by its gender; the other languages' sentences need none."""
    masculine = _is_masculine(noun)
    return {blank: f"{forms[masculine]} {noun}" for blank, forms in _ARTICLES.get(language, {}).items()}


def _is_masculine(noun: str) -> bool:
    """Tell a noun's gender from its first word, which is right for the nouns of this package's table."""
    head = noun.split(maxsplit=1)[0].lower()
    return head in _MASCULINE or not re.search(r"(?:a|ción|ções|ção|dade|s)$", head)


def write_local(rng: Random, brief: Brief) -> str:
    """Write a request in the brief's language, with that language's own qualities, audiences and tones."""
    table = _phrases()[brief.language]
    noun = brief.kind.local[brief.language].noun
    found = {
        "noun": noun,
        "Noun": upper(noun),
        "years": str(rng.randint(2, 25)),
        "person": rng.choice(vocabulary().people),
        **_articles(brief.language, noun),
        **{blank: rng.choice(table[blank]) for blank in ("q", "aud", "tone")},
    }
    if _is_masculine(noun):
        found["q"] = re.sub(r"^(\w+)a\b", r"\1o", found["q"]) if brief.language in _ARTICLES else found["q"]
    if brief.place:
        found["place"] = brief.place.name
    plan = ["open", *["more"] * rng.choice((0, 1, 1, 2)), *["wish"] * rng.choice((0, 1, 1))]
    sentences: dict[str, None] = {}
    for section in plan:
        fitting = [sentence for sentence in table[section] if all(blank in found for blank in blanks(sentence))]
        if brief.allow_hyphens:
            fitting = [sentence for sentence in fitting if not _NO_HYPHENS.search(sentence)]
        sentences[rng.choice(fitting).format_map(found)] = None
    return " ".join(sentences)
